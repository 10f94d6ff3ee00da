"""Who is speaking, without knowing who: keyed hashes in place of senders, OpenIDs and message ids.

The secret comes from `CONVERSATIONS_SECRET`, or from a file that is made once, readable by its owner only
(`CONVERSATIONS_SECRET_FILE`, by default `var/conversations.secret`). All processes of one installation
share it; with another secret old sessions are nobody's and sealed contacts stay sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from conversations.errors import SecretUnusable
from settings.conversations import CONVERSATIONS_SECRET, CONVERSATIONS_SECRET_FILE

MIN_SECRET_CHARS = 16  # shorter ones can be tried out
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
    return hmac.new(_secret(), purpose.encode(), hashlib.sha256).digest()


def _keyed(purpose: str, *parts: str) -> str:
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(derived_key(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_HEX]


def _secret() -> bytes:
    given = CONVERSATIONS_SECRET.read()
    if given:
        return _checked(given, CONVERSATIONS_SECRET.name)
    return _kept_secret(os.path.abspath(CONVERSATIONS_SECRET_FILE.read()))  # noqa: PTH100 - a key of the cache


@lru_cache(maxsize=4)
def _kept_secret(name: str) -> bytes:
    path = Path(name)
    try:
        if not path.exists():
            _make(path)
        return _checked(path.read_text(encoding="ascii").strip(), name)
    except (OSError, UnicodeDecodeError) as error:
        raise SecretUnusable(f"{name}: 密钥文件读写不了（{error}） — 检查权限，或设 CONVERSATIONS_SECRET") from error


def _checked(secret: str, where: str) -> bytes:
    if len(secret) < MIN_SECRET_CHARS:
        raise SecretUnusable(f"{where}: 密钥只有 {len(secret)} 个字符 — 至少要 {MIN_SECRET_CHARS} 个，越随机越好")
    return secret.encode()


def _make(path: Path) -> None:
    """Whole or not at all, and by one process only: written aside, then linked to its name if that is still free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
