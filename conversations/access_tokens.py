"""Platform accounts' access tokens: one for all processes, sealed, refreshed by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from sqlalchemy import update

from conversations.database import Database
from conversations.errors import LogConflict, SealBroken
from conversations.models import AccessTokenRow
from conversations.vault import Vault

_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


class AccessTokens:
    """Safe to share between threads; methods may raise `LogUnavailable`."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = now

    def read(self, account: str) -> tuple[str, datetime] | None:
        """The token and when it expires, or None."""
        with self._database.session() as session:
            row = session.get(AccessTokenRow, account)
        if row is None or not row.sealed_token:
            return None
        try:
            return self._vault.open(row.sealed_token), row.expires_at
        except SealBroken:  # the installation has a new secret
            return None

    def may_refresh(self, account: str, duration: timedelta) -> bool:
        """True for one caller until it writes or `duration` is over."""
        now = self._now()
        free = update(AccessTokenRow).where(AccessTokenRow.account == account, AccessTokenRow.refresh_until <= now)
        try:
            with self._database.session(write=True) as session:
                if session.execute(free.values(refresh_until=now + duration)).rowcount:
                    return True
                if session.get(AccessTokenRow, account) is not None:
                    return False
                session.add(
                    AccessTokenRow(account=account, sealed_token="", expires_at=_NEVER, refresh_until=now + duration)
                )
        except LogConflict:  # another process was first
            return False
        return True

    def write(self, account: str, token: str, expires_at: datetime) -> None:
        """Keep a new token; the refresh is over."""
        row = AccessTokenRow(
            account=account, sealed_token=self._vault.seal(token), expires_at=expires_at, refresh_until=_NEVER
        )
        with self._database.session(write=True) as session:
            session.merge(row)

    def drop(self, account: str, token: str) -> None:
        """Forget the token if it is still this one."""
        with self._database.session(write=True) as session:
            row = session.get(AccessTokenRow, account)
            if row is None or not row.sealed_token:
                return
            try:
                same = self._vault.open(row.sealed_token) == token
            except SealBroken:
                same = True
            if same:
                session.execute(
                    update(AccessTokenRow)
                    .where(AccessTokenRow.account == account, AccessTokenRow.sealed_token == row.sealed_token)
                    .values(sealed_token="", expires_at=_NEVER)
                )
