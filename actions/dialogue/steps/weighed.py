"""A question of one thing."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import found
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide


def weighed(leaning: Leaning) -> Reply:
    """A passage, a refusal or a clarification, by the costs in `knowledge/reply/decide.py`."""
    finding, before, composer = leaning.finding, leaning.before, leaning.services.composer
    decision = decide(finding, may_clarify=not before.clarified)
    if decision.outcome is Outcome.CLARIFY:
        readings = [candidate.commitment for candidate in decision.readings]
        return Reply(composer.clarify(readings), before.after_clarification())
    if decision.outcome is Outcome.ANSWERED:
        return found(leaning, finding, same=leaning.same)
    if decision.outcome is Outcome.NOT_IN_PLAN:
        return Reply(composer.not_in_plan(finding), before.after_other())
    return Reply(composer.out_of_scope(), before.after_other())
