"""Sealing what must be read again by the right people only: contacts, and WeChat's OpenIDs."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken

from conversations.errors import SealBroken
from conversations.identity import derived_key


class Vault:
    """Seals and opens short texts with Fernet (AES-128-CBC and HMAC-SHA256) under the installation's secret."""

    def __init__(self) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derived_key("vault")))

    def seal(self, text: str) -> str:
        """A token that says nothing of the text but its length. Sealing twice gives two tokens."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, token: str) -> str:
        """The text. Raises `SealBroken`."""
        try:
            return self._fernet.decrypt(token.encode("ascii", "replace")).decode()
        except InvalidToken as error:
            raise SealBroken("密封的内容打不开 — 它是用另一个 CONVERSATIONS_SECRET 封的，或被改过") from error
