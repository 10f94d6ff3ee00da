"""Commitments: curated entries, their sample questions, and the store that holds them."""
