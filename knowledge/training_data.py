"""Questions with labels: the NLU files and `knowledge/training/*.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalogue import TOPICS
from knowledge.curated_yaml import line_of, load_mapping
from knowledge.errors import CatalogueError

_EXAMPLE = re.compile(r"^\s*-\s+(.+?)\s*$", re.MULTILINE)
TOPIC_OF_INTENT = {f"ask_{topic}": topic for topic in TOPICS if topic != "other"} | {"ask_other_service": "other"}
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
    """A question and its label: an intent, or an aspect on which the plan is silent ("" where it is not)."""

    text: str
    label: str
    topic: str = ""


def nlu_examples(folder: Path) -> list[LabelledQuestion]:
    """Every example of Rasa's NLU files in `folder`, files in name order, label = intent."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        data, _ = load_mapping(path)
        for block in data.get("nlu") or []:
            intent = block.get("intent")
            if not intent:
                continue
            found += [LabelledQuestion(text, intent) for text in _EXAMPLE.findall(str(block.get("examples") or ""))]
    return found


def topic_examples(questions: Iterable[tuple[str, str]], training: Path) -> list[LabelledQuestion]:
    """Examples for NLU beside its own files: the grouped files, then (question, topic) pairs of the commitments.

    What the plan does not answer has a topic as well: NLU tells what a question is about, not whether it is answered.
    Raises as `grouped_questions`.
    """
    grouped = [example for name in GROUPED for example in grouped_questions(training / name)]
    found = [LabelledQuestion(e.text, INTENT_OF_TOPIC[e.topic], e.topic) for e in grouped]
    return found + [LabelledQuestion(text, INTENT_OF_TOPIC[topic], topic) for text, topic in questions]


def grouped_questions(path: Path) -> list[LabelledQuestion]:
    """The questions of `not_in_plan.yml` or `in_plan_contrast.yml`; label = aspect or "".

    Raises `CatalogueError` for an unknown aspect or topic.
    """
    return list(_grouped(path)) if path.exists() else []


def _grouped(path: Path) -> Iterator[LabelledQuestion]:
    data, _ = load_mapping(path)
    for group in data.get("groups") or []:
        aspect, topic = group.get("aspect") or "", group.get("topic") or "other"
        if aspect and aspect not in ASPECTS:
            raise CatalogueError(
                path, line_of(group, "aspect"), f"未知的 aspect {aspect!r}", f"用其中之一：{'、'.join(ASPECTS)}"
            )
        if topic not in TOPICS:
            raise CatalogueError(
                path, line_of(group, "topic"), f"未知的主题 {topic!r}", f"用其中之一：{'、'.join(TOPICS)}"
            )
        for text in group.get("questions") or []:
            yield LabelledQuestion(str(text), aspect, topic)
