"""Fits what the dialogue decides by, on written dialogues: see `__main__.py`."""
