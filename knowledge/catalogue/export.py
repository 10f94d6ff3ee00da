"""Commitments as flat rows for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.catalogue.commitments import Commitment


def export_rows(commitments: Sequence[Commitment]) -> list[dict[str, Any]]:
    """One dict a commitment, in the plan's order; the same store gives the same rows."""
    return [_row(commitment) for commitment in commitments]


def _row(commitment: Commitment) -> dict[str, Any]:
    baselines = {position: (identifier, old) for position, identifier, old in commitment.baselines}
    passage = commitment.passage
    return {
        "id": commitment.id,
        "topic": commitment.topic,
        "area": commitment.area,
        "kind": commitment.kind,
        "title": commitment.title,
        "headline": commitment.headline,
        "plain": commitment.plain,
        "quote": commitment.quote,
        "chapter": passage.chapter,
        "section": passage.section,
        "heading": passage.heading,
        "page": passage.page,
        "lead": passage.lead,
        "places": list(commitment.places),
        "audience": list(commitment.audience),
        "terms": list(commitment.terms),
        "curated": commitment.curated,
        "questions": list(commitment.questions),
        "figures": [
            {
                "label": figure.label,
                "value": figure.value,
                "unit": figure.unit,
                "year": figure.year,
                "qualifier": figure.qualifier,
                "baseline_id": baselines[position][0] if position in baselines else None,
                "baseline": {"value": baselines[position][1].value, "year": baselines[position][1].year}
                if position in baselines
                else None,
            }
            for position, figure in enumerate(commitment.figures)
        ],
    }
