"""What a question asks for besides its subject: how many, when, what is, a list, a comparison; places, years, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.language.clauses import CLAUSE_END
from knowledge.language.five_years import five_years_of
from knowledge.language.past import FOURTEENTH, Period, past_of_a_question
from knowledge.language.phrase import Phrase, any_of, anything, one_of

_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "how_many": re.compile(
        r"多少|几[个家张套所座条项人名户件岁公万成]|多大|多高|比例|占比|百分之|数量|总数|有几|几成|多长|多快|指标是|目标值"
    ),
    "when": re.compile(r"什么时候|何时|哪年|哪一年|几时|多久|啥时|到几几年|什么时间|年底前|期限"),
    "what_is": re.compile(
        r"(?<!目标)(?<!指标)(?<!任务)(?<!要求)(?<!措施)(?<!计划)(?<!内容)(?<!重点)(?<!方向)(?<!态度)(?<!办法)(?<!安排)(?<!做法)"
        r"(?:是什么|是啥)|什么意思|啥意思|指什么|指的是|什么叫|叫什么|何谓|定义|怎么理解|解释一下|含义|是指|什么是|啥叫|啥是|怎么算"
        r"|(?:是|指|分|分为)哪(?:些|几|[二两三四五六七八九十]|\d+)|包[括含](?:了?哪|什么)"
    ),
    "who": re.compile(r"谁|哪个部门|哪些部门|哪个单位"),
    "where": re.compile(r"哪里|哪儿|在哪|什么地方|哪些地方|哪些镇|哪个镇|哪几个"),
    "whether": re.compile(r"有没有|是不是|会不会|能不能|可不可以|是否|吗|要不要"),
    "list": re.compile(r"有哪些|哪些|都有什么|列一下|列出|有什么(?:政策|措施|指标|目标|安排|计划|规划|举措)|哪几"),
    "indicator": re.compile(r"指标|考核|主要目标"),
}


@lru_cache(maxsize=16)
def _patterns_of(period: Period) -> Mapping[str, re.Pattern[str]]:
    """`_PATTERNS`, and what tells the time that is asked of, as a plan for these years and the one before it are named."""
    own = five_years_of(period[1])
    return {
        **_PATTERNS,
        "past": past_of_a_question(period),
        "future": re.compile(
            rf"{period[1]}|将来|以后|未来|{own.name}|计划|打算|准备|目标|会不会|要(?:建|造|做|办|开|搞|推进|增加|新增|达到|引进|改)|规划|到时候|今后|明年|争取"
        ),
        "comparison": re.compile(
            rf"增加了多少|多了多少|提高了多少|增长多少|涨了多少|相比|比(?:{own.before.name}|{period[0] - 1}|以前|原来|原先|过去|现在)|多出|翻了|提升多少|差多少|变化"
            r"|(?:原来|原先|以前|之前|过去).{2,20}(?:变成|变为|增加到|提高到|涨到|翻到|以后|将来|到时候).{0,6}(?:多少|几)"
        ),
    }


_FILLERS = re.compile(r"[呢吗啊呀吧的了么嘛哦嗯\s，。！？,.!?]|你好|您好|请问|我想问|问一下|想知道|咨询|关于")


@lru_cache(maxsize=16)
def _amount_of(period: Period) -> Phrase:
    """A name and how much of it, in words of a plan for these years: 「养老床位到2025年要有多少张」."""
    own = five_years_of(period[1])
    times = f"{own.before.name}末|{own.before.name}|{own.name}末|{own.name}"
    return Phrase(
        any_of(
            "到20##年底|到20##年|到20##底|到20##|20##年底|20##年|20##底|20##|以后|将来|规划里|规划|青浦区|青浦|区里"
        ),
        *anything("name"),
        any_of(
            "的|一共|总共|目标|数量|以后|将来|原来|以前|之前|现在|到20##年底|到20##年|到20##底|到20##|20##年底|20##年|20##底|20##"
            f"|{times}|要|会|得|该|能|达到|达|增加到|增加|提高到|提高|建到|建|造|做到|有|是|到|占"
        ),
        one_of("多少|几"),
        any_of("张|家|套|所|座|条|项|人|名|户|件|个|岁|成|台|处|公里|万|平方米|平方|比例|百分点"),
    )


_INTRODUCED = re.compile(r"^(?:请问|想问|问问|问下|问一下|我想问|那么|那|听说|听讲|还有){1,3}")
_YEAR = re.compile(r"20[0-9]{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:万|千|百)?")
_CHINESE_NUMBER = re.compile(
    r"(?<![一二两三四五六七八九十百千万零])[一二两三四五六七八九十百千万零]+(?=[张家套所座个条项名户公平亩])"
)
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10000}


@dataclass(frozen=True)
class Question:
    """A normalised question and what can be read off it without knowing the plan.

    `asks` holds names of `_patterns_of`; `numbers` are the amounts that stand in it, years left out.
    """

    text: str
    asks: frozenset[str]
    places: tuple[str, ...]
    years: tuple[int, ...]
    numbers: tuple[float, ...]

    @property
    def bare(self) -> str:
        """The text without greetings, particles and punctuation."""
        return bare_text(self.text)


def amount_asked_of(text: str, period: Period | None = None) -> str:
    """What a bare question asks the amount of, if it asks nothing else: 「认知障碍床位」; "" otherwise."""
    read = _amount_of(period or FOURTEENTH).read(text)
    return read["name"].replace("的", "") if read else ""


def bare_text(text: str) -> str:
    """A normalised question without greetings, particles and punctuation."""
    return _FILLERS.sub("", text)


def same_words(text: str) -> str:
    """What two ways of typing one question share: its bare text, or all of it where next to nothing is left (「你好呀」)."""
    bare = bare_text(text)
    return bare if len(bare) > 1 else text


def letters_of(text: str) -> str:
    """A text as typed without punctuation, blanks, width and case: what is the same question to anybody."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower()) or text


def keys_of(text: str, words_of: Callable[[str], str]) -> set[str]:
    """By what a question is found among those that may not be learned: as typed, or by its words as `words_of` reads them."""
    return {letters_of(text), words_of(text)}


def read_question(text: str, places: Mapping[str, Sequence[str]], period: Period | None = None) -> Question:
    """Read a normalised question. `places` maps official names to short ones; `period` is that of the plan that is asked."""
    asks = {name for name, pattern in _patterns_of(period or FOURTEENTH).items() if pattern.search(text)}
    if "comparison" in asks:  # the year named is what the target is compared with
        asks.discard("past")
    named = tuple(name for name, aliases in places.items() if name in text or any(a in text for a in aliases))
    return Question(text, frozenset(asks), named, years_in(text), amounts_in(text))


def years_in(text: str) -> tuple[int, ...]:
    """The years that a text names in digits."""
    return tuple(map(int, _YEAR.findall(text)))


def asked_of(text: str, elsewhere: Sequence[str], own: Sequence[str]) -> str:
    """The other district or city that a normalised question is about: one of its clauses begins with that name; "" if none.

    Elsewhere in a clause it is where somebody lives, works or goes to (「我在嘉善上班」「到吴江去看病」). `own` are names of
    the district itself and of those who speak: where one is named as well, the question is about that.
    """
    if any(name in text for name in own):
        return ""
    clauses = [_INTRODUCED.sub("", clause) for clause in CLAUSE_END.split(text)]
    return next((name for name in elsewhere for clause in clauses if clause.startswith(name)), "")


def amounts_in(text: str) -> tuple[float, ...]:
    """Amounts in digits or in Chinese words before a measure word: 「两万张」 → 20000."""
    found = []
    for match in _NUMBER.finditer(text):
        digits = re.match(r"\d+(?:\.\d+)?", match.group())
        value = float(digits.group() if digits else 0) * _UNIT.get(match.group()[-1], 1)
        if not (_YEAR.fullmatch(match.group()) and text[match.end() : match.end() + 1] in ("年", "")):
            found.append(value)
    found += [float(spoken_number(m.group())) for m in _CHINESE_NUMBER.finditer(text) if len(m.group()) > 1]
    return tuple(found)


def spoken_number(text: str) -> int:
    """「九千五百」 → 9500, 「两万」 → 20000."""
    total = section = digit = 0
    for character in text:
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        else:
            section += (digit or 1) * _UNIT[character]
            digit = 0
    return total + section + digit
