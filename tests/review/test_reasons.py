"""What one turn shows about the turn before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from review.triage.reasons import AGAIN_WITHIN, LoggedTurn, Reason, explain, reasons_after

AT = datetime(2026, 11, 1, 9, tzinfo=timezone.utc)
ANSWERED = LoggedTurn("t-1", AT, "s", "web", "学费多少", "schooling", "answered", "ask_schooling", candidates=("c-1",))
NEXT = LoggedTurn("t-2", AT + timedelta(minutes=1), "s", "web", "不是这个", "", "clarify", "complaint", step="denied")


@pytest.mark.parametrize("step", ["denied", "corrected", "corrected_of_subject"])
def test_what_a_resident_corrects_is_worth_a_look(step: str) -> None:
    """Before a question that was only asked again, behind a thumb down."""
    found = reasons_after(ANSWERED, replace(NEXT, step=step))
    assert Reason.CORRECTED in found
    names = [name for name, _ in explain(found | Reason.DOWN | Reason.ASKED_AGAIN)]
    assert names == ["居民点了踩", "居民说没答对", "换个说法又问了一遍"]


def test_other_turns_and_later_ones_correct_nothing() -> None:
    """A question of its own, or a denial when the conversation is long over."""
    assert reasons_after(ANSWERED, replace(NEXT, step="weighed")) == Reason(0)
    assert reasons_after(ANSWERED, replace(NEXT, asked_at=AT + AGAIN_WITHIN * 2)) == Reason(0)
