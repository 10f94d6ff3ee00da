"""What operators set for the web channel.

| variable | default | meaning |
|---|---|---|
| `WEB_ORIGINS` | none | origins whose pages may use the widget, separated by commas: `https://www.example.gov.cn`. The bot's own pages always may |
| `WEB_MESSAGES_PER_MINUTE` | `20` | questions of one session |
| `WEB_MESSAGES_PER_MINUTE_PER_ADDRESS` | `240` | questions from one network address: a community centre has one for all its residents |
| `WEB_SESSIONS_PER_MINUTE_PER_ADDRESS` | `60` | new sessions from one network address |
| `SANIC_PROXIES_COUNT`, `SANIC_REAL_IP_HEADER` | none | Sanic's own: how many reverse proxies stand before the bot, or the header that names the resident's address |
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from bot.channels.web.limits import Allowance

LOOKS = Allowance(
    burst=300, per_minute=1200
)  # any request from one address; suggestions come with every few keystrokes
_ORIGIN = re.compile(r"https?://[^/\s*]+")


class WebSettingsWrong(ValueError):
    """A variable cannot be read; the message says which and how to write it."""


@dataclass(frozen=True)
class WebSettings:
    """The web channel's settings, read once at start."""

    origins: frozenset[str]
    messages_per_session: Allowance
    messages_per_address: Allowance
    sessions_per_address: Allowance
    looks_per_address: Allowance

    @classmethod
    def from_environment(cls) -> WebSettings:
        """Raises `WebSettingsWrong`."""
        return cls(
            origins=_origins(os.environ.get("WEB_ORIGINS", "")),
            messages_per_session=_a_minute("WEB_MESSAGES_PER_MINUTE", 20),
            messages_per_address=_a_minute("WEB_MESSAGES_PER_MINUTE_PER_ADDRESS", 240),
            sessions_per_address=_a_minute("WEB_SESSIONS_PER_MINUTE_PER_ADDRESS", 60),
            looks_per_address=LOOKS,
        )


def _origins(text: str) -> frozenset[str]:
    origins = [part.strip().rstrip("/").lower() for part in text.split(",") if part.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise WebSettingsWrong(
                f"WEB_ORIGINS: {origin!r} 不是一个来源 — 写协议和主机，例如 https://www.example.gov.cn，用逗号分开，不支持 *"
            )
    return frozenset(origins)


def _a_minute(name: str, default: int) -> Allowance:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise WebSettingsWrong(f"{name}: {text!r} 不是正整数 — 例如 {default}")
    return Allowance(burst=int(text), per_minute=int(text))
