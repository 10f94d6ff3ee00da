"""What one turn shows about the turn before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from conversations.turns import PAUSED
from review.triage.reasons import (
    AGAIN_WITHIN,
    WEIGHTS,
    LoggedTurn,
    Reason,
    explain,
    reasons_after,
    reasons_of,
    score_of,
)

AT = datetime(2026, 11, 1, 9, tzinfo=timezone.utc)
ANSWERED = LoggedTurn("t-1", AT, "s", "web", "学费多少", "schooling", "answered", "ask_schooling", candidates=("c-1",))
NEXT = LoggedTurn("t-2", AT + timedelta(minutes=1), "s", "web", "不是这个", "", "clarify", "complaint", step="denied")


@pytest.mark.parametrize("step", ["denied", "corrected", "corrected_of_subject"])
def test_what_a_resident_corrects_is_worth_a_look(step: str) -> None:
    """Before a thumb down for a refusal, and before a question that was only asked again."""
    found = reasons_after(ANSWERED, replace(NEXT, step=step))
    assert Reason.CORRECTED in found
    names = [name for name, _ in explain(found | Reason.DOWN | Reason.ASKED_AGAIN)]
    assert names == ["居民说没答对", "居民点了踩", "换个说法又问了一遍"]


def test_what_may_have_been_believed_comes_before_what_went_honestly_wrong() -> None:
    """Danger; a passage that was voted down; what the resident corrected; then all that failures and refusals gather."""
    down = replace(ANSWERED, feedback="down")
    shown = reasons_of(down, lambda _: False)
    assert shown == Reason.DOWN | Reason.SHOWN_WRONG
    refused = replace(down, outcome="not_in_plan", intents={"ask_schooling": 0.9}, answerable=0.5)
    honest = reasons_of(refused, lambda _: True) | Reason.ASKED_AGAIN
    failed = reasons_of(replace(down, outcome="error"), lambda _: True)
    order = [Reason.DANGER, shown, Reason.CORRECTED, max((honest, failed), key=score_of), Reason.FAILED]
    scores = [score_of(reasons) for reasons in order]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)
    assert score_of(Reason.DANGER) > sum(weight for reason, weight in WEIGHTS.items() if reason != Reason.DANGER)


@pytest.mark.parametrize("step", ["next_plan", "done_by_now"])
def test_an_honest_line_on_what_is_not_here_is_no_missed_answer(step: str) -> None:
    """Of the next plan, and of what was done; a refusal of the same words would be looked at."""
    refused = replace(ANSWERED, outcome="not_in_plan", intents={"ask_schooling": 0.9}, answerable=0.5)
    assert reasons_of(refused, lambda _: False) == Reason.REFUSED
    assert reasons_of(replace(refused, step=step), lambda _: False) == Reason(0)


def test_a_pause_is_no_failure() -> None:
    """Staff had turned answering off: the question waits behind all in which something went wrong, a thumb aside."""
    row = SimpleNamespace(**vars(ANSWERED), feedback_at=None)
    row.outcome, row.step, row.candidates = "error", PAUSED, []
    paused = LoggedTurn.from_row(row)
    assert paused.outcome == PAUSED and reasons_of(paused, lambda _: True) == Reason.ASKED_IN_PAUSE
    assert score_of(Reason.ASKED_IN_PAUSE) == min(WEIGHTS.values())
    row.step = None
    assert reasons_of(LoggedTurn.from_row(row), lambda _: True) == Reason.FAILED


def test_other_turns_and_later_ones_correct_nothing() -> None:
    """A question of its own, or a denial when the conversation is long over."""
    assert reasons_after(ANSWERED, replace(NEXT, step="weighed")) == Reason(0)
    assert reasons_after(ANSWERED, replace(NEXT, asked_at=AT + AGAIN_WITHIN * 2)) == Reason(0)
