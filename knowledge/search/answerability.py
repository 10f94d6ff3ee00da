"""Whether the plan answers at all, and whether the first commitment is the answer: probabilities.

Small logistic regressions. `WordingModel` reads from a question's wording whether it asks for
what no plan says (how to apply, a fee, a phone number, an address, a personal case …). P(the plan is
silent) joins that with how near the question comes to known questions of either kind and with NLU's
view; P(it is none of our business) reads whether anything speaks for a question of ours, NLU, the known
questions or the ranking; P(the first is right, if the plan answers) reads only the ranking. All are fitted on out-of-fold
predictions, so that their probabilities are those of unseen questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit

from knowledge.encoder.text_encoder import Vectors
from knowledge.search.cross_validation import fit_and_hold_out
from knowledge.search.folds import folds_of
from knowledge.search.one_row import Row, RowRegression, TextRow, dense, side_by_side
from knowledge.search.plain_parts import FittedRegression, FittedVectorizer
from knowledge.search.ranking import Ranked
from knowledge.search.signals import SIGNALS, Floats
from knowledge.search.starts import Starts
from knowledge.search.unanswered import Likeness, UnansweredQuestions

Booleans = NDArray[np.bool_]
FOLDS = 5
FITS = FOLDS + 1  # the model itself, and one for each part held out
SEED = 14  # of the folds only; the fits themselves are deterministic
WORDING_ITERATIONS = 300  # the descent ends by itself after about half as many
MAX_LEAD = 5.0  # a larger lead in utility says nothing more
VECTOR_WEIGHT = 3.0  # unit vectors beside TF-IDF rows: chosen on the folds among 0–12
WORDING_C = 10.0  # inverse L2 penalty, chosen on the folds among 1–30

# What speaks for an outcome (+1), against it (-1) or either way (0). The bounds keep a fit on few authors' questions
# from learning their habits. What each feature gains is in docs/quality.md; the others that were tried gained nothing.
RIGHT_FEATURES = {
    "probability": 1,  # softmax of the ranking, summed over the first one's sentence
    "lead": 1,  # utility of the first minus that of the second (another sentence)
}
SILENT_FEATURES = {
    "wording": 1,  # logit of WordingModel
    "silent_closer": 1,  # cosine to the closest question on which the plan is silent, minus that to the closest answered
    "outside_closer": 1,  # the same with the closest question out of scope
    "about_services": -1,  # NLU's probability that it is about a topic of the plan, rather than anything else
    "elsewhere": 1,  # it is asked of a place outside the district that does not stand in the first one's sentence
    "figure_missing": 1,  # it asks for a number, or for one to come, and the first one's sentence has none such
    "headline_vector": -1,  # cosine to the first one's title and headline
    "length": 0,  # characters of the question, at most 30
}
OUTSIDE_FEATURES = {
    "about_services": -1,
    "outside_closer": 1,
    "nearest": -1,  # cosine to the closest answered question: whoever asks of something else is near to none
    "probability": -1,  # where the finder is lost, its candidates share alike
}
PENALTY = 0.0005  # L2; flat between 0.0001 and 0.005 on the folds
# A sample question left out is harder than a resident's, for its commitment then has one sample less and catalogue
# authors word their questions apart: 82 % of them find their own commitment first, on evaluation/dev.yml 96 % do.
RIGHT_SHARE = 0.96
SILENT_SHARE = 0.25  # of residents' questions: what the training questions are weighted to (question sets: 20 to 39 %)
FRESH_SHARE = 0.8  # of what the ranking and the outcomes are fitted on: chosen on sets that judge nothing (0.2 to 0.95)
# Of what is said to a bot that everybody can open. With 0.4 a quarter less of everyday talk is shown a passage, and a
# development question is lost that 0.25 keeps (docs/decisions/0025).
OUTSIDE_SHARE = 0.25


@dataclass(frozen=True)
class Worded:
    """A question as its wording is read: skeleton, whole normalised text, unit vector `(384,)`."""

    skeleton: str
    text: str
    vector: Vectors


@dataclass
class WordingModel:
    """P(the question asks for what no plan says), from words and character n-grams of its skeleton, n-grams of the
    whole text, and its vector.
    """

    words: FittedVectorizer
    characters: FittedVectorizer
    whole: FittedVectorizer
    model: FittedRegression

    def rows(self, questions: Sequence[Worded]) -> csr_matrix:
        """Feature rows of questions, `(n, words + 384 + grams + grams)`."""
        characters = self.characters.transform([_unspaced(q) for q in questions])
        whole = self.whole.transform([q.text for q in questions])
        return hstack([self.narrow_rows(questions), characters, whole]).tocsr()

    def narrow_rows(self, questions: Sequence[Worded]) -> csr_matrix:
        """The same without character n-grams, `(n, words + 384)`: for models of many classes and few questions."""
        words = self.words.transform([q.skeleton for q in questions])
        return hstack([words, _scaled_vectors(questions)]).tocsr()

    def probability(self, question: Worded) -> float:
        """Of one question, 0–1."""
        _, characters, whole = self._cut
        parts = [self.narrow_row(question)]
        parts += [(characters.of(_unspaced(question)), characters.width), (whole.of(question.text), whole.width)]
        return float(self._regression.shares(side_by_side(parts))[1])

    def narrow_row(self, question: Worded) -> tuple[Row, int]:
        """As `narrow_rows`, of one question, with its width."""
        words, vector = self._cut[0], question.vector
        parts = [(words.of(question.skeleton), words.width), (dense(vector * VECTOR_WEIGHT), len(vector))]
        return side_by_side(parts), words.width + len(vector)

    @cached_property
    def _cut(self) -> tuple[TextRow, TextRow, TextRow]:
        return TextRow(self.words), TextRow(self.characters), TextRow(self.whole)

    @cached_property
    def _regression(self) -> RowRegression:
        return RowRegression(self.model)


def fit_wording(
    questions: Sequence[Worded],
    silent: Sequence[bool],
    progress: Callable[[int], None] | None = None,
    starts: Starts | None = None,
) -> tuple[WordingModel, Floats]:
    """The model, and its out-of-fold probabilities for its own training questions.

    `progress(1)` after each of `FITS`. `starts`: where the fits begin.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True)  # noqa: S106
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    whole = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True)
    parts = [
        words.fit_transform([q.skeleton for q in questions]),
        _scaled_vectors(questions),
        characters.fit_transform([_unspaced(q) for q in questions]),
        whole.fit_transform([q.text for q in questions]),
    ]
    regression = LogisticRegression(C=WORDING_C, max_iter=WORDING_ITERATIONS, class_weight="balanced")
    starts = starts or Starts()
    starts.name_columns(
        [
            *(f"w {piece}" for piece in words.get_feature_names_out()),
            *(f"#{at}" for at in range(len(questions[0].vector))),
            *(f"c {piece}" for piece in characters.get_feature_names_out()),
            *(f"a {piece}" for piece in whole.get_feature_names_out()),
        ]
    )
    folds, labels = folds_of([q.text for q in questions], FOLDS), np.array(silent, int)
    shares = fit_and_hold_out(regression, hstack(parts).tocsr(), labels, folds, starts=starts, progress=progress)
    if shares is None:
        raise ValueError(f"可答性：没写的和写了的问题各要 {FOLDS} 个以上 / {FOLDS} questions of either kind are needed")
    return WordingModel(words, characters, whole, regression), shares[:, 1]


def _scaled_vectors(questions: Sequence[Worded]) -> csr_matrix:
    return csr_matrix(np.stack([q.vector for q in questions]) * VECTOR_WEIGHT)


def _unspaced(question: Worded) -> str:
    return question.skeleton.replace(" ", "")


@dataclass
class OutcomeModel:
    """P(an outcome) of a ranked question: a logistic regression on named features."""

    names: tuple[str, ...]
    weights: Floats
    intercept: float
    mean: Floats
    scale: Floats

    def probability(self, features: Mapping[str, float]) -> float:
        """Of one question, 0–1."""
        row = np.array([features[name] for name in self.names])
        return float(expit(((row - self.mean) / self.scale) @ self.weights + self.intercept))

    def as_dict(self) -> dict[str, float]:
        """Feature → weight on the standardised scale."""
        return {name: round(float(w), 6) for name, w in zip(self.names, self.weights)}


@dataclass
class OutcomeModels:
    """What decides whether an answer is shown: the models, and the questions known to have none."""

    wording: WordingModel
    unanswered: UnansweredQuestions
    right: OutcomeModel
    silent: OutcomeModel
    outside: OutcomeModel | None = None  # none where no example is out of scope

    def probabilities(self, features: Mapping[str, float]) -> Probabilities:
        """Of a question on which nothing is known for certain."""
        return probabilities(features, self.right, self.silent, self.outside)


@dataclass(frozen=True)
class Probabilities:
    """`right`: the first commitment answers, if the plan does; `silent`: it is silent on what is asked, if that is our
    business; `outside`: it is none. Each 0–1.
    """

    right: float
    silent: float
    outside: float = 0.0

    @property
    def silence(self) -> float:
        """P(nothing in the plan answers), for whichever reason."""
        return 1.0 - (1.0 - self.outside) * (1.0 - self.silent)

    @property
    def answerable(self) -> float:
        """P(the first commitment answers); what is left to 1 beside `silence` is that another one does."""
        return (1.0 - self.silence) * self.right


def probabilities(
    features: Mapping[str, float], right: OutcomeModel, silent: OutcomeModel, outside: OutcomeModel | None
) -> Probabilities:
    """Of one question; without a model of what is outside, nothing is."""
    elsewhere = outside.probability(features) if outside else 0.0
    return Probabilities(right.probability(features), silent.probability(features), elsewhere)


def outcome_features(
    text: str,
    ranked: Ranked,
    together: Booleans,
    wording: float,
    likeness: Likeness,
    about_services: float,
    elsewhere: bool,
    figure_missing: bool,
) -> dict[str, float]:
    """`RIGHT_FEATURES`, `SILENT_FEATURES` and `OUTSIDE_FEATURES` of a ranked question.

    `together` says which of the ranked stand in the first one's sentence (it itself included).
    """
    answered = max(ranked.features[:, SIGNALS.index("sample_vector")].max(), likeness.contrast)
    others = ranked.utilities[~together]
    odds = np.clip(wording, 1e-4, 1 - 1e-4)
    return {
        "probability": float(ranked.shares[together].sum()),
        "lead": min(float(ranked.utilities[0] - others[0]), MAX_LEAD) if len(others) else MAX_LEAD,
        "wording": float(np.log(odds / (1 - odds))),
        "silent_closer": float(likeness.silent - answered),
        "outside_closer": float(likeness.outside - answered),
        "nearest": float(answered),
        "about_services": about_services,
        "elsewhere": float(elsewhere),
        "figure_missing": float(figure_missing),
        "headline_vector": float(ranked.features[0, SIGNALS.index("headline_vector")]),
        "length": float(min(len(text), 30)),
    }


def fit_outcome(
    rows: Sequence[Mapping[str, float]], happened: Booleans, signs: Mapping[str, int], weight: Floats
) -> OutcomeModel:
    """Fit on the features of unseen-like questions; `weight` (n,) is each question's share and sums to 1."""
    from scipy.optimize import minimize

    table = np.array([[row[name] for name in signs] for row in rows])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale = np.where(scale < 1e-9, 1.0, scale)
    x = (table - mean) / scale
    labels = happened.astype(float)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = x @ parameters[:-1] + parameters[-1]
        error = weight * (expit(margin) - labels)
        value = weight @ (np.logaddexp(0.0, margin) - labels * margin)
        value += PENALTY * parameters[:-1] @ parameters[:-1]
        return float(value), np.append(x.T @ error + 2 * PENALTY * parameters[:-1], error.sum())

    limits: dict[int, tuple[float | None, float | None]] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    bounds = [limits[sign] for sign in signs.values()] + [(None, None)]
    result = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return OutcomeModel(tuple(signs), result.x[:-1], float(result.x[-1]), mean, scale)


@dataclass(frozen=True)
class Happened:
    """What is known of each question that outcomes are fitted on, each `(n,)`.

    `right`: the first commitment answers; `known`: which one does has been said, or that none does; `silent`: none
    does; `outside`: none does, because it is none of our business; `fresh`: it is asked in words of another pen.
    """

    right: Booleans
    silent: Booleans
    outside: Booleans
    known: Booleans
    fresh: Booleans

    def and_silent(self, count: int) -> Happened:
        """These, and after them as many on which the plan is silent."""
        no, yes = np.zeros(count, bool), np.ones(count, bool)
        parts = (self.right, no), (self.silent, yes), (self.outside, no), (self.known, yes), (self.fresh, no)
        return Happened(*(np.concatenate(part) for part in parts))

    def of(self, chosen: NDArray[np.int64]) -> Happened:
        """Of some of the questions."""
        parts = self.right, self.silent, self.outside, self.known, self.fresh
        return Happened(*(part[chosen] for part in parts))


def fit_outcomes(
    rows: Sequence[Mapping[str, float]], happened: Happened, right_share: float | None = RIGHT_SHARE
) -> tuple[OutcomeModel, OutcomeModel, OutcomeModel | None]:
    """(the first is right if the plan answers, the plan is silent, it is none of our business; None without examples).

    `right_share` is the share of answered questions whose first commitment is right, None where it is that of the rows.
    Where there are fresh questions it is theirs, for residents ask in words of their own.
    """
    answered = np.flatnonzero(~happened.silent & happened.known)
    first, fresh = happened.right[answered], happened.fresh[answered]
    if fresh.any() or right_share is None:
        right_share = float(first[fresh].mean() if fresh.any() else first.mean())
    silent, outside, importance = happened.silent, happened.outside, importance_of(happened.fresh)
    return (
        fit_outcome(
            [rows[i] for i in answered], first, RIGHT_FEATURES, weighted_to(right_share, first, importance_of(fresh))
        ),
        fit_outcome(rows, silent, SILENT_FEATURES, weighted_to(SILENT_SHARE, silent, importance)),
        fit_outcome(rows, outside, OUTSIDE_FEATURES, weighted_to(OUTSIDE_SHARE, outside, importance))
        if outside.any()
        else None,
    )


def importance_of(fresh: Booleans) -> Floats:
    """What each question weighs so that the fresh ones together make up `FRESH_SHARE`; all the same where none is."""
    if not fresh.any() or fresh.all():
        return np.ones(len(fresh))
    now = fresh.mean()
    return np.asarray(np.where(fresh, FRESH_SHARE / now, (1 - FRESH_SHARE) / (1 - now)))


def weighted_to(share: float, chosen: Booleans, importance: Floats | None = None) -> Floats:
    """The weight of each question so that the chosen ones make up `share` of the whole; sums to 1.

    Among the chosen, and among the others, each weighs by its `importance`.
    """
    weight = np.ones(len(chosen)) if importance is None else importance
    yes, no = np.where(chosen, weight, 0.0), np.where(chosen, 0.0, weight)
    return np.asarray(share * yes / max(yes.sum(), 1e-12) + (1 - share) * no / max(no.sum(), 1e-12))
