"""What people decided about training examples: to which intent one belongs, or that it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.masking import mask
from knowledge.building.topics.overview import TopicsOverview, WrongWay
from review.accounts.audit import Actor
from review.correcting import corrections
from review.correcting.corrections import Correction
from review.correcting.statuses import APPROVED, PENDING
from review.database.work import CorrectionRow
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere

EXAMPLE_KINDS = ("move", "remove")


def decisions_on(session: Session, texts: Iterable[str]) -> Mapping[str, CorrectionRow]:
    """Example → what was last decided about it, for those of which anything was; refusals count as well."""
    masked = {mask(text).text: text for text in texts}
    query = (
        select(CorrectionRow)
        .where(CorrectionRow.kind.in_(EXAMPLE_KINDS), CorrectionRow.question.in_(list(masked)))
        .order_by(CorrectionRow.id)
    )
    return {masked[row.question]: row for row in session.scalars(query)}


def decide_example(
    session: Session, actor: Actor, overview: TopicsOverview | None, text: str, kind: str, *, is_to_wait: bool
) -> None:
    """Record that an example that pulls the wrong way moves to the intent it is taken for, or goes.

    Raises `NothingThere` for what is not in the overview, `ChangedMeanwhile` where somebody has decided already.
    """
    if kind not in EXAMPLE_KINDS:
        raise InvalidInput("请选择移动或删除 / choose to move or to remove")
    found: WrongWay | None = next((w for w in (overview.wrong_way if overview else ()) if w.example.text == text), None)
    if found is None:
        raise NothingThere(
            "概览里没有这条例句，可能已重新训练 / the overview has no such example: it may be of another build"
        )
    before = decisions_on(session, [text]).get(text)
    if before is not None and before.status in (PENDING, APPROVED):
        raise ChangedMeanwhile(f"{before.made_by} 已经处理了这条例句 / somebody has decided on this example already")
    intent = found.taken_for if kind == "move" else ""
    corrections.record(session, actor, Correction(kind, text, intent=intent), (), is_to_wait=is_to_wait)
