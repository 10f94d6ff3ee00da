"""What people decide of the commitments that a plan seems to make: taken as proposed, mended, or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.adopting.proposals import ListedProposal, mended_table
from knowledge.catalogue.commitments import MAX_TITLE_CHARS, verbatim
from knowledge.catalogue.mended import AUDIENCE, HEADLINE, ID, KEEP, NO, TITLE, TOPIC, YES
from knowledge.catalogue.topics import AREA_NAMES
from knowledge.document.plan_text import squash
from review.accounts.audit import Actor, changed, write_audit
from review.adopting.adoptions import adoption
from review.database.adopting import AdoptedCommitmentRow
from review.database.columns import now
from review.errors import ChangedMeanwhile, InvalidInput

MAX_AUDIENCE_CHARS = 200
Decisions = Mapping[str, AdoptedCommitmentRow]


@dataclass(frozen=True)
class StaffVersion:
    """A commitment as a person wants it."""

    keep: bool
    area: str
    title: str
    audience: str
    headline: str


def as_proposed(proposal: ListedProposal) -> StaffVersion:
    """Nothing of it changed."""
    return StaffVersion(True, proposal.area, proposal.title, proposal.audience, proposal.headline)


def decisions(session: Session, adoption_id: int) -> Decisions:
    """Commitment → what was decided of it."""
    query = select(AdoptedCommitmentRow).where(AdoptedCommitmentRow.adoption_id == adoption_id)
    return {row.commitment_id: row for row in session.scalars(query)}


def checked(proposal: ListedProposal, wanted: StaffVersion) -> StaffVersion:
    """What is wanted, the headline as the plan prints it. Raises `InvalidInput` for what a build would not take."""
    if wanted.area not in AREA_NAMES:
        raise InvalidInput("请选一个主题 / choose a topic")
    if not 0 < len(wanted.title) <= max(MAX_TITLE_CHARS, len(proposal.title)):
        raise InvalidInput(f"标题 1 到 {MAX_TITLE_CHARS} 个字 / the title has 1 to {MAX_TITLE_CHARS} characters")
    if not 0 < len(wanted.audience) <= MAX_AUDIENCE_CHARS:
        raise InvalidInput(
            f"对象 1 到 {MAX_AUDIENCE_CHARS} 个字 / an audience has 1 to {MAX_AUDIENCE_CHARS} characters"
        )
    if not squash(wanted.headline) or squash(wanted.headline) not in squash(proposal.quote):
        raise InvalidInput("要点不在原文里，请从原文逐字复制一段 / the headline has to stand in the plan's words")
    return StaffVersion(
        wanted.keep, wanted.area, wanted.title, wanted.audience, verbatim(proposal.quote, wanted.headline)
    )


def decide(
    session: Session, actor: Actor, adoption_id: int, proposal: ListedProposal, wanted: StaffVersion, version: int
) -> None:
    """Decide one. Raises `InvalidInput`, and `ChangedMeanwhile` where somebody was faster."""
    wanted = checked(proposal, wanted)
    row = _unchanged(session, adoption_id, proposal, version)
    before, after = asdict(_of(row) if row is not None else as_proposed(proposal)), asdict(wanted)
    decided = {"changed_by": actor.name, "changed_at": now(), "version": version + 1}
    session.merge(AdoptedCommitmentRow(adoption_id=adoption_id, commitment_id=proposal.id, **after, **decided))
    _note_change(session, adoption_id)
    old, new = map(_told, changed(before, after))
    action = "adoption.take" if wanted.keep else "adoption.leave"
    write_audit(session, actor, action, f"adoption:{adoption_id}", old, {"about": proposal.title, **new})


def take_back(session: Session, actor: Actor, adoption_id: int, proposal: ListedProposal, version: int) -> None:
    """Undecide one. Raises `ChangedMeanwhile`."""
    row = _unchanged(session, adoption_id, proposal, version)
    if row is not None:
        session.delete(row)
        _note_change(session, adoption_id)
        write_audit(session, actor, "adoption.undecide", f"adoption:{adoption_id}", None, {"about": proposal.title})


def take_as_proposed(session: Session, actor: Actor, adoption_id: int, proposals: Sequence[ListedProposal]) -> int:
    """Take those that nobody has decided yet; how many."""
    decided = decisions(session, adoption_id)
    left = [proposal for proposal in proposals if proposal.id not in decided]
    for proposal in left:
        decide(session, actor, adoption_id, proposal, as_proposed(proposal), 0)
    return len(left)


def decided_table(proposals: Sequence[ListedProposal], decided: Decisions) -> bytes:
    """What was decided as `python -m knowledge adopt --mended` takes it."""
    return mended_table([_row(proposal.id, decided[proposal.id]) for proposal in proposals if proposal.id in decided])


def _row(commitment_id: str, row: AdoptedCommitmentRow) -> dict[str, str]:
    return {
        ID: commitment_id,
        KEEP: YES if row.keep else NO,
        TOPIC: AREA_NAMES[row.area],
        TITLE: row.title,
        AUDIENCE: row.audience,
        HEADLINE: row.headline,
    }


def _unchanged(
    session: Session, adoption_id: int, proposal: ListedProposal, version: int
) -> AdoptedCommitmentRow | None:
    row: AdoptedCommitmentRow | None = session.get(AdoptedCommitmentRow, (adoption_id, proposal.id))
    if (row.version if row is not None else 0) != version:
        who = row.changed_by if row is not None else "别人"
        raise ChangedMeanwhile(f"{who} 刚决定过这一条，请看清再改 / somebody decided this one meanwhile")
    return row


def _note_change(session: Session, adoption_id: int) -> None:
    adoption(session, adoption_id).changed_at = now()
    session.flush()


def _of(row: AdoptedCommitmentRow) -> StaffVersion:
    return StaffVersion(row.keep, row.area, row.title, row.audience, row.headline)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """With a topic by its name."""
    return {name: AREA_NAMES.get(value, value) if name == "area" else value for name, value in fields.items()}
