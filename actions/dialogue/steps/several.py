"""Several questions in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.dialogue.compound import PartQuestion, features_of
from actions.dialogue.leaning import Leaning
from actions.dialogue.parting import parts_of
from actions.dialogue.reply import Reply
from actions.dialogue.showing import of_the_district
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.reply.judging import REFUSALS

# Of parting being worth it; half would be even, but what judges is told in more ways than what it was fitted on.
SEVERAL_FROM = 0.6
ANSWERED_FROM = 0.5  # probability that the first passage answers a part: between 0.3 and 0.5 as much is won as lost
# Most writers of messages with two questions end each with a mark; who dictates does not. Where it is not out of the
# question that several things are meant, two parts that the plan answers beyond doubt are answered.
POSSIBLE_FROM, BEYOND_DOUBT, OURS_UP_TO = 0.01, 0.7, 0.15


def several(leaning: Leaning) -> Reply | None:
    """「新公园弄多少个？绿道又要修多长？」: each with its passage, or that the plan does not say it.

    Two passages at least, or one beside a part that is refused.
    """
    if leaning.is_known or leaning.is_command:
        return None
    found = parts_of(leaning)
    if len(found) < 2:
        return None
    parts = [_of_the_district(leaning, part) for part in found]
    answered = _first_of_each_sentence([part for part in parts if _is_answered(part)])
    refused = [part for part in parts if _is_refused(part)]
    if not answered or len(answered) + len(refused) < 2 or not _are_meant(leaning, found):
        return None
    return _replied(leaning, [part for part in parts if part in answered or part in refused], answered)


def _of_the_district(leaning: Leaning, part: PartQuestion) -> PartQuestion:
    """A part that its place alone keeps from being answered, with what holds for the whole district."""
    wide = of_the_district(leaning, part.finding) if _is_refused(part) else None
    return replace(part, finding=wide) if wide else part


def _are_meant(leaning: Leaning, parts: Sequence[PartQuestion]) -> bool:
    meant = leaning.services.compound.probability(features_of(leaning.utterance.text, parts, leaning.finding))
    beyond_doubt = _first_of_each_sentence([part for part in parts if _is_beyond_doubt(part)])
    return meant >= SEVERAL_FROM or (meant >= POSSIBLE_FROM and len(beyond_doubt) > 1)


def _is_beyond_doubt(part: PartQuestion) -> bool:
    odds = part.finding.odds
    return odds.answerable >= BEYOND_DOUBT and odds.outside <= OURS_UP_TO and _is_answered(part)


def _is_answered(part: PartQuestion) -> bool:
    decided = decide(part.finding, may_clarify=False).outcome
    return part.finding.answerable >= ANSWERED_FROM and decided is Outcome.ANSWERED


def _is_refused(part: PartQuestion) -> bool:
    return decide(part.finding, may_clarify=False).outcome in REFUSALS


def _first_of_each_sentence(parts: Sequence[PartQuestion]) -> list[PartQuestion]:
    found: dict[str, PartQuestion] = {}
    for part in parts:
        found.setdefault(part.finding.candidates[0].commitment.quote, part)
    return list(found.values())


def _replied(leaning: Leaning, told: Sequence[PartQuestion], answered: Sequence[PartQuestion]) -> Reply:
    """What follows leans on the last of them, and can go back to the others."""
    parts = [(part.question, part.finding, part in answered) for part in told]
    answer = leaning.services.composer.several(parts, today_year=leaning.services.today_year)
    after = leaning.before
    for part in answered:
        first = part.finding.candidates[0].commitment
        after = after.about(first.id, first.topic, part.finding.understood.text, same=False)
    last = answered[-1].finding
    return Reply(answer, after.asking(last.question), finding=last)
