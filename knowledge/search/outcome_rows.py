"""The features of a ranked question from which its outcome is told, gathered from all who know something of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.language.question import Question, asked_of
from knowledge.search.answerability import outcome_features
from knowledge.search.finder_models import topic_probabilities
from knowledge.search.ranking import Ranked
from knowledge.search.signals import SignalComputer
from knowledge.search.unanswered import Likeness


def outcome_row(
    computer: SignalComputer,
    ranked: Ranked,
    question: Question,
    wording: float,
    likeness: Likeness,
    view: Mapping[str, float],
    elsewhere: Sequence[str],
) -> dict[str, float]:
    """The features of a ranked question that decide on its outcome. `elsewhere` names places outside the district."""
    quotes = [computer.commitments[row].quote for row in ranked.rows]
    together = np.array([quote == quotes[0] for quote in quotes])
    first = computer.commitments[ranked.rows[0]]
    asks_figure = bool(question.asks & {"how_many", "comparison"})
    only_past = first.kind == "baseline" and "future" in question.asks
    return outcome_features(
        question.text,
        ranked,
        together,
        wording,
        likeness,
        sum(topic_probabilities(view).values()),
        bool(asked_of(question.text, [name for name in elsewhere if name not in quotes[0]], ())),
        asks_figure and (only_past or not computer.has_figure[ranked.rows[together]].any()),
    )
