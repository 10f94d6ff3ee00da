"""Questions that staff ask to see the answer: through all that a resident's goes through, and nothing of it is kept.

Neither the log nor the dialogue's state hear of it, staff are told of no danger, and a pause of answering does not hold.
"""

from __future__ import annotations

import asyncio
import uuid
from copy import copy
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore

from bot.channels.turns import Messages, messages_of, read_ahead
from bot.channels.watching import Noticed, Watchman
from bot.releases import RELEASE, paths_of, releases
from conversations.masking import mask
from conversations.turn_log import TurnLog
from conversations.turns import sendable
from danger.replies import NOTICED
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.languages import reply_language
from knowledge.reply.too_long import too_long
from wire.message import DRAFTS, MAX_MESSAGE_CHARS, neutral

CHANNEL = "rest"
ANSWER_ID = "rehearsal"  # of an answer that did not pass Rasa: nobody can vote on it
WITHIN_S = 60.0  # the action server may have to load the release first, which takes it five seconds when idle


class ReleaseNotLoaded(Exception):
    """The release that is asked for cannot be."""


class Rehearsal:
    """Answers as a release would answer somebody who has asked nothing before."""

    def __init__(self, log: TurnLog, watchman: Watchman | None = None) -> None:
        self._watchman = watchman or Watchman(log)

    async def answer(self, question: str, release_id: str = "", *, drafts: bool = False) -> Messages:
        """The reply's messages, with `drafts` as if the drafts on the shelf held. Raises `ReleaseNotLoaded`, and whatever goes wrong."""
        held = await releases.to_rehearse(release_id)
        if held is None:
            raise ReleaseNotLoaded(release_id)
        text, asker = neutral(mask(question).text), f"rehearsal-{uuid.uuid4().hex}"
        look = (question, text, asker, paths_of(held.release))
        noticed = await asyncio.get_running_loop().run_in_executor(None, self._notice, *look)
        if noticed.is_acute:
            return messages_of(self._watchman.reply(noticed), ANSWER_ID)
        if len(question) > MAX_MESSAGE_CHARS:
            return messages_of(too_long(len(question), reply_language(text)), ANSWER_ID)
        collector = CollectingOutputChannel()
        about: dict[str, Any] = {RELEASE: held.id, "masked": [], NOTICED: noticed.as_metadata(), DRAFTS: drafts}
        message = UserMessage(text, collector, asker, input_channel=CHANNEL, metadata=about)
        answering = asyncio.ensure_future(_on_its_own(held.value).handle_message(message))
        await asyncio.wait_for(asyncio.shield(answering), WITHIN_S)  # a caller who hangs up breaks nothing off
        return sendable(collector.messages)

    def _notice(self, question: str, text: str, asker: str, paths: KnowledgePaths) -> Noticed:
        understood, _ = read_ahead(text, paths)
        try:
            return self._watchman.look(question, asker, understood)
        finally:
            self._watchman.forget(asker)


def _on_its_own(processor: MessageProcessor) -> MessageProcessor:
    """The same model and action server; what it stores goes to memory of its own, and no broker hears of it."""
    other = copy(processor)
    other.tracker_store = InMemoryTrackerStore(processor.domain)
    return other
