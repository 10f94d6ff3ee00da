"""A passage: what of a plan can be quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PassageKind = Literal["body", "indicator", "definition"]


@dataclass(frozen=True)
class Passage:
    """One quotable piece of the plan, verbatim. `page` is where it begins; `line` counts in the file.

    `lead` names the departments that the plan gives in brackets behind it, or in a column of its table; `cells` of a
    table's row are (name of the column, text), known while the store is built.
    """

    text: str
    page: int
    line: int
    chapter: str
    section: str
    heading: str
    kind: PassageKind
    period: Literal["past", "plan"] = "plan"
    lead: str = ""
    cells: tuple[tuple[str, str], ...] = ()
