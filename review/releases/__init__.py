"""Kept versions in the staff's hands: evaluating a candidate, promoting it, trying it out, going back."""
