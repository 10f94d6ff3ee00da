"""The intent of a question, by the same features and the same regression as `config.yml`.

The finder needs NLU's view where no NLU is at hand (building, evaluating, `python -m knowledge search`).
The steps are those of Rasa 3.6: sentence vector times `SCALE` and CountVectorsFeaturizer's word counts,
LogisticRegressionClassifier. A test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from knowledge.encoder.text_encoder import Vectors
from knowledge.search.cross_validation import fit_and_hold_out
from knowledge.search.one_row import RowRegression, TextRow, dense, side_by_side
from knowledge.search.plain_parts import FittedRegression, FittedVectorizer
from knowledge.search.starts import Starts

SCALE = 4.5  # of the vectors, as in config.yml
MAX_ITER = 200  # as in config.yml; the descent ends by itself after about half as many
MAX_ITER_HELD_OUT = 50  # of the models that only hold examples out: the loss is within 0.1 % of its least
_NUMBER = re.compile(r"\b[0-9]+\b")


@dataclass
class IntentModel:
    """Intent → probability of an understood question."""

    counts: FittedVectorizer
    model: FittedRegression

    def rows(self, texts: Sequence[Sequence[str]], vectors: Vectors) -> csr_matrix:
        """Feature rows `(n, words + 384)` of texts as words and their unit vectors `(n, 384)`."""
        counts = self.counts.transform([_masked(words) for words in texts])
        return hstack([counts, csr_matrix(vectors * SCALE)]).tocsr()

    def probabilities(self, words: Sequence[str], vector: Vectors) -> dict[str, float]:
        """Of one question, as the words of its understood text (`Vocabulary.cut`) and its unit vector."""
        counts, regression = self._row_models
        parts = [(counts.of(_masked(words)), counts.width), (dense(vector * SCALE), len(vector))]
        return dict(zip(self.model.classes_.tolist(), regression.shares(side_by_side(parts)).tolist()))

    @cached_property
    def _row_models(self) -> tuple[TextRow, RowRegression]:
        return TextRow(self.counts), RowRegression(self.model)


def fit_intents(
    texts: Sequence[Sequence[str]],
    vectors: Vectors,
    labels: Sequence[str],
    folds: NDArray[np.int64],
    progress: Callable[[int], None] | None = None,
    starts: Starts | None = None,
) -> tuple[IntentModel, NDArray[np.float64] | None]:
    """The model and the out-of-fold probabilities of its own examples (None where an intent has too few to hold any out).

    `folds` `(n,)` says where each is held out. `progress(1)` after each fit. `starts`: where the fits begin.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = CountVectorizer(token_pattern=r"(?u)\b\w+\b")  # noqa: S106
    counts.fit([_masked(words) for words in texts])
    model = IntentModel(counts, LogisticRegression(max_iter=MAX_ITER, class_weight="balanced"))
    rows = model.rows(texts, vectors)
    starts = starts or Starts()
    starts.name_columns([*counts.get_feature_names_out(), *(f"#{at}" for at in range(vectors.shape[1]))])
    held_out = fit_and_hold_out(
        model.model,
        rows,
        np.array(labels),
        folds,
        starts=starts,
        max_iter_held_out=MAX_ITER_HELD_OUT,
        progress=progress,
    )
    return model, held_out


def _masked(words: Sequence[str]) -> str:
    return " ".join(_NUMBER.sub("__NUMBER__", word) for word in words)
