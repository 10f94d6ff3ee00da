"""Followers' messages under way: on disk before anything is done with them, until their answer has left.

| state | meaning |
|---|---|
| `received` | being answered by `worker`, whose lease runs until `leased_until`; after that by whoever claims it |
| `answered` | the reply is known and has not left: with the follower's next message, or by push at `push_at` |
| `replied` | sent on the connection that brought the message; a retry gets it again |
| `pushed` | sent through the platform's API |
| `carried` | sent together with the reply to a later message |
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from conversations.database import Database, as_json
from conversations.errors import LogConflict, SealBroken
from conversations.followers import Followers, FollowerState
from conversations.models import DeliveryRow, FollowerRow
from conversations.vault import Vault

MOST_TRIES = 2  # workers that died at a message, each of which had taken it up
OWED = ("received", "answered")
KEPT = timedelta(hours=48)  # for what is owed: after that it cannot be pushed and nobody waits for it
KEPT_DONE = timedelta(minutes=10)  # for the rest: a platform's retries come within 15 seconds


@dataclass(frozen=True)
class Delivery:
    """One message of a follower. `message` is what came (empty once answered), `reply` what goes out (empty before)."""

    id: str
    session: str
    account: str
    received_at: datetime
    state: str = "received"
    message: Mapping[str, Any] = field(default_factory=dict, repr=False)
    reply: Mapping[str, Any] = field(default_factory=dict)
    leased_until: datetime | None = None
    tries: int = 1

    @property
    def is_set_aside(self) -> bool:
        """Whether as many workers died at it as may: it goes to staff, and is not tried again."""
        return self.tries >= MOST_TRIES


class Deliveries:
    """Safe to share between threads; methods may raise `LogUnavailable`. `worker` names this process."""

    def __init__(self, database: Database, vault: Vault, followers: Followers, worker: str) -> None:
        self._database = database
        self._followers = followers
        self._vault = vault
        self._worker = worker

    def accept(self, delivery: Delivery, platform_id: str, leased_until: datetime) -> bool:
        """Write a message down for this worker, and to whom its answer goes; false if it is there already."""
        while True:
            try:
                self._write(delivery, platform_id, leased_until)
                return True
            except LogConflict:
                if self.get(delivery.id) is not None:
                    return False  # else only the follower was new to two at once, and is known now

    def _write(self, delivery: Delivery, platform_id: str, leased_until: datetime) -> None:
        with self._database.session(write=True) as session:
            self._followers.meet(session, delivery.session, delivery.account, platform_id, delivery.received_at)
            session.flush()  # the follower's row first in every process: in another order two wait for each other
            session.add(
                DeliveryRow(
                    id=delivery.id,
                    session=delivery.session,
                    account=delivery.account,
                    received_at=delivery.received_at,
                    state="received",
                    sealed_message=self._vault.seal(as_json(delivery.message)),
                    reply={},
                    worker=self._worker,
                    leased_until=leased_until,
                )
            )

    def get(self, delivery_id: str) -> Delivery | None:
        """A message by its key."""
        with self._database.session() as session:
            row = session.get(DeliveryRow, delivery_id)
        return self._read(row) if row else None

    def claim(self, delivery_id: str, now: datetime, leased_until: datetime) -> bool:
        """Take over a message whose worker is gone; true for one caller."""
        orphan = update(DeliveryRow).where(
            DeliveryRow.id == delivery_id, DeliveryRow.state == "received", DeliveryRow.leased_until <= now
        )
        with self._database.session(write=True) as session:
            values = {"worker": self._worker, "leased_until": leased_until, "tries": DeliveryRow.tries + 1}
            return bool(session.execute(orphan.values(**values)).rowcount)

    def release(self, delivery_ids: Collection[str], now: datetime) -> None:
        """A worker ends as it was asked to: others may take these up at once, and it died at none of them."""
        mine = update(DeliveryRow).where(
            DeliveryRow.id.in_(delivery_ids), DeliveryRow.worker == self._worker, DeliveryRow.state == "received"
        )
        with self._database.session(write=True) as session:
            session.execute(mine.values(leased_until=now, tries=DeliveryRow.tries - 1))

    def extend(self, delivery_ids: Collection[str], leased_until: datetime) -> None:
        """Say that this worker is alive and still at these."""
        mine = update(DeliveryRow).where(DeliveryRow.id.in_(delivery_ids), DeliveryRow.worker == self._worker)
        with self._database.session(write=True) as session:
            session.execute(mine.values(leased_until=leased_until))

    def owed(self, session: str, before: datetime) -> list[Delivery]:
        """What a follower sent before a moment and was not answered yet, oldest first."""
        wanted = select(DeliveryRow).where(
            DeliveryRow.session == session, DeliveryRow.state.in_(OWED), DeliveryRow.received_at < before
        )
        with self._database.session() as transaction:
            return [self._read(row) for row in transaction.scalars(wanted.order_by(DeliveryRow.received_at))]

    def settle(
        self,
        delivery: Delivery,
        reply: Mapping[str, Any],
        state: str,
        carried: Sequence[str] = (),
        follower: FollowerState | None = None,
        push_at: datetime | None = None,
    ) -> None:
        """The reply is known: keep it, forget the message, and what else follows from it, all or nothing.

        `carried` are the messages whose replies it contains, `follower` the follower's state after it. A reply
        that a later one carried off meanwhile stays carried.
        """
        with self._database.session(write=True) as session:
            values = {"state": state, "reply": dict(reply), "sealed_message": "", "push_at": push_at}
            known = update(DeliveryRow).where(DeliveryRow.id == delivery.id, DeliveryRow.state != "carried")
            session.execute(known.values(**values))
            if carried:
                done = {"state": "carried", "sealed_message": "", "push_at": None}
                session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(carried)).values(**done))
            if follower is not None:
                session.execute(
                    update(FollowerRow)
                    .where(FollowerRow.session == delivery.session)
                    .values(
                        choices=[dict(choice) for choice in follower.choices],
                        rest=follower.rest,
                        answer_id=follower.answer_id,
                    )
                )

    def mark(self, delivery_id: str, state: str, push_at: datetime | None = None) -> None:
        """The reply has left, or will be pushed at another time; what was carried or erased meanwhile stays so."""
        due = update(DeliveryRow).where(DeliveryRow.id == delivery_id, DeliveryRow.state != "carried")
        with self._database.session(write=True) as session:
            session.execute(due.values(state=state, push_at=push_at))

    def orphans(self, accounts: Collection[str], now: datetime) -> list[Delivery]:
        """Messages whose worker is gone, oldest first."""
        return self._select(accounts, DeliveryRow.state == "received", DeliveryRow.leased_until <= now)

    def claim_push(self, delivery_id: str, now: datetime, again_at: datetime) -> bool:
        """Take a due push upon this worker; true for one caller. It is due again at `again_at` unless marked by then."""
        due = update(DeliveryRow).where(
            DeliveryRow.id == delivery_id, DeliveryRow.state == "answered", DeliveryRow.push_at <= now
        )
        with self._database.session(write=True) as session:
            return bool(session.execute(due.values(push_at=again_at)).rowcount)

    def due(self, accounts: Collection[str], now: datetime) -> list[Delivery]:
        """Replies whose time to be pushed (again) has come, oldest first."""
        return self._select(accounts, DeliveryRow.state == "answered", DeliveryRow.push_at <= now)

    def forget_old(self, now: datetime) -> None:
        """Delete what has left, and what nobody waits for any more."""
        old = or_(
            DeliveryRow.received_at <= now - KEPT,
            DeliveryRow.state.not_in(OWED) & (DeliveryRow.received_at <= now - KEPT_DONE),
        )
        with self._database.session(write=True) as session:
            session.execute(delete(DeliveryRow).where(old))

    def _select(self, accounts: Collection[str], *conditions: Any) -> list[Delivery]:
        wanted = select(DeliveryRow).where(DeliveryRow.account.in_(accounts), *conditions)
        with self._database.session() as session:
            return [self._read(row) for row in session.scalars(wanted.order_by(DeliveryRow.received_at))]

    def _read(self, row: DeliveryRow) -> Delivery:
        return Delivery(
            id=row.id,
            session=row.session,
            account=row.account,
            received_at=row.received_at,
            state=row.state,
            message=self._message(row.sealed_message),
            reply=row.reply,
            leased_until=row.leased_until,
            tries=row.tries,
        )

    def _message(self, sealed: str) -> Mapping[str, Any]:
        if not sealed:
            return {}
        try:
            return json.loads(self._vault.open(sealed))
        except SealBroken:  # the installation has a new secret: what was asked is lost, an apology is owed
            return {}
