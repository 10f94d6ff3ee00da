"""What can go wrong with the repository's files."""

from __future__ import annotations

from pathlib import Path

from review.errors import ReviewError


class SourcesUnusable(ReviewError):
    """A file cannot be read, or not be changed line by line; nothing was written."""

    def __init__(self, path: Path, line: int, what: str, mend: str) -> None:
        super().__init__(f"{path}:{line}: {what} — {mend}")


class SourcesChanged(ReviewError):
    """Somebody else changes the same files now; nothing was written."""
