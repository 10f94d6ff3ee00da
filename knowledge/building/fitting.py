"""Fits the models of the finder on the repository's own questions, and says how well they do on held-out ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.building.asked import INTENT_FITS, AskedQuestion, AskedQuestions, HeldOutIntents, read_asked
from knowledge.building.contrast import fit_projections
from knowledge.building.held_out import fit_and_hold_out_ranking, held_out_outcomes
from knowledge.building.read_questions import ReadText
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import TrainingQuestions
from knowledge.document.documents import Document
from knowledge.encoder.text_encoder import Vectors, stack_vectors
from knowledge.groundwork.parallel import in_processes
from knowledge.groundwork.progress_bar import progress_of
from knowledge.language.vocabulary import Vocabulary
from knowledge.search.answerability import (
    FITS,
    FOLDS,
    RIGHT_SHARE,
    Booleans,
    Happened,
    OutcomeModels,
    Worded,
    WordingModel,
    fit_outcomes,
    fit_wording,
)
from knowledge.search.aspects import AspectModel, fit_aspects
from knowledge.search.finder_models import FinderModels, topic_probabilities
from knowledge.search.outcome_rows import outcome_row
from knowledge.search.projection import FOLDS as FOLDS_OF_SPACE
from knowledge.search.projection import Vectored
from knowledge.search.ranking import (
    ChoiceSet,
    Ranked,
    RankingModel,
    Shortlist,
    choice,
    interchangeable,
    rank,
    shortlisted,
)
from knowledge.search.signals import FEATURES, Floats, SignalComputer, sentences_of
from knowledge.search.unanswered import UnansweredQuestions

FITTED_SAMPLES = (
    6  # of each commitment: with all of them the weights are the same within their noise, in twice the time
)
ABSENT_EACH = 3
MIN_SAMPLES = 50  # sample questions below which there is nothing to fit a ranking on


@dataclass(frozen=True)
class Fitted:
    """What a build gets: the models, and the intents of all examples while they were held out (None if too few)."""

    models: FinderModels
    intents: HeldOutIntents | None


def fitted_computer(
    commitments: Sequence[Commitment],
    vectored: Vectored,
    vocabulary: Vocabulary,
    *,
    unheard: bool = False,
    quiet: bool = False,
) -> SignalComputer:
    """The signals, in a space fitted on all samples, and for those left out in spaces fitted without them.

    `unheard` as in `SignalComputer`.
    """
    with progress_of("space", FOLDS_OF_SPACE + 1, unit="次", quiet=quiet) as progress:
        projection, *without = fit_projections(
            vectored, sentences_of(commitments), interchangeable(commitments), progress
        )
    return SignalComputer(commitments, vectored, vocabulary, projection, without, unheard=unheard)


def fit_models(
    document: Document,
    computer: SignalComputer,
    questions: TrainingQuestions,
    read: Sequence[ReadText],
    vectors: Mapping[str, Vectors],
    *,
    quiet: bool = False,
) -> Fitted:
    """Fit on the catalogue and the training files, each of `questions.examples` as `read`.

    Without a catalogue the ranking falls back to `prior_ranking`.
    """
    with progress_of("intents", INTENT_FITS, unit="次", quiet=quiet) as progress:
        asked = read_asked(questions, read, document, vectors, progress)
    if len(asked.samples) < MIN_SAMPLES:
        return Fitted(FinderModels(computer.projection, prior_ranking(), None, None, asked.intents, {}), asked.held_out)
    fitter = _Fitter(document, computer, asked)
    found = fitter.shortlists(quiet=quiet)
    ranking, first_right = fit_and_hold_out_ranking(fitter.choices(found), computer.samples.owners[fitter.chosen])
    held_out = {"first_right": first_right}
    outcomes = fitter.fit_outcomes(ranking, [shortlist for shortlist, _ in found], held_out, quiet=quiet)
    aspects = fitter.fit_aspects(outcomes.wording, held_out) if outcomes else None
    return Fitted(
        FinderModels(computer.projection, ranking, outcomes, aspects, asked.intents, held_out), asked.held_out
    )


def sample_choices(
    document: Document,
    computer: SignalComputer,
    questions: TrainingQuestions,
    read: Sequence[ReadText],
    vectors: Mapping[str, Vectors],
) -> list[ChoiceSet]:
    """What the ranking is fitted on: for whoever fits it on fewer signals, to see what each adds."""
    fitter = _Fitter(document, computer, read_asked(questions, read, document, vectors))
    return fitter.choices(fitter.shortlists(quiet=False))


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


class _Fitter:
    """Fits on the chosen samples and, after them, on all questions of the other kinds: these are the rows of both."""

    def __init__(self, document: Document, computer: SignalComputer, asked: AskedQuestions) -> None:
        self._document = document
        self._computer = computer
        self._asked = asked
        self._same = interchangeable(computer.commitments)
        self.chosen = _spread(computer.samples.owners)
        self._others = [*asked.contrast, *asked.silent, *asked.outside]
        self._rows = [asked.samples[i] for i in self.chosen] + self._others
        self._right_share = None if computer.unheard else RIGHT_SHARE

    def shortlists(self, *, quiet: bool) -> list[tuple[Shortlist, Floats]]:
        """The shortlist of each row, and the features of a sample's own commitment (nothing for the others).

        A sample is left out of its own signals.
        """
        without: list[int | None] = [*self.chosen, *[None] * len(self._others)]

        def look_up(start: int, stop: int) -> list[tuple[Shortlist, Floats]]:
            part, left_out = self._rows[start:stop], without[start:stop]
            matrices = self._computer.features_of(
                [each.question for each in part],
                stack_vectors([each.vector for each in part]),
                [topic_probabilities(each.view) for each in part],
                left_out,
            )
            return [
                (shortlisted(matrix), matrix[[] if i is None else int(self._computer.samples.owners[i])])
                for matrix, i in zip(matrices, left_out)
            ]

        self._computer.prepare_leaving_out()
        with progress_of("ranking", len(self._rows), quiet=quiet) as progress:
            return list(in_processes(look_up, len(self._rows), progress))

    def choices(self, found: Sequence[tuple[Shortlist, Floats]]) -> list[ChoiceSet]:
        """What the ranking is fitted on, of the samples' shortlists."""
        owners = self._computer.samples.owners[self.chosen].tolist()
        return [choice(own, self._same[owner], shortlist) for owner, (shortlist, own) in zip(owners, found)]

    def fit_outcomes(
        self, ranking: RankingModel, found: Sequence[Shortlist], held_out: dict[str, float], *, quiet: bool
    ) -> OutcomeModels | None:
        """All outcomes, from the shortlist of each row; None where too few questions are known to have no answer."""
        asked = self._asked
        worded = [*asked.samples, *self._others]
        answered = len(asked.samples) + len(asked.contrast)
        if not asked.silent or len(worded) - answered < FOLDS:
            return None
        with progress_of("wording", FITS, unit="次", quiet=quiet) as progress:
            wording, shares = fit_wording(
                [_worded(each) for each in worded], [at >= answered for at in range(len(worded))], progress
            )
        sounding_silent = [*asked.contrast, *(asked.samples if self._computer.unheard else [])]
        unanswered = UnansweredQuestions(
            *(stack_vectors([each.vector for each in kind]) for kind in (asked.silent, asked.outside, sounding_silent))
        )
        own_shares = np.concatenate([shares[self.chosen], shares[len(asked.samples) :]])

        def describe(start: int, stop: int) -> list[tuple[dict[str, float], int]]:
            return [
                self._row(at, rank(ranking, found[at]), float(own_shares[at]), unanswered) for at in range(start, stop)
            ]

        with progress_of("outcomes", len(self._rows), quiet=quiet) as progress:
            described = list(in_processes(describe, len(self._rows), progress))
        places = np.arange(len(described))
        silent: Booleans = places >= len(self.chosen) + len(asked.contrast)
        known: Booleans = silent | (places < len(self.chosen))  # which commitment answers a contrast, nobody has said
        owners = self._computer.samples.owners[self.chosen].tolist()
        right = [first in self._same[owner] for owner, (_, first) in zip(owners, described)]
        right += [False] * (len(described) - len(right))
        outside: Booleans = places >= len(described) - len(asked.outside)
        happened = Happened(np.array(right, bool), silent, outside, known)
        rows = [row for row, _ in described]
        if self._computer.unheard:
            absent = self._absent(ranking, found, own_shares, unanswered)
            rows, happened = [*rows, *absent], happened.and_silent(len(absent))
        held_out |= held_out_outcomes(rows, happened, self._right_share)
        return OutcomeModels(wording, unanswered, *fit_outcomes(rows, happened, self._right_share))

    def _absent(
        self, ranking: RankingModel, found: Sequence[Shortlist], shares: Floats, unanswered: UnansweredQuestions
    ) -> list[dict[str, float]]:
        """The rows of every `ABSENT_EACH`th sample as they would be if the plan did not say what answers it."""
        rows = []
        for at in range(0, len(self.chosen), ABSENT_EACH):
            same = self._same[int(self._computer.samples.owners[self.chosen[at]])]
            others = [place for place, row in enumerate(found[at].rows) if row not in same]
            without = Shortlist(found[at].rows[others], found[at].features[others])
            rows.append(self._row(at, rank(ranking, without), float(shares[at]), unanswered)[0])
        return rows

    def fit_aspects(self, wording: WordingModel, held_out: dict[str, float]) -> AspectModel | None:
        """What a question asks for that the plan is silent on."""
        silent = [each for each in self._asked.silent if each.label]
        model, shares = fit_aspects(wording, [_worded(each) for each in silent], [each.label for each in silent])
        held_out |= shares
        return model

    def _row(
        self, at: int, ranked: Ranked, wording: float, unanswered: UnansweredQuestions
    ) -> tuple[dict[str, float], int]:
        asked = self._rows[at]
        likeness = unanswered.likeness(asked.vector, **self._itself(at))
        elsewhere = self._document.elsewhere
        row = outcome_row(self._computer, ranked, asked.question, wording, likeness, asked.view, elsewhere)
        return row, int(ranked.rows[0])

    def _own_samples(self, sample: int) -> Mapping[str, Sequence[int]]:
        """All samples of the same commitment: who asks of a plan that nobody asked about has none near."""
        owners = self._computer.samples.owners
        own = np.flatnonzero(owners == owners[sample]) + len(self._asked.contrast)
        return {"without_contrast": own.tolist()}

    def _itself(self, at: int) -> Mapping[str, Sequence[int]]:
        """How `UnansweredQuestions.likeness` leaves out the question of a row."""
        at -= len(self.chosen)
        if at < 0:
            return self._own_samples(self.chosen[at]) if self._computer.unheard else {}
        for name, kind in (("contrast", self._asked.contrast), ("silent", self._asked.silent)):
            if at < len(kind):
                return {f"without_{name}": (at,)}
            at -= len(kind)
        return {"without_outside": (at,)}


def _worded(asked: AskedQuestion) -> Worded:
    return Worded(asked.skeleton, asked.question.text, asked.vector)
