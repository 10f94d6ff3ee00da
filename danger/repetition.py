"""What is said over and over is heard once: a harmless question asked thirty times is as harmless as asked once.

Pieces that stand nowhere else pile up in a long message, and its vector drifts away from the sentence's; both look like what
was never read before.
"""

from __future__ import annotations

import re
from collections import Counter

TIMES = 3  # from how many times on it is one thing said over and over
LONG = 20  # characters; what is shorter, 「哈哈哈」, 「救命救命」, is a word by itself
_CLAUSE = re.compile(r"[^，。！？；,.!?;\n…]+[，。！？；,.!?;\n…]*")


def said_once(text: str) -> str:
    """`text` without what only says the same again; most texts as they are. In time linear in its length."""
    if len(text) < LONG:
        return text
    period = _period(text)
    if period * TIMES <= len(text):
        return text[:period].strip()
    return _without_clauses_again(text)


def _period(text: str) -> int:
    """The least number of characters after which a text says the same again, to its end; its length if it never does."""
    borders = [0] * len(text)  # of each beginning, the longest that is also its end (Knuth, Morris and Pratt)
    for at in range(1, len(text)):
        border = borders[at - 1]
        while border and text[at] != text[border]:
            border = borders[border - 1]
        borders[at] = border + (text[at] == text[border])
    return len(text) - borders[-1]


def _without_clauses_again(text: str) -> str:
    """Without each clause's second and later places, where one stands `TIMES` times."""
    pieces = _CLAUSE.findall(text)
    if len(pieces) < TIMES:
        return text
    clauses = [(piece, _bare(piece)) for piece in pieces]
    counts = Counter(bare for _, bare in clauses if bare)
    if not counts or max(counts.values()) < TIMES:
        return text
    first = dict.fromkeys(bare for _, bare in clauses)
    kept = {bare: written for written, bare in reversed(clauses)}
    return "".join(kept[bare] for bare in first).strip()


def _bare(clause: str) -> str:
    return "".join(sign for sign in clause.lower() if sign.isalnum())
