"""Session tokens: signed, expiring, saying nothing of the resident.

A token is good for `VALID_S`. For `RENEWABLE_S` it can be exchanged for a fresh one of the same session, so that a
resident who returns finds the conversation; after that, or when it is forged, a new session begins.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

VALID_S = 24 * 3600  # a day: a leaked token is of little use tomorrow
RENEWABLE_S = 30 * 24 * 3600  # a month: how long a browser is taken to be the same resident's


class SessionRefused(Exception):
    """The token is forged, malformed or expired; the caller asks for a new one."""


@dataclass(frozen=True)
class Issued:
    """A token, and whether it goes on with the session that the caller had."""

    token: str
    renewed: bool
    expires_in_s: int = VALID_S


class SessionTokens:
    """Issues and reads tokens under one key of the installation's secret."""

    def __init__(self, key: bytes, valid_s: int = VALID_S, renewable_s: int = RENEWABLE_S) -> None:
        self._serializer = URLSafeTimedSerializer(
            key,
            salt="ask-qingpu web session",
            signer_kwargs={"digest_method": hashlib.sha256},
            fallback_signers=[{"digest_method": hashlib.sha1}],  # of before 0.6: no conversation ends with an upgrade
        )
        self._valid_s = valid_s
        self._renewable_s = renewable_s

    def issue(self, old: str | None = None, name: str = "") -> Issued:
        """A fresh token: of the old one's session while that can be renewed, else of a new session.

        A new session has a random name, or `name`, which must be as hard to guess: whoever gives it again is in it.
        """
        try:
            session, renewed = self._read(old or "", self._renewable_s), True
        except SessionRefused:
            session, renewed = name or secrets.token_urlsafe(16), False
        return Issued(self._serializer.dumps(session), renewed, self._valid_s)

    def session_of(self, token: str) -> str:
        """The session that a token names. Raises `SessionRefused`."""
        return self._read(token, self._valid_s)

    def _read(self, token: str, max_age_s: int) -> str:
        try:
            session = self._serializer.loads(token, max_age=max_age_s)
        except BadData as error:
            raise SessionRefused(str(error)) from error
        if not isinstance(session, str) or not session:
            raise SessionRefused("no session in the token")
        return session
