"""What each signal says about each commitment, for one question: the features of the ranking.

All signals are computed for all commitments at once (about a thousand rows), in a few milliseconds;
the question's vector is computed before, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.encoder.pieces import PieceIds
from knowledge.encoder.text_encoder import Vectors, shared_encoder
from knowledge.language.question import Question
from knowledge.language.vocabulary import Vocabulary
from knowledge.search.coverage import Coverage
from knowledge.search.folds import folds_of
from knowledge.search.keywords import KeywordIndex
from knowledge.search.one_row import TextRow, times_matrix
from knowledge.search.plain_parts import FittedVectorizer
from knowledge.search.projection import FOLDS, TEMPERATURE, Projection, Space, Vectored

Floats = NDArray[np.float64]

SIGNALS = (
    "sample_vector",  # e5: question against the commitment's closest sample question
    "headline_vector",  # e5: question against title and headline
    "quote_vector",  # e5: question against the whole sentence
    "sample_projected",  # fitted space (projection.py): question against the closest sample question
    "samples_projected",  # the same, soft maximum over all samples of the commitment
    "headline_projected",  # the same against title and headline
    "quote_projected",  # the same against the whole sentence
    "pieces_covered",  # how much of the question's pieces its samples, headline and sentence have (coverage.py)
    "document_characters",  # TF-IDF of character 1–2-grams against title, terms and headline
    "keywords",  # BM25 on jieba words against title, terms, headline and sentence
    "term_named",  # longest title or term that stands in the question, in characters
    "topic",  # NLU's probability of the commitment's topic
    "number_asked",  # asked how many, and the headline has a figure
    "meaning_asked",  # asked what it is, and it is a definition
    "past_asked",  # asked how it was, and it is a baseline
    "past_unasked",  # it is a baseline, and the past was not asked for
    "indicator_asked",  # asked for an indicator, and it is a row of the table
    "indicator_unasked",
    "definition_unasked",
    "amount_named",  # an amount in the question is one of its figures
    "curated",
)
# Signals whose height means little by itself: how far below the best of this question counts as well.
_RELATIVE = (
    "sample_vector",
    "headline_vector",
    "quote_vector",
    "sample_projected",
    "samples_projected",
    "headline_projected",
    "quote_projected",
    "pieces_covered",
    "document_characters",
    "keywords",
    "term_named",
)
FEATURES = SIGNALS + tuple(f"{name}_below_best" for name in _RELATIVE)
_RELATIVE_COLUMNS = [SIGNALS.index(name) for name in _RELATIVE]
BLOCK = 64  # questions whose vectors are multiplied at once


def search_text(commitment: Commitment) -> str:
    """What keyword search sees of a commitment."""
    return " ".join([commitment.title, *commitment.terms, squash(commitment.headline)])


def vector_text(commitment: Commitment) -> str:
    """What the encoder sees of a commitment's headline."""
    return f"{commitment.title}：{squash(commitment.headline)}"


def sentences_of(commitments: Sequence[Commitment]) -> NDArray[np.int64]:
    """For each commitment the number of its sentence: several may stand in one."""
    return np.asarray(np.unique([c.quote for c in commitments], return_inverse=True)[1], dtype=np.int64)


def sentence_folds(commitments: Sequence[Commitment]) -> NDArray[np.int64]:
    """For each commitment the fold of its sentence: the spaces fitted without it have not seen the sentence."""
    return folds_of([c.quote for c in commitments], FOLDS)


class _Projected(NamedTuple):
    """Cosines of one question in a fitted space."""

    samples: Vectors
    headlines: Vectors
    quotes: Vectors


@dataclass(frozen=True)
class Indexed:
    """What is looked up for each question, worked out of the commitments once, when knowledge is built.

    `characters` cuts a text into character 1–2-grams; `grams` are those of the commitments, a column each `(grams, n)`.
    """

    space: Space
    coverage: Coverage
    characters: FittedVectorizer
    grams: csr_matrix
    keywords: KeywordIndex


def index(
    commitments: Sequence[Commitment],
    vectored: Vectored,
    vocabulary: Vocabulary,
    projection: Projection,
    *,
    unheard: bool = False,
    place_names: Sequence[str] = (),
) -> Indexed:
    """Of commitments and their samples (`unheard`: of no sample); takes seconds. `place_names` as in `SignalComputer`."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = [search_text(c) for c in commitments]
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    characters.fit(documents + ([] if unheard else list(vectored.samples.texts)))
    cut = [vocabulary.cut(f"{text} {squash(c.quote)}") for text, c in zip(documents, commitments)]
    grams = characters.transform(documents).T.tocsr()
    samples = [()] * len(commitments) if unheard else vectored.samples.of_each(len(commitments))
    said = [
        (*(without_names(text, place_names) for text in own), vector_text(c), squash(c.quote))
        for own, c in zip(samples, commitments)
    ]
    coverage = Coverage.of(said, shared_encoder().pieces)
    return Indexed(Space.of(projection, vectored), coverage, characters, grams, KeywordIndex.of(cut))


def without_names(text: str, names: Iterable[str]) -> str:
    """A text without these names; the longer of two that begin alike has to come first."""
    for name in names:
        text = text.replace(name, "")
    return text


class SignalComputer:
    """Computes `FEATURES` of all commitments for a question. Read-only after construction."""

    def __init__(
        self,
        commitments: Sequence[Commitment],
        vectored: Vectored,
        vocabulary: Vocabulary,
        projection: Projection,
        without: Sequence[Projection] = (),
        indexed: Indexed | None = None,
        *,
        unheard: bool = False,
        place_names: Sequence[str] = (),
    ) -> None:
        """`without` are the projections fitted without each fold: needed where samples are left out, by a build only.

        `indexed` is what a build kept of these commitments; it is worked out anew where there is none. `unheard` leaves
        all samples out of every signal: a plan as it is before anybody asked about it. `place_names`, longest first, are
        no pieces of a sample: that somebody once asked for a town does not make a commitment speak of it.
        """
        self.commitments = tuple(commitments)
        self.vectored, self.samples = vectored, vectored.samples
        samples = vectored.samples
        self._owners, self._first_samples = np.unique(samples.owners, return_index=True)
        self._headline_vectors, self._quote_vectors = vectored.headlines, vectored.quotes
        self._vocabulary = vocabulary
        self.indexed = indexed or index(
            commitments, vectored, vocabulary, projection, unheard=unheard, place_names=place_names
        )
        self._place_names = place_names
        self._characters = TextRow(self.indexed.characters)
        self._pieces = shared_encoder().pieces
        self._bearers: dict[str, list[int]] = {}
        for row, commitment in enumerate(commitments):
            for name in {commitment.title, *commitment.terms} - {""}:
                self._bearers.setdefault(name, []).append(row)
        self._name_lengths = sorted({len(name) for name in self._bearers})
        self._topic_names, self._topics = np.unique([c.topic for c in commitments], return_inverse=True)
        self._is = {
            kind: np.array([c.kind == kind for c in commitments], float)
            for kind in ("definition", "baseline", "indicator")
        }
        self._curated = np.array([c.curated for c in commitments], float)
        self._amounts = [{value for f in c.figures for value in (f.value, f.amount)} for c in commitments]
        self.has_figure = np.array([_headline_has_figure(c) for c in commitments], float)
        self._space = self.indexed.space
        self._without = tuple(without)
        self._folds = sentence_folds(commitments)
        self.unheard = unheard

    @property
    def projection(self) -> Projection:
        """What new questions are seen through."""
        return self._space.projection

    def quote_likeness(self, vector: Vectors, row: int) -> float:
        """The cosine of a vector `(384,)` and one commitment's sentence, less the mean over all."""
        return float((self._quote_vectors[row] - self._quote_mean) @ vector)

    @cached_property
    def _quote_mean(self) -> Vectors:
        return np.asarray(self._quote_vectors.mean(axis=0))

    @cached_property
    def _spaces_without(self) -> list[Space]:
        """For each fold of the sentences the space fitted on the others."""
        return [Space.of(projection, self.vectored) for projection in self._without]

    def prepare_leaving_out(self) -> None:
        """Fill the spaces and pieces that leaving samples out needs, once, before processes are forked that share them."""
        self._spaces_without, self._sample_pieces  # noqa: B018

    def features(self, question: Question, vector: Vectors, topics: Mapping[str, float]) -> Floats:
        """Matrix `(commitments, len(FEATURES))` of a question and its unit vector."""
        return next(self.features_of([question], vector[None, :], [topics]))

    def features_of(
        self,
        questions: Sequence[Question],
        vectors: Vectors,
        topics: Sequence[Mapping[str, float]],
        without: Sequence[int | None] | None = None,
    ) -> Iterator[Floats]:
        """The matrix `(commitments, len(FEATURES))` of each question, with vectors `(n, 384)`; about 2 ms each.

        `without` leaves one sample question out of every signal that knows it: so the ranking can be fitted on the
        sample questions themselves (leave one out, exact).
        """
        left_out = list(without or [None] * len(questions))
        for start in range(0, len(questions), BLOCK):
            part = slice(start, start + BLOCK)
            yield from self._block(questions[part], vectors[part], topics[part], left_out[part])

    def _block(
        self,
        questions: Sequence[Question],
        vectors: Vectors,
        topics: Sequence[Mapping[str, float]],
        without: Sequence[int | None],
    ) -> Iterator[Floats]:
        sample_scores = vectors @ self.samples.vectors.T
        headlines, quotes = vectors @ self._headline_vectors.T, vectors @ self._quote_vectors.T
        characters = [times_matrix(self._characters.of(question.text), self.indexed.grams) for question in questions]
        projected = self._projected(vectors, without)
        for row, (question, topic, left_out) in enumerate(zip(questions, topics, without)):
            columns: dict[str, Floats] = {
                "sample_vector": self._best(sample_scores[row], left_out, floor=0.6),
                "headline_vector": headlines[row],
                "quote_vector": quotes[row],
                **self._soft_and_best(projected[row], left_out),
                "pieces_covered": self._covered(question.text, left_out),
                "document_characters": characters[row],
                "keywords": self.indexed.keywords.scores(self._vocabulary.cut(question.text)),
                "term_named": self._named(question.text),
                "topic": np.array([topic.get(name, 0.0) for name in self._topic_names])[self._topics],
                **self._kinds(question),
                "curated": self._curated,
            }
            rows = np.empty((len(FEATURES), len(self.commitments)))  # a feature a row: each is filled in one stretch
            for at, name in enumerate(SIGNALS):
                rows[at] = columns[name]
            relative = rows[_RELATIVE_COLUMNS]
            rows[len(SIGNALS) :] = relative - relative.max(axis=1, keepdims=True)
            yield rows.T

    def _best(self, scores: NDArray[np.floating], without: int | None, floor: float = 0.0) -> Floats:
        """The highest score of each commitment's samples, at least `floor`."""
        best = np.full(len(self.commitments), floor)
        if len(scores) and not self.unheard:
            scores = scores.astype(np.float64, copy=True)
            if without is not None:
                scores[without] = floor
            best[self._owners] = np.maximum(np.maximum.reduceat(scores, self._first_samples), floor)
        return best

    def _projected(self, vectors: Vectors, without: Sequence[int | None]) -> list[_Projected]:
        """Of each question, in the space that was fitted without the sample it leaves out."""
        folds = [-1 if i is None else int(self._folds[self.samples.owners[i]]) for i in without]
        found: dict[int, _Projected] = {}
        for fold in set(folds):
            space = self._space if fold < 0 else self._spaces_without[fold]
            rows = [row for row, own in enumerate(folds) if own == fold]
            own = space.projection.questions(vectors[rows])
            both = own @ space.samples.T, own @ space.headlines.T, own @ space.quotes.T
            found.update((row, _Projected(*(scores[at] for scores in both))) for at, row in enumerate(rows))
        return [found[row] for row in range(len(folds))]

    def _soft_and_best(self, projected: _Projected, without: int | None) -> dict[str, Floats]:
        scores = projected.samples.astype(np.float64)
        soft = np.zeros(len(self.commitments))
        if len(scores) and not self.unheard:
            powers = np.exp(TEMPERATURE * scores)
            if without is not None:
                powers[without] = 0.0
            soft[self._owners] = np.add.reduceat(powers, self._first_samples)
        return {
            "sample_projected": self._best(scores, without),
            "samples_projected": np.log1p(soft) / TEMPERATURE,
            "headline_projected": projected.headlines,
            "quote_projected": projected.quotes,
        }

    def _covered(self, text: str, without: int | None) -> Floats:
        """The coverage of a text by each commitment, of the owner of a sample that is left out by what else it has."""
        ids = self._pieces.ids(text)
        covered = self.indexed.coverage.covered(ids, self._pieces)
        if without is not None and not self.unheard:
            owner = int(self.samples.owners[without])
            covered[owner] = self.indexed.coverage.covered_by(ids, self._said_beside(owner, without))
        return covered

    def _said_beside(self, owner: int, without: int) -> PieceIds:
        """The pieces of a commitment's headline, sentence and samples but one."""
        commitment = self.commitments[owner]
        others = [self._sample_pieces[i] for i in np.flatnonzero(self.samples.owners == owner) if i != without]
        own = [self._pieces.ids(text) for text in (vector_text(commitment), squash(commitment.quote))]
        return np.unique(np.concatenate([*others, *own]))

    @cached_property
    def _sample_pieces(self) -> list[PieceIds]:
        return [self._pieces.ids(without_names(text, self._place_names)) for text in self.samples.texts]

    def nearest_sample(self, vector: Vectors) -> tuple[Commitment, float] | None:
        """The commitment of the sample question that is most like a question, and the cosine; None without samples."""
        if not len(self.samples.owners):
            return None
        likeness = self.samples.vectors @ vector
        best = int(likeness.argmax())
        return self.commitments[self.samples.owners[best]], float(likeness[best])

    def is_name(self, text: str) -> bool:
        """Whether a text is the title or a term of a commitment, and nothing else."""
        return text in self._bearers

    def _named(self, text: str) -> Floats:
        """Length of each commitment's longest title or term in the text, in characters; 0 if none is."""
        longest = np.zeros(len(self.commitments))
        for length in self._name_lengths:  # ascending: a longer name overwrites
            for start in range(len(text) - length + 1):
                for row in self._bearers.get(text[start : start + length], ()):
                    longest[row] = length
        return longest

    def _kinds(self, question: Question) -> dict[str, Floats]:
        asks = {
            name: float(name in question.asks) for name in ("how_many", "what_is", "past", "indicator", "comparison")
        }
        named = np.zeros(len(self.commitments))
        if numbers := set(question.numbers):
            named[:] = [not numbers.isdisjoint(amounts) for amounts in self._amounts]
        past = max(asks["past"] * (1 - float("future" in question.asks)), 0.0)
        return {
            "number_asked": max(asks["how_many"], asks["comparison"]) * self.has_figure,
            "meaning_asked": asks["what_is"] * self._is["definition"],
            "definition_unasked": (1 - asks["what_is"]) * self._is["definition"],
            "past_asked": past * self._is["baseline"],
            "past_unasked": (1 - past) * self._is["baseline"],
            "indicator_asked": asks["indicator"] * self._is["indicator"],
            "indicator_unasked": (1 - asks["indicator"]) * self._is["indicator"],
            "amount_named": named,
        }


def _headline_has_figure(commitment: Commitment) -> bool:
    headline = squash(commitment.headline)
    return any(isinstance(f.value, str) or f.printed_value in headline for f in commitment.figures) or (
        commitment.kind == "indicator"
    )
