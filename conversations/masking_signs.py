"""Signs within numbers: those that people put between digits, and those that nobody sees and only programs stumble over."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

GAP = r"[ \t\r\n\-—–.·•…_、,，/\\~*嗯呃啊哦]{0,3}"  # what people put between groups of digits
NO_MORE_DIGITS = r"(?![0-9]|\.[0-9])"
# Blanks that have no width or no ink, though Unicode counts them among letters and symbols.
_INKLESS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = ("Cf", "Mn", "Me", "Cc", "Co", "Cn", "Cs")  # formats, marks on what is before them, controls, none at all


def visible_places(text: str) -> Sequence[int]:
    """Where the characters stand that one sees; blanks and line ends are among them."""
    if text.isascii() and text.isprintable():
        return range(len(text))
    return [place for place, character in enumerate(text) if _is_seen(character)]


def past_unseen(text: str, end: int) -> int:
    """Where what sticks to the character before `end` ends, as the frame around a digit of a keyboard does."""
    while end < len(text) and not _is_seen(text[end]):
        end += 1
    return end


def _is_seen(character: str) -> bool:
    if character in "\t\n\r":
        return True
    return unicodedata.category(character) not in _UNSEEN and character not in _INKLESS
