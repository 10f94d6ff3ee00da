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
    r"(?<![一二两三四五六七八九十百千万])[一二两三四五六七八九十百千万]+(?=[多来余几]?[个所家座条套名项处栋间级年月天次倍成张位户辆吨亩元块])"
)
_NAMED = re.compile(r"[“「《]([^“「《”」》]+)[”」》]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NAME_TAGS = ("nr", "ns", "nt", "nz")  # of people, places, bodies, and other names, as jieba's dictionary has them
_NO_NAMES = frozenset(
    ["养老院", "幼儿园", "孤儿", "老城区", "高水平", "加大力度"]
)  # though that dictionary takes them for some
_ENOUGH, _WHOLE = ("增加", "新增", "扩大", "加大", "大力", "加密", "增配"), ("全覆盖", "全面", "全区", "每", "各")
_LESS = ("不到", "不足", "少于", "低于")
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
    **dict.fromkeys(("最多", "至多", "不超过"), ("以下", "以内", "不超过")),
    **dict.fromkeys(("更多", "多建", "多造", "增加"), _ENOUGH),
    **dict.fromkeys(("大约", "左右"), ("约", "左右")),
    # Which way it goes, and how near: what turns a goal into its opposite, or into something else.
    **dict.fromkeys(
        ("减少", "下降", "降低", "降到", "减到", "缩小", "压减"),
        ("减少", "下降", "降低", "减量", "压减", "削减", "缩小", "减"),
    ),
    **dict.fromkeys(("翻一番", "翻倍", "翻番", "加倍"), ("番", "倍")),
    **dict.fromkeys(("超过", "超出"), ("超", "以上", "突破")),
    **dict.fromkeys(_LESS, ("以下", "以内", "低于", "少于", "不超过")),
    **dict.fromkeys(("近", "将近", "接近", "差不多", "上下"), ("近",)),
    **dict.fromkeys(("已经", "早已", "现在有", "目前有", "现有", "如今"), ("已", "既有", "现有")),
    **dict.fromkeys(("一半", "大半", "少数", "多数", "大部分", "小部分"), ("半数", "多数", "大部分")),
    # Who: people of a kind, and who answers for it.
    **dict.fromkeys(("本地人", "外地人", "户籍", "外来", "沪籍", "居住证"), ()),
    **dict.fromkeys(("负责", "牵头", "主管", "承办"), ()),
    **dict.fromkeys(("收费", "收钱", "要钱", "花钱", "自费", "付费", "掏钱"), ()),
}
_HARMLESS = re.compile(
    r"首都|都市|最近|附近|就近|近年|近期|临近|邻近|远近|近郊|不少于|不低于"
)  # words that hold one of them and promise nothing
_NOT = re.compile(r"(不|没有?|无|未)(?=[\u4e00-\u9fff])")
_LACKING = ("没有", "没", "无", "未")
_NOT_DENYING = (
    "不少于",
    "不低于",
    "不超过",
    "不断",
    "不仅",
    "不只",
    "不管",
    "不论",
    "不光",
    "不同",
    "不用",
    "不必",
    "不再",
    "无障碍",
)
_TENTHS = {f"{word}成": f"{at}0%" for at, word in enumerate("一二三四五六七八九", 1)}
_OFFICIAL = re.compile(r"[\u4e00-\u9fff](?:局长|区长|镇长|书记|主任|科长|处长|市长|经理|校长|院长)")
_MARKUP = re.compile(r"[<>{}]|https?:|www\.")
_YEAR = re.compile(r"到?20\d\d年[底末初]?")  # beside which everything stands
_PART = re.compile(r"[，。；：、！？,;:!?（）()]")


def beyond(plain: str, sentence: str, places: Mapping[str, Sequence[str]]) -> list[str]:
    """What a line says that the plan's sentence does not: its numbers, names and promises that do not stand there."""
    said, held = squash(plain), squash(sentence)
    for tenths, share in _TENTHS.items():
        said = said.replace(tenths, share)
    numbers = set(_NUMBER.findall(held))
    found = [number for number in _NUMBER.findall(said) if number not in numbers]
    found += [name for name in _names(said, places) if name not in held]
    found += [
        match.group()
        for pattern in (_OFFICIAL, _MARKUP)
        for match in pattern.finditer(said)
        if match.group() not in held
    ]
    found += [word for word in _promises(said) if not _stands(word, held)]
    found += _denied(said, held)
    if not found:
        found += _misplaced(said, held)
    return list(dict.fromkeys(found))


def _denied(said: str, held: str) -> Iterator[str]:
    """What is denied though the sentence denies nothing of the kind: 「不收」, 「没有」."""
    text = said
    for word in _NOT_DENYING:
        text = text.replace(word, "")
    for match in _NOT.finditer(text):
        what = text[match.end()]
        if not any(denial + what in held for denial in (("不",) if match[1] == "不" else _LACKING)):
            yield match[1] + what


def _misplaced(said: str, held: str) -> Iterator[str]:
    """Numbers that stand beside the words of another number of the sentence: its beds with the share of its nursing beds."""
    beside = [(set(_NUMBER.findall(part)), _pairs(part)) for part in _PART.split(_YEAR.sub("", held))]
    for part in _PART.split(_YEAR.sub("", said)):
        words = _pairs(part)
        for number in _NUMBER.findall(part):
            own = max((len(words & there) for numbers, there in beside if number in numbers), default=0)
            others = [len(words & there) for numbers, there in beside if numbers and number not in numbers]
            if others and max(others) > own:
                yield number


def _pairs(part: str) -> set[str]:
    text = _NUMBER.sub("", part)
    return {text[at : at + 2] for at in range(len(text) - 1)}


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
    text = held.replace("不少于", "").replace("不低于", "") if word in _LESS else held
    return any(each in text for each in (word, *_PROMISES[word]))


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
