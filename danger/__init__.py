"""Danger comes first: whether a message tells of it, and what is said then. Knows no channel, no release and no dialogue."""
