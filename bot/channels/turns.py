"""What every resident channel does with a message before and after Rasa."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import secrets
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.asked_after import may_ask_after, told_of_request
from bot.channels.notifying import Notifier
from bot.channels.pausing import paused_answer
from bot.channels.registered import RequestLookup
from bot.channels.watching import Noticed, Watchman
from bot.places import Places, places
from bot.releases import RELEASE, releases
from conversations.identity import derived_key, message_key, session_key
from conversations.keeping import PATIENCE_S, TurnKeeper
from conversations.masking import Masked, mask
from conversations.notices import Notice, NoticeBoard
from conversations.patience import Patience
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_events import HANDED_OVER_AT, RECEIVED_AT, STAGES
from conversations.turn_log import TurnLog
from conversations.turns import LOOKED_UP, PAUSED, Turn, failed_turn_id, sendable
from danger.replies import NOTICED
from knowledge.encoder.text_encoder import shared_encoder
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.languages import reply_language
from knowledge.language.normalise import shared_normalizer
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.sentence import said
from knowledge.reply.too_long import too_long
from monitor.context import REQUEST, TURN, context, new_turn_id, working_for
from monitor.metrics import TURNS, in_flight, seconds_of_stages
from settings.bot import TURN_DEADLINE_S
from wire.message import MAX_MESSAGE_CHARS, neutral
from wire.underway import shared_underway

logger = logging.getLogger(__name__)
CUT_CHARS = 100  # read beyond the limit, so that a number across it is seen whole
KEEPING_S = 0.5  # at the end of a turn's deadline, to keep the question of a turn that failed
LEAST_SHARE = 15 / 16  # of the deadline, however short, that Rasa has
REMEMBERED = 2048  # replies kept in memory for second deliveries, for when the log is late or broken
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Messages = list[dict[str, Any]]


def read_ahead(text: str, paths: KnowledgePaths) -> tuple[str, dict[str, float]]:
    """Normalise and encode a message before Rasa's pipeline asks for it: as understood, and milliseconds of both.

    Done in a thread of its own, where the encoder releases the interpreter lock: it fills the shared
    normaliser's and encoder's memory while the event loop serves other residents.
    """
    started = time.perf_counter()
    normalizer = shared_normalizer(paths)
    understood = normalizer.normalise(text).text
    normalised = time.perf_counter()
    if understood:
        shared_encoder().query(understood)
    return understood, {"normalise": (normalised - started) * 1000, "encode": (time.perf_counter() - normalised) * 1000}


def messages_of(answer: Answer, answer_id: str) -> Messages:
    """An answer that did not come from the action server, in the shape of Rasa's REST channel."""
    custom = json.loads(json.dumps(answer.custom(answer_id)))  # as it will be read back
    return [{"text": answer.text}, {"custom": custom}]


@dataclass(frozen=True)
class _Incoming:
    """A message as everything behind the channel knows it: masked, its sender and id hashed."""

    channel: str
    session: str
    message_id: str
    raw: str = field(repr=False)
    length: int
    metadata: Mapping[str, Any]
    network: str = ""
    received_at: float = field(default_factory=time.time)
    turn_id: str = field(default_factory=new_turn_id)  # the answer's, if Rasa gives one

    @cached_property
    def masked(self) -> Masked:
        """Worked out when it is first asked for (5 ms): what a limit refuses is never masked."""
        return mask(self.raw)

    @property
    def text(self) -> str:
        return neutral(self.masked.text)

    @property
    def language(self) -> str:
        """To answer in where the dialogue, which knows the turns before, has no say."""
        return reply_language(self.text)

    @property
    def failed_id(self) -> str:
        return failed_turn_id(self.session, self.message_id)


def _incoming(
    text: str,
    sender: str,
    channel: str,
    message_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    network: str = "",
) -> _Incoming:
    return _Incoming(
        channel=channel,
        session=session_key(channel, sender),
        message_id=message_key(channel, sender, message_id, text) if message_id else uuid.uuid4().hex,
        raw=text[: MAX_MESSAGE_CHARS + CUT_CHARS],
        length=len(text),
        metadata=metadata or {},
        network=network,
    )


class TurnTaker:
    """Sends a message through Rasa and collects the reply; nothing a resident says is lost, nothing is done twice."""

    def __init__(
        self,
        log: TurnLog | None = None,
        book: RequestBook | None = None,
        board: NoticeBoard | None = None,
        watchman: Watchman | None = None,
        notifier: Notifier | None = None,
        deadline_s: float | None = None,
        own_places: Places | None = None,
    ) -> None:
        derived_key("session")  # without a secret nobody can be served: say so at the start
        self._log = log or TurnLog()
        book = book or RequestBook(self._log.url)
        self._keeper, self.requests = TurnKeeper(self._log, book), RequestLookup(book)
        self._board = board or NoticeBoard()
        self._watchman = watchman or Watchman(self._log)
        self._notifier = notifier or Notifier.from_environment()
        self._deadline_s = deadline_s or TURN_DEADLINE_S.read()
        self._places = own_places or places
        self._underway = shared_underway("bot")
        self._patience = Patience(PATIENCE_S, "log-asked")
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode")
        self._running: dict[tuple[str, str], asyncio.Future[Messages]] = {}
        self._remembered: OrderedDict[tuple[str, str], tuple[datetime, Messages]] = OrderedDict()

    async def take(
        self,
        on_new_message: OnNewMessage,
        text: str,
        sender: str,
        channel: str,
        message_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        network: str = "",
    ) -> Messages:
        """The reply's messages, after the turn is on disk. Never raises; a failure gives outcome `error`.

        Personal data is masked and the sender hashed before Rasa sees the message. A `message_id` that this
        sender has sent before with this text gets the stored reply; one that is being answered right now waits for
        it. Without a `message_id`, or with another text, every message is new. `metadata` goes to the tracker: nothing personal may be in it.
        `network` is where it comes from (`network_of`), for the limit on trying numbers of requests; it is kept nowhere.
        """
        incoming = _incoming(text, sender, channel, message_id, metadata, network)
        messages = await self._once(on_new_message, incoming, may_be_known=message_id is not None)
        return [{"recipient_id": sender, **message} for message in messages]

    def set_aside(self, text: str, sender: str, channel: str, message_id: str) -> Messages:
        """The reply to a message that is not tried any more, whose question staff get; for a channel that counts itself."""
        return self._set_aside(_incoming(text, sender, channel, message_id))

    async def foresees_danger(self, text: str, sender: str, channel: str) -> bool:
        """Whether `take` would give the reply to acute danger: for a channel that would have other things said before."""
        noticed, _ = await self._read(_incoming(text, sender, channel))
        return noticed.is_acute

    def in_danger(self, text: str, sender: str, channel: str, message_id: str | None = None) -> Messages | None:
        """The reply to acute danger as the rules alone see it, else None: for a message that a channel's limit refuses.

        Neither logged nor told to staff, so that nobody can flood them with what no limit holds back.
        """
        incoming = _incoming(text, sender, channel, message_id)
        noticed = self._watchman.look_at_words(incoming.raw, incoming.session)
        return messages_of(self._watchman.reply(noticed), incoming.failed_id) if noticed.is_acute else None

    async def settle(self, session: str) -> None:
        """Wait for the turns of a session (a `session_key`) that are under way: no longer than a turn takes."""
        await asyncio.gather(
            *(turn for key, turn in self._running.items() if key[0] == session), return_exceptions=True
        )

    def forget(self, session: str) -> None:
        """Drop what is remembered of a session (a `session_key`) for second deliveries, when it is erased."""
        for key in [key for key in self._remembered if key[0] == session]:
            del self._remembered[key]
        self._watchman.forget(session)

    async def _once(self, on_new_message: OnNewMessage, incoming: _Incoming, *, may_be_known: bool) -> Messages:
        key = (incoming.session, incoming.message_id)
        if may_be_known:
            if key not in self._running and (known := await self._known(*key)):
                return known
            if key in self._running:  # also if it came while the log was asked
                return await asyncio.shield(self._running[key])
        answering = asyncio.ensure_future(self._answered(on_new_message, incoming))
        self._running[key] = answering
        answering.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(answering)  # a caller who hangs up does not stop the turn

    async def _known(self, session: str, message_id: str) -> Messages | None:
        at, remembered = self._remembered.get((session, message_id), (None, None))
        try:
            stored = await self._patience.asked(self._log.reply_to, session, message_id)
            if not stored and at is not None and await self._patience.asked(self._log.was_erased, session, at):
                return None  # perhaps by another process
        except Exception:
            logger.exception("the log could not be asked for an earlier reply")
            stored = None
        return stored or remembered

    async def _answered(self, on_new_message: OnNewMessage, incoming: _Incoming) -> Messages:
        """The reply, which is counted and has its line in the process's log."""
        with in_flight(incoming.channel), working_for(turn=incoming.turn_id):
            messages = await self._reply(on_new_message, incoming)
        custom: Mapping[str, Any] = next((sent["custom"] for sent in messages if "custom" in sent), {})
        outcome, took_s = str(custom.get("outcome") or Outcome.ERROR.value), time.time() - incoming.received_at
        TURNS.labels(incoming.channel, outcome).inc()
        with working_for(turn=str(custom.get("answer_id") or "")):
            logger.info("turn answered channel=%s outcome=%s took_s=%.3f", incoming.channel, outcome, took_s)
        return messages

    async def _reply(self, on_new_message: OnNewMessage, incoming: _Incoming) -> Messages:
        if not self._underway.begin(incoming.session, incoming.raw):
            return self._set_aside(incoming)
        try:
            with self._places.taken(incoming.session):
                return await self._answered_now(on_new_message, incoming)
        finally:
            self._underway.end(incoming.session, incoming.raw)

    def _set_aside(self, incoming: _Incoming) -> Messages:
        """A message that ended this program twice goes to staff, untried; whoever is in danger is told by the words alone."""
        logger.error("turn %s ended its process twice: it is set aside for staff", incoming.failed_id)
        noticed = self._watchman.look_at_words(incoming.raw, incoming.session)
        return self._in_danger(incoming, noticed) if noticed.is_acute else self._failed(incoming, noticed)

    async def _answered_now(self, on_new_message: OnNewMessage, incoming: _Incoming) -> Messages:
        noticed, stages = await self._read(incoming)
        seconds_of_stages(stages)
        if noticed.is_acute:
            messages = self._in_danger(incoming, noticed)
        elif incoming.length > MAX_MESSAGE_CHARS:
            messages = self._refused(incoming, noticed)
        elif pause := await self._pause():
            messages = self._kept(incoming, noticed, paused_answer(pause, incoming.language), step=PAUSED)
        elif told := await self._of_request(incoming):
            answer = self._watchman.beside(told, noticed)
            messages = messages_of(answer, incoming.failed_id)
            self._log_turn(incoming, answer, messages, LOOKED_UP)
        else:
            through = await self._through_rasa(on_new_message, incoming, noticed, stages)
            messages = through or self._failed(incoming, noticed)
        at = datetime.fromtimestamp(incoming.received_at, timezone.utc)
        self._remembered[(incoming.session, incoming.message_id)] = at, messages
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return messages

    async def _read(self, incoming: _Incoming) -> tuple[Noticed, dict[str, float]]:
        """What was noticed in a message, and the milliseconds of each stage of reading it; in a thread of its own.

        There it is masked, too: until then nobody has asked for its text.

        Words alone decide where reading takes longer than a turn may: who is in danger does not wait.
        """
        within = contextvars.copy_context()  # a thread of a pool knows nothing of the request
        reading = asyncio.get_running_loop().run_in_executor(self._reader, within.run, self._read_now, incoming)
        try:
            return await asyncio.wait_for(reading, self._deadline_s / 2)
        except asyncio.TimeoutError:
            logger.error("a message of %s could not be read in time", incoming.session)
            return self._watchman.look_at_words(incoming.raw, incoming.session), {}

    def _read_now(self, incoming: _Incoming) -> tuple[Noticed, dict[str, float]]:
        understood, stages = "", dict[str, float]()
        try:
            _, paths = releases.of(incoming.session)
            understood, stages = read_ahead(incoming.text, paths)
            if incoming.text != incoming.raw:  # what masking leaves of 「我姓王」 means something else than was said
                understood = shared_normalizer(paths).normalise(incoming.raw).text
        except Exception:
            logger.exception("a message of %s could not be read ahead", incoming.session)
        return self._watchman.look(incoming.raw, incoming.session, understood), stages

    async def _of_request(self, incoming: _Incoming) -> Answer | None:
        """How what waits for staff stands, to whoever asks that."""
        if not may_ask_after(incoming.text):
            return None
        language = reply_language(incoming.text, await self._last_language(incoming.session))
        return await told_of_request(self.requests, incoming.text, incoming.session, incoming.network, language)

    async def _last_language(self, session: str) -> str:
        """Of the reply before: a number alone says no language."""
        try:
            turns = await self._patience.asked(self._log.history, session, 1)
        except Exception:
            logger.exception("the log could not be asked for the turn before")
            return ""
        customs = [sent["custom"] for turn in turns for sent in turn.reply if "custom" in sent]
        return str(customs[-1].get("language") or "") if customs else ""

    def _in_danger(self, incoming: _Incoming, noticed: Noticed) -> Messages:
        """The numbers at once, without Rasa and whatever else is down; staff hear of it."""
        answer = self._watchman.reply(noticed)
        messages = messages_of(answer, incoming.failed_id)
        self._log_turn(incoming, answer, messages)
        self._notifier.tell(answer.danger or "", incoming.failed_id, incoming.channel)
        return messages

    async def _through_rasa(
        self, on_new_message: OnNewMessage, incoming: _Incoming, noticed: Noticed, stages: Mapping[str, float]
    ) -> Messages | None:
        """What Rasa replies after it has saved the turn, None if it has no answer within the deadline."""
        collector = CollectingOutputChannel()
        try:
            release, _ = releases.of(incoming.session)  # the turn ends with what it begins with
            about: dict[str, Any] = {RECEIVED_AT: incoming.received_at, STAGES: stages, RELEASE: release}
            about |= {"masked": list(incoming.masked.kinds), NOTICED: noticed.as_metadata()}
            about |= {REQUEST: context().request, TURN: incoming.turn_id}
            message = UserMessage(
                incoming.text,
                collector,
                incoming.session,
                input_channel=incoming.channel,
                message_id=incoming.message_id,
                metadata={**incoming.metadata, **about, HANDED_OVER_AT: time.time()},
            )
            await asyncio.wait_for(on_new_message(message), self._for_rasa_s(incoming))
        except Exception:
            logger.exception("turn failed channel=%s session=%s", incoming.channel, incoming.session)
        customs = [sent["custom"] for sent in collector.messages if "custom" in sent]
        if not customs:
            return None
        self._keep_contact(incoming, customs[0])
        return sendable(collector.messages)

    def _keep_contact(self, incoming: _Incoming, custom: Mapping[str, Any]) -> None:
        """A telephone number in a request for a person is what staff call back on: sealed, and only then kept."""
        contact = incoming.masked.contact
        if custom.get("outcome") != Outcome.HANDOFF.value or not contact:
            return
        self._keeper.keep_contact(str(custom["answer_id"]), incoming.session, contact)

    def _refused(self, incoming: _Incoming, noticed: Noticed) -> Messages:
        answer = self._watchman.beside(too_long(incoming.length, incoming.language), noticed)
        messages = messages_of(answer, incoming.failed_id)
        self._log_turn(incoming, answer, messages)
        return messages

    async def _pause(self) -> Notice | None:
        """The notice with which staff have turned answering off, if they have."""
        try:
            notice = await self._patience.asked(self._board.current)
        except Exception:
            logger.exception("the notices could not be read; answering goes on")
            return None
        return notice if notice and notice.answering_off else None

    def _failed(self, incoming: _Incoming, noticed: Noticed) -> Messages:
        return self._kept(incoming, noticed, said(wording.ERROR, Outcome.ERROR, incoming.language))

    def _kept(self, incoming: _Incoming, noticed: Noticed, answer: Answer, step: str | None = None) -> Messages:
        """A question that was not answered waits for staff."""
        answer = self._watchman.beside(answer, noticed)
        messages = messages_of(answer, incoming.failed_id)
        patience_s = max(KEEPING_S, self._left_s(incoming))
        self._log_turn(incoming, answer, messages, step, patience_s)
        request = StaffRequest(
            reference=f"F{datetime.now(timezone.utc):%y%m%d}-{secrets.token_hex(5)}",
            kind="failed_question",
            session=incoming.session,
            channel=incoming.channel,
            text=incoming.masked.text,
            answer_id=incoming.failed_id,
            created_at=datetime.fromtimestamp(incoming.received_at, timezone.utc),
        )
        self._keeper.keep_request(request, patience_s)
        return messages

    def _for_rasa_s(self, incoming: _Incoming) -> float:
        return self._left_s(incoming) - min(KEEPING_S, self._deadline_s * (1 - LEAST_SHARE))

    def _left_s(self, incoming: _Incoming) -> float:
        """How long the resident is still to wait."""
        return self._deadline_s - (time.time() - incoming.received_at)

    def _log_turn(
        self,
        incoming: _Incoming,
        answer: Answer,
        messages: Messages,
        step: str | None = None,
        patience_s: float | None = None,
    ) -> None:
        """A turn that did not pass Rasa, or not whole: the broker may not have seen it."""
        turn = Turn(
            id=incoming.failed_id,
            session=incoming.session,
            channel=incoming.channel,
            message_id=incoming.message_id,
            asked_at=datetime.fromtimestamp(incoming.received_at, timezone.utc),
            question=incoming.text[:MAX_MESSAGE_CHARS],
            masked=incoming.masked.kinds,
            outcome=answer.outcome.value,
            danger=answer.danger or "",
            step=step,
            headline=answer.headline,
            reply=messages,
            latency_ms={"total": round((time.time() - incoming.received_at) * 1000, 2)},
        )
        self._keeper.keep_turn(turn, patience_s)
