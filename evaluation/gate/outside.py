"""Words from outside in the gate: the hotline's messages, and what a candidate may not do worse on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.gate.responses import Response
from evaluation.hotline import HotlineMessage, verdict
from evaluation.scoring import change_of, mean_of
from evaluation.truthfulness import OfferedPassages, ShownReply, worths
from knowledge.document.plan_text import squash
from knowledge.reply.answer import Outcome

WRONG, TRUTHFULNESS = "wrong", "truthfulness"
# How much worse is let pass beside chance. Of 260 messages half a point is one more wrong passage, one point are three
# refusals; the whole interval has to lie beyond (docs/decisions/0034).
MARGIN: Mapping[str, float] = {WRONG: 0.005, TRUTHFULNESS: 0.01}


def came_of(message: HotlineMessage, response: Response, offers: OfferedPassages) -> str:
    """What came of a message, one of `evaluation.truthfulness.CAME`."""
    quotes = tuple(squash(cited.quote) for cited in response.citations)
    offered = offers.quotes(response.choices) if response.outcome == Outcome.CLARIFY.value else ()
    return verdict(message, ShownReply(Outcome(response.outcome), quotes, offered, response.text))


def outside_figures(before: Sequence[str], after: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Wrong passages and truthfulness of both releases by what came of the same messages, with a paired interval.

    `change` is positive where the candidate is better, of both; `fell` where it is worse by more than `MARGIN` and chance.
    """
    return {
        WRONG: _figure(WRONG, *([-float(each == "wrong") for each in came] for came in (before, after)), sign=-1),
        TRUTHFULNESS: _figure(TRUTHFULNESS, worths(before), worths(after), sign=1),
    }


def _figure(name: str, before: Sequence[float], after: Sequence[float], *, sign: int) -> dict[str, Any]:
    moved = change_of(before, after)
    return {
        "n": len(before),
        "serving": sign * mean_of(before)[0] + 0.0,  # no minus before a zero
        "candidate": sign * mean_of(after)[0] + 0.0,
        **moved,
        "margin": MARGIN[name],
        "fell": moved["high"] < -MARGIN[name],
    }


def worse(messages: Sequence[HotlineMessage], before: Sequence[str], after: Sequence[str]) -> list[HotlineMessage]:
    """Messages to which what the candidate replied is worth less."""
    return [m for m, old, new in zip(messages, worths(before), worths(after)) if new < old]
