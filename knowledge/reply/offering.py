"""Commitments as next questions: which are good first ones, which stand nearby, and what is asked when one is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.language.clauses import asks
from knowledge.language.question import Question
from knowledge.published.corrections import CorrectionSource
from knowledge.reply.answer import Related
from knowledge.reply.glossary import Glossary
from knowledge.reply.plain_questions import is_plain, plainest
from knowledge.search.finding import Candidate, Finding

RELATED = 3
# What is offered next has the question's topic and is like it, or is called by a word of it. Read off the chips of the
# questions of README, home page and evaluation/dev.yml (`python -m evaluation.chips`): below stood 「环卫工人住哪里」 after
# beds, 「遛狗的地方能不能放捡便袋」 after a clinic, and a road's plan after broadband.
SHARED_TERM_CHARS, OF_ITS_TOPIC, LIKE_IT = 2, 0.3, 0.47
# Beside a refusal nothing but what the question names will do: a pair of characters of it, or far more alike.
ALIKE = 0.55
FROM_BESIDE = 2  # next questions from under the same heading, where nothing that was found is near
# Pairs of characters that name nothing, and the district's own name.
_EMPTY = re.compile(
    r"青浦区?|有没有|会不会|能不能|是不是|可不可以|怎么办|怎么|什么|多少|哪里|哪些|哪个|可以|以后|现在|规划|我们|他们|自己|一个|老人|孩子|小孩|政府|一点|请问|想问|没有|谁|吗|呢|的|了"
)
BUTTON_CHARS = (5, 24)  # of a question on a button: one line on a telephone
REMEMBERED = 4096  # commitments: each turn looks at the questions of a dozen
CHOICE_CHARS = 48  # of a choice: two lines on a telephone


def payload_of(commitment: Commitment) -> str:
    """A question that leads to the commitment: one to be shown, else its first sample question, or its title."""
    return question_of(commitment) or (commitment.questions[0] if commitment.questions else commitment.title)


def question_of(commitment: Commitment) -> str:
    """The plainest of its sample questions that ask and fit a button; "" if none does."""
    return _for_a_button(commitment.questions)


@lru_cache(maxsize=REMEMBERED)
def _for_a_button(questions: tuple[str, ...]) -> str:
    low, high = BUTTON_CHARS
    return plainest([q for q in questions if low <= len(q) <= high and asks(q)])


def first_of_topics(commitments: Sequence[Commitment]) -> list[Commitment]:
    """A good first one of each of the four topics, in their order: a measured target, else the first that is curated."""
    found = []
    for topic in FOUR_TOPICS:
        curated = [c for c in commitments if c.topic == topic and c.curated]
        best = next((c for c in curated if c.kind == "target"), None) or next(iter(curated), None)
        if best:
            found.append(best)
    return found


def shortened(headline: str) -> str:
    """A headline as a choice: the plan's words, cut where they are too many to read among others."""
    return headline if len(headline) <= CHOICE_CHARS else f"{headline[: CHOICE_CHARS - 1]}…"


def _figures(commitment: Commitment) -> set[tuple[str, float | str, int | None]]:
    """What it counts: name, amount in single units, year."""
    return {(figure.label, figure.amount, figure.year) for figure in commitment.figures}


def _likeness(candidate: Candidate) -> float:
    """How near its questions and its clause come to the question, by the fitted space; 1 where nothing was measured."""
    signals = candidate.signals
    return (signals.get("sample_projected", 1.0) + signals.get("headline_projected", 1.0)) / 2


def _names_it(candidate: Candidate) -> bool:
    return candidate.signals.get("term_named", 0.0) >= SHARED_TERM_CHARS


def _fits(candidate: Candidate, area: str) -> bool:
    """Whether whoever asked the question would ask for it next; `area`: that of what was shown."""
    near = candidate.signals.get("topic", 1.0) >= OF_ITS_TOPIC or candidate.commitment.area == area
    return _names_it(candidate) or (near and _likeness(candidate) >= LIKE_IT)


def _fits_silence(candidate: Candidate, question: Question) -> bool:
    """Whether it is of what the question names, on which the plan is silent."""
    if _names_it(candidate):
        return True
    if not _fits(candidate, ""):
        return False
    known = "".join([candidate.commitment.title, *candidate.commitment.terms, candidate.commitment.headline])
    return _likeness(candidate) >= ALIKE or bool(_pairs(_EMPTY.sub(" ", question.text)) & _pairs(known))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if " " not in text[at : at + 2]}


class NextQuestions:
    """Next questions among `commitments`, under the titles that staff gave them, if they did."""

    def __init__(
        self,
        commitments: Sequence[Commitment],
        corrections: CorrectionSource,
        glossary: Glossary | None = None,
        starting: Sequence[str] = (),
    ) -> None:
        self._corrections = corrections
        self._glossary = glossary or Glossary()
        self._commitments = tuple(commitments)
        self._by_id = {c.id: c for c in commitments}
        self._starting = tuple(starting)[: len(FOUR_TOPICS)]

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """All of them, in the plan's order."""
        return self._commitments

    def of(self, commitment: Commitment) -> Related:
        """The commitment as a next question: as staff call it, else as a resident asks for it."""
        given = self._corrections.current().titles.get(commitment.id)
        return Related(given or question_of(commitment) or commitment.title, payload_of(commitment))

    def found(self, finding: Finding, shown: Sequence[Commitment], least: float = 0.0) -> tuple[Related, ...]:
        """What else was found with at least this probability and can be asked in plain words.

        One for each sentence and for each figure, none of `shown`.
        """
        quotes = {c.quote for c in shown}
        told = {figure for c in shown for figure in _figures(c)}
        found: dict[str, Related] = {}
        for candidate in finding.candidates:
            commitment, figures = candidate.commitment, _figures(candidate.commitment)
            if not commitment.curated or commitment.quote in quotes or candidate.probability < least:
                continue
            if commitment.kind == "definition" or (
                commitment.questions and not is_plain(question_of(commitment) or commitment.questions[0])
            ):
                continue
            if figures and figures <= told:  # a row of the table of targets says what its sentence said
                continue
            quotes.add(commitment.quote)
            told |= figures
            offered = self.of(commitment)
            found.setdefault(offered.title, offered)
        return tuple(found.values())[:RELATED]

    def beside_silence(self, finding: Finding, least: float) -> tuple[Related, ...]:
        """What was found for a question on which the plan is silent, as far as it is of what the question names."""
        fitting = tuple(candidate for candidate in finding.candidates if _fits_silence(candidate, finding.question))
        return self.found(replace(finding, candidates=fitting), (), least)

    def after(self, finding: Finding, shown: Sequence[Commitment]) -> tuple[Related, ...]:
        """After an answer: what else was found, else what stands beside it; what a word of it means, unless that was asked.

        A word of its own clause comes first, one of the sentence around it last.
        """
        asked_already = self._glossary.asked_outright(finding.question.text)
        own, around = ([], []) if asked_already else self._glossary.questions_on(shown[0])
        first = tuple(Related(question, question) for question in own[:1])
        last = () if first else tuple(Related(question, question) for question in around[:1])
        fitting = tuple(candidate for candidate in finding.candidates if _fits(candidate, shown[0].area))
        found = self.found(replace(finding, candidates=fitting), shown)
        if not (first or last or found):
            found = self._beside(shown)
        return (*first, *found[: RELATED - len(first) - len(last)], *last)

    def _beside(self, shown: Sequence[Commitment]) -> tuple[Related, ...]:
        """What stands under the same heading as the first passage and can be asked in plain words, two at most."""
        own = shown[0].passage
        near = [
            c
            for c in self.next_after(shown[0], [each.id for each in shown])
            if (c.passage.chapter, c.passage.section, c.passage.heading) == (own.chapter, own.section, own.heading)
            and question_of(c)
            and is_plain(question_of(c))
        ]
        one_of_each = {c.quote: self.of(c) for c in reversed(near)}
        return tuple(reversed(one_of_each.values()))[:FROM_BESIDE]

    def starting_points(self) -> tuple[Related, ...]:
        """The questions curated for whoever has none yet; without them a good first one for each of the four topics."""
        if self._starting:
            return tuple(Related(question, question) for question in self._starting)
        return tuple(self.of(commitment) for commitment in first_of_topics(self._commitments))

    def neighbours(self, commitment: Commitment, shown: Sequence[str]) -> tuple[Related, ...]:
        """Up to three commitments nearby that were not shown yet."""
        return tuple(self.of(c) for c in self.next_after(commitment, shown)[:RELATED])

    def next_after(self, commitment: Commitment, shown: Sequence[str]) -> list[Commitment]:
        """Commitments of the same topic, those under the same heading first, in the plan's order."""
        quotes = {self._by_id[i].quote for i in shown if i in self._by_id} | {commitment.quote}
        same_topic = [
            c
            for c in self._commitments
            if c.topic == commitment.topic and c.area == commitment.area and c.quote not in quotes and c.curated
        ]

        def distance(other: Commitment) -> tuple[bool, bool, int]:
            own, its = commitment.passage, other.passage
            return (its.heading != own.heading, its.section != own.section, abs(its.line - own.line))

        return sorted(same_topic, key=distance)
