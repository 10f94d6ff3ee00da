"""The action of `domain.yml`. Thin: tracker in, `Responder`, answer/1 out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance, unpack_vector
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from actions.documents.standings import TurnScope
from actions.opening import responder_with
from actions.remembering import RememberedReplies
from actions.trace import trace_of
from danger.published import PublishedReplies
from danger.replies import NOTICED
from knowledge.groundwork import settings
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Understood
from knowledge.published.reading import published
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.next_steps import with_next_steps
from knowledge.reply.sentence import said
from knowledge.search.finder import Finder
from monitor import metrics
from monitor.context import REQUEST, TURN, turn_id, working_for
from monitor.corrections import tell_corrections
from releases.in_use import InUse
from releases.release import Release
from settings.bot import SERVICES_URL
from settings.programs import OMP_NUM_THREADS
from wire.message import DRAFTS
from wire.trace import TRACE
from wire.underway import shared_underway

logger = logging.getLogger(__name__)


FIRST_QUESTION = "养老院床位有多少"  # nobody asks it: it warms a process up before residents do
RELEASE = "release"  # metadata of a message: the release that the bot began the turn with


def responder_of(release: Release | None) -> Responder:
    """Reads the knowledge of a release, or what the environment names; takes seconds."""
    return responder_on(KnowledgePaths.of(release.knowledge) if release else settings.built_paths())


def responder_on(paths: KnowledgePaths) -> Responder:
    """Reads the knowledge of a folder; takes seconds."""
    corrections = published()
    responder = responder_with(Finder.open(paths, corrections=corrections), corrections, settings.plan_reader_url())
    responder.reply(Utterance(FIRST_QUESTION, {}), Conversation())  # what is loaded at first use is loaded now
    return responder


@lru_cache(maxsize=1)
def danger_replies() -> PublishedReplies:
    """The wording for danger that holds in this process."""
    return PublishedReplies(settings.staff_url(), moved_from=settings.staff_moved_from())


def _with_danger(answer: Answer, metadata: Mapping[str, Any]) -> Answer:
    """The answer with a quiet line where the channel noticed a doubtful case, or acute danger shortly before."""
    noticed = metadata.get(NOTICED)
    return danger_replies().current().beside(answer, noticed) if noticed else answer


@lru_cache(maxsize=1)
def responders() -> InUse[Responder]:
    """The process's responders, one for each release in use; what serves is read when the server starts."""
    OMP_NUM_THREADS.fill_in()
    in_use = InUse(responder_of, reads=READ)
    in_use.start()
    in_use.follow_on()
    return in_use


@lru_cache(maxsize=1)
def open_shelf() -> OpenShelf:
    """The documents beside the own plan, as this process has them open; all that is there is opened at first use."""
    return OpenShelf().start()


class EndedItsProcess(RuntimeError):
    """A message that ended the action server twice: it is not tried again, and the bot leaves it to staff."""


def tell_numbers() -> None:
    """What the numbers say of this process beside its answers: the release that serves, the corrections that it has read."""
    metrics.RELEASE.info({"release": responders().serving.id})
    tell_corrections(published().current())
    metrics.READY.set(1)


class ActionAnswer(Action):
    """Every turn: one reply, sent once; an exception only for what was set aside."""

    def __init__(self) -> None:
        self._responders = responders()
        self._shelf = open_shelf()
        self._remembered = RememberedReplies()
        self._underway = shared_underway("actions")

    def name(self) -> str:
        """As in the domain."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """`_run`, unless that ended this program twice. Raises `EndedItsProcess`."""
        text = str((tracker.latest_message or {}).get("text") or "")
        if not self._underway.begin(tracker.sender_id, text):
            raise EndedItsProcess(f"a message of {tracker.sender_id} ended the action server twice: it is set aside")
        try:
            return await self._run(dispatcher, tracker)
        finally:
            self._underway.end(tracker.sender_id, text)

    async def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Send one answer/1; a failure becomes outcome `error`, with its cause in the log only."""
        told = (tracker.latest_message or {}).get("metadata") or {}
        answer_id = turn_id(told.get(TURN))
        with working_for(str(told.get(REQUEST) or ""), answer_id):
            return await self._answer(dispatcher, tracker, answer_id)

    async def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer_id: str) -> list[EventType]:
        now, started = time.time(), time.perf_counter()
        before = Conversation.from_slot(tracker.get_slot("conversation")).unless_silent_since(now)
        message = tracker.latest_message or {}
        responder = await self._responder((message.get("metadata") or {}).get(RELEASE, ""))
        try:
            desk = DocumentDesk(responder, self._shelf)
            scope = TurnScope(drafts=bool((message.get("metadata") or {}).get(DRAFTS)))
            intent = message.get("intent", {}).get("name", "")
            reply = self._remembered.reply(desk, utterance_of(tracker), before, intent, scope)
        except Exception:
            logger.exception("answer failed answer_id=%s sender=%s", answer_id, tracker.sender_id)
            reply = Reply(said(wording.ERROR, Outcome.ERROR, before.language_of(message.get("text") or "")), before)
        answer = with_next_steps(reply.answer, published().current().next_steps, SERVICES_URL.read())
        reply = replace(reply, answer=_with_danger(answer, message.get("metadata") or {}))
        answered_by, took_ms = reply.knowledge or responder.knowledge, (time.perf_counter() - started) * 1000
        trace = trace_of(reply.finding, answered_by, took_ms, reply.step)
        metrics.seconds_of_stages(dict(trace.stages_ms))
        metrics.ANSWERS.labels(reply.answer.outcome.value, reply.step).inc()
        logger.info("answered outcome=%s step=%s", reply.answer.outcome.value, reply.step)
        told = {TRACE: trace.as_metadata()}
        dispatcher.utter_message(text=reply.answer.text, json_message=reply.answer.custom(answer_id), **told)
        events: list[EventType] = [SlotSet("conversation", replace(reply.conversation, at=now).as_slot())]
        if reply.handoff:
            events.append(SlotSet("handoff_request", reply.handoff))
        return events

    async def _responder(self, release: str) -> Responder:
        """Of the release that the turn began with; the bot may have loaded it a moment earlier than this process."""
        if self._responders.is_loaded(release):
            return self._responders.named(release).value
        return (await asyncio.get_running_loop().run_in_executor(None, self._responders.named, release)).value


def utterance_of(tracker: Tracker) -> Utterance:
    """The last message with what NLU worked out; NLU's extras may be missing (`rasa shell`, tests)."""
    message = tracker.latest_message or {}
    ranking = {item["name"]: float(item["confidence"]) for item in message.get("intent_ranking") or []}
    understood = message.get("understood")
    packed = message.get("query_vector")
    return Utterance(
        text=message.get("text") or "",
        intents=ranking,
        understood=Understood(understood["text"], tuple((a, b) for a, b in understood["guesses"]))
        if understood
        else None,
        vector=unpack_vector(packed) if packed else None,
    )
