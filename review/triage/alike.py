"""Equal questions with equal answers are one row of the inbox: one turn stands for all that are alike and in one state.

Alike are turns with the same words (signs, blanks and the case of letters aside) that got the same: outcome, subject
and passage. What only means something after another turn is alike to nothing, and nor is danger: each is looked at.
`review_turn.stands_for` counts the turns for which a row stands; 0 means that another row stands for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from conversations.identity import derived_key
from conversations.turns import PAUSED
from review.accounts.audit import Actor
from review.database.columns import now
from review.database.work import TriageRow
from review.triage.reasons import LEANING_INTENTS, LoggedTurn

STANDS = text("review_turn.stands_for > 0")  # literally so, or no database enters the indexes of such rows
# Steps of the dialogue that read a turn by itself.
OWN_STEPS = (
    "",
    "weighed",
    "as_it_stands",
    "listed",
    "broad",
    "several",
    "small_talk",
    "bare_word",
    "taught_talk",
    "meaning",
    "next_plan",
    "done_by_name",
    PAUSED,
)
_SIGNS = re.compile(r"\W+")
_HEX = 32


def alike_key(turn: LoggedTurn) -> str:
    """What turns that are alike have in common, without a word of them: a keyed hash; "" for what is alike to nothing."""
    words = _SIGNS.sub("", unicodedata.normalize("NFKC", turn.question).casefold())
    if not words or turn.danger or turn.intent in LEANING_INTENTS or turn.step not in OWN_STEPS:
        return ""
    parts = "\0".join((words, turn.outcome, turn.topic, turn.commitment_id))
    return hmac.new(derived_key("alike"), parts.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_HEX]


def stand_together(session: Session, placed: Iterable[dict[str, Any]]) -> None:
    """Before new rows are written: of each that are alike one stands for all, those that are open already included."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in placed:
        if row["alike"]:
            groups[row["alike"]].append(row)
    standing = _standing(session, list(groups))
    for key, rows in groups.items():
        first = max(rows, key=lambda row: (row["score"], row["asked_at"], row["turn_id"]))
        for row in rows:
            row["stands_for"] = 0
        before = standing.get(key)
        if before is None:
            first["stands_for"] = len(rows)
        elif (first["score"], False, first["asked_at"]) > (before.score, before.version > 1, before.asked_at):
            first["stands_for"], before.stands_for = before.stands_for + len(rows), 0
        else:
            before.stands_for += len(rows)


def elect(session: Session, keys: Iterable[str]) -> None:
    """Choose anew who stands for the turns of these keys, after some changed: what is worth most, then what staff touched."""
    session.flush()
    for key in sorted(set(keys) - {""}):
        for status in ("new", "done"):
            alike = (TriageRow.alike == key, TriageRow.status == status)
            count = session.scalar(select(func.count()).where(*alike))
            if not count:
                continue
            worth = (TriageRow.score.desc(), (TriageRow.version > 1).desc(), TriageRow.asked_at.desc())
            first = session.scalars(select(TriageRow).where(*alike).order_by(*worth, TriageRow.turn_id).limit(1)).one()
            others = update(TriageRow).where(*alike, TriageRow.stands_for > 0, TriageRow.turn_id != first.turn_id)
            session.execute(others.values(stands_for=0).execution_options(synchronize_session="fetch"))
            first.stands_for = count


def finish(session: Session, actor: Actor, row: TriageRow) -> int:
    """A turn is done with, and all open ones that are alike; how many were. One that is done already stays as it is."""
    return move(session, actor, row, "done") if row.status == "new" else 0


def move(session: Session, actor: Actor, row: TriageRow, status: str) -> int:
    """Give a turn and those that it stands for another status, `new` or `done`; how many changed.

    Opened again is what was closed in one go.
    """
    before, closed_at, key = row.status, row.changed_at, row.alike
    touch(row, actor)
    row.status, changed = status, 1
    session.flush()
    if key and before != status:
        theirs = update(TriageRow).where(TriageRow.alike == key, TriageRow.status == before)
        if before == "done":
            theirs = theirs.where(TriageRow.changed_at == closed_at)
        values = {"status": status, "version": TriageRow.version + 1, "changed_by": actor.name}
        moved = session.execute(
            theirs.values(**values, changed_at=row.changed_at).execution_options(synchronize_session="fetch")
        )
        changed += moved.rowcount
        elect(session, [key])
    return changed


def touch(row: TriageRow, actor: Actor) -> None:
    """A turn was changed by somebody now."""
    row.version, row.changed_by, row.changed_at = row.version + 1, actor.name, now()


def _standing(session: Session, keys: Sequence[str]) -> dict[str, TriageRow]:
    found: dict[str, TriageRow] = {}
    for start in range(0, len(keys), 500):
        query = select(TriageRow).where(TriageRow.alike.in_(keys[start : start + 500]), TriageRow.status == "new")
        found.update((row.alike, row) for row in session.scalars(query.where(STANDS).with_for_update()))
    return found
