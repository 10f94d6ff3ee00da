"""Kept versions of what answers residents: knowledge and model together, and the pointer that says which of them serves."""
