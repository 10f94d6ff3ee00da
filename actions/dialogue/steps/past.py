"""「原来有多少」: how the subject stood before the plan."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, found, linked_figure, passage
from knowledge.search.signals import search_text


def review_of_then(leaning: Leaning) -> Reply | None:
    """「之前新增了几所」: what the review of the last years says of something near the subject, if likely meant."""
    candidates = leaning.in_context.candidates
    if not leaning.has_subject or not candidates:
        return None
    first = candidates[0].commitment
    is_review = first.kind == "baseline" and first.topic == leaning.subject.topic
    return found(leaning, leaning.in_context) if is_review else None


def figure_of_then(leaning: Leaning) -> Reply | None:
    """The figure of 2020 that is linked to the subject, else the review that names the same thing."""
    if not leaning.has_subject or not leaning.asks_of_then:
        return None
    return _linked(leaning) or _reviewed(leaning)


def _linked(leaning: Leaning) -> Reply | None:
    then = linked_figure(leaning)
    return again(leaning, then) if then else None


def _reviewed(leaning: Leaning) -> Reply | None:
    subject, asked = leaning.subject, leaning.of_subject_then()
    names = {subject.title, *subject.terms} - {""}
    for candidate in asked.candidates:
        then = candidate.commitment
        if then.kind == "baseline" and any(name in search_text(then) for name in names):
            return passage(leaning, then, asked.question.text)
    return None
