"""What a build takes over from the last whole one, where a correction has changed a few questions (decisions/0062).

What is looked up for each question is always made of all questions, and the intents are always fitted on them. What is
fitted on how questions look, not on which they are, hardly moves for a handful: the space, the ranking, the wording, the
outcomes and the aspects. They stay as the last whole build fitted them, however many such builds follow each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.building.asked import OUT_OF_SCOPE, HeldOutIntents
from knowledge.building.read_questions import ReadText
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import LabelledQuestion, TrainingQuestions
from knowledge.encoder.text_encoder import Vectors, stack_vectors, text_key
from knowledge.groundwork import formats
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays
from knowledge.groundwork.progress_bar import progress_of
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Understood, load_understood
from knowledge.language.vocabulary import Vocabulary
from knowledge.search.answerability import OutcomeModels
from knowledge.search.finder_models import FinderModels
from knowledge.search.folds import text_keys
from knowledge.search.intents import IntentModel, fit_intents
from knowledge.search.kept_models import KeptModels
from knowledge.search.starts import Starts
from knowledge.search.unanswered import UnansweredQuestions

FORMAT = formats.FITS
FEW = 0.01  # of all questions: up to this share may have changed since the last whole build
TAKEN_OVER = ("space", "ranking", "wording", "outcomes")  # stages of a whole build

Keys = NDArray[np.uint32]
Shares = NDArray[np.float32]


@dataclass(frozen=True)
class KeptFits:
    """Beside the models of a build: what they were fitted on.

    `fingerprint` is that of the build whose models these are, `ground` of everything but questions that the last whole
    build was made of, `fitted_on` a key of each of its questions with its label `(n,)`, ascending. `shares`
    `(m, len(names))` has the intents of the examples with the keys `examples` while a model had not seen them.
    """

    fingerprint: str
    ground: str
    fitted_on: Keys
    names: tuple[str, ...]
    examples: Keys
    shares: NDArray[np.float16]

    def save(self, path: Path) -> None:
        """Write all of it."""
        about = {"fingerprint": self.fingerprint, "ground": self.ground, "names": list(self.names)}
        arrays: dict[str, NDArray[Any]] = {
            "fitted_on": self.fitted_on,
            "examples": self.examples,
            "shares": self.shares,
        }
        write_arrays(path, FORMAT, Plain(about, arrays))

    @classmethod
    def load(cls, path: Path) -> KeptFits | None:
        """What `save` wrote; None where there is nothing that this code can read."""
        try:
            plain = read_arrays(path, FORMAT)
        except FileUnreadable:
            return None
        about, arrays = plain.about, plain.arrays
        names = tuple(about["names"])
        return cls(
            about["fingerprint"], about["ground"], arrays["fitted_on"], names, arrays["examples"], arrays["shares"]
        )

    @classmethod
    def of(cls, fingerprint: str, ground: str, questions: TrainingQuestions, held_out: HeldOutIntents) -> KeptFits:
        """Of a whole build."""
        examples, rows = np.unique(text_keys([each.text for each in questions.examples]), return_index=True)
        shares = held_out.shares[rows].astype(np.float16)
        return cls(fingerprint, ground, _keys(questions), tuple(held_out.names), examples, shares)

    def changed(self, questions: TrainingQuestions) -> int:
        """How many questions came, went or got another label since the last whole build."""
        return len(np.setxor1d(self.fitted_on, _keys(questions)))

    def serve(self, ground: str, questions: TrainingQuestions) -> bool:
        """Whether a build of these inputs may take the fits over."""
        if ground != self.ground or {each.label for each in questions.examples} != set(self.names):
            return False
        return self.changed(questions) <= FEW * len(questions.texts)

    def after(self, fingerprint: str, questions: TrainingQuestions, held_out: HeldOutIntents) -> KeptFits:
        """Of a build that has taken these over: how its new examples looked to the model before them stays known."""
        latest = self.of(fingerprint, self.ground, questions, held_out)
        return replace(latest, fitted_on=self.fitted_on)

    def held_out(
        self, examples: Sequence[LabelledQuestion], read: Sequence[ReadText], vectors: Vectors, before: IntentModel
    ) -> HeldOutIntents:
        """The intents of each example by a model that had not seen it: for a new one that of the build `before`."""
        keys = text_keys([each.text for each in examples])
        at = np.searchsorted(self.examples, keys).clip(max=len(self.examples) - 1)
        shares: Shares = self.shares[at].astype(np.float32)
        for row in np.flatnonzero(self.examples[at] != keys):
            seen = before.probabilities(read[row].words, vectors[row])
            shares[row] = [seen[name] for name in self.names]
        return HeldOutIntents(examples, vectors, self.names, shares.astype(np.float64))


def ground_of(files: Iterable[Path], commitments: Sequence[Commitment]) -> str:
    """SHA-256 over files, and over which commitments there are, whatever is asked of them and whatever staff call them."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for commitment in commitments:
        digest.update(f"{commitment.id} {commitment.topic} {commitment.quote}".encode() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class BuildBefore:
    """The build that stands where a new one goes, of which the new one takes over what it may."""

    paths: KnowledgePaths
    fits: KeptFits
    models: FinderModels
    intents: IntentModel
    outcomes: OutcomeModels

    @classmethod
    def to_take_over(cls, paths: KnowledgePaths, ground: str, questions: TrainingQuestions) -> BuildBefore | None:
        """The build at `paths`; None where there is none, or where more has changed since than a few questions."""
        fits = KeptFits.load(paths.fits)
        if fits is None or not fits.serve(ground, questions):
            return None
        try:
            kept = KeptModels.load(paths.models)
        except (FileUnreadable, KeyError):
            return None
        intents, outcomes = kept.models.intents, kept.models.outcomes
        if intents is None or outcomes is None or kept.fingerprint != fits.fingerprint:
            return None
        return cls(paths, fits, kept.models, intents, outcomes)

    def understood(self, vocabulary: Vocabulary, dialect: Path) -> Mapping[str, Understood]:
        """What it understood each text as, which holds where no word has come to the plan's or the region's."""
        try:
            same = Vocabulary.load(self.paths.vocabulary).terms == vocabulary.terms
            if same and self.paths.dialect.read_bytes() == dialect.read_bytes():
                return load_understood(self.paths.understood)
        except (FileUnreadable, OSError):
            pass
        return {}

    def refitted(
        self,
        questions: TrainingQuestions,
        read: Sequence[ReadText],
        vectors: Mapping[str, Vectors],
        starts: Starts,
        *,
        quiet: bool = False,
    ) -> tuple[FinderModels, HeldOutIntents]:
        """Its models, with the intents and the unanswered of these questions.

        `read` is of `questions.texts`. `starts`: where the fit of the intents begins.
        """
        examples = questions.examples
        rows = stack_vectors([vectors[text_key("query", each.text)] for each in read[: len(examples)]])
        held_out = self.fits.held_out(examples, read, rows, self.intents)
        words, labels = [each.words for each in read[: len(examples)]], [each.label for each in examples]
        nowhere = np.zeros(len(examples), np.int64)  # one fold: nothing is held out
        with progress_of("intents", 1, unit="次", quiet=quiet) as progress:
            intents, _ = fit_intents(words, rows, labels, nowhere, progress, starts)
        outcomes = replace(self.outcomes, unanswered=_unanswered(questions, rows))
        return replace(self.models, intents=intents, outcomes=outcomes), held_out


def _unanswered(questions: TrainingQuestions, rows: Vectors) -> UnansweredQuestions:
    """From the vectors of all examples, which come in the order samples, silent, contrast, NLU."""
    first = len(questions.samples)
    second = first + len(questions.silent)
    third = second + len(questions.contrast)
    outside = [row for row, each in zip(rows[third:], questions.nlu) if each.label == OUT_OF_SCOPE]
    return UnansweredQuestions(rows[first:second], stack_vectors(outside), rows[second:third])


def _keys(questions: TrainingQuestions) -> Keys:
    of_topics = {"sample": questions.samples, "silent": questions.silent, "contrast": questions.contrast}
    labelled = [f"{kind} {each.topic} {each.label} {each.text}" for kind, all_ in of_topics.items() for each in all_]
    labelled += [f"nlu {each.label} {each.text}" for each in questions.nlu]
    labelled += [f"fresh {each.answers} {each.text}" for each in questions.fresh]
    return np.unique(text_keys(labelled))
