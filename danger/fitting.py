"""Fits the classifier: on the written messages, and on the project's own questions as what is no danger.

Two levels, so that nothing is judged by what it was fitted on: the views (text, sound, vector) are fitted in folds, their
scores out of fold are weighed together with the rules' cues, and the thresholds are read off scores out of fold.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from danger.classifier import SELF_HARM, Classifier, KernelModel, clear_kind
from danger.features import cues, sound_pieces, text_pieces
from danger.forms import Message
from danger.messages import ACUTE, CALM, LabelledMessage, everyday_questions, texts_of
from danger.rules import Rules
from knowledge.encoder.many_vectors import query_vectors
from knowledge.groundwork import settings
from knowledge.language.pieces import Numbers, PieceModel, each_piece

SEED = 7
EVERYDAY = 8000  # of the project's questions: more cost minutes and change little
EVERYDAY_WEIGHT = 1.0
FOLDS = 6
PIECE_C, KERNEL_C, GAMMA, WEIGH_C = 20.0, 10.0, 6.0, 1.0  # chosen by scores out of fold
MIN_COUNT = 2  # messages in which a piece of text stands
DROPPED = 0.02  # share of the largest coefficient below which a piece is left out: it changes no score by as much
# Shares of the near misses, out of fold, that may get the reply to danger, or at least a quiet line. Who is asked once too
# often whether they mean to die is not harmed; who is not asked may be: there more is allowed.
ACUTE_FALSE, QUIET_FALSE = 0.07, 0.09
SELF_HARM_FALSE, SELF_HARM_QUIET_FALSE = 0.10, 0.13


@dataclass(frozen=True)
class TrainingSet:
    """Messages in every form that the models read, in one order. `danger` is 1 for acute, `weight` of each in a fit."""

    messages: Sequence[Message]
    vectors: Numbers  # (n, 384)
    cues: Numbers  # (n, cues)
    danger: NDArray[np.int64]
    weight: Numbers
    kinds: Sequence[tuple[str, ...]]
    written: NDArray[np.bool_]  # written for this, not one of the project's own questions

    def only(self, rows: NDArray[np.int64]) -> TrainingSet:
        """Some of them."""
        return TrainingSet(
            [self.messages[row] for row in rows],
            self.vectors[rows],
            self.cues[rows],
            self.danger[rows],
            self.weight[rows],
            [self.kinds[row] for row in rows],
            self.written[rows],
        )


def training_set_of(labelled: Sequence[LabelledMessage], rules: Rules, progress: Callable[[int], None]) -> TrainingSet:
    """The labelled messages, acute and calm, and `EVERYDAY` of the project's questions. `progress(1)` after each vector."""
    used = [*texts_of(labelled, ACUTE), *texts_of(labelled, CALM)]
    everyday = _hardest(used, everyday_questions())
    every = [*used, *everyday]
    messages = [Message(each.text) for each in every]
    return TrainingSet(
        messages=messages,
        vectors=query_vectors([message.vector_text for message in messages], settings.built_paths(), progress),
        cues=np.stack([cues(message, rules.read(message)) for message in messages]),
        danger=np.array([each.level == ACUTE for each in every], np.int64),
        weight=np.array([1.0] * len(used) + [EVERYDAY_WEIGHT] * len(everyday), np.float32),
        kinds=[each.kinds for each in every],
        written=np.arange(len(every)) < len(used),
    )


def _hardest(used: Sequence[LabelledMessage], everyday: Sequence[str]) -> list[LabelledMessage]:
    """`EVERYDAY` of the project's questions: half those that sound most like danger to the text view, half any of them."""
    known = {each.text for each in used}
    others = [text for text in everyday if text not in known]
    random.Random(SEED).shuffle(others)
    sample = others[:EVERYDAY]
    messages = [Message(each.text) for each in used] + [Message(text) for text in sample]
    labels = [int(each.level == ACUTE) for each in used] + [0] * len(sample)
    view = _fit_pieces(messages, text_pieces, labels)
    scores = {text: float(view.scores(text_pieces(Message(text)))[0]) for text in others}
    hardest = sorted(others, key=lambda text: -scores[text])[: EVERYDAY // 2]
    rest = [text for text in others if text not in set(hardest)]
    return [LabelledMessage(text, CALM) for text in [*hardest, *rest[: EVERYDAY - len(hardest)]]]


def fit(examples: TrainingSet) -> Classifier:
    """The classifier of these examples, with its thresholds. Minutes on one core; the same examples give the same."""
    scores = scores_out_of_fold(examples)
    weigh = LogisticRegression(C=WEIGH_C, max_iter=2000)
    weigh.fit(np.hstack([scores, examples.cues]), examples.danger, sample_weight=examples.weight)
    views = _Views.fit(examples)
    kind_text, kind_weights, kinds = _fit_kinds(examples, views)
    probabilities = weigh.predict_proba(np.hstack([scores, examples.cues]))[:, 1]
    classifier = Classifier(
        text=views.text,
        sound=views.sound,
        vector=views.vector,
        weigh=weigh.coef_[0].astype(np.float32),
        weigh_intercept=float(weigh.intercept_[0]),
        kinds=kinds,
        kind_text=kind_text,
        kind_weights=kind_weights,
        thresholds={},
    )
    pairs = zip(examples.messages, examples.vectors)
    kinds_of_each = [clear_kind(classifier.judge_kind(message, vector)) for message, vector in pairs]
    return replace(classifier, thresholds=_thresholds(examples, probabilities, kinds_of_each))


def scores_out_of_fold(examples: TrainingSet) -> Numbers:
    """Each example's scores by the text, sound and vector views fitted without its fold, shape `(n, 3) float32`."""
    scores = np.zeros((len(examples.messages), 3), np.float32)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for fitted, held_out in folds.split(scores, examples.danger + 2 * ~examples.written):
        scores[held_out] = _Views.fit(examples.only(fitted)).scores(examples.only(held_out))
    return scores


@dataclass(frozen=True)
class _Views:
    text: PieceModel
    sound: PieceModel
    vector: KernelModel

    @classmethod
    def fit(cls, examples: TrainingSet) -> _Views:
        text = _fit_pieces(examples.messages, text_pieces, examples.danger, examples.weight)
        sound = _fit_pieces(examples.messages, sound_pieces, examples.danger, examples.weight)
        mean = examples.vectors.mean(axis=0)
        machine = SVC(C=KERNEL_C, gamma=GAMMA)
        machine.fit(examples.vectors - mean, examples.danger, sample_weight=examples.weight)
        vector = KernelModel(
            mean=mean,
            vectors=machine.support_vectors_.astype(np.float32),
            coefficients=machine.dual_coef_[0].astype(np.float32),
            intercept=float(machine.intercept_[0]),
            gamma=GAMMA,
        )
        return cls(text, sound, vector)

    def scores(self, examples: TrainingSet) -> Numbers:
        rows = [
            (
                self.text.scores(text_pieces(message))[0],
                self.sound.scores(sound_pieces(message))[0],
                self.vector.score(vector),
            )
            for message, vector in zip(examples.messages, examples.vectors)
        ]
        return np.array(rows, np.float32)


def _fit_pieces(
    messages: Sequence[Message],
    pieces: Callable[[Message], Iterable[str]],
    labels: Sequence[Any] | NDArray[Any],
    weight: Numbers | None = None,
) -> PieceModel:
    """A linear model over pieces; those that move no score are left out."""
    counter = TfidfVectorizer(analyzer=each_piece(pieces), min_df=MIN_COUNT, sublinear_tf=True)
    rows = counter.fit_transform(messages)
    model = LogisticRegression(C=PIECE_C, max_iter=3000).fit(rows, labels, sample_weight=weight)
    coefficients = model.coef_.T.astype(np.float32)
    return PieceModel.thinned(
        counter.get_feature_names_out(), counter.idf_, coefficients, model.intercept_, least=DROPPED
    )


def _fit_kinds(examples: TrainingSet, views: _Views) -> tuple[PieceModel, Numbers, tuple[str, ...]]:
    """Which kind it is, if it is one: by pieces of text, and by the vector on what they leave open."""
    rows = np.flatnonzero(examples.danger)
    labels = [examples.kinds[row][0] for row in rows]
    text = _fit_pieces([examples.messages[row] for row in rows], text_pieces, labels)
    vector = LogisticRegression(C=KERNEL_C, max_iter=3000)
    vector.fit(examples.vectors[rows] - views.vector.mean, labels)
    kinds = tuple(map(str, vector.classes_))
    return text, vector.coef_.T.astype(np.float32), kinds


def _thresholds(examples: TrainingSet, probabilities: NDArray[np.float64], kinds: Sequence[str]) -> dict[str, float]:
    """The probabilities from which near misses get a reply or a line as rarely as is wanted, by their kind."""
    calm = examples.written & (examples.danger == 0)
    own = np.array([kind == SELF_HARM for kind in kinds])

    def at(rows: NDArray[np.bool_], share: float) -> float:
        return float(np.quantile(probabilities[rows], 1 - share))

    found: dict[str, float] = {}
    for level, share, own_share in (
        ("acute", ACUTE_FALSE, SELF_HARM_FALSE),
        ("quiet", QUIET_FALSE, SELF_HARM_QUIET_FALSE),
    ):
        found[level] = at(calm & ~own, share)
        found[f"{level} {SELF_HARM}"] = min(found[level], at(calm & own, own_share))
    return found
