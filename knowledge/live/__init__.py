"""Corrections that need no training: published by staff, read by every process within seconds, gone when withdrawn."""
