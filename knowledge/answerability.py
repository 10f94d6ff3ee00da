"""Whether the plan answers at all: two probabilities, of the first commitment being right and of the plan being silent.

Small logistic regressions. `WordingModel` reads from a question's wording whether it asks for
what no plan says (how to apply, a fee, a phone number, an address, a personal case …). Two
`OutcomeModel`s join that with the ranking's scores and NLU's view. All are fitted on out-of-fold
predictions, so that their probabilities are those of unseen questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from knowledge.encoder import Vectors
from knowledge.ranking import Ranked
from knowledge.signals import SIGNALS, Floats

Booleans = NDArray[np.bool_]
FOLDS = 5
SEED = 14  # of the folds only; the fits themselves are deterministic
MAX_LEAD = 5.0  # a larger lead in utility says nothing more
VECTOR_WEIGHT = 3.0  # unit vectors beside TF-IDF rows: chosen on the folds among 0–12
WORDING_C = 10.0  # inverse L2 penalty, chosen on the folds among 1–30

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
    "sample_projected",
    "headline_projected",
    "wording",  # logit of WordingModel
    "out_of_scope",  # NLU's probability
    "service",  # NLU's probability of the five topics together
    "topic",  # NLU's probability of the first's topic
    "length",  # characters of the question, at most 30
)
ANSWER_PENALTY = 0.0005  # L2; flat between 0.0001 and 0.005 on the folds
SILENT_SHARE = 0.3  # of residents' questions: what the training questions are weighted to (evaluation/dev.yml has 39 %)
_AGAINST = frozenset({"wording", "out_of_scope"})  # speak against an answer; all others but the length speak for it


@dataclass
class WordingModel:
    """P(the question asks for what no plan says), from its vector and the words and character n-grams of its skeleton."""

    words: TfidfVectorizer
    characters: TfidfVectorizer
    model: LogisticRegression

    def rows(self, skeletons: Sequence[str], vectors: Vectors) -> csr_matrix:
        """Feature rows of questions, `(n, words + grams + 384)`."""
        unspaced = [skeleton.replace(" ", "") for skeleton in skeletons]
        parts = [self.words.transform(skeletons), self.characters.transform(unspaced)]
        return hstack([*parts, csr_matrix(vectors * VECTOR_WEIGHT)]).tocsr()

    def probability(self, skeleton: str, vector: Vectors) -> float:
        """Of one question, 0–1."""
        return float(self.model.predict_proba(self.rows([skeleton], vector[None, :]))[0, 1])


def fit_wording(skeletons: Sequence[str], vectors: Vectors, silent: Sequence[bool]) -> tuple[WordingModel, Floats]:
    """The model, and its out-of-fold probabilities for its own training questions."""
    words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True)  # noqa: S106
    words.fit(skeletons)
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    characters.fit([skeleton.replace(" ", "") for skeleton in skeletons])
    model = WordingModel(words, characters, LogisticRegression(C=WORDING_C, max_iter=2000, class_weight="balanced"))
    rows, labels = model.rows(skeletons, vectors), np.array(silent, int)
    out_of_fold = np.zeros(len(labels))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, labels):
        fold = LogisticRegression(C=WORDING_C, max_iter=2000, class_weight="balanced").fit(rows[train], labels[train])
        out_of_fold[test] = fold.predict_proba(rows[test])[:, 1]
    model.model.fit(rows, labels)
    return model, out_of_fold


@dataclass
class OutcomeModel:
    """P(an outcome) of a ranked question: a logistic regression on `ANSWER_FEATURES`.

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
    first: Floats,
    ranked: Ranked,
    together: Booleans,
    wording: float,
    out_of_scope: float,
    service: float,
) -> Floats:
    """The row of `ANSWER_FEATURES` of a ranked question.

    `first` holds the features of the best candidate; `together` says which of the ranked stand in its
    sentence (it itself included).
    """
    others = ranked.utilities[~together]
    lead = ranked.utilities[0] - others[0] if len(others) else MAX_LEAD

    def signal(name: str) -> float:
        return float(first[SIGNALS.index(name)])

    odds = np.clip(wording, 1e-4, 1 - 1e-4)
    return np.array(
        [
            ranked.shares[together].sum(),
            ranked.utilities[0],
            min(lead, MAX_LEAD),
            signal("sample_vector"),
            signal("sample_characters"),
            signal("headline_vector"),
            signal("document_characters"),
            min(signal("keywords"), 20.0),
            min(signal("term_named"), 6.0),
            signal("sample_projected"),
            signal("headline_projected"),
            np.log(odds / (1 - odds)),
            out_of_scope,
            service,
            signal("topic"),
            min(len(text), 30),
        ]
    )


def fit_outcome(rows: Floats, happened: Booleans, silent: Booleans, *, speaks_for: bool) -> OutcomeModel:
    """Fit on rows of unseen-like questions, weighted so that `SILENT_SHARE` of them find the plan silent.

    `speaks_for` says whether the outcome is the answer (signals of likeness count for it) or its opposite.
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale < 1e-9, 1.0, scale)
    x = (rows - mean) / scale
    labels = happened.astype(float)
    share = np.mean(silent)
    weight = np.where(silent, SILENT_SHARE / share, (1 - SILENT_SHARE) / (1 - share)) / len(labels)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = x @ parameters[:-1] + parameters[-1]
        error = weight * (expit(margin) - labels)
        value = weight @ (np.logaddexp(0.0, margin) - labels * margin)
        value += ANSWER_PENALTY * parameters[:-1] @ parameters[:-1]
        return float(value), np.append(x.T @ error + 2 * ANSWER_PENALTY * parameters[:-1], error.sum())

    bounds: list[tuple[float | None, float | None]] = []
    for name in ANSWER_FEATURES:
        positive = speaks_for != (name in _AGAINST)
        bounds.append((None, None) if name == "length" else (0.0, None) if positive else (None, 0.0))
    bounds.append((None, None))
    result = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return OutcomeModel(result.x[:-1], float(result.x[-1]), mean, scale)
