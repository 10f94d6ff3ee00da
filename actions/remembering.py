"""Replies to turns that lean on nothing, kept by their words until anything that they rest on changes.

What many residents ask in the same words (a question of the home page, one that a poster suggests) is worked out once.
Kept are words as the bot handed them over, masked; a reply that registers something is never kept.
"""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from actions.documents.desk import DocumentDesk
from actions.documents.standings import RESIDENTS, TurnScope
from knowledge.published.corrections import today
from knowledge.reply.answer import Outcome
from monitor import metrics

MOST = 500  # replies of one release
KEPT = {Outcome.ANSWERED, Outcome.CLARIFY, Outcome.NOT_IN_PLAN, Outcome.OUT_OF_SCOPE, Outcome.CHAT}
_NOTHING_SAID = Conversation()


@dataclass
class _RepliesOnState:
    """The replies that hold while what they rest on is `state`."""

    state: tuple[object, ...]
    replies: OrderedDict[Hashable, Reply] = field(default_factory=OrderedDict)

    def rests_on(self, state: tuple[object, ...]) -> bool:
        return len(state) == len(self.state) and all(map(operator.is_, state, self.state))


class RememberedReplies:
    """Of one process, for each release that answers; for use by one thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: WeakKeyDictionary[Responder, _RepliesOnState] = WeakKeyDictionary()

    def reply(
        self,
        desk: DocumentDesk,
        utterance: Utterance,
        before: Conversation,
        intent: str = "",
        scope: TurnScope = RESIDENTS,
    ) -> Reply:
        """The desk's reply, or the one that it gave to the same words; only how long it took to find is not that one's."""
        if before != _NOTHING_SAID:
            return desk.reply(utterance, before, intent, scope)
        days = desk.today(), today()  # here and in Qingpu: what is over, and which pointers hold
        kept, key = self._kept(desk), (days, utterance.text, utterance.understood, intent, scope)
        found = kept.replies.get(key)
        metrics.REMEMBERED.labels("found" if found else "worked_out").inc()
        if found:
            kept.replies.move_to_end(key)
            return found
        reply = desk.reply(utterance, before, intent, scope)
        if reply.answer.outcome in KEPT and reply.handoff is None and kept.rests_on(desk.resting_on()):
            kept.replies[key] = _untimed(reply)
            if len(kept.replies) > self._most:
                kept.replies.popitem(last=False)
        return reply

    def _kept(self, desk: DocumentDesk) -> _RepliesOnState:
        kept, state = self._of.get(desk.own), desk.resting_on()
        if kept is None or not kept.rests_on(state):
            kept = self._of[desk.own] = _RepliesOnState(state)
        return kept


def _untimed(reply: Reply) -> Reply:
    return replace(reply, finding=replace(reply.finding, took_ms=0.0)) if reply.finding else reply
