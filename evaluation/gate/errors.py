"""What keeps the gate from running."""

from __future__ import annotations


class GateError(Exception):
    """An input that cannot be read, or a release that does not answer; its text says which and how to mend it."""
