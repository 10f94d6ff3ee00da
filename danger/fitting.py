"""Fits the classifier: on the written messages, and on strangers' everyday talk and the project's questions as what is no danger.

Two levels, so that nothing is judged by what it was fitted on: the views (text, sound, vector) are fitted in folds, their
scores out of fold are weighed together with the rules' cues, and the thresholds are read off scores out of fold. Each place of
everyday talk is left out of a fold as a whole: what its writers say is then as unfamiliar as a stranger's message will be.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from danger.classifier import Classifier, KernelModel, clear_kind
from danger.features import cues, sound_pieces, text_pieces
from danger.forms import Message
from danger.messages import ACUTE, CALM, LabelledMessage, everyday_questions, everyday_talk, texts_of
from danger.rules import Rules
from danger.settling import OutOfFold, thresholds_of
from knowledge.encoder.many_vectors import query_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.parallel import in_processes
from knowledge.language.pieces import Numbers, PieceModel, each_piece

SEED = 7
EVERYDAY = 3000  # of the project's questions, beside all of the talk: more cost minutes and change little
FOLDS = 4
PIECE_C, KERNEL_C, GAMMA, WEIGH_C = 20.0, 10.0, 6.0, 1.0  # chosen by scores out of fold
MIN_COUNT = 2  # messages in which a piece of text stands
CACHE_MB = 1500  # of the support vector machine: all its products, so that none is made twice
DROPPED = 0.02  # share of the largest coefficient below which a piece is left out: it changes no score by as much


@dataclass(frozen=True)
class _Counts:
    """How often each piece stands in each message: counted once for all fits."""

    names: NDArray[np.str_]  # (pieces,)
    counts: csr_matrix  # (n, pieces)

    @classmethod
    def of(cls, messages: Sequence[Message], pieces: Callable[[Message], Iterable[str]]) -> _Counts:
        counter = CountVectorizer(analyzer=each_piece(pieces), min_df=MIN_COUNT)
        counts = counter.fit_transform(messages)
        return cls(counter.get_feature_names_out(), counts.tocsr())

    def fit(self, rows: NDArray[np.int64], labels: Sequence[Any] | NDArray[Any]) -> PieceModel:
        """A linear model over the pieces of some of the messages; those that move no score are left out."""
        chosen = self.counts[rows]
        kept = np.flatnonzero(np.diff(chosen.tocsc().indptr) >= MIN_COUNT)
        weigh = TfidfTransformer(sublinear_tf=True)
        model = LogisticRegression(C=PIECE_C, max_iter=3000).fit(weigh.fit_transform(chosen[:, kept]), labels)
        coefficients = model.coef_.T.astype(np.float32)
        return PieceModel.thinned(self.names[kept], weigh.idf_, coefficients, model.intercept_, least=DROPPED)


@dataclass(frozen=True)
class TrainingSet:
    """Messages in every form that the models read, in one order. `danger` is 1 for acute."""

    messages: Sequence[Message]
    vectors: Numbers  # (n, 384)
    cues: Numbers  # (n, cues)
    danger: NDArray[np.int64]
    kinds: Sequence[tuple[str, ...]]
    written: NDArray[np.bool_]  # written for this, not one of the project's own questions
    place: NDArray[np.str_]  # of everyday talk, "" of all else

    @cached_property
    def text(self) -> _Counts:
        """The pieces of text."""
        return _Counts.of(self.messages, text_pieces)

    @cached_property
    def sound(self) -> _Counts:
        """The pieces of sound."""
        return _Counts.of(self.messages, sound_pieces)


def training_set_of(labelled: Sequence[LabelledMessage], rules: Rules, progress: Callable[[int], None]) -> TrainingSet:
    """The labelled messages, acute and calm, all everyday talk, and `EVERYDAY` of the questions. `progress(1)` after each vector."""
    used = [*texts_of(labelled, ACUTE), *texts_of(labelled, CALM)]
    talk = _talk_beside(used)
    everyday = _hardest([*used, *(each for each, _ in talk)], everyday_questions())
    every = [*used, *(each for each, _ in talk), *everyday]
    messages = [Message(each.text) for each in every]
    return TrainingSet(
        messages=messages,
        vectors=query_vectors([message.vector_text for message in messages], settings.built_paths(), progress),
        cues=np.stack([cues(message, rules.read(message)) for message in messages]),
        danger=np.array([each.level == ACUTE for each in every], np.int64),
        kinds=[each.kinds for each in every],
        written=np.arange(len(every)) < len(used),
        place=np.array([*[""] * len(used), *(place for _, place in talk), *[""] * len(everyday)]),
    )


def _talk_beside(used: Sequence[LabelledMessage]) -> list[tuple[LabelledMessage, str]]:
    """Everyday talk with its place, without what is among the written messages."""
    known = {each.text for each in used}
    return [
        (LabelledMessage(text, CALM), place)
        for place, texts in everyday_talk().items()
        for text in texts
        if text not in known
    ]


def _hardest(used: Sequence[LabelledMessage], everyday: Sequence[str]) -> list[LabelledMessage]:
    """`EVERYDAY` of the project's questions: half those that sound most like danger to the text view, half any of them."""
    known = {each.text for each in used}
    others = [text for text in everyday if text not in known]
    random.Random(SEED).shuffle(others)
    sample = others[:EVERYDAY]
    messages = [Message(each.text) for each in used] + [Message(text) for text in sample]
    labels = [int(each.level == ACUTE) for each in used] + [0] * len(sample)
    view = _Counts.of(messages, text_pieces).fit(np.arange(len(messages)), labels)
    scores = {text: float(view.scores(text_pieces(Message(text)))[0]) for text in others}
    hardest = sorted(others, key=lambda text: -scores[text])[: EVERYDAY // 2]
    rest = [text for text in others if text not in set(hardest)]
    return [LabelledMessage(text, CALM) for text in [*hardest, *rest[: EVERYDAY - len(hardest)]]]


def fit(examples: TrainingSet) -> tuple[Classifier, OutOfFold]:
    """The classifier of these examples with its thresholds, and what these rest on. Minutes; the same examples give the same."""
    fitted = _fit_all(examples)
    rows = np.hstack([fitted.unread_scores, examples.cues])
    weigh = LogisticRegression(C=WEIGH_C, max_iter=2000).fit(rows, examples.danger)
    classifier = Classifier(
        text=fitted.views.text,
        sound=fitted.views.sound,
        vector=fitted.views.vector,
        weigh=weigh.coef_[0].astype(np.float32),
        weigh_intercept=float(weigh.intercept_[0]),
        kinds=fitted.kinds.names,
        kind_text=fitted.kinds.text,
        kind_weights=fitted.kinds.weights,
        thresholds={},
    )
    unread = _out_of_fold(examples, weigh.predict_proba(rows)[:, 1], classifier)
    return replace(classifier, thresholds=thresholds_of(unread)), unread


def _out_of_fold(examples: TrainingSet, probabilities: NDArray[np.float64], classifier: Classifier) -> OutOfFold:
    pairs = zip(examples.messages, examples.vectors)
    return OutOfFold(
        probabilities=probabilities,
        danger=examples.danger,
        written=examples.written,
        place=examples.place,
        told=np.array([kinds[0] if kinds else "" for kinds in examples.kinds]),
        judged=np.array([clear_kind(classifier.judge_kind(message, vector)) for message, vector in pairs]),
    )


@dataclass(frozen=True)
class _Fitted:
    """Every model but the weighing; `unread_scores`, shape `(n, 3)`, are each example's by views fitted without its fold."""

    views: _Views
    kinds: _Kinds
    unread_scores: Numbers


def _fit_all(examples: TrainingSet) -> _Fitted:
    """In a process for each core, the longest first."""
    folds, everything = _folds(examples), np.arange(len(examples.messages))
    _ = examples.text, examples.sound  # counted here, for all processes
    jobs: list[Callable[[], Any]] = [lambda: _Views.fit(examples, everything)]
    jobs += [partial(_scores_of_fold, examples, folds == fold) for fold in range(FOLDS)]
    jobs += [lambda: _Kinds.fit(examples)]
    views, *of_folds, kinds = in_processes(lambda start, stop: [job() for job in jobs[start:stop]], len(jobs), part=1)
    scores = np.zeros((len(everything), 3), np.float32)
    for fold, found in enumerate(of_folds):
        scores[folds == fold] = found
    return _Fitted(views, kinds, scores)


def _scores_of_fold(examples: TrainingSet, held_out: NDArray[np.bool_]) -> Numbers:
    return _Views.fit(examples, np.flatnonzero(~held_out)).scores(examples, np.flatnonzero(held_out))


def _folds(examples: TrainingSet) -> NDArray[np.int64]:
    """The fold of each example, shape `(n,)`: a place of talk is in one fold, all else is spread by what it is."""
    found = np.zeros(len(examples.messages), np.int64)
    spread = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for fold, (_, held_out) in enumerate(spread.split(found, examples.danger + 2 * ~examples.written)):
        found[held_out] = fold
    for at, place in enumerate(sorted(set(examples.place[examples.place != ""]))):
        found[examples.place == place] = at % FOLDS
    return found


@dataclass(frozen=True)
class _Views:
    text: PieceModel
    sound: PieceModel
    vector: KernelModel

    @classmethod
    def fit(cls, examples: TrainingSet, rows: NDArray[np.int64]) -> _Views:
        """Fitted on some of the examples."""
        danger, vectors = examples.danger[rows], examples.vectors[rows]
        mean = vectors.mean(axis=0)
        machine = SVC(C=KERNEL_C, gamma=GAMMA, cache_size=CACHE_MB).fit(vectors - mean, danger)
        vector = KernelModel(
            mean=mean,
            vectors=machine.support_vectors_.astype(np.float32),
            coefficients=machine.dual_coef_[0].astype(np.float32),
            intercept=float(machine.intercept_[0]),
            gamma=GAMMA,
        )
        return cls(examples.text.fit(rows, danger), examples.sound.fit(rows, danger), vector)

    def scores(self, examples: TrainingSet, rows: NDArray[np.int64]) -> Numbers:
        """By text, sound and vector, shape `(rows, 3)`."""
        messages = [examples.messages[row] for row in rows]
        text = [self.text.scores(text_pieces(message))[0] for message in messages]
        sound = [self.sound.scores(sound_pieces(message))[0] for message in messages]
        return np.stack([text, sound, self.vector.scores(examples.vectors[rows])], axis=1).astype(np.float32)


@dataclass(frozen=True)
class _Kinds:
    """Which kind it is, if it is one: by pieces of text, and by the vector on what they leave open."""

    names: tuple[str, ...]
    text: PieceModel
    weights: Numbers  # (384, kinds)

    @classmethod
    def fit(cls, examples: TrainingSet) -> _Kinds:
        """On the messages of danger, by the first kind of each."""
        rows = np.flatnonzero(examples.danger)
        labels = [examples.kinds[row][0] for row in rows]
        vector = LogisticRegression(C=KERNEL_C, max_iter=3000)
        vector.fit(examples.vectors[rows] - examples.vectors.mean(axis=0), labels)
        names = tuple(map(str, vector.classes_))
        return cls(names, examples.text.fit(rows, labels), vector.coef_.T.astype(np.float32))
