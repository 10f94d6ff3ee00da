"""Whether a line in plain words (大白话) only restates: every number, name and promise in it stands in the plan's sentence.

A line that says more than the sentence would be the bot making promises, so a build refuses it. What counts as standing
there is written down here, word by word: a word that stands for another (「至少」 for 「不少于」) is in `_PROMISES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from knowledge.document.plan_text import squash
from knowledge.language.dictionary import WordCutter, tagger

MAX_CHARS = 80  # a line that is read at once
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AMOUNT = re.compile(
    r"(?<![一二两三四五六七八九十百千万])[一二两三四五六七八九十百千万]+(?=[个所家座条套名项处栋间级年月天次倍成])"
)
_NAMED = re.compile(r"[“「《]([^“「《”」》]+)[”」》]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NAME_TAGS = ("nr", "ns", "nt", "nz")  # of people, places, bodies, and other names, as jieba's dictionary has them
_NO_NAMES = frozenset(
    ["养老院", "幼儿园", "孤儿", "老城区", "高水平", "加大力度"]
)  # though that dictionary takes them for some
_ENOUGH, _WHOLE = ("增加", "新增", "扩大", "加大", "大力", "加密", "增配"), ("全覆盖", "全面", "全区", "每", "各")
# A word that promises → what in the sentence warrants it besides itself.
_PROMISES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(
        ("免费", "补贴", "补助", "报销", "奖励", "减免", "低租金", "不要钱", "不花钱", "便宜", "降价", "涨", "发钱"), ()
    ),
    **dict.fromkeys(("全部", "所有", "全区", "人人", "一律", "永远", "最", "首位", "第一"), ()),
    **dict.fromkeys(
        ("保证", "保障", "确保", "承诺", "一定", "肯定", "必须", "优先", "坚决", "禁止", "不得", "不准", "取消"), ()
    ),
    **dict.fromkeys(("马上", "立即", "立刻", "尽快", "明年", "今年", "年底", "完成", "建成", "已经建成"), ()),
    **dict.fromkeys(("可以", "能够", "应该", "允许"), ("可",)),
    **dict.fromkeys(("都", "每", "全覆盖"), _WHOLE),
    **dict.fromkeys(("至少", "不低于"), ("不少于", "以上", "不低于")),
    **dict.fromkeys(("最多", "不超过"), ("以下", "以内", "不超过")),
    **dict.fromkeys(("更多", "多建", "多造", "增加"), _ENOUGH),
    **dict.fromkeys(("大约", "左右"), ("约", "左右")),
}
_HARMLESS = re.compile(r"首都|都市|最近")  # words that hold one of them and promise nothing


def beyond(plain: str, sentence: str, places: Mapping[str, Sequence[str]]) -> list[str]:
    """What a line says that the plan's sentence does not: its numbers, names and promises that do not stand there."""
    said, held = squash(plain), squash(sentence)
    numbers = set(_NUMBER.findall(held))
    found = [number for number in _NUMBER.findall(said) if number not in numbers]
    found += [name for name in _names(said, places) if name not in held]
    found += [word for word in _promises(said) if not _stands(word, held)]
    return list(dict.fromkeys(found))


def _names(said: str, places: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Amounts in words, what stands in quotation marks, words in Latin letters, towns, and what a dictionary knows as a name."""
    for pattern in (_AMOUNT, _LATIN):
        yield from (match.group() for match in pattern.finditer(said))
    yield from (match[1] for match in _NAMED.finditer(said))
    yield from (name for official, short in places.items() for name in (official, *short) if name in said)
    for word, tag in _tagger().lcut(said, HMM=False):
        if tag.startswith(_NAME_TAGS) and len(word) > 1 and word not in _NO_NAMES:
            yield word


def _promises(said: str) -> Iterator[str]:
    text = _HARMLESS.sub("", said)
    return (word for word in _PROMISES if word in text)


def _stands(word: str, held: str) -> bool:
    return any(each in held for each in (word, *_PROMISES[word]))


@lru_cache(maxsize=1)
def _tagger() -> Any:
    """Of its own: the words that a plan teaches the product's tokenizer are no names here."""
    return tagger(WordCutter())


def fault_of(plain: str, headline: str, sentence: str, places: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """What is wrong with a line and its mend, in Chinese; None for one that only restates. A build and staff's page ask it."""
    if not plain.strip() or "\n" in plain or len(plain) > MAX_CHARS:
        return f"不是一句 {MAX_CHARS} 字以内的话", "写成一行平常话"
    if copies(plain, headline):
        return "就是规划原话", "换成更平常的话"
    if more := beyond(plain, sentence, places):
        return f"有规划这一句没有的：{joined(more)}", "只能换个说法：数字、名称和承诺都要在原句里"
    return None


def copies(plain: str, run: str) -> bool:
    """Whether a line is the plan's own words again: then nothing is plainer and nothing has to be shown."""
    return _bare(plain) == _bare(run)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", squash(text))


def joined(faults: Iterable[str]) -> str:
    """For a message to staff."""
    return "、".join(f"「{fault}」" for fault in faults)
