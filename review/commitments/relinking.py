"""What staff recorded of a commitment whose sentence a new build words otherwise: found again, and moved to the new one.

A commitment's id comes from its words, so what was recorded of one that is worded as before survives every rebuild by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.restating import fault_of
from knowledge.document.plan_text import squash
from knowledge.published import tables
from knowledge.shelf.record import document_of
from review.accounts.audit import Actor, write_audit
from review.commitments import progress
from review.correcting.publishing import PLAIN, republish, republish_edit, republish_line
from review.correcting.statuses import APPROVED, PENDING
from review.database.work import CommitmentEditRow, CorrectionRow, ProgressRow, StaffLineRow
from review.errors import ChangedMeanwhile, InvalidInput

OFFERED = 3
ALIKE_FROM = 0.35  # of pairs of signs that two headlines share: below it no new sentence is offered as the old one
_OPEN = (APPROVED, PENDING)


@dataclass(frozen=True)
class Unplaced:
    """A commitment that is no more: how much hangs on it, by kind, and what it said ("" where nobody knows)."""

    commitment_id: str
    counts: Mapping[str, int]
    words: str = ""


def unplaced(session: Session, known: Collection[str], words: Mapping[str, str]) -> list[Unplaced]:
    """All commitments that something is recorded of and that no document has, the most burdened first.

    `words`: what older builds say of an id.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, commitment_id in _recorded(session):
        if commitment_id not in known:
            counts[commitment_id][kind] += 1
    found = [Unplaced(each, dict(count), words.get(each, "")) for each, count in counts.items()]
    return sorted(found, key=lambda each: (-sum(each.counts.values()), each.commitment_id))


def _recorded(session: Session) -> Iterator[tuple[str, str]]:
    """Kind and commitment of everything that holds or waits."""
    for kind, column, where in (
        ("progress", ProgressRow.commitment_id, ProgressRow.status.in_(_OPEN)),
        ("line", StaffLineRow.about, StaffLineRow.status.in_(_OPEN)),
        ("link", CorrectionRow.commitment_id, CorrectionRow.status.in_(_OPEN) & (CorrectionRow.kind == "link")),
        ("edit", CommitmentEditRow.commitment_id, CommitmentEditRow.version > 0),
    ):
        yield from ((kind, each) for each in session.scalars(select(column).where(where)) if _is_id(each))


def _is_id(text: str) -> bool:
    return text.rpartition(".")[2].startswith("c-")


def offered(missing: Unplaced, commitments: Sequence[Commitment]) -> list[Commitment]:
    """The commitments of the same document whose headline shares most with the old one, at most `OFFERED`."""
    there = [each for each in commitments if document_of(each.id) == document_of(missing.commitment_id)]
    scored = [(_alike(missing.words, each.headline), at) for at, each in enumerate(there)] if missing.words else []
    best = sorted((pair for pair in scored if pair[0] >= ALIKE_FROM), key=lambda pair: (-pair[0], pair[1]))
    return [there[at] for _, at in best[:OFFERED]]


def _alike(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of neighbouring signs."""
    a, b = (Counter(pairwise(squash(text))) for text in (one, other))
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def relink(
    session: Session,
    actor: Actor,
    old: str,
    new: Commitment,
    known: Collection[str],
    places: Mapping[str, Sequence[str]],
) -> None:
    """Move all that was recorded of `old` to a commitment of the same document; residents see it there at once.

    Raises `InvalidInput` where the old one is there again, or a line in plain words says more than the new sentence.
    """
    if old in known or document_of(old) != document_of(new.id):
        raise InvalidInput("只能接到同一份文件里、代替它的那一条 / only to what takes its place in the same document")
    moved = Counter(kind for kind, each in _recorded(session) if each == old)
    if not moved:
        raise ChangedMeanwhile("别人刚接过了，请看清再改 / somebody moved this meanwhile")
    for line in session.scalars(select(StaffLineRow).where(StaffLineRow.about == old)):
        _move_line(session, line, new, places)
    for row in session.scalars(select(ProgressRow).where(ProgressRow.commitment_id == old)):
        row.commitment_id = new.id
    for correction in session.scalars(select(CorrectionRow).where(CorrectionRow.commitment_id == old)):
        correction.commitment_id = new.id
        session.flush()
        republish(session, correction)
    _move_edit(session, old, new.id)
    session.flush()
    for each in (old, new.id):
        progress.republish(session, each)
    write_audit(session, actor, "commitment.relink", f"commitment:{new.id}", {"commitment_id": old}, dict(moved))


def _move_line(session: Session, line: Any, new: Commitment, places: Mapping[str, Sequence[str]]) -> None:
    is_open = line.kind == PLAIN and line.status in _OPEN
    if is_open and (fault := fault_of(line.text, new.headline, new.passage.text, places)):
        raise InvalidInput(
            f"这句大白话对新的原文{fault[0]}：先撤下它再接 / its line in plain words says more than the new sentence: withdraw it first"
        )
    if line.kind == PLAIN:
        tables.withdraw(session.connection(), f"{PLAIN}:{line.about}")
    line.about = new.id
    session.flush()
    republish_line(session, line)


def _move_edit(session: Session, old: str, new: str) -> None:
    row = session.get(CommitmentEditRow, old)
    if row is None or session.get(CommitmentEditRow, new) is not None:
        return
    tables.withdraw(session.connection(), f"commitment:{old}")
    row.commitment_id = new
    session.flush()
    republish_edit(session, row)
