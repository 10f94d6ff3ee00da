"""Whether an answer is right, and the shares over a set of questions."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.questions import EvaluationQuestion
from knowledge.plan_text import squash

REFUSALS = ("not_in_plan", "out_of_scope")
BOOTSTRAPS = 1000
SEED = 14


@dataclass(frozen=True)
class Scored:
    """A question with what was returned (`custom` of answer/1) and whether it is right."""

    question: EvaluationQuestion
    custom: Mapping[str, Any]
    right: bool
    right_in_three: bool


def judge(question: EvaluationQuestion, custom: Mapping[str, Any]) -> Scored:
    """Answered questions: the first citation holds an expected run of text. Others: the outcome is as expected.

    A refusal of either kind is right where either is expected: what matters is that nothing is claimed.
    """
    outcome = custom["outcome"]
    if question.outcome == "answered":
        hits = [any(squash(run) in squash(c["quote"]) for run in question.expect) for c in custom["citations"]]
        answered = outcome == "answered"
        return Scored(question, custom, answered and bool(hits[:1] == [True]), answered and any(hits))
    right = outcome == question.outcome or (outcome in REFUSALS and question.outcome in REFUSALS)
    return Scored(question, custom, right, right)


def share(scored: Sequence[Scored], right: Callable[[Scored], bool] = lambda s: s.right) -> dict[str, float]:
    """Share right with a 95 % bootstrap interval: `{n, share, low, high}`."""
    values = [float(right(s)) for s in scored]
    if not values:
        return {"n": 0, "share": 0.0, "low": 0.0, "high": 0.0}
    generator = random.Random(SEED)
    means = sorted(sum(generator.choices(values, k=len(values))) / len(values) for _ in range(BOOTSTRAPS))
    return {
        "n": len(values),
        "share": round(sum(values) / len(values), 4),
        "low": round(means[int(0.025 * BOOTSTRAPS)], 4),
        "high": round(means[int(0.975 * BOOTSTRAPS) - 1], 4),
    }


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """All shares of a report: first, among three, by kind, refusals, topics."""
    answerable = [s for s in scored if s.question.outcome == "answered"]
    unanswerable = [s for s in scored if s.question.outcome in REFUSALS]
    with_topic = [s for s in scored if s.question.topic and s.question.outcome == "answered"]
    kinds = sorted({s.question.kind for s in scored})
    return {
        "answered_right_first": share(answerable),
        "answered_right_in_three": share(answerable, lambda s: s.right_in_three),
        "answerable_but_refused": share(answerable, lambda s: s.custom["outcome"] in REFUSALS),
        "refused_rightly": share(unanswerable),
        "topic_right": share(with_topic, lambda s: s.custom["topic"] == s.question.topic),
        "by_kind": {kind: share([s for s in scored if s.question.kind == kind]) for kind in kinds},
    }
