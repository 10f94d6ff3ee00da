"""Several questions in one message."""

from __future__ import annotations

from dataclasses import dataclass

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import of_the_district
from knowledge.language.clauses import questions_in
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.finding import Finding

MOST = 3  # questions that one reply answers; each costs a search, so of more only the first are looked at
# Measured on messages of two questions by a writer who had seen the plan only, and on the development sets, where a
# question with a story before it must stay one.
ANSWERED_FROM = 0.7  # probability that the first passage answers a part by itself
OURS_UP_TO = 0.15  # probability that such a part is none of our business
SILENT_FROM = 0.8  # probability from which a part asks for what the plan does not say


@dataclass(frozen=True)
class PartQuestion:
    """One of the questions, and what was found for it."""

    question: str
    finding: Finding

    @property
    def is_answered(self) -> bool:
        """Whether the plan answers it beyond doubt."""
        odds = self.finding.odds
        sure = odds.answerable >= ANSWERED_FROM and odds.outside <= OURS_UP_TO
        return sure and decide(self.finding, may_clarify=False).outcome is Outcome.ANSWERED

    @property
    def is_refused(self) -> bool:
        """Whether it asks for what the plan does not say."""
        return self.finding.odds.silent >= SILENT_FROM


def several(leaning: Leaning) -> Reply | None:
    """「新公园弄多少个？绿道又要修多长？」: each with its passage, or that the plan does not say it.

    Two passages at least, or one beside a part that would have had the whole message refused.
    """
    if leaning.is_known or leaning.is_command:
        return None
    parts = _parts(leaning)
    answered = _first_of_each_sentence([part for part in parts if part.is_answered])
    refused = [part for part in parts if part.is_refused]
    if not answered or len(answered) + len(refused) < 2:
        return None
    if len(answered) == 1 and decide(leaning.finding, may_clarify=False).outcome is Outcome.ANSWERED:
        return None
    told = [part for part in parts if part in answered or part in refused]
    return _replied(leaning, [(part.question, part.finding, part in answered) for part in told], answered)


def _parts(leaning: Leaning) -> list[PartQuestion]:
    questions = questions_in(leaning.text)
    if len(questions) < 2:
        return []
    return [PartQuestion(question, _found(leaning, question)) for question in questions[:MOST]]


def _found(leaning: Leaning, question: str) -> Finding:
    """For a part by itself; where its place alone keeps it from being answered, what holds for the whole district."""
    own = leaning.services.search.find(question)
    return own if own.odds.answerable >= ANSWERED_FROM else of_the_district(leaning, own) or own


def _first_of_each_sentence(parts: list[PartQuestion]) -> list[PartQuestion]:
    found: dict[str, PartQuestion] = {}
    for part in parts:
        found.setdefault(part.finding.candidates[0].commitment.quote, part)
    return list(found.values())


def _replied(leaning: Leaning, told: list[tuple[str, Finding, bool]], answered: list[PartQuestion]) -> Reply:
    """What follows leans on the last of them, and can go back to the others."""
    answer = leaning.services.composer.several(told, today_year=leaning.services.today_year)
    after = leaning.before
    for finding in [part.finding for part in answered]:
        first = finding.candidates[0].commitment
        after = after.about(first.id, first.topic, finding.understood.text, same=False)
    last = answered[-1].finding
    return Reply(answer, after.asking(last.question), finding=last)
