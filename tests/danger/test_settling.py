"""Thresholds are read off what was judged unread, talk is left out of a fold by whole places."""

from __future__ import annotations

import numpy as np
import pytest

from danger.classifier import SELF_HARM
from danger.fitting import FOLDS, TrainingSet, _folds
from danger.forms import Message
from danger.messages import ACUTE, FITTING, everyday_talk, load_messages, texts_of
from danger.settling import (
    ACUTE_FALSE,
    QUIET_FALSE,
    OutOfFold,
    shares_at,
    thresholds_of,
)

EACH = 1000


def examples(talk_up_to: float) -> OutOfFold:
    """Acute at 0.5 to 1, near misses at 0 to 0.6, talk of two places at 0 to 0.1 and to `talk_up_to`; half looks like self-harm."""
    parts = [np.linspace(low, high, EACH) for low, high in ((0.5, 1), (0, 0.6), (0, 0.1), (0, talk_up_to))]
    of = np.repeat(np.arange(4), EACH)
    return OutOfFold(
        probabilities=np.concatenate(parts),
        danger=(of == 0).astype(np.int64),
        written=of < 2,
        place=np.array(["", "", "at home", "abroad"])[of],
        told=np.where(of == 0, "fire", ""),
        judged=np.where(np.arange(4 * EACH) % 2, SELF_HARM, "fire"),
    )


def test_near_misses_raise_no_more_alarms_than_allowed() -> None:
    """At the thresholds that were settled on the same examples; talk below them raises none."""
    calm = examples(talk_up_to=0.3)
    shares = shares_at(calm, thresholds_of(calm))
    assert shares["near misses"][0] <= ACUTE_FALSE + 0.05 and shares["near misses"][1] <= QUIET_FALSE + 0.05
    assert shares["talk abroad"] == shares["talk at home"] == (0, 0)
    assert shares["acute"][0] > 0.8 and shares["acute"] == shares["acute fire"]


def test_self_harm_is_never_harder_to_notice_than_the_rest() -> None:
    """Its thresholds are as high as the others' at most."""
    found = thresholds_of(examples(talk_up_to=0.9))
    assert all(found[f"{level} {SELF_HARM}"] <= found[level] for level in ("acute", "quiet"))


def test_a_place_of_talk_is_in_one_fold() -> None:
    """All of it, so that nobody's way of speaking is known from their other messages; all else is in every fold."""
    count, places = 400, ["a", "b", "c", "d", "e"]
    place = np.array([places[row % 5] if row >= 200 else "" for row in range(count)])
    danger = np.array([row % 2 if row < 100 else 0 for row in range(count)])
    written, none = np.arange(count) < 100, np.zeros((count, 1), np.float32)
    folds = _folds(TrainingSet([Message("")] * count, none, none, danger, [()] * count, written, place))
    assert all(len(set(folds[place == name])) == 1 for name in places)
    assert set(folds[danger == 1]) == set(folds[written]) == set(range(FOLDS))


@pytest.mark.slow  # reads the catalogue and the messages
def test_talk_stands_in_one_place_and_is_no_written_message() -> None:
    """What is in two places would be known from the other; what tells of danger is not everyday."""
    talk = everyday_talk()
    texts = [text for found in talk.values() for text in found]
    assert len(texts) == len(set(texts)) and all(talk.values())
    assert not set(texts) & {m.text for m in texts_of(load_messages(FITTING), ACUTE)}
