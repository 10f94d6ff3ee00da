"""A follower's message while this process is answering it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.channels.wechat.accounts import Account
from bot.channels.wechat.envelope import Incoming
from bot.channels.wechat.text_form import Prepared
from conversations.deliveries import Delivery


@dataclass
class Flight:
    """`task` gives the reply, or None where none is owed any more.

    `waiting` counts the connections on which the platform waits for it, `watcher` delivers it when none is left;
    `pushing`: it is on its way through the platform's API, until `push_ended`, one way or the other; `recorded`: the
    database has it; `carried` are the earlier messages whose replies it contains.
    """

    account: Account
    message: Incoming
    delivery: Delivery
    task: asyncio.Task[Prepared | None] | None = None
    waiting: int = 0
    watcher: asyncio.Task[None] | None = None
    pushing: bool = False
    push_ended: asyncio.Event = field(default_factory=asyncio.Event)
    recorded: bool = True
    carried: list[str] = field(default_factory=list)

    @property
    def reply(self) -> asyncio.Task[Prepared | None]:
        """The task, which every flight has from its start."""
        assert self.task is not None
        return self.task


def sender_of(account: Account, follower: str) -> str:
    """A follower as `TurnTaker` and the keyed hashes take it: OpenIDs are each account's own."""
    return f"{account.name}/{follower}"


def platform_key(message: Incoming) -> str:
    """What names a message within a follower's; MsgIds were seen to repeat among followers, never within one."""
    if message.message_id:
        return message.message_id
    return f"{message.created_at}/{message.event}/{message.event_key}"
