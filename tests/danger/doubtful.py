"""A message that is doubtful today: which of the written ones is, hangs on the fit."""

from __future__ import annotations

from functools import lru_cache

from danger.messages import DOUBTFUL, FITTING, load_messages, texts_of
from danger.watch import Level, shared_watch
from knowledge.language.clauses import asks


@lru_cache(maxsize=1)
def doubtful_message(kind: str = "medical", number: str = "120") -> str:
    """The written doubtful message of a kind that asks something and is farthest from being acute or none, in Simplified Chinese."""
    watch = shared_watch()
    written = [m.text for m in texts_of(load_messages(FITTING), DOUBTFUL) if kind in m.kinds and asks(m.text)]
    found = {text: watch.assess(text) for text in written}
    quiet = {
        text: a.probability or 0.0
        for text, a in found.items()
        if a.level is Level.QUIET and a.script == "zh-Hans" and a.kinds[0] == kind
    }
    assert quiet, f"none of the doubtful messages of {kind} is doubtful"
    middle = sum(quiet.values()) / len(quiet)
    return min(quiet, key=lambda text: abs(quiet[text] - middle))
