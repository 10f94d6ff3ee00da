"""Fits the models of the finder on the repository's own questions, and says how well they do on held-out ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from knowledge.answerability import (
    FOLDS,
    Booleans,
    OutcomeModels,
    Worded,
    WordingModel,
    fit_outcomes,
    fit_wording,
)
from knowledge.asked import AskedQuestion, AskedQuestions, HeldOutIntents, read_asked
from knowledge.aspects import AspectModel, fit_aspects
from knowledge.commitments import Commitment
from knowledge.documents import Document
from knowledge.encoder import Vectors, stack_vectors
from knowledge.finder_models import FinderModels, signal_computer, topic_probabilities
from knowledge.held_out import held_out_outcomes, held_out_ranking
from knowledge.normalise import Normalizer
from knowledge.outcome_rows import outcome_row
from knowledge.ranking import (
    Choice,
    Ranked,
    RankingModel,
    Shortlist,
    choices_from_samples,
    fit_ranking,
    interchangeable,
    rank,
    shortlisted,
)
from knowledge.signals import FEATURES, SignalComputer
from knowledge.skeleton import Skeletons
from knowledge.training_data import TrainingQuestions
from knowledge.unanswered import Likeness, UnansweredQuestions

FITTED_SAMPLES = (
    6  # of each commitment: with all of them the weights are the same within their noise, in twice the time
)
MIN_SAMPLES = 50  # sample questions below which there is nothing to fit a ranking on


@dataclass(frozen=True)
class Fitted:
    """What a build gets: the models, and the intents of all examples while they were held out (None if too few)."""

    models: FinderModels
    intents: HeldOutIntents | None


def fit_models(
    document: Document,
    commitments: Sequence[Commitment],
    normalizer: Normalizer,
    vectors: Mapping[str, Vectors],
    questions: TrainingQuestions,
    *,
    quiet: bool = False,
) -> Fitted:
    """Fit on the catalogue and the training files. Without a catalogue the ranking falls back to `prior_ranking`."""
    computer = signal_computer(commitments, normalizer, vectors)
    asked = read_asked(questions, document, normalizer, vectors)
    if len(asked.samples) < MIN_SAMPLES:
        return Fitted(FinderModels(prior_ranking(), None, None, asked.intents, {}), asked.held_out)
    fitter = _Fitter(document, computer, Skeletons(normalizer.vocabulary))
    chosen, choices, shortlists = fitter.choices(asked, quiet=quiet)
    ranking = fit_ranking(choices)
    held_out = {"first_right": held_out_ranking(choices, computer.samples.owners[chosen])}
    outcomes = fitter.fit_outcomes(ranking, asked, dict(zip(chosen, shortlists)), held_out, quiet=quiet)
    aspects = fitter.fit_aspects(outcomes.wording, asked.silent, held_out) if outcomes else None
    return Fitted(FinderModels(ranking, outcomes, aspects, asked.intents, held_out), asked.held_out)


def sample_choices(
    document: Document,
    computer: SignalComputer,
    normalizer: Normalizer,
    vectors: Mapping[str, Vectors],
    questions: TrainingQuestions,
) -> list[Choice]:
    """What the ranking is fitted on: for whoever fits it on fewer signals, to see what each adds."""
    fitter = _Fitter(document, computer, Skeletons(normalizer.vocabulary))
    return fitter.choices(read_asked(questions, document, normalizer, vectors), quiet=False)[1]


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


def _itself(asked: AskedQuestions, at: int) -> dict[str, int]:
    """How `UnansweredQuestions.likeness` leaves out the question at a position among contrast, silent and outside."""
    for name, kind in (("contrast", asked.contrast), ("silent", asked.silent)):
        if at < len(kind):
            return {f"without_{name}": at}
        at -= len(kind)
    return {"without_outside": at}


class _Fitter:
    def __init__(self, document: Document, computer: SignalComputer, skeletons: Skeletons) -> None:
        self._document = document
        self._computer = computer
        self._skeletons = skeletons
        self._same = interchangeable(computer.commitments)

    def choices(self, asked: AskedQuestions, *, quiet: bool) -> tuple[list[int], list[Choice], list[Shortlist]]:
        """The samples to fit on, a choice of each and the shortlist it was taken from."""
        chosen = _spread(self._computer.samples.owners)
        with tqdm(total=len(chosen), desc="拟合排序 ranking", unit="问", disable=quiet or None) as bar:
            questions = [asked.samples[i].question for i in chosen]
            topics = [topic_probabilities(asked.samples[i].view) for i in chosen]
            return chosen, *choices_from_samples(self._computer, chosen, questions, topics, bar.update)

    def fit_outcomes(
        self,
        ranking: RankingModel,
        asked: AskedQuestions,
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
        held_out |= held_out_outcomes(rows, happened, silent, known)
        return OutcomeModels(model, unanswered, *fit_outcomes(rows, happened, silent, known))

    def fit_aspects(
        self, wording: WordingModel, silent: Sequence[AskedQuestion], held_out: dict[str, float]
    ) -> AspectModel | None:
        if min(Counter(each.label for each in silent).values()) < FOLDS:  # too few to hold any out
            return None
        worded = [self._worded(each) for each in silent]
        model, shares = fit_aspects(wording, worded, [each.label for each in silent])
        held_out |= shares
        return model

    def _worded(self, asked: AskedQuestion) -> Worded:
        return Worded(self._skeletons.of(asked.question.text), asked.question.text, asked.vector)

    def _shortlist(self, asked: AskedQuestion) -> Shortlist:
        return shortlisted(self._computer.features(asked.question, asked.vector, topic_probabilities(asked.view)))

    def _row(
        self, ranked: Ranked, asked: AskedQuestion, wording: float, likeness: Likeness
    ) -> tuple[dict[str, float], int]:
        elsewhere = self._document.elsewhere
        row = outcome_row(self._computer, ranked, asked.question, wording, likeness, asked.view, elsewhere)
        return row, int(ranked.rows[0])
