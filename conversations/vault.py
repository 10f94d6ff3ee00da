"""Sealing what must be read again by the right people only: contacts, and WeChat's OpenIDs."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from conversations.errors import SealBroken
from conversations.identity import derived_keys


class Vault:
    """Seals and opens short texts with Fernet (AES-128-CBC and HMAC-SHA256) under the installation's secret.

    Seals with the newest secret, opens with each that is kept.
    """

    def __init__(self) -> None:
        self._keys = [Fernet(base64.urlsafe_b64encode(key)) for key in derived_keys("vault")]
        self._fernet = MultiFernet(self._keys)

    def seal(self, text: str) -> str:
        """A token that says nothing of the text but its length. Sealing twice gives two tokens."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, token: str) -> str:
        """The text. Raises `SealBroken`."""
        try:
            return self._fernet.decrypt(token.encode("ascii", "replace")).decode()
        except InvalidToken as error:
            raise SealBroken("密封的内容打不开 — 它是用另一个 CONVERSATIONS_SECRET 封的，或被改过") from error

    def is_newest(self, token: str) -> bool:
        """Whether the newest secret opens it."""
        try:
            self._keys[0].decrypt(token.encode("ascii", "replace"))
        except InvalidToken:
            return False
        return True

    def reseal(self, token: str) -> str:
        """The same text under the newest secret. Raises `SealBroken`."""
        return self.seal(self.open(token))
