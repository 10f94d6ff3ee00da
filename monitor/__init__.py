"""What operators see of a running process: numbers for Prometheus, lines of its log. Never a resident's words (0044)."""
