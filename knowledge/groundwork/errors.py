"""What can go wrong between a plan and its store; each message says what, where and how to mend."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """The root of this folder's errors; its text is fit to show to the person who runs the build."""


class PlanUnreadable(KnowledgeError):
    """The plan's file is missing, empty, truncated, wrongly encoded or not a text at all."""


class PlanInconsistent(KnowledgeError):
    """The plan's own page marks, contents or table contradict each other."""


class CatalogueError(KnowledgeError):
    """A curated file does not fit its format; carries the file and the line."""

    def __init__(self, path: Path, line: int, what: str, mend: str) -> None:
        super().__init__(f"{path}:{line}: {what} — {mend}")
        self.path, self.line, self.what, self.mend = path, line, what, mend


class QuoteNotInPlan(CatalogueError):
    """A curated quote does not stand in the plan word for word."""


class StoreUnavailable(KnowledgeError):
    """The built store is missing or cannot be read."""


class FileUnreadable(KnowledgeError):
    """A kept file is missing, damaged or of a format that this code does not read; whoever asked for it adds the mend."""
