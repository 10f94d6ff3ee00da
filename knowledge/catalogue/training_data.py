"""Questions with labels: the NLU files and `knowledge/sources/training/*.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.entries import CatalogueEntry
from knowledge.catalogue.linked import LinkedQuestions
from knowledge.catalogue.topics import FOUR_TOPICS, OTHER, TOPICS
from knowledge.catalogue.written_dialogues import FreshQuestion, fresh_questions, load_dialogues, load_turns
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError

_EXAMPLE = re.compile(r"^[^\S\n]*-\s+(\S(?:.*\S)?)\s*$", re.MULTILINE)
TOPIC_OF_INTENT = {f"ask_{topic}": topic for topic in FOUR_TOPICS} | {"ask_other_service": OTHER}
INTENT_OF_TOPIC = {topic: intent for intent, topic in TOPIC_OF_INTENT.items()}
GROUPED = ("not_in_plan.yml", "in_plan_contrast.yml")
ASPECTS = (
    "how_to_apply",
    "documents",
    "fee",
    "phone",
    "address",
    "opening_hours",
    "exact_date",
    "personal_case",
    "other_district",
    "eligibility",
    "current_status",
    "person_in_charge",
    "figure",
)


@dataclass(frozen=True)
class LabelledQuestion:
    """A question and its label: an intent, or an aspect on which the plan is silent ("" where it is not).

    `file` is where it stands, from the repository's root.
    """

    text: str
    label: str
    topic: str = ""
    file: str = ""


@dataclass(frozen=True)
class TrainingQuestions:
    """Every question that a build learns from, each kind in the order of its files.

    `samples` are the catalogue's, those of one commitment after the other; `silent` the plan does not answer,
    `contrast` sounds so and is answered; `nlu` stands in Rasa's files, label = intent. `fresh` are no examples of anything:
    they are asked as residents ask.
    """

    samples: tuple[LabelledQuestion, ...]
    silent: tuple[LabelledQuestion, ...]
    contrast: tuple[LabelledQuestion, ...]
    nlu: tuple[LabelledQuestion, ...]
    fresh: tuple[FreshQuestion, ...] = ()

    @classmethod
    def read(
        cls,
        commitments: Iterable[Commitment],
        catalogue: Iterable[CatalogueEntry],
        linked: Iterable[LinkedQuestions],
        training: Path,
        nlu: Path,
        dialogues: Path,
        alone: Path,
    ) -> TrainingQuestions:
        """The questions of the commitments, and of the files in four folders.

        Raises as `grouped_questions` and `load_dialogues`.
        """
        files = {question: _named(entry.path) for entry in catalogue for question in entry.samples}
        files |= {question: _named(entry.path) for entry in linked for question in entry.questions}
        samples = [LabelledQuestion(q, "", c.topic, files.get(q, "")) for c in commitments for q in c.questions]
        silent, contrast = (grouped_questions(training / name) for name in GROUPED)
        written = load_dialogues(dialogues) if dialogues.exists() else []
        fresh = fresh_questions([*(turn for each in written for turn in each.turns), *load_turns(alone)])
        return cls(tuple(samples), tuple(silent), tuple(contrast), tuple(nlu_examples(nlu)), tuple(fresh))

    @cached_property
    def examples(self) -> tuple[LabelledQuestion, ...]:
        """All of them as examples of an intent: samples, silent, contrast, nlu."""
        return (*with_intents((*self.samples, *self.silent, *self.contrast)), *self.nlu)

    @property
    def texts(self) -> list[str]:
        """What is asked: of the examples, then of the fresh questions."""
        return [each.text for each in self.examples] + [each.text for each in self.fresh]


def nlu_examples(folder: Path) -> list[LabelledQuestion]:
    """Every example of Rasa's NLU files in `folder`, files in name order, label = intent."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        data, _ = load_mapping(path)
        for block in data.get("nlu") or []:
            intent = block.get("intent")
            if not intent:
                continue
            texts = _EXAMPLE.findall(str(block.get("examples") or ""))
            found += [LabelledQuestion(text, intent, file=_named(path)) for text in texts]
    return found


def with_intents(questions: Iterable[LabelledQuestion]) -> list[LabelledQuestion]:
    """The same questions, each labelled with the intent of its topic.

    What the plan does not answer has a topic as well: NLU tells what a question is about, not whether it is answered.
    """
    return [replace(question, label=INTENT_OF_TOPIC[question.topic]) for question in questions]


def topic_examples(questions: Iterable[tuple[str, str]], training: Path) -> list[LabelledQuestion]:
    """Examples for NLU beside its own files: the grouped files, then (question, topic) pairs of the commitments.

    Raises as `grouped_questions`.
    """
    grouped = [example for name in GROUPED for example in grouped_questions(training / name)]
    return with_intents([*grouped, *(LabelledQuestion(text, "", topic) for text, topic in questions)])


def grouped_questions(path: Path) -> list[LabelledQuestion]:
    """The questions of `not_in_plan.yml` or `in_plan_contrast.yml`; label = aspect or "".

    Raises `CatalogueError` for an unknown aspect or topic.
    """
    return list(_grouped(path)) if path.exists() else []


def _grouped(path: Path) -> Iterator[LabelledQuestion]:
    data, _ = load_mapping(path)
    for group in data.get("groups") or []:
        aspect, topic = group.get("aspect") or "", group.get("topic") or OTHER
        if aspect and aspect not in ASPECTS:
            raise CatalogueError(
                path, line_of(group, "aspect"), f"未知的 aspect {aspect!r}", f"用其中之一：{'、'.join(ASPECTS)}"
            )
        if topic not in TOPICS:
            raise CatalogueError(
                path, line_of(group, "topic"), f"未知的主题 {topic!r}", f"用其中之一：{'、'.join(TOPICS)}"
            )
        for text in group.get("questions") or []:
            yield LabelledQuestion(str(text), aspect, topic, _named(path))


@lru_cache(maxsize=64)
def _named(path: Path) -> str:
    root = settings.ROOT.parent
    return path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else str(path)
