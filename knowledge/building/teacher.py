"""What a plan that nobody curated learns from: the curated plan, as it was before anybody curated it.

Which of a plan's runs a question is about, and whether it asks for what no plan says, is much the same in every plan. So the
curated one is cut as an uncurated one is, no question of it is heard by any signal, and the models are fitted on how its
questions, whose answers are known, find their sentences then. What they learn holds for a plan without any questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from knowledge.catalogue.commitments import Commitment, assemble
from knowledge.document.documents import Document
from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.search.projection import Projection, Vectored


def as_if_uncurated(
    passages: Sequence[Passage],
    curated: Sequence[Commitment],
    document: Document,
    topic_words: Mapping[str, Sequence[str]],
) -> list[Commitment]:
    """The commitments of a plan as without a catalogue, each with the questions of those curated ones that it is most like."""
    plain = assemble(passages, (), document, topic_words)
    of_sentence: dict[str, list[int]] = defaultdict(list)
    for place, commitment in enumerate(plain):
        of_sentence[commitment.quote].append(place)
    asked: dict[int, list[str]] = defaultdict(list)
    for commitment in curated:
        if commitment.questions and of_sentence[commitment.quote]:
            places = of_sentence[commitment.quote]
            asked[max(places, key=lambda place: _likeness(plain[place].headline, commitment.headline))] += (
                commitment.questions
            )
    return [replace(each, questions=tuple(asked[place])) for place, each in enumerate(plain)]


def _likeness(run: str, headline: str) -> int:
    """Characters that the two share in one piece."""
    one, other = squash(run), squash(headline)
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match(0, len(one), 0, len(other)).size


def recentred(projection: Projection, vectored: Vectored) -> Projection:
    """The same map around the mean of another plan's passages."""
    mean = np.vstack([vectored.headlines, vectored.quotes]).mean(axis=0)
    return replace(projection, passage_mean=mean.astype(projection.passage_mean.dtype))
