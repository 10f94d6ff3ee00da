"""Which nonces of a platform's requests were seen, by any process."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from conversations.database import Database
from conversations.errors import LogConflict
from conversations.models import NonceRow

KEPT = timedelta(minutes=11)  # a request is accepted for 5 minutes around its timestamp, on either side


class Nonces:
    """Safe to share between threads; methods may raise `LogUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_use(self, account: str, nonce: str, now: datetime) -> bool:
        """True the first time an account's nonce comes, false ever after (for `KEPT`)."""
        try:
            with self._database.session(write=True) as session:
                session.add(NonceRow(account=account, nonce=nonce, seen_at=now))
        except LogConflict:
            return False
        return True

    def forget_old(self, now: datetime) -> None:
        """Delete those whose requests are too old to be accepted anyway."""
        with self._database.session(write=True) as session:
            session.execute(delete(NonceRow).where(NonceRow.seen_at < now - KEPT))
