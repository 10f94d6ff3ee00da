"""What can be wrong with a kept version, said so that it can be mended."""

from __future__ import annotations


class ReleaseError(Exception):
    """Base of all errors about releases; its text is for people."""


class NoSuchRelease(ReleaseError):
    """A release is named that the shelf has not, or has no longer."""


class ReleaseBroken(ReleaseError):
    """A release's folder lacks a file or cannot be read."""


class ReleaseDamaged(ReleaseBroken):
    """A release's file is gone, or is not what was kept."""


class ReleaseUnreadable(ReleaseError):
    """A release is written in a format that the code of this process does not read."""


class ShelfTaken(ReleaseError):
    """Somebody else changes the rollout right now."""
