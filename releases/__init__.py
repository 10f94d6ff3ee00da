"""Kept versions of what answers residents: knowledge and model together, and the rollout that says which of them serves."""
