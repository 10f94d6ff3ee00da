"""Replies that several steps give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.language.question import Question
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import CLARIFY_CHARS, OUTCOME_KNOWN, decide
from knowledge.reply.listing import LINES
from knowledge.reply.place_lines import thing_not_spoken_of
from knowledge.reply.sentence import BotSentence
from knowledge.search.finding import OTHER_DISTRICT, Finding

# Probability that the passage answers the question without its place, from which it is shown for the place as well: beyond
# doubt, as for one of several questions. Of 281 questions of data/questions that name a place, all rightly refused before,
# it is shown for two, which ask what the plan says of the whole district.
DISTRICT_FROM = 0.7
# That of the passage on a thing in the whole district, from which it is shown instead of one that speaks of the place alone.
# Read off data/: 0.97 of homes for the old in villages; 0.74 where the passage on the place does answer, in other words
# (凤溪旧改). Below, what was found is shown, and that it does not speak of the thing is said.
THING_FROM = 0.8


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
    if decision.outcome in (Outcome.NOT_IN_PLAN, Outcome.OUT_OF_SCOPE) and (wide := of_the_district(leaning, finding)):
        return found(leaning, wide, same=same)
    if decision.outcome is Outcome.CLARIFY:
        readings = [candidate.commitment for candidate in decision.readings]
        named = len(finding.question.bare) <= CLARIFY_CHARS
        asked = finding.question
        answer = composer.clarify(readings, question=asked) if named else composer.offer(readings, asked)
        return Reply(answer, before.after_clarification(leaning.utterance.text), finding=finding)
    if decision.outcome is Outcome.ANSWERED:
        return found(leaning, _of_the_thing(leaning, finding) or finding, same=same)
    if decision.outcome is Outcome.NOT_IN_PLAN:
        return Reply(composer.not_in_plan(finding), before.refusing(finding.understood.text), finding=finding)
    return Reply(composer.out_of_scope(), before.after_other(), finding=finding)


def of_the_district(leaning: Leaning, refused: Finding) -> Finding | None:
    """What is found for a refused question asked of the whole district, if that is answered for all of it.

    The places that were named stay in the question: that the passage does not speak of them by themselves is said.
    """
    composer = leaning.services.composer
    gazetteer, asked = composer.gazetteer, composer.gazetteer.without(refused.question.text)
    is_known = refused.known_as in OUTCOME_KNOWN
    if asked == refused.question.text or is_known or refused.aspect == OTHER_DISTRICT:
        return None
    if composer.names_a_reason(refused):
        return None
    wide = leaning.found_for(asked)
    if decide(wide, may_clarify=False).outcome is not Outcome.ANSWERED or wide.answerable < DISTRICT_FROM:
        return None
    if gazetteer.named_in(wide.candidates[0].commitment.quote.replace(" ", "")):
        return None
    return replace(wide, understood=refused.understood, question=refused.question)


def _of_the_thing(leaning: Leaning, shown: Finding) -> Finding | None:
    """What is surely found for a thing in the whole district, where the passage found speaks of the place alone.

    「章堰村有没有养老院」: no sentence that names the village says anything of it.
    """
    composer, first = leaning.services.composer, shown.candidates[0].commitment
    if shown.known_as in OUTCOME_KNOWN or not thing_not_spoken_of(shown.question, first, composer.gazetteer):
        return None
    wide = leaning.services.search.find(composer.gazetteer.without(shown.question.text))
    if decide(wide, may_clarify=False).outcome is not Outcome.ANSWERED or wide.answerable < THING_FROM:
        return None
    if thing_not_spoken_of(shown.question, wide.candidates[0].commitment, composer.gazetteer, anywhere=True):
        return None
    return replace(wide, understood=shown.understood, question=shown.question)


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


def list_part(
    leaning: Leaning, name: str, items: Sequence[Commitment], question: str, asked: Question | None = None
) -> Reply:
    """The first lines of a list of what the plan says on a subject; the rest waits for 「还有呢」.

    Of a place that is `asked` for it is told which lines speak of it.
    """
    part, rest = items[:LINES], items[LINES:]
    year = leaning.services.today_year
    answer = leaning.services.composer.listed(name, part, len(rest), asked=asked, today_year=year)
    after = leaning.before.listing(name, part[0].id, part[0].topic, question, [c.id for c in rest])
    return Reply(answer, after)
