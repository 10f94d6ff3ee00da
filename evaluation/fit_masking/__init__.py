"""Fits the tagger of names and homes that masking uses; not part of the product."""
