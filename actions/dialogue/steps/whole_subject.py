"""「养老方面有哪些指标」「住房问题怎么说」: a whole subject instead of one thing."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import list_part
from knowledge.catalogue.commitments import Commitment
from knowledge.reply.listing import Subject, items_of, main_points
from knowledge.reply.unsaid import without_places


def listed(leaning: Leaning) -> Reply | None:
    """The first part of a list, if one is asked for; what speaks of a place that is named comes first."""
    if leaning.is_known:
        return None
    question, composer = leaning.finding.question, leaning.services.composer
    anywhere = replace(question, text=without_places(question.text, composer.gazetteer))
    subject = leaning.services.subjects.asked_for(question) or leaning.services.subjects.asked_for(anywhere)
    items = composer.of_place_first(_items(leaning, subject), question)
    return list_part(leaning, subject.name, items, question.text, question) if subject and items else None


def broad(leaning: Leaning) -> Reply | None:
    """A subject and nothing asked of it: its main headings as choices; right after a clarification, its list."""
    if leaning.is_known or leaning.is_command:
        return None
    question = leaning.finding.question
    subject = leaning.services.subjects.named_only(question)
    items = _items(leaning, subject)
    if not subject or not items:
        return None
    if leaning.before.clarified:
        return list_part(leaning, subject.name, items, question.text)
    answer = leaning.services.composer.clarify(main_points(items), all_of=subject.name)
    return Reply(answer, leaning.before.after_clarification())


def _items(leaning: Leaning, subject: Subject | None) -> list[Commitment]:
    return items_of(subject, leaning.services.commitments) if subject else []
