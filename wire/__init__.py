"""What travels between our processes, defined once for those who send it and those who read it; knows nobody (0028)."""
