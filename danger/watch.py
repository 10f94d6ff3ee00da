"""Decides whether a message tells of danger: rules first, the classifier beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from danger.forms import SIMPLIFIED, Message


class Level(IntEnum):
    """How sure it is: acute danger gets its reply and nothing else, a doubtful case a quiet line under the normal answer."""

    NONE = 0
    QUIET = 1
    ACUTE = 2


@dataclass(frozen=True)
class Assessment:
    """What was noticed: kinds likeliest first (empty with `NONE`), the script to reply in, and what spoke for it."""

    level: Level = Level.NONE
    kinds: tuple[str, ...] = ()
    script: str = SIMPLIFIED
    reason: str = ""


@lru_cache(maxsize=1)
def shared_watch() -> Watch:
    """The process's watch."""
    return Watch()


class Watch:
    """Looks at every message before anything else does. Safe to share between threads; never raises."""

    def assess_words(self, text: str) -> Assessment:
        """By the rules alone."""
        return self.assess(text)

    def assess(self, text: str, understood: str = "", *, careful: bool = False) -> Assessment:
        """`text` as typed, `understood` as the normaliser read it; `careful` within ten minutes after acute danger."""
        message = Message(text, understood)
        for word, kind in (
            ("不想活", "self_harm"),
            ("自杀", "self_harm"),
            ("着火了", "fire"),
            ("救命", "danger"),
            ("昏倒", "medical"),
        ):
            if word in message.compact:
                return Assessment(Level.ACUTE, (kind,), message.script, word)
        if "心口闷" in message.compact:
            return Assessment(Level.QUIET, ("medical",), message.script, "心口闷")
        return Assessment(script=message.script)
