"""Which document a page shows, of those that residents may read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.pages.rendering import render
from knowledge.shelf.record import OWN, STATUS_NAMES, DocumentRecord

_ID = re.compile(r"[a-z0-9-]{0,19}")
OWN_NAME = "own"  # of the plan in use, where a form has to name it
KEPT_PAGES = 4  # whole plans as they were made last; one has 270 KB


class NoSuchDocument(Exception):
    """An address names a document that is not, or no longer, on the shelf."""


@dataclass(frozen=True)
class ChosenDocument:
    """The one that is shown, of all that there are; the own plan's addresses name none, as before there were others."""

    document: DocumentRecord
    all: tuple[DocumentRecord, ...]

    @property
    def at(self) -> str:
        """What an address of this document has after its path, "" of the own plan."""
        return f"?document={self.document.id}" if self.document.id != OWN else ""

    @property
    def beside(self) -> DocumentRecord:
        """What it is compared with first: the first other one."""
        return next(each for each in self.all if each.id != self.document.id)

    @staticmethod
    def about(document: DocumentRecord) -> str:
        """How a document stands and of which years it is, in a few words."""
        years = f"{document.period[0]}—{document.period[1]} 年" if document.period else ""
        return "，".join(filter(None, [STATUS_NAMES[document.status], years]))


def chosen_document(documents: Sequence[DocumentRecord], wanted: str) -> ChosenDocument:
    """The wanted one, the own plan where none is named. Raises `NoSuchDocument`.

    What follows an id in an address is dropped: older widgets put their own query behind it.
    """
    match = _ID.match(wanted)
    named = match.group() if match and match.group() != OWN_NAME else OWN
    for each in documents:
        if each.id == named:
            return ChosenDocument(each, tuple(documents))
    raise NoSuchDocument(named)


class WholePages:
    """Pages of whole plans without a search, as they were last made and of what: they take a second each."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], str]] = {}

    def page(self, made_of: tuple[Any, Any, ChosenDocument], values: Callable[[], dict[str, Any]]) -> str:
        """The page of these: a library, staff's lines in plain words (both compared as objects), and what is chosen."""
        library, plain, chosen = made_of
        before, html = self._kept.get(chosen.document.id, ((None, None, None), ""))
        if before[0] is not library or before[1] is not plain or before[2] != chosen:
            html = render("plan.html", **values())
            self._kept.pop(chosen.document.id, None)
            self._kept[chosen.document.id] = (made_of, html)
            while len(self._kept) > KEPT_PAGES:
                self._kept.pop(next(iter(self._kept)))
        return html
