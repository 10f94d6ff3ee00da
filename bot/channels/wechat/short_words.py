"""The few words with which a follower steers: a number, 更多, 赞, 踩, and the nudge after 「正在查找」."""

from __future__ import annotations

import re
import unicodedata

_WRAPPING = " \t\r\n“”\"'「」『』。.，,！!~～、)）(（"
_SHADES = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")  # of a thumb
_HAN_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = re.compile(r"(?:我选|选|第)?\s*(\d{1,2}|[一二两三四五六七八九])\s*(?:个|号|项|条)?")
_MORE = frozenset({"更多", "看更多", "看全文", "全文"})
_UP = frozenset({"赞", "点赞", "👍", "[强]", "/:strong", "[赞]"})
_DOWN = frozenset({"踩", "👎", "[弱]", "/:weak"})
_NUDGES = re.compile(
    "好的?吧?|[嗯恩哦噢]+|行|可以|继续吧?|查到[了没]*吗?|在吗|有吗|人呢|怎么还没好|好了[没吗]*|好[没吗]|任意字?|收到|知道了|谢谢|ok|哈+|等+"
    "|(?:然后|结果|答案)呢|说吧"
)  # after 「正在查找，回复任意字继续」 these ask for nothing new


def number_in(text: str) -> int | None:
    """The choice that a message is, if it is nothing but a number: 「2」「２」「回复2」「第二个」."""
    match = _NUMBER.fullmatch(_bare(text))
    return (_HAN_DIGITS.get(match[1]) or int(match[1])) if match else None


def asks_for_more(text: str) -> bool:
    """「更多」, as the end of a cut answer suggests."""
    return _bare(text) in _MORE


def vote_in(text: str) -> str | None:
    """`up` or `down` if the message is a vote on the last answer."""
    bare = _bare(text)
    return "up" if bare in _UP else "down" if bare in _DOWN else None


def is_nudge(text: str) -> bool:
    """Whether a message, sent while an answer is awaited, only means 「继续」 and is no question itself."""
    bare = _bare(text)
    letters = [c for c in bare if c.isalpha()]
    return (
        len(letters) <= 1 or bool(_NUDGES.fullmatch(bare.lower())) or asks_for_more(text) or number_in(text) is not None
    )


def _bare(text: str) -> str:
    """Without punctuation around it, and without the 「回复」 that is copied along from a hint."""
    plain = _SHADES.sub("", unicodedata.normalize("NFKC", text))
    return plain.strip(_WRAPPING).removeprefix("回复").strip(_WRAPPING)
