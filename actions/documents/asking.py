"""A question in full put to one document beside the own plan: its reply, with one look-up."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.conversation import Conversation
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.showing import found
from actions.dialogue.utterance import Utterance
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import OUTCOME_KNOWN
from knowledge.reply.unsaid import asked_for, unsaid
from knowledge.search.finding import Finding

STANDS_OUT_FROM = 0.9  # share of a sentence among the candidates, from which it is the one that a question is about
OURS_UP_TO = 0.3  # probability that the question is none of our business
NUMBER = "number"


def asked_of(responder: Responder, question: Utterance, before: Conversation, language: str) -> Reply:
    """The reply to a question that another document's dialogue settled on.

    What no plan says was learnt from one plan: that it does not say how many. Where the sentence that stands out gives just
    what is asked for, that is no reason to hold this one for silent.
    """
    leaning = responder.leaning(question, before, language=language)
    reply = responder.question_in(leaning)
    if reply.answer.outcome is not Outcome.NOT_IN_PLAN or reply.finding is None:
        return reply
    if not gives_what_is_asked(leaning, reply.finding):
        return reply
    sure = replace(reply.finding, odds=replace(reply.finding.odds, silent=0.0), aspect="")
    return responder.offering(replace(found(leaning, sure), step=reply.step), leaning)


def gives_what_is_asked(leaning: Leaning, finding: Finding) -> bool:
    """Whether one sentence stands out and holds the number that is asked for, in its measure, and all else that is."""
    if finding.known_as in OUTCOME_KNOWN or finding.odds.outside > OURS_UP_TO or not finding.candidates:
        return False
    first = finding.candidates[0].commitment
    share = sum(c.probability for c in finding.candidates if c.commitment.quote == first.quote)
    if share < STANDS_OUT_FROM or NUMBER not in asked_for(finding.question.text):
        return False
    left = unsaid(finding.question, [first.passage], leaning.services.composer.gazetteer)
    return not left.what and not left.places
