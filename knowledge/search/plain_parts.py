"""scikit-learn's fitted parts as plain arrays and words, and back: all that is needed to predict, and nothing else.

What comes back computes the same numbers to the last bit, and does without scikit-learn: a second of each process's start
and forty megabytes of it. It cannot be fitted further: how it was fitted is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.groundwork.kept_files import Plain

_BLANKS = re.compile(r"\s\s+")  # each run is one blank where characters are counted


class FittedRegression(Protocol):
    """A fitted regression: scikit-learn's `LogisticRegression`, or one that was kept."""

    classes_: NDArray[Any]
    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]


class FittedVectorizer(Protocol):
    """A fitted vectorizer: scikit-learn's `CountVectorizer` or `TfidfVectorizer`, or one that was kept."""

    analyzer: str
    ngram_range: tuple[int, int]
    token_pattern: str
    vocabulary_: dict[str, int]

    def build_analyzer(self) -> Callable[[str], Sequence[str]]:
        """Cuts a text into its pieces."""

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Rows `(n, pieces)` of texts."""


@dataclass(eq=False)
class KeptRegression:
    """The names and shapes are scikit-learn's."""

    classes_: NDArray[Any]
    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]


@dataclass(eq=False)
class KeptVectorizer:
    """The names are scikit-learn's; `idf_` `(pieces,)` where pieces are weighed, None where they are counted."""

    analyzer: str
    ngram_range: tuple[int, int]
    token_pattern: str
    vocabulary_: dict[str, int]
    idf_: NDArray[np.float64] | None = None
    sublinear_tf: bool = False

    def build_analyzer(self) -> Callable[[str], Sequence[str]]:
        """As scikit-learn's for `char` and `word`, in lower case."""
        if self.analyzer == "char":
            return lambda text: self._runs(_BLANKS.sub(" ", text.lower()), "")
        find = re.compile(self.token_pattern).findall
        return lambda text: self._runs(find(text.lower()), " ")

    def _runs(self, parts: Sequence[str], between: str) -> list[str]:
        least, most = self.ngram_range
        found: list[str] = []
        for length in range(least, most + 1):
            if length == 1:
                found += parts
            else:
                found += (between.join(parts[at : at + length]) for at in range(len(parts) - length + 1))
        return found

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """By scikit-learn itself: for many at once, where something is fitted."""
        from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

        how = {"analyzer": self.analyzer, "ngram_range": self.ngram_range, "token_pattern": self.token_pattern}
        weighs = self.idf_ is not None
        vectorizer = TfidfVectorizer(**how, sublinear_tf=self.sublinear_tf) if weighs else CountVectorizer(**how)
        vectorizer.vocabulary_ = self.vocabulary_
        if weighs:
            vectorizer.idf_ = self.idf_
        return vectorizer.transform(texts)


def plain_regression(model: FittedRegression) -> Plain:
    """Coefficients `(outputs, columns)`, intercepts `(outputs,)` and the classes' names or numbers."""
    return Plain({"classes": model.classes_.tolist()}, {"coefficients": model.coef_, "intercept": model.intercept_})


def regression_of(plain: Plain) -> KeptRegression:
    """The regression of `plain_regression`."""
    arrays = plain.arrays
    return KeptRegression(np.array(plain.about["classes"]), arrays["coefficients"], arrays["intercept"])


def plain_tfidf(vectorizer: Any) -> Plain:
    """How a text is cut, the pieces in the order of their columns, and the idf `(columns,)` of each."""
    return Plain({**_cutting(vectorizer), "sublinear": vectorizer.sublinear_tf}, {"idf": vectorizer.idf_})


def tfidf_of(plain: Plain) -> KeptVectorizer:
    """The vectorizer of `plain_tfidf`."""
    about = plain.about
    cutting = about["analyzer"], tuple(about["ngrams"]), about["token"]
    return KeptVectorizer(*cutting, _columns(about["pieces"]), plain.arrays["idf"], about["sublinear"])


def plain_counts(vectorizer: FittedVectorizer) -> Plain:
    """How a text is cut, and the pieces in the order of their columns."""
    return Plain(_cutting(vectorizer))


def counts_of(plain: Plain) -> KeptVectorizer:
    """The vectorizer of `plain_counts`."""
    about = plain.about
    return KeptVectorizer(about["analyzer"], tuple(about["ngrams"]), about["token"], _columns(about["pieces"]))


def _columns(pieces: Sequence[str]) -> dict[str, int]:
    return {piece: column for column, piece in enumerate(pieces)}


def _cutting(vectorizer: FittedVectorizer) -> dict[str, object]:
    pieces = vectorizer.vocabulary_
    return {
        "analyzer": vectorizer.analyzer,
        "ngrams": list(vectorizer.ngram_range),
        "token": vectorizer.token_pattern,
        "pieces": sorted(pieces, key=lambda piece: int(pieces[piece])),
    }
