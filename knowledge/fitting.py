"""Fits the three models of the finder on the repository's own questions, and says how well they do on held-out ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

from knowledge.answerability import (
    FOLDS,
    SEED,
    SILENT_SHARE,
    Booleans,
    OutcomeModels,
    Worded,
    WordingModel,
    fit_outcomes,
    fit_wording,
    outcome_features,
    weighted_to,
)
from knowledge.aspects import AspectModel, fit_aspects
from knowledge.commitments import Commitment
from knowledge.documents import Document
from knowledge.encoder import Vectors, stack_vectors, text_key
from knowledge.intents import IntentModel, fit_intents
from knowledge.normalise import Normalizer
from knowledge.plan_text import squash
from knowledge.question import Question, read_question
from knowledge.ranking import (
    Choice,
    Ranked,
    RankingModel,
    Shortlist,
    choices_from_samples,
    first_right,
    fit_ranking,
    interchangeable,
    rank,
    shortlisted,
)
from knowledge.signals import FEATURES, Floats, SampleIndex, SignalComputer, vector_text
from knowledge.skeleton import Skeletons
from knowledge.training_data import (
    GROUPED,
    INTENT_OF_TOPIC,
    TOPIC_OF_INTENT,
    LabelledQuestion,
    grouped_questions,
    nlu_examples,
)
from knowledge.unanswered import Likeness, UnansweredQuestions
from knowledge.vocabulary import Vocabulary

OUT_OF_SCOPE = "out_of_scope"
FITTED_SAMPLES = (
    6  # of each commitment: with all of them the weights are the same within their noise, in twice the time
)
INTENT_FOLDS = 3  # a third held out changes views little, and each fold costs a fit on all questions
MIN_SAMPLES = 50  # sample questions below which there is nothing to fit a ranking on


@dataclass
class FinderModels:
    """What a finder loads. `intents` predicts the NLU intents where no NLU is at hand (None without NLU data)."""

    ranking: RankingModel
    outcomes: OutcomeModels | None
    aspects: AspectModel | None
    intents: IntentModel | None
    held_out: dict[str, float]

    def report(self) -> str:
        """The weights and held-out figures as JSON."""
        data = {
            "ranking": self.ranking.as_dict(),
            "right": self.outcomes.right.as_dict() if self.outcomes else {},
            "silent": self.outcomes.silent.as_dict() if self.outcomes else {},
            "held_out": self.held_out,
        }
        return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)

    def intent_probabilities(self, words: Sequence[str], vector: Vectors) -> dict[str, float]:
        """Intent → probability of an understood question's words and vector, empty without NLU data."""
        return self.intents.probabilities(words, vector) if self.intents else {}


def topic_probabilities(intents: Mapping[str, float]) -> dict[str, float]:
    """Topic → probability, from intent probabilities."""
    return {topic: float(intents.get(intent, 0.0)) for intent, topic in TOPIC_OF_INTENT.items()}


def signal_computer(
    commitments: Sequence[Commitment], vocabulary: Vocabulary, normalizer: Normalizer, vectors: Mapping[str, Vectors]
) -> SignalComputer:
    """The signals over these commitments, from the vectors made at build time."""

    def stacked(role: str, texts: Sequence[str]) -> Vectors:
        return stack_vectors([vectors[text_key(role, text)] for text in texts])

    samples = [(normalizer.normalise(q).text, i) for i, c in enumerate(commitments) for q in c.questions]
    texts = tuple(text for text, _ in samples)
    index = SampleIndex(texts, np.array([i for _, i in samples], dtype=np.int64), stacked("query", texts))
    return SignalComputer(
        commitments,
        index,
        stacked("passage", [vector_text(c) for c in commitments]),
        stacked("passage", [squash(c.quote) for c in commitments]),
        vocabulary,
    )


def fit_models(
    document: Document,
    commitments: Sequence[Commitment],
    vocabulary: Vocabulary,
    normalizer: Normalizer,
    vectors: Mapping[str, Vectors],
    training: Path,
    nlu: Path,
    *,
    quiet: bool = False,
) -> FinderModels:
    """Fit on the catalogue and the training files. Without a catalogue the ranking falls back to `PRIOR`."""
    computer = signal_computer(commitments, vocabulary, normalizer, vectors)
    fitter = _Fitter(document, computer, normalizer, vectors)
    asked = fitter.read_all(training, nlu)
    if len(asked.samples) < MIN_SAMPLES:
        return FinderModels(prior_ranking(), None, None, fitter.intents, {})
    chosen, choices, shortlists = fitter.choices(asked, quiet=quiet)
    ranking = fit_ranking(choices)
    held_out = {"first_right": _held_out(choices, computer.samples.owners[chosen])}
    outcomes = fitter.fit_outcomes(ranking, asked, dict(zip(chosen, shortlists)), held_out, quiet=quiet)
    aspects = fitter.fit_aspects(outcomes.wording, asked.silent, held_out) if outcomes else None
    return FinderModels(ranking, outcomes, aspects, fitter.intents, held_out)


def sample_choices(
    document: Document,
    computer: SignalComputer,
    normalizer: Normalizer,
    vectors: Mapping[str, Vectors],
    training: Path,
    nlu: Path,
) -> list[Choice]:
    """What the ranking is fitted on: for whoever fits it on fewer signals, to see what each adds."""
    fitter = _Fitter(document, computer, normalizer, vectors)
    return fitter.choices(fitter.read_all(training, nlu), quiet=False)[1]


def _spread(owners: NDArray[np.int64]) -> list[int]:
    """At most `FITTED_SAMPLES` of each commitment's samples, spread over its list: those on which models are fitted."""
    found: list[int] = []
    for owner in np.unique(owners):
        own = np.flatnonzero(owners == owner)
        found += own[np.unique(np.linspace(0, len(own) - 1, FITTED_SAMPLES).round().astype(int))].tolist()
    return found


def prior_ranking() -> RankingModel:
    """The ranking of a plan that nobody has curated yet: vectors first, keywords beside them.

    Weights chosen so that one standard deviation of the headline vector counts twice as much as one
    of the keywords; there is nothing to fit on before the first sample question.
    """
    weights = dict.fromkeys(FEATURES, 0.0) | {
        "headline_vector": 40.0, "quote_vector": 30.0, "keywords": 0.12, "document_characters": 4.0, "term_named": 0.2,
    }  # fmt: skip
    return RankingModel(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), np.array([weights[name] for name in FEATURES]))


def _held_out(choices: Sequence[Choice], owners: np.ndarray) -> float:
    """Share right first over folds by commitment: weights never saw a question of the same commitment."""
    shares, sizes = [], []
    groups = owners % FOLDS
    for fold in range(FOLDS):
        test = [c for c, group in zip(choices, groups) if group == fold]
        model = fit_ranking([c for c, group in zip(choices, groups) if group != fold])
        shares.append(first_right(model, test) * len(test))
        sizes.append(len(test))
    return round(sum(shares) / max(1, sum(sizes)), 4)


@dataclass(frozen=True)
class _AskedQuestion:
    """A labelled question as read, with NLU's view of it out of fold; `label` is an aspect or an intent."""

    question: Question
    vector: Vectors
    view: Mapping[str, float]
    label: str


@dataclass(frozen=True)
class _Asked:
    """The catalogue's samples, what the plan is silent on, what sounds so and is answered, what is out of scope."""

    samples: Sequence[_AskedQuestion]
    silent: Sequence[_AskedQuestion]
    contrast: Sequence[_AskedQuestion]
    outside: Sequence[_AskedQuestion]


def _itself(asked: _Asked, at: int) -> dict[str, int]:
    """How `UnansweredQuestions.likeness` leaves out the question at a position among contrast, silent and outside."""
    for name, kind in (("contrast", asked.contrast), ("silent", asked.silent)):
        if at < len(kind):
            return {f"without_{name}": at}
        at -= len(kind)
    return {"without_outside": at}


class _Fitter:
    def __init__(
        self,
        document: Document,
        computer: SignalComputer,
        normalizer: Normalizer,
        vectors: Mapping[str, Vectors],
    ) -> None:
        self._vocabulary = normalizer.vocabulary
        self._skeletons = Skeletons(normalizer.vocabulary)
        self._document = document
        self._computer = computer
        self._normalizer = normalizer
        self._vectors = vectors
        self._same = interchangeable(computer.commitments)
        self.intents: IntentModel | None = None

    def read_all(self, training: Path, nlu: Path) -> _Asked:
        """Every question that has a label, with NLU's view of it while it was held out; fits the intents on the way."""
        samples = self._computer.samples
        owners = [self._computer.commitments[owner] for owner in samples.owners]
        labelled = [LabelledQuestion(text, "", owner.topic) for text, owner in zip(samples.texts, owners)]
        silent, contrast = (grouped_questions(training / name) for name in GROUPED)
        topical = [*labelled, *silent, *contrast]
        examples = [LabelledQuestion(e.text, INTENT_OF_TOPIC[e.topic], e.topic) for e in topical] + nlu_examples(nlu)
        read = [self._read(e.text) for e in examples]
        views = self._fit_intents(read, [e.label for e in examples])
        asked = [
            _AskedQuestion(question, vector, view, example.label)
            for (question, vector), view, example in zip(read, views, [*topical, *examples[len(topical) :]])
        ]
        first, second, third = len(labelled), len(labelled) + len(silent), len(topical)
        outside = [each for each in asked[third:] if each.label == OUT_OF_SCOPE]
        return _Asked(asked[:first], asked[first:second], asked[second:third], outside)

    def _read(self, text: str) -> tuple[Question, Vectors]:
        understood = self._normalizer.normalise(text).text
        return read_question(understood, self._document.places), self._vectors[text_key("query", understood)]

    def _fit_intents(
        self, read: Sequence[tuple[Question, Vectors]], labels: Sequence[str]
    ) -> Sequence[Mapping[str, float]]:
        """Fit the intents; returns each example's probabilities out of fold, empty where there is nothing to learn."""
        nothing: list[Mapping[str, float]] = [{} for _ in labels]
        if len(set(labels)) < 2:
            return nothing
        folds = StratifiedKFold(INTENT_FOLDS, shuffle=True, random_state=SEED)
        words = [self._vocabulary.cut(question.text) for question, _ in read]
        self.intents, shares = fit_intents(words, stack_vectors([vector for _, vector in read]), labels, folds)
        if shares is None:
            return nothing
        names = self.intents.model.classes_.tolist()
        return [dict(zip(names, row.tolist())) for row in shares]

    def choices(self, asked: _Asked, *, quiet: bool) -> tuple[list[int], list[Choice], list[Shortlist]]:
        """The samples to fit on, a choice of each and the shortlist it was taken from."""
        chosen = _spread(self._computer.samples.owners)
        with tqdm(total=len(chosen), desc="拟合排序 ranking", unit="问", disable=quiet or None) as bar:
            questions = [asked.samples[i].question for i in chosen]
            topics = [topic_probabilities(asked.samples[i].view) for i in chosen]
            return chosen, *choices_from_samples(self._computer, chosen, questions, topics, bar.update)

    def fit_outcomes(
        self,
        ranking: RankingModel,
        asked: _Asked,
        shortlists: Mapping[int, Shortlist],
        held_out: dict[str, float],
        *,
        quiet: bool,
    ) -> OutcomeModels | None:
        """Both outcomes; `shortlists` are those of the samples to fit on, each found without itself."""
        if not asked.silent:
            return None
        worded = [*asked.samples, *asked.contrast, *asked.silent, *asked.outside]
        answered = len(asked.samples) + len(asked.contrast)
        labels = [at >= answered for at in range(len(worded))]
        model, wording = fit_wording([self._worded(each) for each in worded], labels)
        unanswered = UnansweredQuestions(
            *(stack_vectors([each.vector for each in kind]) for kind in (asked.silent, asked.outside, asked.contrast))
        )
        rows, right = [], []
        total = len(shortlists) + len(asked.contrast) + len(asked.silent) + len(asked.outside)
        with tqdm(total=total, desc="拟合可答性 outcomes", unit="问", disable=quiet or None) as bar:
            for i, found in shortlists.items():
                each = asked.samples[i]
                likeness = unanswered.likeness(each.vector)
                row, first = self._row(rank(ranking, found), each, float(wording[i]), likeness)
                rows.append(row)
                right.append(first in self._same[int(self._computer.samples.owners[i])])
                bar.update(1)
            for at, each in enumerate(worded[len(asked.samples) :]):
                likeness = unanswered.likeness(each.vector, **_itself(asked, at))
                own = float(wording[len(asked.samples) + at])
                rows.append(self._row(rank(ranking, self._shortlist(each)), each, own, likeness)[0])
                bar.update(1)
        places = np.arange(total)
        silent: Booleans = places >= len(shortlists) + len(asked.contrast)
        known: Booleans = silent | (places < len(shortlists))  # which commitment answers a contrast, nobody has said
        happened: Booleans = np.append(right, np.zeros(total - len(right), bool)).astype(bool)
        held_out |= _held_out_outcomes(rows, happened, silent, known)
        return OutcomeModels(model, unanswered, *fit_outcomes(rows, happened, silent, known))

    def fit_aspects(
        self, wording: WordingModel, silent: Sequence[_AskedQuestion], held_out: dict[str, float]
    ) -> AspectModel | None:
        if min(Counter(each.label for each in silent).values()) < FOLDS:  # too few to hold any out
            return None
        worded = [self._worded(each) for each in silent]
        model, shares = fit_aspects(wording, worded, [each.label for each in silent])
        held_out |= shares
        return model

    def _worded(self, asked: _AskedQuestion) -> Worded:
        return Worded(self._skeletons.of(asked.question.text), asked.question.text, asked.vector)

    def _shortlist(self, asked: _AskedQuestion) -> Shortlist:
        return shortlisted(self._computer.features(asked.question, asked.vector, topic_probabilities(asked.view)))

    def _row(
        self, ranked: Ranked, asked: _AskedQuestion, wording: float, likeness: Likeness
    ) -> tuple[dict[str, float], int]:
        elsewhere = self._document.elsewhere
        row = outcome_row(self._computer, ranked, asked.question, wording, likeness, asked.view, elsewhere)
        return row, int(ranked.rows[0])


def outcome_row(
    computer: SignalComputer,
    ranked: Ranked,
    question: Question,
    wording: float,
    likeness: Likeness,
    view: Mapping[str, float],
    elsewhere: Sequence[str],
) -> dict[str, float]:
    """The features of a ranked question that decide on its outcome. `elsewhere` names places outside the district."""
    quotes = [computer.commitments[row].quote for row in ranked.rows]
    together = np.array([quote == quotes[0] for quote in quotes])
    first = computer.commitments[ranked.rows[0]]
    asks_figure = bool(question.asks & {"how_many", "comparison"})
    only_past = first.kind == "baseline" and "future" in question.asks
    return outcome_features(
        question.text,
        ranked,
        together,
        wording,
        likeness,
        sum(topic_probabilities(view).values()),
        any(name in question.text and name not in quotes[0] for name in elsewhere),
        asks_figure and (only_past or not computer.has_figure[ranked.rows[together]].any()),
    )


def _held_out_outcomes(
    rows: Sequence[Mapping[str, float]], right: Booleans, silent: Booleans, known: Booleans
) -> dict[str, float]:
    """Out of fold: calibration error of both probabilities, and the shares of silent and other questions held for silent."""
    answerable, silence = np.zeros(len(rows)), np.zeros(len(rows))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, silent):
        first, nothing = fit_outcomes([rows[i] for i in train], right[train], silent[train], known[train])
        for i in test:
            silence[i] = nothing.probability(rows[i])
            answerable[i] = (1 - silence[i]) * first.probability(rows[i])
    return {
        "calibration_error_answerable": calibration_error(
            answerable[known], right[known], weighted_to(SILENT_SHARE, silent[known])
        ),
        "calibration_error_silent": calibration_error(silence, silent, weighted_to(SILENT_SHARE, silent)),
        "silent_found": round(float(np.mean(silence[silent] > 0.5)), 4),
        "silent_wrongly": round(float(np.mean(silence[~silent] > 0.5)), 4),
    }


def calibration_error(probability: Floats, happened: Booleans, weight: Floats | None = None) -> float:
    """Expected calibration error, 0–1, in ten bins of equal width (Guo et al. 2017)."""
    weight = np.ones(len(probability)) if weight is None else weight
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(weight[bins == b] @ (probability[bins == b] - happened[bins == b])) for b in range(10)]
    return round(float(sum(gaps) / weight.sum()), 4)
