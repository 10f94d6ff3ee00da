"""What is known of a document on the shelf, and of the own plan beside it: who it is, when it holds, how its pages count."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

DRAFT, IN_FORCE, ENDED = "draft", "in_force", "ended"
BY_PERIOD = ""  # a status that nobody set: the document's period says it
STATUS_NAMES = {DRAFT: "草案", IN_FORCE: "现行", ENDED: "已结束"}
PLAN, SPECIAL, PROJECTS, OTHER = "plan", "special", "projects", "other"
KIND_NAMES = {PLAN: "规划", SPECIAL: "专项规划", PROJECTS: "实事项目", OTHER: "其他文件"}
OWN = ""  # the id of the deployment's own plan, the store of the release
JOINT = "."  # between a document's id and a commitment's
MAX_ID_CHARS = 19  # with a commitment's twelve within the 32 that every table has for one
_ID = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MAX_ID_CHARS - 1}}}")


@dataclass(frozen=True)
class DocumentRecord:
    """One document. `period` is its first and last year, `date` the day of its adoption (YYYY-MM-DD), each empty if unknown.

    `status` is one of `STATUS_NAMES`, or `BY_PERIOD`. `page_numbering` says in words how its pages were counted. `store`
    names the folder of its store within its own: another one after each rebuild. `put_by` is the account that put it there,
    "" for the command.
    """

    id: str
    title: str
    short_title: str
    kind: str = PLAN
    district: str = ""
    period: tuple[int, int] | None = None
    status: str = BY_PERIOD
    date: str = ""
    source: str = ""
    page_numbering: str = ""
    store: str = ""
    put_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "period": list(self.period) if self.period else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DocumentRecord:
        """What `as_json` gave. Raises `TypeError`, `ValueError`."""
        first_last = data.get("period")
        period = (int(first_last[0]), int(first_last[1])) if first_last else None
        return cls(**{**data, "period": period})


def is_id(text: str) -> bool:
    """Whether a text may be the id of a document on the shelf."""
    return bool(_ID.fullmatch(text))


def usual_id(title: str) -> str:
    """The id of a document that is given none: from its title, so that a rebuild of the same one keeps its addresses."""
    return "d-" + hashlib.sha1("".join(title.split()).encode()).hexdigest()[:6]


def id_within(document_id: str, commitment_id: str) -> str:
    """The id of a document's commitment among all documents; the own plan's stay as they are."""
    return f"{document_id}{JOINT}{commitment_id}" if document_id else commitment_id


def document_of(commitment_id: str) -> str:
    """The id of the document that a commitment's id names, `OWN` where it names none."""
    return commitment_id.partition(JOINT)[0] if JOINT in commitment_id else OWN
