"""What operators set for the web channel (docs/settings.md)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.limits import Allowance
from settings.bot import (
    WEB_MESSAGES_PER_MINUTE,
    WEB_MESSAGES_PER_MINUTE_PER_ADDRESS,
    WEB_ORIGINS,
    WEB_SESSIONS_PER_MINUTE_PER_ADDRESS,
)

LOOKS = Allowance(
    burst=300, per_minute=1200
)  # any request from one address; suggestions come with every few keystrokes


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
        """Raises `SettingWrong`."""
        return cls(
            origins=WEB_ORIGINS.read(),
            messages_per_session=Allowance.a_minute(WEB_MESSAGES_PER_MINUTE),
            messages_per_address=Allowance.a_minute(WEB_MESSAGES_PER_MINUTE_PER_ADDRESS),
            sessions_per_address=Allowance.a_minute(WEB_SESSIONS_PER_MINUTE_PER_ADDRESS),
            looks_per_address=LOOKS,
        )
