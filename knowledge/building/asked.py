"""The training questions as a finder reads them, each with NLU's view of it while it was held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.building.read_questions import ReadText
from knowledge.catalogue.training_data import LabelledQuestion, TrainingQuestions
from knowledge.document.documents import Document
from knowledge.encoder.text_encoder import Vectors, stack_vectors, text_key
from knowledge.language.question import Question, read_question
from knowledge.search.folds import folds_of
from knowledge.search.intents import IntentModel, fit_intents
from knowledge.search.signals import Floats
from knowledge.search.starts import Starts

OUT_OF_SCOPE = "out_of_scope"
INTENT_FOLDS = 3  # a third held out changes views little, and each fold costs a fit on all questions
INTENT_FITS = INTENT_FOLDS + 1  # the model itself, and one for each part held out


@dataclass(frozen=True)
class AskedQuestion:
    """A labelled question as read, with NLU's view of it out of fold; `label` is an aspect or an intent."""

    question: Question
    skeleton: str
    vector: Vectors
    view: Mapping[str, float]
    label: str


@dataclass(frozen=True)
class HeldOutIntents:
    """Every example with its intent, its vector, and the probability of each of `names` out of fold `(n, names)`."""

    examples: Sequence[LabelledQuestion]
    vectors: Vectors
    names: Sequence[str]
    shares: Floats


@dataclass(frozen=True)
class AskedQuestions:
    """The catalogue's samples, what the plan is silent on, what sounds so and is answered, what is out of scope.

    `fresh` have no label; NLU never saw them.
    `intents` is fitted on all of them, `held_out` says how that goes; both None where there is nothing to tell apart
    or too little to hold out.
    """

    samples: Sequence[AskedQuestion]
    silent: Sequence[AskedQuestion]
    contrast: Sequence[AskedQuestion]
    outside: Sequence[AskedQuestion]
    fresh: Sequence[AskedQuestion]
    intents: IntentModel | None
    held_out: HeldOutIntents | None


def read_asked(
    questions: TrainingQuestions,
    read: Sequence[ReadText],
    document: Document,
    vectors: Mapping[str, Vectors],
    progress: Callable[[int], None] | None = None,
    starts: Starts | None = None,
) -> AskedQuestions:
    """Every question, as `read` (of each of `questions.texts`); fits the intents, for the views.

    `progress(1)` after each of `INTENT_FITS`. `starts`: where those fits begin.
    """
    examples = questions.examples
    rows = stack_vectors([vectors[text_key("query", each.text)] for each in read])
    labelled = read[: len(examples)]
    intents, held_out = _fit_intents(
        examples, [each.words for each in labelled], rows[: len(examples)], progress, starts
    )
    views: list[Mapping[str, float]] = [{}] * len(examples)
    if held_out:
        views = [dict(zip(held_out.names, row.tolist())) for row in held_out.shares]
    for each, vector in zip(read[len(examples) :], rows[len(examples) :]):
        views.append(intents.probabilities(each.words, vector) if intents else {})
    topical = (*questions.samples, *questions.silent, *questions.contrast)
    labels = [e.label for e in topical] + [e.label for e in questions.nlu] + [""] * len(questions.fresh)
    asked = [
        AskedQuestion(read_question(each.text, document.places, document.period), each.skeleton, vector, view, label)
        for each, vector, view, label in zip(read, rows, views, labels)
    ]
    first, second, third = len(questions.samples), len(questions.samples) + len(questions.silent), len(topical)
    outside = [each for each in asked[third : len(examples)] if each.label == OUT_OF_SCOPE]
    fresh = asked[len(examples) :]
    return AskedQuestions(asked[:first], asked[first:second], asked[second:third], outside, fresh, intents, held_out)


def _fit_intents(
    examples: Sequence[LabelledQuestion],
    words: Sequence[Sequence[str]],
    vectors: Vectors,
    progress: Callable[[int], None] | None,
    starts: Starts | None,
) -> tuple[IntentModel | None, HeldOutIntents | None]:
    labels = [e.label for e in examples]
    if len(set(labels)) < 2:
        return None, None
    folds = folds_of([e.text for e in examples], INTENT_FOLDS)
    intents, shares = fit_intents(words, vectors, labels, folds, progress, starts)
    names: list[str] = intents.model.classes_.tolist()
    return intents, None if shares is None else HeldOutIntents(examples, vectors, names, shares)
