"""The questions whose answers must stay right: the frozen ones, approved corrections, what opens or leans on a conversation."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.catalogue.training_data import nlu_examples
from knowledge.encoder.text_encoder import Vectors, stack_vectors, text_key
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import bare_text
from knowledge.reply.decide import DIALOGUE_FROM, OUTCOME_KNOWN, decide, is_question
from knowledge.reply.judging import DIALOGUE_OUTCOMES, judged
from knowledge.reply.listing import LINES, Subjects, items_of
from knowledge.search.finder import Finder
from knowledge.search.finding import Finding

logger = logging.getLogger(__name__)
NLU = settings.ROOT.parent / "data" / "nlu"
FOLLOW_UP = "follow_up"
# What a turn of each dialogue intent gets, as far as it is not a question after all.
OUTCOMES = {
    **DIALOGUE_OUTCOMES,
    **dict.fromkeys(("ask_source", "ask_more", "ask_when", "ask_how_many", "follow_up"), FOLLOW_UP),
}
SUMMARIES = {  # of an outcome without a passage, for people
    "chat": "当作闲聊",
    "handoff": "转人工",
    FOLLOW_UP: "当作追问",
    "not_in_plan": "规划没有写",
    "clarify": "反问",
    "out_of_scope": "不在范围",
}
FROZEN, DIALOGUE = ORIGINS = ("评测题", "对话用语")


@dataclass(frozen=True)
class RegressionQuestion:
    """A question and what is right: an outcome, and runs of text of which the first quote holds one. `origin` names its source.

    `commitment_id` is the one that a person said answers it: another of the same sentence has another headline.
    """

    question: str
    outcome: str
    runs: tuple[str, ...] = ()
    origin: str = ""
    commitment_id: str = ""


@dataclass(frozen=True)
class Told:
    """What a question gets: outcome, quotes, the same in a few words for people, and the commitment that answers first."""

    outcome: str
    quotes: tuple[str, ...]
    summary: str
    commitment_id: str = ""


class RegressionQuestions:
    """Questions with their vectors, made once: 6 ms a question, but for those in `made`, the vectors of the knowledge's build."""

    def __init__(self, finder: Finder, questions: Iterable[RegressionQuestion], made: Mapping[str, Vectors]) -> None:
        self.questions = tuple(questions)
        texts = [finder.normalizer.normalise(question.question).text for question in self.questions]
        self._bare = [bare_text(text) for text in texts]
        found = [made.get(text_key("query", text)) for text in texts]
        new = iter(finder.encoder.queries([text for text, vector in zip(texts, found) if vector is None]))
        self.vectors = stack_vectors([next(new) if vector is None else vector for vector in found])

    def of_words(self, bare: str) -> Iterator[RegressionQuestion]:
        """Those that are a bare question word for word."""
        return (question for question, its in zip(self.questions, self._bare) if its == bare)

    def near(self, vector: Vectors, least: float) -> Iterator[RegressionQuestion]:
        """Those whose vector is at least so near."""
        for row in np.flatnonzero(self.vectors @ vector >= least):
            yield self.questions[row]


def frozen_questions(path: Path) -> list[RegressionQuestion]:
    """The single-turn questions of a set; none, with a warning, where it cannot be read."""
    try:
        data, _ = load_mapping(path)
    except CatalogueError as error:
        logger.warning("corrections are not checked against the frozen questions: %s", error)
        return []
    return [
        RegressionQuestion(str(q["question"]), str(q["outcome"]), tuple(map(str, q.get("expect") or ())), FROZEN)
        for q in data.get("questions") or ()
        if not q.get("before")
    ]


def dialogue_questions(folder: Path = NLU) -> list[RegressionQuestion]:
    """The examples of greetings, of asking for a person, of turns that lean on the last one."""
    return [
        RegressionQuestion(example.text, OUTCOMES[example.label], (), DIALOGUE)
        for example in nlu_examples(folder)
        if example.label in OUTCOMES
    ]


class Teller:
    """Says what a question would get by itself, as `actions.dialogue` decides it."""

    def __init__(self, subjects: Subjects | None = None) -> None:
        self._subjects = subjects or Subjects.load(settings.SUBJECTS)

    def told(self, finder: Finder, question: RegressionQuestion) -> Told:
        """The answer to a regression question, without a conversation before it."""
        finding = finder.find(question.question)
        if finding.pointer:
            return Told("not_in_plan", (), f"规划没写，指引：{finding.pointer.text[:20]}")
        said = "" if is_question(finding) else dialogue_outcome(finding)
        if said and (said != FOLLOW_UP or question.outcome == FOLLOW_UP):
            return Told(said, (), SUMMARIES[said])
        subject = None if finding.known_as in OUTCOME_KNOWN else self._subjects.asked_for(finding.question)
        items = items_of(subject, finder.stored.commitments) if subject else []
        if items:
            quotes = tuple(c.passage.text for c in items[:LINES])
            return Told("answered", quotes, f"列出：{items[0].title}……", items[0].id)
        outcome = decide(finding).outcome.value
        if outcome == "answered":
            first = finding.candidates[0].commitment
            return Told(outcome, (first.passage.text,), first.title or first.headline[:20], first.id)
        return Told(outcome, (), SUMMARIES[outcome])

    def is_right(self, question: RegressionQuestion, told: Told) -> bool:
        """Whether a regression question is answered as it should be."""
        return judged(question.outcome, question.runs, told.outcome, told.quotes)[0]


def dialogue_outcome(finding: Finding) -> str:
    """What a turn gets of which NLU is sure enough that it belongs to the dialogue; "" where it is not."""
    intent = max(finding.intents, key=lambda name: finding.intents[name], default="")
    return OUTCOMES.get(intent, "") if finding.intents.get(intent, 0.0) >= DIALOGUE_FROM else ""


def sample_questions(finder: Finder, texts: Sequence[tuple[str, str]]) -> list[RegressionQuestion]:
    """Sample questions (text, commitment id) as regression questions: each is answered by its own sentence."""
    return [
        RegressionQuestion(text, "answered", (finder.by_id[i].passage.text,), f"示例问题：{finder.by_id[i].title}", i)
        for text, i in texts
    ]
