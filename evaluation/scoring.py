"""Whether an answer is right, and the shares over a set of questions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.questions import EvaluationQuestion
from evaluation.retrievers import Returned
from knowledge.reply.judging import REFUSALS, judged

BOOTSTRAPS = 1000
SEED = 14
BINS = 10  # of the calibration


@dataclass(frozen=True)
class Scored:
    """A question with what was returned (`custom` of answer/1) and whether it is right."""

    question: EvaluationQuestion
    custom: Mapping[str, Any]
    right: bool
    right_in_three: bool


def judge(question: EvaluationQuestion, custom: Mapping[str, Any]) -> Scored:
    """By `knowledge.reply.judging.judged`."""
    quotes = [str(c["quote"]) for c in custom.get("citations") or ()]
    return Scored(question, custom, *judged(question.outcome, question.expect, custom["outcome"], quotes))


def as_custom(returned: Returned) -> dict[str, Any]:
    """What a retriever returned, in the shape of answer/1 as far as `judge` reads it."""
    if returned.refused or not returned.found:
        return {"outcome": "not_in_plan", "headline": "", "topic": None, "citations": []}
    first = returned.found[0]
    citations = [{"quote": c.quote} for c in returned.found]
    return {"outcome": "answered", "headline": first.headline, "topic": first.topic, "citations": citations}


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


def change(before: Sequence[Scored], after: Sequence[Scored]) -> dict[str, Any]:
    """How the share right has changed on the same questions: `{change, low, high, lost, won}`, a paired 95 % interval.

    The interval is the bootstrap's as in `share`, of the differences question by question (−1 lost, 0, +1 won), so that
    questions which both judge alike, however hard they are, do not widen it.
    """
    steps = [int(new.right) - int(old.right) for old, new in zip(before, after)]
    if not steps:
        return {"change": 0.0, "low": 0.0, "high": 0.0, "lost": 0, "won": 0}
    generator = random.Random(SEED)
    means = sorted(sum(generator.choices(steps, k=len(steps))) / len(steps) for _ in range(BOOTSTRAPS))
    return {
        "change": round(sum(steps) / len(steps), 4),
        "low": round(means[int(0.025 * BOOTSTRAPS)], 4),
        "high": round(means[int(0.975 * BOOTSTRAPS) - 1], 4),
        "lost": steps.count(-1),
        "won": steps.count(1),
    }


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """All shares of a report: first, among three, by kind, refusals (recall and precision), topics."""
    answerable = [s for s in scored if s.question.outcome == "answered"]
    unanswerable = [s for s in scored if s.question.outcome in REFUSALS]
    refused = [s for s in answerable + unanswerable if s.custom["outcome"] in REFUSALS]
    with_topic = [s for s in answerable if s.question.topic and s.custom["outcome"] == "answered"]
    kinds = sorted({s.question.kind for s in scored})
    return {
        "answered_right_first": share(answerable),
        "answered_right_in_three": share(answerable, lambda s: s.right_in_three),
        "answerable_but_refused": share(answerable, lambda s: s.custom["outcome"] in REFUSALS),
        "refused_rightly": share(unanswerable),
        "refusal_precision": share(refused, lambda s: s.question.outcome in REFUSALS),
        "topic_right_where_answered": share(with_topic, lambda s: s.custom["topic"] == s.question.topic),
        "by_kind": {kind: share([s for s in scored if s.question.kind == kind]) for kind in kinds},
    }


def confusion(scored: Sequence[Scored]) -> dict[str, dict[str, int]]:
    """Expected topic → topic of the answer (or `refused`, `clarify`) → questions that the plan answers."""
    counts: dict[str, Counter[str]] = {}
    for each in scored:
        if each.question.outcome == "answered" and each.question.topic:
            outcome = each.custom["outcome"]
            got = each.custom["topic"] if outcome == "answered" else "refused" if outcome in REFUSALS else outcome
            counts.setdefault(each.question.topic, Counter())[got or "none"] += 1
    return {topic: dict(sorted(row.items())) for topic, row in sorted(counts.items())}


def calibration(points: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Probability against truth in `BINS` bins of equal width, and the expected calibration error (Guo et al. 2017)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, right in points:
        bins[min(int(probability * BINS), BINS - 1)].append((probability, right))
    rows = [
        {"n": len(b), "predicted": sum(p for p, _ in b) / len(b), "observed": sum(r for _, r in b) / len(b)}
        for b in bins
        if b
    ]
    error = sum(row["n"] * abs(row["predicted"] - row["observed"]) for row in rows) / max(1, len(points))
    return {"expected_calibration_error": round(error, 4), "bins": rows}
