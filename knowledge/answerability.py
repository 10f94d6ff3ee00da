"""Whether the plan answers at all: a calibrated probability that the first commitment is right.

Two small logistic regressions. `SilenceModel` reads from a question's wording whether it asks for
what no plan says (how to apply, a fee, a phone number, an address, a personal case …).
`AnswerabilityModel` joins that with the ranking's scores and NLU's view. Both are fitted on
out-of-fold predictions, so that their probabilities are those of unseen questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from knowledge.encoder import Vectors
from knowledge.signals import SIGNALS, Floats

FOLDS = 5
SEED = 14  # of the folds only; the fits themselves are deterministic
VECTOR_WEIGHT = 6.0  # unit vectors beside TF-IDF rows: chosen on the folds among 1–12

ANSWER_FEATURES = (
    "probability",  # softmax of the ranking, summed over the first one's sentence
    "utility",  # the ranking's score of the first
    "lead",  # first minus second (another sentence)
    "sample_vector",
    "sample_characters",
    "headline_vector",
    "document_characters",
    "keywords",
    "term_named",
    "learned_class",
    "silence",  # logit of SilenceModel
    "out_of_scope",  # NLU's probability
    "service",  # NLU's probability of the five topics together
    "topic",  # NLU's probability of the first's topic
    "length",  # characters of the question, at most 30
)
ANSWER_PENALTY = 0.0005  # L2; flat between 0.0001 and 0.005 on the folds
_SIGN: dict[str, tuple[float | None, float | None]] = {
    "silence": (None, 0.0),
    "out_of_scope": (None, 0.0),
    "length": (None, None),
}


@dataclass
class SilenceModel:
    """P(the question asks for what no plan says), from vector and character n-grams."""

    characters: TfidfVectorizer
    model: LogisticRegression

    def rows(self, texts: Sequence[str], vectors: Vectors) -> csr_matrix:
        """Feature rows of questions, `(n, grams + 384)`."""
        return hstack([self.characters.transform(texts), csr_matrix(vectors * VECTOR_WEIGHT)]).tocsr()

    def probability(self, text: str, vector: Vectors) -> float:
        """Of one question, 0–1."""
        return float(self.model.predict_proba(self.rows([text], vector[None, :]))[0, 1])


def fit_silence(texts: Sequence[str], vectors: Vectors, silent: Sequence[bool]) -> tuple[SilenceModel, Floats]:
    """The model, and its out-of-fold probabilities for its own training questions."""
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True).fit(texts)
    model = SilenceModel(characters, LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced"))
    rows, labels = model.rows(texts, vectors), np.array(silent, int)
    out_of_fold = np.zeros(len(labels))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, labels):
        fold = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit(rows[train], labels[train])
        out_of_fold[test] = fold.predict_proba(rows[test])[:, 1]
    model.model.fit(rows, labels)
    return model, out_of_fold


@dataclass
class AnswerabilityModel:
    """P(the first commitment answers the question): a logistic regression, calibrated by construction.

    Weights are bounded by sign: being more like a known question never makes an answer less likely,
    asking for what no plan says never makes it likelier. Without the bounds a fit on one author's
    questions learns that author's habits.
    """

    weights: Floats
    intercept: float
    mean: Floats
    scale: Floats

    def probability(self, features: Floats) -> float:
        """Of one row of `ANSWER_FEATURES`, 0–1."""
        return float(expit(((features - self.mean) / self.scale) @ self.weights + self.intercept))

    def as_dict(self) -> dict[str, float]:
        """Feature → weight on the standardised scale."""
        return {name: round(float(w), 6) for name, w in zip(ANSWER_FEATURES, self.weights)}


def answer_features(
    text: str,
    features: Floats,
    utilities: Floats,
    order: Sequence[int],
    together: Sequence[int],
    second: int | None,
    silence: float,
    out_of_scope: float,
    service: float,
) -> Floats:
    """The row of `ANSWER_FEATURES` of a ranked question.

    `order` holds rows of `features`, best first; `together` the indices into `order` that stand in the
    first one's sentence (it itself included), `second` the first row of another sentence.
    """
    first = order[0]
    shown = utilities[list(order)]
    softmax = np.exp(shown - shown.max())
    probability = softmax[list(together)].sum() / softmax.sum()
    lead = utilities[first] - utilities[second] if second is not None else 5.0

    def signal(name: str) -> float:
        return float(features[first, SIGNALS.index(name)])

    odds = np.clip(silence, 1e-4, 1 - 1e-4)
    return np.array(
        [
            probability,
            utilities[first],
            min(lead, 5.0),
            signal("sample_vector"),
            signal("sample_characters"),
            signal("headline_vector"),
            signal("document_characters"),
            min(signal("keywords"), 20.0),
            min(signal("term_named"), 6.0),
            signal("learned_class"),
            np.log(odds / (1 - odds)),
            out_of_scope,
            service,
            signal("topic"),
            min(len(text), 30),
        ]
    )


def fit_answerability(rows: Floats, right: Sequence[bool]) -> AnswerabilityModel:
    """Fit on rows of unseen-like questions; `right` is whether the first commitment was the right one."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale < 1e-9, 1.0, scale)
    x = (rows - mean) / scale
    labels = np.array(right, float)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = x @ parameters[:-1] + parameters[-1]
        error = expit(margin) - labels
        value = (
            np.mean(np.logaddexp(0.0, margin) - labels * margin) + ANSWER_PENALTY * parameters[:-1] @ parameters[:-1]
        )
        gradient = np.append(x.T @ error / len(labels) + 2 * ANSWER_PENALTY * parameters[:-1], error.mean())
        return float(value), gradient

    bounds = [_SIGN.get(name, (0.0, None)) for name in ANSWER_FEATURES] + [(None, None)]
    result = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return AnswerabilityModel(result.x[:-1], float(result.x[-1]), mean, scale)
