"""Commitments as next questions: which are good first ones, which stand nearby, and what is asked when one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.language.clauses import asks
from knowledge.published.corrections import CorrectionSource
from knowledge.reply.answer import Related
from knowledge.reply.glossary import Glossary
from knowledge.search.finding import Candidate, Finding

RELATED = 3
# What is offered beside a refusal shares a term with the question, or its topic; 「其他」 is many things, so that it has to
# be like the question too. Read off two dozen refusals, whose chips had been 「光盘行动还搞吗」 to 「助餐点在哪里」.
SHARED_TERM_CHARS, OF_ITS_TOPIC, LIKE_IT = 2, 0.3, 0.55
BUTTON_CHARS = (5, 24)  # of a question on a button: one line on a telephone
CHOICE_CHARS = 48  # of a choice: two lines on a telephone


def payload_of(commitment: Commitment) -> str:
    """A question that leads to the commitment: one to be shown, else its first sample question, or its title."""
    return question_of(commitment) or (commitment.questions[0] if commitment.questions else commitment.title)


def question_of(commitment: Commitment) -> str:
    """Its first sample question that asks and fits a button, one without a story if there is one; "" if none does."""
    low, high = BUTTON_CHARS
    found = [q for q in commitment.questions if low <= len(q) <= high and asks(q)]
    return next((q for q in found if "，" not in q), found[0] if found else "")


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


def _fits(candidate: Candidate) -> bool:
    signals = candidate.signals
    if signals.get("term_named", 0.0) >= SHARED_TERM_CHARS:
        return True
    of_its_topic = signals.get("topic", 1.0) >= OF_ITS_TOPIC
    return of_its_topic and (
        candidate.commitment.topic in FOUR_TOPICS or signals.get("sample_projected", 1.0) >= LIKE_IT
    )


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
        """What else was found with at least this probability: one for each sentence and for each figure, none of `shown`."""
        quotes = {c.quote for c in shown}
        told = {figure for c in shown for figure in _figures(c)}
        found: dict[str, Related] = {}
        for candidate in finding.candidates:
            commitment, figures = candidate.commitment, _figures(candidate.commitment)
            if not commitment.curated or commitment.quote in quotes or candidate.probability < least:
                continue
            if figures and figures <= told:  # a row of the table of targets says what its sentence said
                continue
            quotes.add(commitment.quote)
            told |= figures
            offered = self.of(commitment)
            found.setdefault(offered.title, offered)
        return tuple(found.values())[:RELATED]

    def beside_silence(self, finding: Finding, least: float) -> tuple[Related, ...]:
        """What was found for a question on which the plan is silent, as far as it fits the question."""
        fitting = tuple(candidate for candidate in finding.candidates if _fits(candidate))
        return self.found(replace(finding, candidates=fitting), (), least)

    def after(self, finding: Finding, shown: Sequence[Commitment]) -> tuple[Related, ...]:
        """After an answer: what a term of the first passage means, unless that was asked, then what else was found."""
        terms = (
            [] if self._glossary.asked_outright(finding.question.text) else self._glossary.questions_on(shown[0])[:1]
        )
        asked = tuple(Related(question, question) for question in terms)
        return (*asked, *self.found(finding, shown))[:RELATED]

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
