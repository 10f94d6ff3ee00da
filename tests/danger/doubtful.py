"""A message that is doubtful today: which of the written ones is, hangs on the fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from danger.messages import DOUBTFUL, FITTING, load_messages, texts_of
from danger.replies import Replies
from danger.watch import Level, shared_watch
from knowledge.language.clauses import asks
from knowledge.language.languages import SIMPLIFIED


@dataclass(frozen=True)
class Doubtful:
    """A message, and the number that stands first in its quiet line."""

    text: str
    number: str


@lru_cache(maxsize=1)
def doubtful_message() -> Doubtful:
    """Of those that are written and ask something, the one farthest from being acute or none, in Simplified Chinese."""
    watch = shared_watch()
    written = [m.text for m in texts_of(load_messages(FITTING), DOUBTFUL) if asks(m.text)]
    found = {text: watch.assess(text) for text in written}
    quiet = {
        text: a.probability or 0.0 for text, a in found.items() if a.level is Level.QUIET and a.script == SIMPLIFIED
    }
    assert quiet, "none of the doubtful messages is doubtful"
    middle = sum(quiet.values()) / len(quiet)
    chosen = min(quiet, key=lambda text: abs(quiet[text] - middle))
    return Doubtful(chosen, Replies().hotlines(found[chosen].kinds, SIMPLIFIED)[0].number)
