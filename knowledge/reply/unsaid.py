"""What a question asks for that a passage does not hold: a place, a price, a number, a date, an hour, an address …

Read off the words of the question and of the plan's sentence alone, so that it holds for any question: whoever is shown
a passage is told what of the question it leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.language.languages import is_english
from knowledge.language.question import Question
from knowledge.language.sounds import syllables_and_letters

PLACE = "place"
_WAITS = (
    "年天遍次趟回圈夜"  # after 「多少」, 「几」: how long or how often something was borne, which no plan is asked for
)
_MEASURES = "个家张套所座条项名户件公万成人辆台处间栋米亩倍"
_PRICE = re.compile(
    r"多少(?:钱|块|元)|几块钱|几钱|什么价|价钱|价位|贵不贵|贵[吗伐么]|要不要钱|要钱[吗伐么]|收不收(?:钱|费)|收(?:钱|费)[吗伐么]"
    r"|(?:收费|费用|学费|房租|租金|价格|月租|押金|票价)(?:是|要|会|大概|标准|每月|一个月|一年)*(?:多少|几|怎么(?:算|收)|贵|高不高|呢|$)"
)
_NUMBER = re.compile(
    rf"(?<!没)(?<!电话)(?<!电话是)(?<!号码是)多少(?![{_WAITS}钱块元])|(?<![哪这那好上前后过第十])几[{_MEASURES}](?!月|小时)|百分之几|几成|(?:占比|比例)(?:是|要|呢|$)"
)
_DATE = re.compile(
    r"什么时候|何时|哪一?年|几时|啥时|啥辰光|到几几年|什么时间|什么日子|几月份|几号(?!线|楼)|要等多久|还要多久|多久能"
)
_HOUR = re.compile(
    r"几点|(?:开门|关门|营业|开放|上班|下班|办公|服务)的?时间|什么时候(?:开门|关门|上班|下班|营业)|(?:周末|双休日|节假日)开"
)
_ADDRESS = re.compile(r"地址|(?:设|开|建|造|放)?在(?:哪里|哪儿|什么地方|哪条路|哪个(?:位置|地方))|怎么走")
_PHONE = re.compile(r"电话(?:是|号码?|多少|几)|打(?:什么|哪个|啥)电话|联系方式|怎么联系")
_HOW = re.compile(
    r"(?:怎么|如何|咋)(?:去)?(?:申请|办理|报名|登记|预约|办手续)|去?哪(?:里|儿|个窗口)(?:去)?(?:申请|办理|报名|登记)"
    r"|(?:什么|哪些|啥)(?:手续|材料|证件|流程)"
)
_AMOUNT_IN_WORDS = re.compile(
    r"(?<![一二两三四五六七八九十百千万])[一二两三四五六七八九十百千万]+(?=[所个家座条套名处])"
)
_SITE = re.compile(r"[\u4e00-\u9fff]{2}路|片区|新城|地块")
# The same asked in English.
_ENGLISH: Mapping[str, re.Pattern[str]] = {
    "price": re.compile(
        r"\bhow much (?:does|do|is|are|will|would)\b.*\b(?:cost|rent|fee|price|pay|charge|tuition)|\bhow expensive\b|\bhow much (?:rent|money|does it cost|do i pay)\b"
        r"|\bwhat (?:is|are|does|do|will) .*\b(?:rent|fees?|price|cost|tuition)\b|\bmonthly (?:fee|rent)\b",
        re.IGNORECASE,
    ),
    "hour": re.compile(r"\bwhat time\b|\bopening hours?\b|\bwhen (?:does|do|is|are)\b.*\bopen\b", re.IGNORECASE),
    "date": re.compile(r"^when\b|\bwhat (?:date|year)\b|\bby when\b", re.IGNORECASE),
    "address": re.compile(r"\bwhere exactly\b|\b(?:the|its|what) address\b", re.IGNORECASE),
    "phone": re.compile(r"\b(?:tele)?phone number\b|\bwhom? (?:can|do|should) i call\b", re.IGNORECASE),
    "how_to_apply": re.compile(
        r"\b(?:how|where) (?:do|can|should|to) (?:i |we |one )?(?:apply|register|sign up|enrol)|\bwhich (?:papers|documents)\b",
        re.IGNORECASE,
    ),
}
_TOWNLIKE = re.compile(r"[路村镇街]|片区|新城|周边|地块")
# What is asked for → how a question asks for it, and how a sentence of the plan would say it.
_ASKED: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "price": (_PRICE, re.compile(r"\d(?:万|亿)?元|免费|低租金|质价相符")),
    "number": (_NUMBER, re.compile(rf"\d|{_AMOUNT_IN_WORDS.pattern}")),
    "hour": (_HOUR, re.compile(r"\d[点时]|小时|时段|周末|节假日|双休日|夜间|晚间|错时")),
    "date": (_DATE, re.compile(r"20\d\d|“十四五”|“十三五”|期间|年底|年内|近期|三年|五年")),
    "address": (_ADDRESS, _TOWNLIKE),
    "phone": (_PHONE, re.compile(r"\d{5}")),
    "how_to_apply": (_HOW, re.compile(r"申请|办理|报名|登记|流程|材料")),
}
_OURS = re.compile(
    r"(?:我们|咱们?|阿拉|我家|俺|侬|本)(?:这里|这边|这|那|住)?(?:个|的)?老?(小区|村|镇|街道|居委|社区|楼|弄堂)"
)
_ESTATE = re.compile(r"([\u4e00-\u9fff]{2,5})(新村|花苑|家苑|佳苑|雅苑|名苑|公寓|小区)")
_BEFORE_A_NAME = re.compile(
    r"^.*(?:请问|想问|我们|我家|咱们|阿拉|住在|听说|就是|在|住|问|那|这|到|给|帮|和|跟|的|是|去|有|像)"
)
# Kinds of estates and homes, no names: residents say them of any.
_KIND = re.compile(
    r"老|旧|新建|住宅|智慧|安静|开放|封闭|动迁|拆迁|安置|商品|高档|别墅|美丽|每|各|别|哪|几|个|多层|人才|租赁|长租|青年|农民|城镇|整|全|普通|一般|物业|没"
)


@dataclass(frozen=True)
class Unsaid:
    """One thing that is asked for and not held: its name in `wording.UNSAID`, and for a place how the resident called it."""

    what: str
    place: str = ""


def unsaid(question: Question, passages: Sequence[Passage], places: Mapping[str, Sequence[str]]) -> list[Unsaid]:
    """What a normalised question asks for and none of the passages shown holds; `places` as in a document.

    A place is held too by the heading under which a passage stands. Of several places the first is told.
    """
    text = squash("".join(passage.text for passage in passages))
    under = text + "".join(f"{passage.section}{passage.heading}" for passage in passages)
    found = [Unsaid(PLACE, place) for place in places_asked(question, places) if not _names(under, place, places)]
    asked = {
        what
        for what, (asking, holding) in _ASKED.items()
        if (asking.search(question.text) or _asks_in_english(what, question.text)) and not holding.search(text)
    }
    if "hour" in asked:
        asked.discard("date")  # 「什么时候开门」 asks for no year
    return found[:1] + [Unsaid(what) for what in _ASKED if what in asked]


def _asks_in_english(what: str, text: str) -> bool:
    return what in _ENGLISH and bool(_ENGLISH[what].search(text))


def is_held(what: str, passage: Passage, places: Mapping[str, Sequence[str]]) -> bool:
    """Whether a sentence of the plan gives what is asked for by this name; for an address it has to name where."""
    text = squash(passage.text)
    if what == "address":
        return bool(_SITE.search(text)) or any(_names(text, place, places) for place in places)
    return bool(_ASKED[what][1].search(text))


def places_asked(question: Question, places: Mapping[str, Sequence[str]]) -> list[str]:
    """The towns that are named, in the resident's words, and an estate; without a name the 「小区」 that is the resident's.

    In English a town is named as it is spelt: Xujing.
    """
    words = question.text
    if is_english(words):
        latin = set(re.findall("[a-z]+", words.lower()))
        return [town for short in places.values() for name in short if (town := _spelt(name)).lower() in latin]
    towns = [
        name if name in words else next(a for a in places[name] if a in words) for name in _known(question, places)
    ]
    estates = [estate for match in _ESTATE.finditer(words) if (estate := _estate(match))]
    if towns or estates:
        return towns + estates
    ours = _OURS.search(words)
    return [f"您的{ours[1]}"] if ours else []


@lru_cache(maxsize=64)
def _spelt(town: str) -> str:
    return "".join(syllables_and_letters(town)).capitalize()


def _known(question: Question, places: Mapping[str, Sequence[str]]) -> list[str]:
    words = question.text
    return [name for name in question.places if name in words or any(a in words for a in places.get(name, ()))]


def _estate(match: re.Match[str]) -> str:
    name = _BEFORE_A_NAME.sub("", match[1])
    return f"{name}{match[2]}" if len(name) >= 2 and not _KIND.search(name) else ""


def _names(text: str, place: str, places: Mapping[str, Sequence[str]]) -> bool:
    """Whether a text names a place by any of its names."""
    for official, short in places.items():
        if place in (official, *short, *map(_spelt, short)):
            return any(name in text for name in (official, *short))
    return place in text


def asks_the_price(text: str) -> bool:
    """Whether a normalised turn asks what something costs."""
    return bool(_PRICE.search(text))
