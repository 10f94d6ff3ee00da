"""Looking corrections up: filtered, searched, a page at a time, each with what it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.language.question import same_words
from knowledge.published.corrections import today
from knowledge.search.finder import Finder
from review.correcting.corrections import KIND_NAMES
from review.correcting.states import STATE_NAMES, State, Surroundings
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.database.work import CorrectionRow
from review.errors import InvalidInput
from review.typed import whole_number

PER_PAGE = 30
BATCH = 300  # rows read at once while looking for a page of a state, which no column holds
MAX_TEXT_CHARS = 60
SEARCHED = ("question", "word", "means", "text", "url", "reason", "commitment_id", "made_by", "decided_by")


@dataclass(frozen=True)
class CorrectionsWanted:
    """Each empty field filters nothing. `state` is one of `STATE_NAMES`, `mine` "yes" or empty, `number` a correction's id."""

    state: str = ""
    status: str = ""
    kind: str = ""
    text: str = ""
    group: str = ""
    mine: str = ""
    number: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> CorrectionsWanted:
        """Read an address's query. Raises `InvalidInput` for a value that no form here sends."""
        given = cls(**{name: query.get(name, "").strip() for name in cls.__dataclass_fields__})
        statuses = ("", PENDING, APPROVED, REFUSED, WITHDRAWN)
        if given.state not in ("", *STATE_NAMES) or given.kind not in ("", *KIND_NAMES) or given.status not in statuses:
            raise InvalidInput("请从页面上选状态和种类 / choose state and kind on the page")
        if given.number and whole_number(given.number) is None:
            raise InvalidInput("没有这样的编号 / there is no such number")
        if len(given.text) > MAX_TEXT_CHARS:
            raise InvalidInput(
                f"找的字最多 {MAX_TEXT_CHARS} 个 / what is looked for has at most {MAX_TEXT_CHARS} characters"
            )
        return given

    def as_query(self, **changes: str) -> str:
        """What is set, as an address's query."""
        return urlencode({k: v for k, v in {**asdict(self), **changes}.items() if v})


@dataclass(frozen=True)
class ListedCorrection:
    """A correction and what it is now."""

    row: CorrectionRow
    state: State


def surroundings(
    session: Session, finder: Finder, gave_way: Mapping[int, int], learned_until: datetime | None
) -> Surroundings:
    """What decides the states of corrections now; `gave_way` and `learned_until` as in `Surroundings`."""
    standing_for = select(CorrectionRow.replaces, CorrectionRow.id).where(CorrectionRow.replaces != 0)
    replaced = dict(tuple(row) for row in session.execute(standing_for.order_by(CorrectionRow.id)))
    return Surroundings(finder.by_id, gave_way, replaced, learned_until, today())


def words_in(finder: Finder) -> Callable[[str], str]:
    """What a question comes to when two are compared."""
    return lambda question: same_words(finder.normalizer.normalise(question).text)


def find_corrections(
    session: Session, around: Surroundings, wanted: CorrectionsWanted, name: str, before: int | None
) -> tuple[list[ListedCorrection], bool]:
    """A page of corrections, newest first, older than the id `before`; and whether there are more.

    `name` is who looks, for `mine`.
    """
    found: list[ListedCorrection] = []
    for row in _rows(session, _conditions(wanted, name), before):
        state = around.state_of(row)
        if wanted.state in ("", state.name):
            found.append(ListedCorrection(row, state))
            if len(found) > PER_PAGE:
                return found[:PER_PAGE], True
    return found, False


def corrections_of(session: Session, turn_id: str) -> Sequence[CorrectionRow]:
    """What was decided about a turn, newest first."""
    query = select(CorrectionRow).where(CorrectionRow.turn_id == turn_id).order_by(CorrectionRow.id.desc())
    return list(session.scalars(query))


def corrections_on(session: Session, around: Surroundings, finder: Finder, question: str) -> list[ListedCorrection]:
    """What still stands of what was decided about a question's words, whichever turn it came from, newest first."""
    words_of = words_in(finder)
    words = words_of(question)
    standing = select(CorrectionRow).where(CorrectionRow.status.in_(("approved", "pending")))
    rows = session.scalars(standing.where(CorrectionRow.kind != "word").order_by(CorrectionRow.id.desc()))
    return [ListedCorrection(row, around.state_of(row)) for row in rows if words and words_of(row.question) == words]


def _conditions(wanted: CorrectionsWanted, name: str) -> list[Any]:
    found: list[Any] = []
    if wanted.status:
        found.append(CorrectionRow.status == wanted.status)
    if wanted.kind:
        found.append(CorrectionRow.kind == wanted.kind)
    if wanted.group:
        found.append(CorrectionRow.group_id == wanted.group)
    if wanted.mine:
        found.append(CorrectionRow.made_by == name)
    if wanted.number:
        found.append(CorrectionRow.id == whole_number(wanted.number))
    if wanted.text:
        columns = (getattr(CorrectionRow, column) for column in SEARCHED)
        found.append(or_(*(column.contains(wanted.text, autoescape=True) for column in columns)))
    return found


def _rows(session: Session, conditions: Sequence[Any], before: int | None) -> Iterator[CorrectionRow]:
    query = select(CorrectionRow).where(*conditions).order_by(CorrectionRow.id.desc()).limit(BATCH)
    while rows := session.scalars(query if before is None else query.where(CorrectionRow.id < before)).all():
        yield from rows
        before = rows[-1].id
        if len(rows) < BATCH:
            return
