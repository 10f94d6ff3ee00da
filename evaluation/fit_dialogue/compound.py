"""Fits whether a message asks several things, on first messages by writers who had seen the plan alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from actions.asking import as_nlu_hears
from actions.dialogue.compound import ALWAYS, CompoundModel, features_of
from actions.dialogue.conversation import Conversation
from actions.dialogue.parting import parts_of
from actions.dialogue.responder import Responder
from actions.dialogue.steps.several import SEVERAL_FROM
from knowledge.catalogue.written_dialogues import WrittenTurn

C = 0.3  # of scikit-learn's regression, on features to unit deviation
HELD_OUT, SEED = 10, 14
MEANT = ("question", "correction", "tell", "complaint")  # acts of messages that may ask several things, or sound so


@dataclass(frozen=True)
class CompoundExample:
    """The features of a message of at least two parts, and whether several things were asked."""

    features: Mapping[str, float]
    is_several: bool


def examples_of(responder: Responder, turns: Sequence[WrittenTurn]) -> Iterator[CompoundExample]:
    """Those of the messages that have parts."""
    for turn in turns:
        said, intent = as_nlu_hears(responder.finder, turn.say)
        leaning = responder.leaning(said, Conversation(), intent)
        parts = parts_of(leaning) if turn.act in MEANT else []
        if len(parts) > 1:
            yield CompoundExample(features_of(turn.say, parts, leaning.finding), bool(turn.also))


def fit(examples: Sequence[CompoundExample]) -> CompoundModel:
    """The weights on the features as they are."""
    names, rows, scale = _scaled(examples)
    found = LogisticRegression(C=C, max_iter=1000).fit(rows, _several(examples))
    weights = dict(zip(names, (found.coef_[0] / scale).tolist()))
    return CompoundModel({ALWAYS: float(found.intercept_[0]), **weights})


def report(examples: Sequence[CompoundExample]) -> str:
    """One line: of messages held out, how many of several questions are heard, and how many of one are parted."""
    _, rows, _ = _scaled(examples)
    folds = KFold(HELD_OUT, shuffle=True, random_state=SEED)
    several = _several(examples)
    shares = cross_val_predict(LogisticRegression(C=C, max_iter=1000), rows, several, cv=folds, method="predict_proba")
    parted = shares[:, 1] >= SEVERAL_FROM
    heard, wrongly = parted[several].mean(), parted[~several].mean()
    return f"几个问题，留出的消息 several questions, held out: {len(several)} 条，听出 heard {heard:.1%}，错分 parted wrongly {wrongly:.1%}"


def _scaled(examples: Sequence[CompoundExample]) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """The features' names, rows to unit deviation, and their scale; `ALWAYS` is the regression's intercept."""
    names = sorted({name for each in examples for name in each.features} - {ALWAYS})
    table = np.array([[each.features[name] for name in names] for each in examples])
    scale = np.maximum(table.std(axis=0), 1e-6)
    return names, table / scale, scale


def _several(examples: Sequence[CompoundExample]) -> NDArray[np.bool_]:
    return np.array([each.is_several for each in examples])
