"""From the probabilities out of fold to the overview: quality by intent, confusions, examples that pull the wrong way."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from knowledge.building.asked import INTENT_FOLDS, HeldOutIntents
from knowledge.building.topics.overview import (
    Confusion,
    IntentExample,
    Measured,
    Neighbour,
    TopicQuality,
    TopicsOverview,
    WrongWay,
)
from knowledge.catalogue.training_data import TOPIC_OF_INTENT
from knowledge.groundwork.progress_bar import progress_of
from knowledge.groundwork.wilson import wilson_interval

NEIGHBOURS = 5
MOST_NEIGHBOURS = NEIGHBOURS // 2 + 1  # of them with another label: most
CONFUSIONS = 30  # pairs shown; with 18 intents the rest are single slips
CONFUSED_EXAMPLES = 10
WRONG_WAY = 300  # examples shown, the strongest: a few days' work, and the file stays under a megabyte
BLOCK = 256  # examples compared with all others at once


def measure_topics(held_out: HeldOutIntents | None, *, quiet: bool = False) -> TopicsOverview:
    """The overview; an empty one where nothing was held out."""
    if held_out is None:
        return TopicsOverview(INTENT_FOLDS, 0, 0)
    names = np.array(held_out.names)
    labels = np.array([e.label for e in held_out.examples])
    predicted = names[held_out.shares.argmax(axis=1)]
    examples = [IntentExample(e.text, e.label, e.file) for e in held_out.examples]
    wrong_way = _wrong_way(held_out, examples, labels, predicted, quiet=quiet)
    return TopicsOverview(
        INTENT_FOLDS,
        len(labels),
        int((labels == predicted).sum()),
        tuple(_quality(str(name), labels, predicted) for name in names),
        _confusions(examples, labels, predicted, held_out.shares.max(axis=1)),
        tuple(wrong_way[:WRONG_WAY]),
        len(wrong_way),
    )


def _quality(intent: str, labels: NDArray[np.str_], predicted: NDArray[np.str_]) -> TopicQuality:
    own, taken = labels == intent, predicted == intent
    found = int((own & taken).sum())
    either = interval(found, int((own | taken).sum()))
    return TopicQuality(
        intent,
        TOPIC_OF_INTENT.get(intent, ""),
        int(own.sum()),
        int(taken.sum()),
        found,
        interval(found, int(taken.sum())),
        interval(found, int(own.sum())),
        Measured(*(round(2 * share / (1 + share), 4) for share in (either.value, either.low, either.high))),
    )


def interval(found: int, of: int) -> Measured:
    """A share with its 95 % interval; 0 of nothing.

    F1 is no share, but it is 2J / (1 + J) of one: J = right / (right, missed or wrongly taken), the Jaccard index.
    """
    if not of:
        return Measured(0.0, 0.0, 0.0)
    low, high = wilson_interval(found, of)
    return Measured(round(found / of, 4), round(low, 4), round(high, 4))


def _confusions(
    examples: list[IntentExample], labels: NDArray[np.str_], predicted: NDArray[np.str_], shares: NDArray[np.float64]
) -> tuple[Confusion, ...]:
    pairs = Counter((str(a), str(b)) for a, b in zip(labels, predicted) if a != b)
    found = []
    for (intent, taken_for), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:CONFUSIONS]:
        rows = np.flatnonzero((labels == intent) & (predicted == taken_for))
        surest = rows[np.argsort(-shares[rows], kind="stable")][:CONFUSED_EXAMPLES]
        found.append(Confusion(intent, taken_for, count, tuple(examples[row] for row in surest)))
    return tuple(found)


def _wrong_way(
    held_out: HeldOutIntents,
    examples: list[IntentExample],
    labels: NDArray[np.str_],
    predicted: NDArray[np.str_],
    *,
    quiet: bool,
) -> list[WrongWay]:
    """Strongest first: by the probability of the other intent times the share of neighbours that disagree."""
    wrong = np.flatnonzero(labels != predicted)
    texts = np.unique([e.text for e in examples], return_inverse=True)[1]
    found = []
    with progress_of("topics", len(wrong), quiet=quiet) as progress:
        for start in range(0, len(wrong), BLOCK):
            rows = wrong[start : start + BLOCK]
            cosines = held_out.vectors[rows] @ held_out.vectors.T
            cosines[texts[rows][:, None] == texts[None, :]] = -1.0  # the same words elsewhere are no other example
            nearest = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
            for row, near, scores in zip(rows, nearest, cosines):
                near = near[np.argsort(-scores[near], kind="stable")]
                if (labels[near] != labels[row]).sum() >= min(MOST_NEIGHBOURS, len(near)):
                    neighbours = tuple(Neighbour(examples[i], round(float(scores[i]), 4)) for i in near)
                    share = round(float(held_out.shares[row].max()), 4)
                    found.append(WrongWay(examples[row], str(predicted[row]), share, neighbours))
            progress(len(rows))
    return sorted(found, key=lambda each: (-each.share * each.against, each.example.text))
