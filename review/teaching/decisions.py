"""What staff decided about wordings: approved corrections and edits of sample questions, and which of them still holds.

Two decisions about the same words may agree (a commitment of housing answers it, and it is about housing) or not; where
they do not, the newest holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import INTENT_OF_TOPIC, TOPIC_OF_INTENT
from review.correcting.of_plan import plan_at, plan_of
from review.correcting.publishing import PLAIN, plain_lines
from review.correcting.statuses import APPROVED
from review.database.people import AuditRow
from review.database.work import CorrectionRow, StaffLineRow

LINK, SILENT, NOT_OURS, INTENT, REMOVE, UNLINK, WORD = (
    "link", "silent", "not_ours", "intent", "remove", "unlink", "word"
)  # fmt: skip
_KINDS = {"pointer": SILENT, "move": INTENT}  # what a pointer teaches is that the plan is silent
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class StaffDecision:
    """One decision. `source` names it for good: `correction:12`, `edit:7:0` (of audit entry 7).

    `plan` is the adopted plan that was in use when it was taken, "" for the repository's (`review.correcting.of_plan`).
    `kind` says which fields count; `unlink` takes a sample question from a commitment, `remove` an example from
    everywhere, or from `intent` where that is set.
    """

    source: str
    version: int
    kind: str
    author: str
    at: datetime
    question: str = ""
    commitment_id: str = ""
    intent: str = ""
    aspect: str = ""
    word: str = ""
    means: str = ""
    plan: str = ""

    @property
    def of_edit(self) -> bool:
        """Whether it was made on a commitment's page."""
        return self.source.startswith("edit:")


@dataclass(frozen=True)
class FieldEdit:
    """A new title or audience of a commitment."""

    source: str
    author: str
    commitment_id: str
    title: str = ""
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlainEdit:
    """The line in plain words that holds of a commitment ("" for none). `version` grows with every decision on it."""

    source: str
    version: int
    author: str
    commitment_id: str
    text: str


def decisions_of(session: Session) -> list[StaffDecision]:
    """Every approved correction and every edited sample question, oldest first."""
    query = select(CorrectionRow).where(CorrectionRow.status == APPROVED)
    plan = plan_at(session)
    found = [replace(_of_correction(row), plan=plan_of(row, plan)) for row in session.scalars(query)]
    for entry in _edits(session):
        found += [replace(each, plan=plan(entry.at)) for each in _of_edit(entry)]
    return sorted(found, key=lambda each: (each.at, each.source))


def _of_correction(row: CorrectionRow) -> StaffDecision:
    return StaffDecision(
        source=f"correction:{row.id}",
        version=row.version,
        kind=_KINDS.get(row.kind, row.kind),
        author=row.made_by,
        at=row.decided_at or row.made_at,
        question=" ".join(row.question.split()),
        commitment_id=row.commitment_id,
        intent=row.intent,
        aspect=row.aspect,
        word=row.word,
        means=row.means,
    )


def _edits(session: Session) -> Sequence[AuditRow]:
    """Edits of commitments, oldest first. The audit log says what each changed, so that nothing else is undone by it."""
    return list(session.scalars(select(AuditRow).where(AuditRow.action == "commitment.edit").order_by(AuditRow.id)))


def _of_edit(entry: AuditRow) -> list[StaffDecision]:
    before, after = ([*((values or {}).get("questions") or ())] for values in (entry.before, entry.after))
    changes = [(LINK, q) for q in after if q not in before] + [(UNLINK, q) for q in before if q not in after]
    commitment_id = entry.target.partition(":")[2]
    return [
        StaffDecision(
            f"edit:{entry.id}:{at}", 1, kind, entry.account, entry.at, " ".join(question.split()), commitment_id
        )
        for at, (kind, question) in enumerate(changes)
    ]


def field_edits(session: Session) -> list[FieldEdit]:
    """Edited titles and audiences, oldest first."""
    found = []
    for entry in _edits(session):
        commitment_id, after = entry.target.partition(":")[2], entry.after or {}
        if after.get("title"):
            found.append(FieldEdit(f"edit:{entry.id}:title", entry.account, commitment_id, title=after["title"]))
        if "audience" in after:
            audience = tuple(after["audience"])
            found.append(FieldEdit(f"edit:{entry.id}:audience", entry.account, commitment_id, audience=audience))
    return found


def plain_edits(session: Session) -> list[PlainEdit]:
    """What staff decided of lines in plain words, withdrawals included: one for each commitment, in the ids' order."""
    versions: dict[str, int] = {}
    for row in session.scalars(select(StaffLineRow).where(StaffLineRow.kind == PLAIN)):
        versions[row.about] = versions.get(row.about, 0) + row.version
    return [
        PlainEdit(f"{PLAIN}:{about}", versions[about], row.decided_by, about, text)
        for about, (text, row) in sorted(plain_lines(session).items())
    ]


def holding(
    decisions: Sequence[StaffDecision], words_of: Callable[[StaffDecision], str], commitments: Mapping[str, Commitment]
) -> tuple[list[StaffDecision], dict[str, StaffDecision]]:
    """(those that hold, oldest first; source of each other one → the newer decision that it gave way to)."""
    kept: dict[str, list[StaffDecision]] = {}
    gave_way: dict[str, StaffDecision] = {}
    for decision in reversed(decisions):
        newer = kept.setdefault(words_of(decision), [])
        against = next((each for each in newer if not _agree(each, decision, commitments)), None)
        if against:
            gave_way[decision.source] = against
        else:
            newer.append(decision)
    return [each for each in decisions if each.source not in gave_way], gave_way


def _agree(newer: StaffDecision, older: StaffDecision, commitments: Mapping[str, Commitment]) -> bool:
    kinds = {newer.kind, older.kind}
    if kinds == {WORD}:
        return newer.means == older.means
    if UNLINK in kinds:
        return kinds == {UNLINK} or LINK not in kinds or newer.commitment_id != older.commitment_id
    if REMOVE in kinds:
        return kinds == {REMOVE}
    if kinds == {LINK}:
        return newer.commitment_id == older.commitment_id
    if kinds == {INTENT}:
        return newer.intent == older.intent
    if len(kinds) == 1:
        return True
    if INTENT not in kinds:
        return False  # two of: answered by a commitment, silent, not ours
    intent, other = (newer, older) if newer.kind == INTENT else (older, newer)
    if other.kind == NOT_OURS:
        return intent.intent == OUT_OF_SCOPE
    if other.kind == SILENT:
        return intent.intent in TOPIC_OF_INTENT
    commitment = commitments.get(other.commitment_id)
    return commitment is not None and INTENT_OF_TOPIC.get(commitment.topic) == intent.intent


def corrections_that_gave_way(
    session: Session, words_of: Callable[[str], str], commitments: Mapping[str, Commitment]
) -> dict[int, int]:
    """Approved correction → the newer one about the same words that contradicts it; 0 for an edited sample question.

    `words_of` reduces a question to its words.
    """

    def subject(decision: StaffDecision) -> str:
        return f"word {decision.word}" if decision.kind == WORD else words_of(decision.question)

    _, over = holding(decisions_of(session), subject, commitments)
    return {
        _number(source): 0 if newer.of_edit else _number(newer.source)
        for source, newer in over.items()
        if source.startswith("correction:")
    }


def _number(source: str) -> int:
    return int(source.partition(":")[2])
