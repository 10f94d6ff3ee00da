"""Who is speaking, without knowing who: keyed hashes in place of senders, OpenIDs and message ids.

The secret comes from `CONVERSATIONS_SECRET`, or from a file that is made once, readable by its owner only
(`CONVERSATIONS_SECRET_FILE`, by default `var/conversations.secret`). All processes of one installation
share it. Older secrets may be kept beside it (`python -m review secret rotate`): names are made with the newest,
so conversations begin anew; what was sealed with an older one still opens. Without it old sessions are nobody's and
sealed contacts stay sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from functools import lru_cache
from pathlib import Path

from conversations.errors import SecretUnusable
from settings.conversations import (
    CONVERSATIONS_OLD_SECRETS,
    CONVERSATIONS_SECRET,
    CONVERSATIONS_SECRET_FILE,
    CONVERSATIONS_URL,
)
from wire.secret_files import SecretRefused, check_secret, kept_secrets

_HEX = 32  # 128 bits: two of 10**9 sessions meet with a probability of 10**-21
_SESSION = re.compile(rf"s-[0-9a-f]{{{_HEX}}}")


def session_key(channel: str, sender: str) -> str:
    """The name under which a sender of a channel is known everywhere behind the channel, `s-` and 32 hex digits."""
    return f"s-{_keyed('session', channel, sender)}"


def is_session_key(text: str) -> bool:
    """Whether a text has the form of `session_key`."""
    return _SESSION.fullmatch(text) is not None


def message_key(channel: str, sender: str, message_id: str, text: str = "") -> str:
    """The name of a message behind the channel, 32 hex digits; ids of platforms may name people (WeChat's events do).

    With its `text`, so that the same id with other words is another message.
    """
    return _keyed("message", channel, sender, message_id, text)


def installation_token(purpose: str) -> str:
    """What programs of one installation show one another, 64 hex digits. Raises `SecretUnusable`."""
    return derived_key(purpose).hex()


def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose. Raises `SecretUnusable`."""
    return derived_keys(purpose)[0]


def derived_keys(purpose: str) -> list[bytes]:
    """The key for one purpose of each secret that is kept, newest first. Raises `SecretUnusable`."""
    return [hmac.new(secret, purpose.encode(), hashlib.sha256).digest() for secret in _secrets()]


def session_keys(channel: str, sender: str) -> list[str]:
    """A sender's names under each secret that is kept: under all of them its words may still be there."""
    return [f"s-{_hash(key, channel, sender)}" for key in derived_keys("session")]


def _keyed(purpose: str, *parts: str) -> str:
    return _hash(derived_key(purpose), *parts)


def _hash(key: bytes, *parts: str) -> str:
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_HEX]


def _secrets() -> list[bytes]:
    given = CONVERSATIONS_SECRET.read()
    if not given:
        name = os.path.abspath(CONVERSATIONS_SECRET_FILE.read())  # noqa: PTH100 - a key of the cache
        return _kept(name, one_machine())
    before = [old.strip() for old in CONVERSATIONS_OLD_SECRETS.read().split(",") if old.strip()]
    try:
        return [check_secret(each, CONVERSATIONS_SECRET.name).encode() for each in (given, *before)]
    except SecretRefused as error:
        raise SecretUnusable(str(error)) from error


def one_machine() -> bool:
    """Whether the log is a file: then nobody shares it over a network, and a secret that is not there can be made."""
    return CONVERSATIONS_URL.read().startswith("sqlite")


@lru_cache(maxsize=4)
def _kept(name: str, may_make: bool) -> list[bytes]:
    try:
        return [secret.encode() for secret in kept_secrets(Path(name), may_make=may_make)]
    except SecretRefused as error:
        raise SecretUnusable(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SecretUnusable(f"{name}: 密钥文件读写不了（{error}） — 检查权限，或设 CONVERSATIONS_SECRET") from error
