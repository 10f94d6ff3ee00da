"""Accounts by which a person is reached: WeChat and QQ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.masking_signs import GAP, NO_MORE_DIGITS

_WECHAT_WORD = r"(?:[微维薇威徽]\s?信|绿泡泡|[薇微](?=[^\u4e00-\u9fff\w\s]{0,3}[A-Za-z])|[vV]\s?信|[vV][xX]|[wW][xX]|[wW]ei[xX]in|[wW]e[cC]hat|WECHAT|加我?[vV]|(?<![A-Za-z])[vV]\s?[:：])"
_CALLED = r"(?:号码|账号|帐号|号|id|ID|Id)?"
_BETWEEN = r"(?:[\s:：,，❤♥💚是为就叫我搜加用改成换(（]|我的|新|的|搜索|添加|查找|is|ID|id){0,5}"
_ID = r"[A-Za-z0-9][A-Za-z0-9_\-]{5,19}"
_WECHAT = re.compile(rf"{_WECHAT_WORD}{_CALLED}{_BETWEEN}({_ID})(?![A-Za-z0-9_\-])")
_SPEAKS_OF_WECHAT = re.compile(_WECHAT_WORD)
# Elsewhere in a text that speaks of WeChat: letters first, and a digit or a sign among them, as no word has.
_LIKE_AN_ID = re.compile(
    r"(?<![A-Za-z0-9_\-@./])(?=[A-Za-z_\-]{1,19}[0-9]|[A-Za-z0-9]{1,19}[_\-])([A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_\-@./])"
)
_PUBLIC = re.compile(r"公众号|小程序|服务号|订阅号|视频号")
_QQ_WORD = r"(?:[qQ]\s?[qQ]|扣扣|抠抠|球球|秋秋|企鹅|(?<![A-Za-z0-9])[qQ](?=号|是|为|[:：]|\s[1-9])|加[qQ](?![A-Za-z]))"
_QQ_NUMBER = rf"[1-9](?:{GAP}[0-9]){{4,10}}"
_QQ = re.compile(rf"{_QQ_WORD}{_CALLED}{_BETWEEN}({_QQ_NUMBER}){NO_MORE_DIGITS}")
# 「2715093846是他的号」: whose it is, is said.
_OWNED = re.compile(
    r"(?<![0-9.])([1-9][0-9]{7,10})\s?(?:就?是|,|，)\s?(?:我|他|她|侬|本人|阿拉|[\u4e00-\u9fff]{1,3})的\s?(?:号|[qQ])(?!线)"
)


def wechats(text: str) -> Iterator[tuple[int, int]]:
    """Where a WeChat id stands."""
    for match in _WECHAT.finditer(text):
        yield match.span(1)
    if _SPEAKS_OF_WECHAT.search(text) and not _PUBLIC.search(text):
        yield from (match.span(1) for match in _LIKE_AN_ID.finditer(text))


def qqs(text: str) -> Iterator[tuple[int, int]]:
    """Where a QQ number stands."""
    yield from (match.span(1) for match in _QQ.finditer(text))
    yield from (match.span(1) for match in _OWNED.finditer(text))
