"""Fits the three models of the finder on the repository's own questions, and says how well they do on held-out ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

from knowledge.answerability import (
    FOLDS,
    SEED,
    SILENT_SHARE,
    Booleans,
    OutcomeModels,
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
    choices_from_samples,
    first_right,
    fit_ranking,
    interchangeable,
    rank,
)
from knowledge.signals import FEATURES, Floats, SampleIndex, SignalComputer, vector_text
from knowledge.skeleton import Skeletons
from knowledge.training_data import TOPIC_OF_INTENT, LabelledQuestion, grouped_questions, nlu_examples
from knowledge.unanswered import Likeness, UnansweredQuestions
from knowledge.vocabulary import Vocabulary

OUT_OF_SCOPE = "out_of_scope"


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
    fitter = _Fitter(document, computer, normalizer, vectors, vocabulary)
    outside = fitter.fit_intents(nlu_examples(nlu))
    if len(computer.samples.texts) < 50:
        return FinderModels(prior_ranking(), None, None, fitter.intents, {})
    questions = [read_question(text, document.places) for text in computer.samples.texts]
    views = [fitter.view(text, vector) for text, vector in zip(computer.samples.texts, computer.samples.vectors)]
    with tqdm(total=len(questions), desc="拟合排序 ranking", unit="问", disable=quiet or None) as bar:
        choices = choices_from_samples(computer, questions, [topic_probabilities(v) for v in views], bar.update)
    ranking = fit_ranking(choices)
    held_out = {"first_right": _held_out(choices, computer.samples.owners)}
    outcomes = fitter.fit_outcomes(ranking, questions, views, training, outside, held_out, quiet=quiet)
    aspects = fitter.fit_aspects(outcomes.wording, training, held_out) if outcomes else None
    return FinderModels(ranking, outcomes, aspects, fitter.intents, held_out)


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


class _Fitter:
    def __init__(
        self,
        document: Document,
        computer: SignalComputer,
        normalizer: Normalizer,
        vectors: Mapping[str, Vectors],
        vocabulary: Vocabulary,
    ) -> None:
        self._vocabulary = vocabulary
        self._skeletons = Skeletons(vocabulary)
        self._document = document
        self._computer = computer
        self._normalizer = normalizer
        self._vectors = vectors
        self._same = interchangeable(computer.commitments)
        self.intents: IntentModel | None = None

    def _read(self, examples: Sequence[LabelledQuestion]) -> tuple[list[Question], Vectors]:
        texts = [self._normalizer.normalise(e.text).text for e in examples]
        rows = [self._vectors[text_key("query", text)] for text in texts]
        return [read_question(text, self._document.places) for text in texts], stack_vectors(rows)

    def view(self, text: str, vector: Vectors) -> dict[str, float]:
        """NLU's view of a question, empty without NLU data."""
        return self.intents.probabilities(self._vocabulary.cut(text), vector) if self.intents else {}

    def fit_intents(self, examples: Sequence[LabelledQuestion]) -> list[tuple[Question, Vectors, dict[str, float]]]:
        """Fit the intents; returns the out-of-scope examples with their out-of-fold probabilities."""
        if len({e.label for e in examples}) < 2:
            return []
        questions, vectors = self._read(examples)
        labels = [e.label for e in examples]
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        texts = [self._vocabulary.cut(question.text) for question in questions]
        self.intents, shares = fit_intents(texts, vectors, labels, folds)
        if shares is None:
            return []
        names = self.intents.model.classes_.tolist()
        return [
            (questions[i], vectors[i], dict(zip(names, shares[i].tolist())))
            for i, label in enumerate(labels)
            if label == OUT_OF_SCOPE
        ]

    def fit_outcomes(
        self,
        ranking: RankingModel,
        questions: Sequence[Question],
        views: Sequence[Mapping[str, float]],
        training: Path,
        outside: Sequence[tuple[Question, Vectors, Mapping[str, float]]],
        held_out: dict[str, float],
        *,
        quiet: bool,
    ) -> OutcomeModels | None:
        asked_in_vain = grouped_questions(training / "not_in_plan.yml")
        contrast = grouped_questions(training / "in_plan_contrast.yml")
        if not asked_in_vain:
            return None
        vain_questions, vain_vectors = self._read(asked_in_vain)
        contrast_questions, contrast_vectors = self._read(contrast)
        samples = self._computer.samples
        texts = list(samples.texts) + [q.text for q in contrast_questions] + [q.text for q in vain_questions]
        labels = [False] * (len(samples.texts) + len(contrast)) + [True] * len(asked_in_vain)
        stacked_vectors = np.vstack([samples.vectors, contrast_vectors, vain_vectors])
        model, wording = fit_wording(self._skeletons.all_of(texts), stacked_vectors, labels)
        outside_vectors = stack_vectors([vector for _, vector, _ in outside])
        unanswered = UnansweredQuestions(vain_vectors, outside_vectors, contrast_vectors)
        rows, right = [], []
        total = len(samples.texts) + len(asked_in_vain) + len(outside)
        with tqdm(total=total, desc="拟合可答性 outcomes", unit="问", disable=quiet or None) as bar:
            for i, (question, view) in enumerate(zip(questions, views)):
                vector = samples.vectors[i]
                likeness = unanswered.likeness(vector)
                row, first = self._row(ranking, question, vector, view, float(wording[i]), likeness, without=i)
                rows.append(row)
                right.append(first in self._same[int(samples.owners[i])])
                bar.update(1)
            offset = len(samples.texts) + len(contrast)
            for i, question in enumerate(vain_questions):
                vector = vain_vectors[i]
                view = self.view(question.text, vector)
                likeness = unanswered.likeness(vector, without_silent=i)
                rows.append(self._row(ranking, question, vector, view, float(wording[offset + i]), likeness)[0])
                bar.update(1)
            for i, (question, vector, view) in enumerate(outside):
                unseen = model.probability(self._skeletons.of(question.text), vector)
                likeness = unanswered.likeness(vector, without_outside=i)
                rows.append(self._row(ranking, question, vector, view, unseen, likeness)[0])
                bar.update(1)
        silent = np.arange(total) >= len(samples.texts)
        happened: Booleans = np.append(right, np.zeros(total - len(right), bool)).astype(bool)
        held_out |= _held_out_outcomes(rows, happened, silent)
        return OutcomeModels(model, unanswered, *fit_outcomes(rows, happened, silent))

    def fit_aspects(self, wording: WordingModel, training: Path, held_out: dict[str, float]) -> AspectModel | None:
        examples = grouped_questions(training / "not_in_plan.yml")
        if min(Counter(example.label for example in examples).values()) < FOLDS:  # too few to hold any out
            return None
        questions, vectors = self._read(examples)
        skeletons = self._skeletons.all_of([question.text for question in questions])
        model, shares = fit_aspects(wording, skeletons, vectors, [example.label for example in examples])
        held_out |= shares
        return model

    def _row(
        self,
        ranking: RankingModel,
        question: Question,
        vector: Vectors,
        view: Mapping[str, float],
        wording: float,
        likeness: Likeness,
        without: int | None = None,
    ) -> tuple[dict[str, float], int]:
        topics = topic_probabilities(view)
        features = self._computer.features(question, vector, topics, without_sample=without)
        ranked = rank(ranking, features)
        row = outcome_row(self._computer, ranked, question, features, wording, likeness, view, self._document.elsewhere)
        return row, int(ranked.rows[0])


def outcome_row(
    computer: SignalComputer,
    ranked: Ranked,
    question: Question,
    features: Floats,
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
        features,
        ranked,
        together,
        wording,
        likeness,
        float(view.get(OUT_OF_SCOPE, 0.0)),
        any(name in question.text and name not in quotes[0] for name in elsewhere),
        asks_figure and (only_past or not computer.has_figure[ranked.rows[together]].any()),
    )


def _held_out_outcomes(rows: Sequence[Mapping[str, float]], right: Booleans, silent: Booleans) -> dict[str, float]:
    """Out of fold: calibration error of both probabilities, and the shares of silent and other questions held for silent."""
    answerable, silence = np.zeros(len(rows)), np.zeros(len(rows))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, silent):
        first, nothing = fit_outcomes([rows[i] for i in train], right[train], silent[train])
        for i in test:
            silence[i] = nothing.probability(rows[i])
            answerable[i] = (1 - silence[i]) * first.probability(rows[i])
    weight = weighted_to(SILENT_SHARE, silent)
    return {
        "calibration_error_answerable": calibration_error(answerable, right, weight),
        "calibration_error_silent": calibration_error(silence, silent, weight),
        "silent_found": round(float(np.mean(silence[silent] > 0.5)), 4),
        "silent_wrongly": round(float(np.mean(silence[~silent] > 0.5)), 4),
    }


def calibration_error(probability: Floats, happened: Booleans, weight: Floats | None = None) -> float:
    """Expected calibration error, 0–1, in ten bins of equal width (Guo et al. 2017)."""
    weight = np.ones(len(probability)) if weight is None else weight
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(weight[bins == b] @ (probability[bins == b] - happened[bins == b])) for b in range(10)]
    return round(float(sum(gaps) / weight.sum()), 4)
