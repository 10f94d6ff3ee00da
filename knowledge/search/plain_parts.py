"""scikit-learn's fitted parts as plain arrays and words, and back: all that is needed to predict, and nothing else.

What comes back computes the same numbers to the last bit. It cannot be fitted further: how it was fitted is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from knowledge.groundwork.kept_files import Plain


def plain_regression(model: LogisticRegression) -> Plain:
    """Coefficients `(outputs, columns)`, intercepts `(outputs,)` and the classes' names or numbers."""
    return Plain({"classes": model.classes_.tolist()}, {"coefficients": model.coef_, "intercept": model.intercept_})


def regression_of(plain: Plain) -> LogisticRegression:
    """The regression of `plain_regression`."""
    model = LogisticRegression()
    model.classes_ = np.array(plain.about["classes"])
    model.coef_, model.intercept_ = plain.arrays["coefficients"], plain.arrays["intercept"]
    model.n_features_in_ = model.coef_.shape[1]
    return model


def plain_tfidf(vectorizer: TfidfVectorizer) -> Plain:
    """How a text is cut, the pieces in the order of their columns, and the idf `(columns,)` of each."""
    return Plain({**_cutting(vectorizer), "sublinear": vectorizer.sublinear_tf}, {"idf": vectorizer.idf_})


def tfidf_of(plain: Plain) -> TfidfVectorizer:
    """The vectorizer of `plain_tfidf`."""
    about = plain.about
    vectorizer = TfidfVectorizer(
        analyzer=about["analyzer"],
        ngram_range=tuple(about["ngrams"]),
        token_pattern=about["token"],
        sublinear_tf=about["sublinear"],
    )
    vectorizer.vocabulary_ = _columns(about["pieces"])
    vectorizer.idf_ = plain.arrays["idf"]
    return vectorizer


def plain_counts(vectorizer: CountVectorizer) -> Plain:
    """How a text is cut, and the pieces in the order of their columns."""
    return Plain(_cutting(vectorizer))


def counts_of(plain: Plain) -> CountVectorizer:
    """The vectorizer of `plain_counts`."""
    about = plain.about
    vectorizer = CountVectorizer(
        analyzer=about["analyzer"], ngram_range=tuple(about["ngrams"]), token_pattern=about["token"]
    )
    vectorizer.vocabulary_ = _columns(about["pieces"])
    return vectorizer


def _columns(pieces: Sequence[str]) -> dict[str, int]:
    return {piece: column for column, piece in enumerate(pieces)}


def _cutting(vectorizer: CountVectorizer) -> dict[str, object]:
    pieces = vectorizer.vocabulary_
    return {
        "analyzer": vectorizer.analyzer,
        "ngrams": list(vectorizer.ngram_range),
        "token": vectorizer.token_pattern,
        "pieces": sorted(pieces, key=lambda piece: int(pieces[piece])),
    }
