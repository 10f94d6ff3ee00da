"""From a follower's message to an answer that reaches them: once, in time, and whatever dies in between.

The platform waits 5 s and delivers three times; what is not ready by then is pushed (verified accounts) or waits
for the follower's next message. A message is on disk before anything is done with it (`conversations.deliveries`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from bot.channels.wechat import words
from bot.channels.wechat.accounts import Account
from bot.channels.wechat.answering import Answering, InThread
from bot.channels.wechat.envelope import Incoming
from bot.channels.wechat.flight import Flight, platform_key, sender_of
from bot.channels.wechat.platform_calls import CallFailed
from bot.channels.wechat.short_words import is_nudge
from bot.channels.wechat.text_form import Prepared, first_page, joined
from conversations.deliveries import Deliveries, Delivery
from conversations.errors import ConversationsError
from conversations.followers import Followers, FollowerState
from conversations.identity import message_key, session_key

logger = logging.getLogger(__name__)
CHANNEL = "wechat"
ANSWER_WITHIN_S = 4.5  # of the platform's five; half a second is for the way back
PLATFORM_WAITS_S = 5.0  # 微信官方文档「接收普通消息」: then the connection is dropped
LEASE = timedelta(seconds=6)  # a dead process's message is free before the platform's second retry
HEARTBEAT_S = 2.0
PUSH_SOON_S = 1.0  # for the end of an earlier answer's push, before the next message is answered without it
PUSH_AGAIN = timedelta(minutes=1)  # an outage of the platform's lasts minutes
POLL_S = 0.1
Turn = Callable[[str, str, str], Awaitable[list[dict[str, Any]]]]  # text, sender, message id → reply
SetAside = Callable[[str, str, str], list[dict[str, Any]]]  # the same, for a message that is not tried any more
ForeseesDanger = Callable[[str, str], Awaitable[bool]]  # text, sender → whether its turn gives the numbers to call


async def _foresees_none(_text: str, _sender: str) -> bool:
    return False


def _set_aside_nowhere(_text: str, _sender: str, _message_id: str) -> list[dict[str, Any]]:
    return []


class Pusher(Protocol):
    """`platform_calls.PlatformCalls`, as far as it is needed here."""

    async def send_text(self, follower: str, text: str) -> None:
        """Raises `CallFailed`."""


class Deliverer:
    """One for a process. `pushers` are the platform's APIs by account."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        pushers: Mapping[str, Pusher],
        answering: Answering,
        turn: Turn,
        deliveries: Deliveries,
        followers: Followers,
        in_thread: InThread,
        foresees_danger: ForeseesDanger = _foresees_none,
        set_aside: SetAside = _set_aside_nowhere,
    ) -> None:
        self._accounts = accounts
        self._pushers = pushers
        self._answering = answering
        self._turn = turn
        self._deliveries = deliveries
        self._followers = followers
        self._in_thread = in_thread
        self._foresees_danger = foresees_danger
        self._set_aside = set_aside
        self._flights: dict[str, Flight] = {}
        self._erasing: set[asyncio.Task[None]] = set()

    async def receive(self, account: Account, message: Incoming, arrived: float) -> str | None:
        """The text to reply with on this connection, or None for the platform's `success`.

        `arrived` is the event loop's time at which the request came.
        """
        flight = self._flight(account, message)
        flight.waiting += 1
        left = False
        try:
            left_s = ANSWER_WITHIN_S - (_clock() - arrived)
            done, _ = await asyncio.wait({flight.reply}, timeout=max(0.0, left_s))
            if not done:
                return None if account.can_push else words.SEARCHING
            if flight.pushing:  # on its way already: not twice
                left = True
                return None
            page = await self._settle(flight, "replied")
            left = _clock() - arrived < PLATFORM_WAITS_S
            return page
        finally:  # also when the platform hangs up, which cancels the request
            flight.waiting -= 1
            if left and not flight.waiting:
                self._flights.pop(flight.delivery.id, None)
            elif flight.watcher is None and not left:
                flight.watcher = asyncio.create_task(self._deliver_late(flight))

    async def forget(self, account: Account, message: Incoming, erase: Callable[[str], Any]) -> None:
        """Have `erase` erase a follower who left; once more when a turn that is under way has ended."""
        session = session_key(CHANNEL, sender_of(account, message.follower))
        theirs = [flight for flight in self._flights.values() if flight.delivery.session == session]
        for flight in theirs:
            if flight.watcher is not None:
                flight.watcher.cancel()
            self._flights.pop(flight.delivery.id, None)

        async def erase_again() -> None:
            await asyncio.wait({flight.reply for flight in theirs})
            await self._in_thread(erase, session)

        await self._in_thread(erase, session)
        if theirs:
            again = asyncio.create_task(erase_again())
            self._erasing.add(again)
            again.add_done_callback(self._erasing.discard)

    async def heartbeat(self) -> None:
        """Tell other processes that this one is alive and at its messages; runs until cancelled."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self._flights:
                await self._safely(self._deliveries.extend, list(self._flights), _now() + LEASE)

    async def stop(self) -> None:
        """End what is under way in this process."""
        tasks = {task for flight in self._flights.values() for task in (flight.task, flight.watcher) if task}
        for task in tasks | self._erasing:
            task.cancel()
        await asyncio.gather(*tasks, *self._erasing, return_exceptions=True)
        if self._flights:
            await self._safely(self._deliveries.release, list(self._flights), _now())

    async def take_up(self) -> None:
        """Answer what a dead process left, push what could not be pushed before, delete what has expired."""
        now, names = _now(), tuple(self._accounts)
        for delivery in await self._safely(self._deliveries.orphans, names, now) or ():
            await self._resume(delivery)
        for delivery in await self._safely(self._deliveries.due, names, now) or ():
            if delivery.id in self._flights or not self._accounts[delivery.account].can_push:
                continue
            if await self._safely(self._deliveries.claim_push, delivery.id, now, now + PUSH_AGAIN):
                await self._push(delivery, first_page(Prepared.from_json(delivery.reply).text)[0])
        await self._safely(self._deliveries.forget_old, now)
        await self._safely(self._followers.forget_old, now)

    def _flight(self, account: Account, message: Incoming) -> Flight:
        """The flight of a message; there is one at most, so deliveries of the same message share it."""
        sender = sender_of(account, message.follower)
        key = message_key(CHANNEL, sender, platform_key(message))
        flight = self._flights.get(key)
        if flight is None:
            kept = {name: value for name, value in asdict(message).items() if name != "follower"}
            delivery = Delivery(key, session_key(CHANNEL, sender), account.name, _now(), message=kept)
            flight = self._start(Flight(account, message, delivery), self._accept_and_answer)
        return flight

    def _start(self, flight: Flight, work: Callable[[Flight], Awaitable[Prepared | None]]) -> Flight:
        self._flights[flight.delivery.id] = flight
        flight.task = asyncio.create_task(self._apologise_if_failing(flight, work))
        return flight

    async def _apologise_if_failing(
        self, flight: Flight, work: Callable[[Flight], Awaitable[Prepared | None]]
    ) -> Prepared | None:
        try:
            return await work(flight)
        except Exception:
            logger.exception("wechat account=%s delivery=%s failed", flight.account.name, flight.delivery.id)
            return Prepared(words.TROUBLE, aside=True)

    async def _accept_and_answer(self, flight: Flight) -> Prepared | None:
        try:
            new = await self._in_thread(
                self._deliveries.accept, flight.delivery, flight.message.follower, _now() + LEASE
            )
        except ConversationsError as error:
            logger.error("wechat delivery=%s answered without a record: %s", flight.delivery.id, error)
            new, flight.recorded = True, False
        return await self._answer(flight) if new else await self._known(flight)

    async def _known(self, flight: Flight) -> Prepared | None:
        """A message that came before this process knew of it: its reply, or None where it has left another way."""
        while True:
            found = await self._in_thread(self._deliveries.get, flight.delivery.id)
            if found is None or found.state in ("pushed", "carried"):
                return None
            if found.state in ("replied", "answered"):
                flight.delivery = found
                return Prepared.from_json(found.reply)
            now = _now()
            if found.leased_until <= now and await self._in_thread(self._deliveries.claim, found.id, now, now + LEASE):
                flight.delivery = found
                return await self._answer(flight)
            await asyncio.sleep(POLL_S)

    async def _answer(self, flight: Flight) -> Prepared:
        """What is still owed to the follower, and then the reply to this message, unless it is only a nudge.

        In danger the reply alone, at once: what is owed, and may still be looked for, stays so for the next message.
        """
        account, message = flight.account, flight.message
        sender = sender_of(account, message.follower)
        if flight.delivery.is_set_aside:  # two workers died at it
            messages = self._set_aside(message.text, sender, platform_key(message))
            said = next((str(each["text"]) for each in messages if "text" in each), words.TROUBLE)
            return Prepared(said, aside=True)
        state, earlier = await self._safely(self._before, flight.delivery) or (FollowerState(), [])
        if earlier and await self._foresees_danger(message.text, sender):
            earlier = []
        owed = await self._owed(flight, earlier)
        if owed and message.kind == "text" and is_nudge(message.text):
            return joined(owed)

        async def ask(question: str) -> list[dict[str, Any]]:
            return await self._turn(question, sender, platform_key(message))

        return joined([*owed, await self._answering.reply(message, state, ask)])

    def _before(self, delivery: Delivery) -> tuple[FollowerState, list[Delivery]]:
        """What the follower's last reply left, and what came before and has not been answered. Blocks."""
        return self._followers.state(delivery.session), self._deliveries.owed(delivery.session, delivery.received_at)

    async def _owed(self, flight: Flight, deliveries: Sequence[Delivery]) -> list[Prepared]:
        """Replies to these earlier messages, oldest first; waits for those that are being answered."""
        account = flight.account
        replies: dict[str, Prepared] = {}
        for earlier in deliveries:
            other = self._flights.get(earlier.id)
            if other is None and earlier.state == "received":
                other = await self._resume(earlier, flight.message.follower)
            if other is not None and account.can_push:
                if not other.pushing or not await _soon(other.push_ended):
                    continue  # it will be pushed
                other, earlier = None, await self._safely(self._deliveries.get, earlier.id) or earlier
            if other is not None:
                reply = await asyncio.shield(other.reply)
                for contained in other.carried:
                    replies.pop(contained, None)
                    flight.carried.append(contained)
            else:
                reply = Prepared.from_json(earlier.reply) if earlier.state == "answered" else None
            if reply is not None:
                replies[earlier.id] = reply
                flight.carried.append(earlier.id)
        return list(replies.values())

    async def _resume(self, delivery: Delivery, follower: str | None = None) -> Flight | None:
        """Take over a message whose process is gone; None if it is another's, or its follower cannot be known."""
        account, now = self._accounts.get(delivery.account), _now()
        follower = follower or await self._safely(self._followers.platform_id, delivery.session, now)
        if account is None or not follower or delivery.id in self._flights:
            return self._flights.get(delivery.id)
        if not await self._safely(self._deliveries.claim, delivery.id, now, now + LEASE):
            return None
        logger.info("wechat account=%s delivery=%s taken up again", account.name, delivery.id)
        message = Incoming(**{**delivery.message, "follower": follower}) if delivery.message else None
        flight = Flight(account, message or Incoming("unreadable", follower, account.app_id, 0), delivery)
        self._start(flight, self._answer)
        flight.watcher = asyncio.create_task(self._deliver_late(flight))
        return flight

    async def _deliver_late(self, flight: Flight) -> None:
        """Once the reply is known: push it, or keep it for the follower's next message."""
        await asyncio.wait({flight.reply})
        flight.watcher = None
        if flight.waiting:  # a retry came meanwhile and takes it along
            return
        push = flight.pushing = flight.account.can_push
        page = await self._settle(flight, "answered", _now() + PUSH_AGAIN if push else None)
        if page and push:
            await self._push(flight.delivery, page)
        flight.push_ended.set()
        if not flight.waiting:
            self._flights.pop(flight.delivery.id, None)

    async def _settle(self, flight: Flight, state: str, push_at: datetime | None = None) -> str | None:
        """Write down the reply and what follows from it; the page to send now."""
        reply = flight.reply.result()
        if reply is None:
            return None
        page, rest = first_page(reply.text)
        after = None if reply.aside else FollowerState([asdict(c) for c in reply.choices], rest, reply.answer_id)
        again = flight.delivery.state in ("replied", "answered")  # read from the disk: the follower may have moved on
        if flight.recorded:
            await self._safely(
                self._deliveries.settle,
                flight.delivery,
                reply.as_json(),
                state,
                tuple(flight.carried),
                None if again else after,
                push_at,
            )
        return page

    async def _push(self, delivery: Delivery, page: str) -> None:
        """Send through the platform's API; what cannot be sent stays owed."""
        follower = await self._safely(self._followers.platform_id, delivery.session, _now())
        if not follower:
            await self._safely(self._deliveries.mark, delivery.id, "answered", None)
            return
        try:
            await self._pushers[delivery.account].send_text(follower, page)
        except CallFailed as error:
            logger.warning("wechat account=%s delivery=%s 没有推送成：%s", delivery.account, delivery.id, error)
            waited = _now() - delivery.received_at  # each pause as long as all before it
            again = _now() + max(PUSH_AGAIN, waited) if error.again_later else None
            await self._safely(self._deliveries.mark, delivery.id, "answered", again)
            return
        await self._safely(self._deliveries.mark, delivery.id, "pushed", None)

    async def _safely(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The function's result, or None when the database does not answer: the follower still gets a reply."""
        try:
            return await self._in_thread(function, *arguments)
        except ConversationsError as error:
            logger.error("wechat: %s", error)
            return None


async def _soon(event: asyncio.Event) -> bool:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), PUSH_SOON_S)
    return event.is_set()


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _clock() -> float:
    return asyncio.get_running_loop().time()
