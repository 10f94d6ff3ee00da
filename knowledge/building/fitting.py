"""Fits the models of the finder on the repository's own questions, and says how well they do on held-out ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.building.asked import INTENT_FITS, AskedQuestion, AskedQuestions, HeldOutIntents, read_asked
from knowledge.building.contrast import SpaceStarts, fit_projections
from knowledge.building.held_out import fit_and_hold_out_ranking, held_out_outcomes
from knowledge.building.read_questions import ReadText
from knowledge.building.starts import BuildStarts
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import TrainingQuestions
from knowledge.catalogue.written_dialogues import FreshQuestion
from knowledge.document.documents import Document
from knowledge.document.plan_text import squash
from knowledge.encoder.text_encoder import Vectors, stack_vectors
from knowledge.groundwork.parallel import in_processes
from knowledge.groundwork.progress_bar import progress_of
from knowledge.language.vocabulary import Vocabulary
from knowledge.search.answerability import (
    FITS,
    FOLDS,
    FRESH_SHARE,
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
from knowledge.search.signals import FEATURES, Floats, SignalComputer, sentence_folds, sentences_of
from knowledge.search.starts import Starts
from knowledge.search.unanswered import UnansweredQuestions

FITTED_SAMPLES = (
    6  # of each commitment: with all of them the weights are the same within their noise, in twice the time
)
ABSENT_EACH = 3
SAMPLE, CONTRAST, SILENT, OUTSIDE, FRESH = range(5)  # kinds of rows, in their order
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
    place_names: Sequence[str] = (),
    starts: SpaceStarts | None = None,
    quiet: bool = False,
) -> SignalComputer:
    """The signals, in a space fitted on all samples, and for those left out in spaces fitted without them.

    `unheard` and `place_names` as in `SignalComputer`. `starts`: where the fits begin.
    """
    with progress_of("space", FOLDS_OF_SPACE + 1, unit="次", quiet=quiet) as progress:
        projection, *without = fit_projections(
            vectored,
            sentences_of(commitments),
            sentence_folds(commitments),
            interchangeable(commitments),
            progress,
            starts,
        )
    return SignalComputer(
        commitments, vectored, vocabulary, projection, without, unheard=unheard, place_names=place_names
    )


def fit_models(
    document: Document,
    computer: SignalComputer,
    questions: TrainingQuestions,
    read: Sequence[ReadText],
    vectors: Mapping[str, Vectors],
    *,
    starts: BuildStarts,
    quiet: bool = False,
) -> Fitted:
    """Fit on the catalogue, the training files and the fresh questions, each of `questions.texts` as `read`.

    Without a catalogue the ranking falls back to `prior_ranking`. `starts`: where the long fits begin.
    """
    with progress_of("intents", INTENT_FITS, unit="次", quiet=quiet) as progress:
        asked = read_asked(questions, read, document, vectors, progress, starts.intents)
    if len(asked.samples) < MIN_SAMPLES:
        return Fitted(FinderModels(computer.projection, prior_ranking(), None, None, asked.intents, {}), asked.held_out)
    fitter = _Fitter(document, computer, asked, questions.fresh)
    found = fitter.shortlists(quiet=quiet)
    ranking, held_out = fit_and_hold_out_ranking(fitter.choices(found), *fitter.of_choices())
    outcomes = fitter.fit_outcomes(
        ranking, [shortlist for shortlist, _ in found], held_out, starts.wording, quiet=quiet
    )
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
    fitter = _Fitter(document, computer, read_asked(questions, read, document, vectors), questions.fresh)
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


def answering(sentences: Sequence[str], fresh: Sequence[FreshQuestion]) -> list[frozenset[int] | None]:
    """For each fresh question the places of the sentences that answer it; None where its passages are not of this plan.

    All None where most are not: they were asked of another plan, and nobody has said on what this one is silent.
    """
    quotes = [squash(sentence) for sentence in sentences]

    def places(runs: Sequence[str]) -> frozenset[int]:
        return frozenset(place for place, quote in enumerate(quotes) if any(run in quote for run in runs))

    found = [places(each.answers) if each.answers else frozenset[int]() for each in fresh]
    answered = [rows for rows, each in zip(found, fresh) if each.answers]
    if 2 * sum(map(bool, answered)) < len(answered):
        return [None] * len(fresh)
    return [rows if rows or not each.answers else None for rows, each in zip(found, fresh)]


class _Fitter:
    """Fits on the chosen samples and, after them, on all questions of the other kinds, fresh ones last: these are the rows.

    A plan with a teacher has no fresh ones: see docs/decisions/0050.
    """

    def __init__(
        self, document: Document, computer: SignalComputer, asked: AskedQuestions, fresh: Sequence[FreshQuestion]
    ) -> None:
        self._document = document
        self._computer = computer
        self._asked = asked
        self._same = interchangeable(computer.commitments)
        self.chosen = _spread(computer.samples.owners)
        self._owners: list[int] = computer.samples.owners[self.chosen].tolist()
        self._others = [*asked.contrast, *asked.silent, *asked.outside]
        known = answering([commitment.quote for commitment in computer.commitments], fresh)
        told = [(each, rows) for each, rows in zip(asked.fresh, known) if rows is not None and not computer.unheard]
        self._fresh, self._answering = [each for each, _ in told], [rows for _, rows in told]
        self._rows = [asked.samples[i] for i in self.chosen] + self._others + self._fresh
        self._right_share = None if computer.unheard else RIGHT_SHARE

    def shortlists(self, *, quiet: bool) -> list[tuple[Shortlist, Floats]]:
        """The shortlist of each row, and the features of what answers it, where that is known (nothing for the others).

        A sample is left out of its own signals.
        """
        without: list[int | None] = [*self.chosen, *[None] * (len(self._rows) - len(self.chosen))]
        right = [[owner] for owner in self._owners] + [list[int]()] * len(self._others)
        right += [sorted(rows) for rows in self._answering]

        def look_up(start: int, stop: int) -> list[tuple[Shortlist, Floats]]:
            part, left_out = self._rows[start:stop], without[start:stop]
            matrices = self._computer.features_of(
                [each.question for each in part],
                stack_vectors([each.vector for each in part]),
                [topic_probabilities(each.view) for each in part],
                left_out,
            )
            return [(shortlisted(matrix), matrix[own]) for matrix, own in zip(matrices, right[start:stop])]

        self._computer.prepare_leaving_out()
        with progress_of("ranking", len(self._rows), quiet=quiet) as progress:
            return list(in_processes(look_up, len(self._rows), progress))

    def choices(self, found: Sequence[tuple[Shortlist, Floats]]) -> list[ChoiceSet]:
        """What the ranking is fitted on: the samples, and the fresh questions that are answered, `FRESH_SHARE` in all."""
        samples = [choice(own, self._same[owner], shortlist) for owner, (shortlist, own) in zip(self._owners, found)]
        asked = [(rows, each) for rows, each in zip(self._answering, found[len(found) - len(self._fresh) :]) if rows]
        weight = FRESH_SHARE / (1 - FRESH_SHARE) * len(samples) / max(1, len(asked))
        return samples + [choice(own, rows, shortlist, weight) for rows, (shortlist, own) in asked]

    def of_choices(self) -> tuple[NDArray[np.int64], Booleans]:
        """Of each of the choices a commitment that is right, and whether it is of a fresh question."""
        found = [*self._owners, *(min(rows) for rows in self._answering if rows)]
        return np.array(found, np.int64), np.arange(len(found)) >= len(self._owners)

    def fit_outcomes(
        self,
        ranking: RankingModel,
        found: Sequence[Shortlist],
        held_out: dict[str, float],
        starts: Starts,
        *,
        quiet: bool,
    ) -> OutcomeModels | None:
        """All outcomes, from the shortlist of each row; None where too few questions are known to have no answer."""
        asked = self._asked
        worded = [*asked.samples, *self._others, *self._fresh]
        sounds_silent = [False] * (len(asked.samples) + len(asked.contrast))
        sounds_silent += [True] * (len(asked.silent) + len(asked.outside)) + [not rows for rows in self._answering]
        if not asked.silent or sum(sounds_silent) < FOLDS:
            return None
        with progress_of("wording", FITS, unit="次", quiet=quiet) as progress:
            wording, shares = fit_wording([_worded(each) for each in worded], sounds_silent, progress, starts)
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
        happened = self._happened([first for _, first in described])
        rows = [row for row, _ in described]
        if self._computer.unheard:
            absent = self._absent(ranking, found, own_shares, unanswered)
            rows, happened = [*rows, *absent], happened.and_silent(len(absent))
        held_out |= held_out_outcomes(rows, happened, self._right_share)
        return OutcomeModels(wording, unanswered, *fit_outcomes(rows, happened, self._right_share))

    def _happened(self, first: Sequence[int]) -> Happened:
        """What is known of each row, of which the ranking puts that commitment `first`."""
        answering = [self._same[owner] for owner in self._owners] + [frozenset()] * len(self._others) + self._answering
        right = np.array([place in rows for place, rows in zip(first, answering)], bool)
        unanswered = np.array([not rows for rows in answering], bool)
        asked = self._asked
        sizes = (len(self._owners), len(asked.contrast), len(asked.silent), len(asked.outside), len(self._fresh))
        kinds = np.repeat(np.arange(len(sizes)), sizes)
        known: Booleans = kinds != CONTRAST  # which commitment answers it, nobody has said
        return Happened(right, unanswered & known, kinds == OUTSIDE, known, kinds == FRESH)

    def _absent(
        self, ranking: RankingModel, found: Sequence[Shortlist], shares: Floats, unanswered: UnansweredQuestions
    ) -> list[dict[str, float]]:
        """The rows of every `ABSENT_EACH`th sample as they would be if the plan did not say what answers it."""
        rows = []
        for at in range(0, len(self.chosen), ABSENT_EACH):
            same = self._same[self._owners[at]]
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
        return {"without_outside": (at,)} if at < len(self._asked.outside) else {}


def _worded(asked: AskedQuestion) -> Worded:
    return Worded(asked.skeleton, asked.question.text, asked.vector)
