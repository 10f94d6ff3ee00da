"""What is kept of a platform's follower between messages: the numbers on offer, the rest of a long answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.errors import SealBroken
from conversations.models import FollowerRow
from conversations.vault import Vault

ID_KEPT = timedelta(hours=48)  # the platform's own window for pushing an answer after a follower's message


@dataclass(frozen=True)
class FollowerState:
    """The last reply's `choices` (each `{title, question}`), what of it was not sent yet, and its answer's id."""

    choices: Sequence[Mapping[str, Any]] = ()
    rest: str = ""
    answer_id: str = ""


class Followers:
    """Safe to share between threads; methods may raise `LogUnavailable`. Followers are known by their session's key."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def meet(self, transaction: Session, session: str, account: str, platform_id: str, now: datetime) -> None:
        """Within a transaction: the platform's id is sealed and kept for another `ID_KEPT`; the state stays."""
        sealed, until = self._vault.seal(platform_id), now + ID_KEPT
        known = update(FollowerRow).where(FollowerRow.session == session)
        if transaction.execute(known.values(sealed_id=sealed, id_until=until)).rowcount:
            return
        new = {"session": session, "account": account, "sealed_id": sealed, "id_until": until}
        transaction.add(FollowerRow(**new, choices=[], rest="", answer_id=""))

    def state(self, session: str) -> FollowerState:
        """What the follower's last reply left; empty for a new one."""
        with self._database.session() as transaction:
            row = transaction.get(FollowerRow, session)
        return FollowerState(tuple(row.choices), row.rest, row.answer_id) if row else FollowerState()

    def platform_id(self, session: str, now: datetime) -> str | None:
        """The id to push to, or None when it has expired or was never known."""
        with self._database.session() as transaction:
            row = transaction.get(FollowerRow, session)
        if row is None or not row.sealed_id or row.id_until <= now:
            return None
        try:
            return self._vault.open(row.sealed_id)
        except SealBroken:  # the installation has a new secret
            return None

    def forget_old(self, now: datetime) -> None:
        """Delete what has expired."""
        with self._database.session(write=True) as transaction:
            transaction.execute(delete(FollowerRow).where(FollowerRow.id_until <= now))
