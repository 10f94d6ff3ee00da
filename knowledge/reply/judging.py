"""When an answer is right: one rule for the evaluation and for what is checked before a correction goes live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.document.plan_text import squash

REFUSALS = ("not_in_plan", "out_of_scope")
# Intent → outcome, of turns that ask nothing of the plan.
DIALOGUE_OUTCOMES: Mapping[str, str] = {
    **dict.fromkeys(("greet", "thanks", "goodbye", "help", "identity"), "chat"),
    **dict.fromkeys(("handoff", "complaint"), "handoff"),
}


def judged(expected: str, runs: Sequence[str], outcome: str, quotes: Sequence[str]) -> tuple[bool, bool]:
    """Whether an answer is right, and whether it is among all that it cites (`quotes`, most relevant first).

    Answered questions: the first quote holds one of the expected `runs` of text. Others: the outcome is as `expected`.
    A refusal of either kind is right where either is expected: what matters is that nothing is claimed.
    """
    if expected == "answered":
        hits = [any(squash(run) in squash(quote) for run in runs) for quote in quotes]
        answered = outcome == "answered"
        return answered and hits[:1] == [True], answered and any(hits)
    right = outcome == expected or (outcome in REFUSALS and expected in REFUSALS)
    return right, right
