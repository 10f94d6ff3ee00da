"""The stores that all processes share, off the event loop: nonces and access tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from bot.channels.wechat.answering import InThread
from conversations.access_tokens import AccessTokens
from conversations.errors import ConversationsError
from conversations.nonces import KEPT, Nonces

logger = logging.getLogger(__name__)


class SharedNonces:
    """Whether a nonce is new to all processes; to this one at least, while the database does not answer."""

    def __init__(self, nonces: Nonces, in_thread: InThread, now: Callable[[], datetime]) -> None:
        self._nonces = nonces
        self._in_thread = in_thread
        self._now = now
        self._without_database: dict[tuple[str, str], datetime] = {}

    async def __call__(self, account: str, nonce: str) -> bool:
        """True the first time."""
        try:
            return bool(await self._in_thread(self._nonces.first_use, account, nonce, self._now()))
        except ConversationsError as error:
            logger.error("wechat: nonces are remembered by this process only: %s", error)
        now, seen = self._now(), self._without_database
        self._without_database = {key: at for key, at in seen.items() if at > now - KEPT}
        if (account, nonce) in self._without_database:
            return False
        self._without_database[account, nonce] = now
        return True


class SharedTokens:
    """`platform_calls.TokenShelf` over the database; without it each call fetches a token for itself."""

    def __init__(self, tokens: AccessTokens, in_thread: InThread) -> None:
        self._tokens = tokens
        self._in_thread = in_thread

    async def read(self, account: str) -> tuple[str, float] | None:
        """As `TokenShelf`."""
        try:
            stored = await self._in_thread(self._tokens.read, account)
        except ConversationsError as error:
            logger.error("wechat: %s", error)
            return None
        return (stored[0], stored[1].timestamp()) if stored else None

    async def may_refresh(self, account: str, for_s: float) -> bool:
        """As `TokenShelf`."""
        try:
            return bool(await self._in_thread(self._tokens.may_refresh, account, timedelta(seconds=for_s)))
        except ConversationsError as error:
            logger.error("wechat: %s", error)
            return True

    async def write(self, account: str, token: str, expires_at: float) -> None:
        """As `TokenShelf`."""
        try:
            until = datetime.fromtimestamp(expires_at, timezone.utc)
            await self._in_thread(self._tokens.write, account, token, until)
        except ConversationsError as error:
            logger.error("wechat: %s", error)

    async def drop(self, account: str, token: str) -> None:
        """As `TokenShelf`."""
        try:
            await self._in_thread(self._tokens.drop, account, token)
        except ConversationsError as error:
            logger.error("wechat: %s", error)
