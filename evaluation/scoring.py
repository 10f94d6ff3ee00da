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
    mean, low, high = mean_of(values)
    return {"n": len(values), "share": mean, "low": low, "high": high}


def mean_of(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean and its 95 % bootstrap interval; zeros of nothing."""
    if not values:
        return 0.0, 0.0, 0.0
    generator = random.Random(SEED)
    means = sorted(sum(generator.choices(values, k=len(values))) / len(values) for _ in range(BOOTSTRAPS))
    low, high = means[int(0.025 * BOOTSTRAPS)], means[int(0.975 * BOOTSTRAPS) - 1]
    return round(sum(values) / len(values), 4), round(low, 4), round(high, 4)


def change(before: Sequence[Scored], after: Sequence[Scored]) -> dict[str, Any]:
    """How the share right has changed on the same questions: `{change, low, high, lost, won}`, a paired 95 % interval.

    The interval is the bootstrap's as in `share`, of the differences question by question (−1 lost, 0, +1 won), so that
    questions which both judge alike, however hard they are, do not widen it.
    """
    return change_of([float(each.right) for each in before], [float(each.right) for each in after])


def change_of(before: Sequence[float], after: Sequence[float]) -> dict[str, Any]:
    """The same of any figure of the same questions: `lost` counts those whose figure is lower now, `won` higher."""
    steps = [new - old for old, new in zip(before, after)]
    mean, low, high = mean_of(steps)
    lost, won = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
    return {"change": mean, "low": low, "high": high, "lost": lost, "won": won}


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
