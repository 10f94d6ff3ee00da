"""Whether what evaluating an adopted plan found still says anything of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.groundwork.errors import KnowledgeError
from knowledge.shelf.folder import meta_of
from review.adopting.folders import PlanFolder
from review.adopting.questioning import as_asked
from review.database.adopting import AdoptedQuestionRow

# Why a report says nothing of what would serve now.
NEW_QUESTIONS, NEW_BUILD, NEW_RELEASE = "questions", "build", "release"


def outdated(
    data: Mapping[str, Any], folder: PlanFolder, rows: Sequence[AdoptedQuestionRow], serving: str
) -> Sequence[str]:
    """Why a report (its `data`) no longer holds: other questions, another build, another release in use; empty where it does."""
    asked = [{name: each[name] for name in ("id", "question", "answers")} for each in data["questions"]]
    reasons = [NEW_QUESTIONS] if asked != as_asked(rows) else []
    reasons += [NEW_BUILD] if data["knowledge"] != built_version(folder) else []
    return reasons + ([NEW_RELEASE] if data["serving"] != serving else [])


def built_version(folder: PlanFolder) -> str:
    """The version of the plan's own store, "" where there is none."""
    try:
        return str(meta_of(folder.store).get("fingerprint") or "") if folder.is_built else ""
    except KnowledgeError:
        return ""
