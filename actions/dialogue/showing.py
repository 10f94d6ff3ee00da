"""Replies that several steps give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import CLARIFY_CHARS, decide
from knowledge.reply.listing import LINES
from knowledge.reply.sentence import BotSentence
from knowledge.search.finding import Finding


def found(leaning: Leaning, finding: Finding, *, same: bool = True) -> Reply:
    """The first candidate's passage; `same` where it stays with the subject."""
    first = finding.candidates[0].commitment
    answer = leaning.services.composer.answered(finding, today_year=leaning.services.today_year)
    after = leaning.before.about(first.id, first.topic, finding.understood.text, same=same)
    return Reply(answer, after.asking(finding.question), finding=finding)


def decided(leaning: Leaning, finding: Finding, *, same: bool = False) -> Reply:
    """What comes of a finding, by the costs in `knowledge/reply/decide.py`: a passage, a refusal or a clarification."""
    before, composer = leaning.before, leaning.services.composer
    decision = decide(finding, may_clarify=not before.clarified)
    if decision.outcome is Outcome.CLARIFY:
        readings = [candidate.commitment for candidate in decision.readings]
        named = len(finding.question.bare) <= CLARIFY_CHARS
        answer = composer.clarify(readings) if named else composer.offer(readings, finding.question.text)
        return Reply(answer, before.after_clarification(leaning.utterance.text), finding=finding)
    if decision.outcome is Outcome.ANSWERED:
        return found(leaning, finding, same=same)
    if decision.outcome is Outcome.NOT_IN_PLAN:
        return Reply(composer.not_in_plan(finding), before.refusing(finding.understood.text), finding=finding)
    return Reply(composer.out_of_scope(), before.after_other(), finding=finding)


def passage(leaning: Leaning, commitment: Commitment, question: str = "") -> Reply:
    """One passage to the question before; its headline is the run that answers `question`."""
    asked = leaning.finding.question
    answer = leaning.services.composer.passage(
        commitment, question=question, asked=asked, today_year=leaning.services.today_year
    )
    after = leaning.before.about(commitment.id, commitment.topic, leaning.before.question, same=True)
    return Reply(answer, after)


def again(leaning: Leaning, commitment: Commitment) -> Reply:
    """A passage as the answer to the very question before."""
    return passage(leaning, commitment, leaning.before.question)


def once_more(leaning: Leaning) -> Reply:
    """The last passage, opened by a line that says that it was said before."""
    reply = again(leaning, leaning.subject)
    return replace(reply, answer=leaning.services.composer.repeating(reply.answer))


def silent(leaning: Leaning, template: BotSentence, what: str = "") -> Reply:
    """That the subject's passage does not say it, in the words of `wording.py`; `what` is its name there, if it has one."""
    answer = leaning.services.composer.silent_on(template, leaning.subject, leaning.finding.question, what)
    return Reply(answer, leaning.before.after_other())


def linked_figure(leaning: Leaning) -> Commitment | None:
    """The figure of 2020 that a number of the subject's own clause is linked to, if one is."""
    subject = leaning.subject
    headline = squash(subject.headline)
    for position, identifier, _ in subject.baselines:
        if subject.kind == "indicator" or subject.figures[position].printed_value in headline:
            return leaning.services.search.by_id[identifier]
    return None


def list_part(leaning: Leaning, name: str, items: Sequence[Commitment], question: str) -> Reply:
    """The first lines of a list of what the plan says on a subject; the rest waits for 「还有呢」."""
    part, rest = items[:LINES], items[LINES:]
    answer = leaning.services.composer.listed(name, part, len(rest), today_year=leaning.services.today_year)
    after = leaning.before.listing(name, part[0].id, part[0].topic, question, [c.id for c in rest])
    return Reply(answer, after)
