"""Words that point: at what was said before, at a time before now, at where the resident lives."""

from __future__ import annotations

import re

from knowledge.language.clauses import MARKS, clauses_of
from knowledge.language.past import FOURTEENTH, Period, past_of_a_leaning_turn

_POINTING = re.compile(
    r"^(?:那么?|还有|至于|然后|再问一下|另外)|(?:呢|怎么样|咋样|有没有|也有吗?|也是吗?)$|[，。！？,.!?\s]"
)
_POINTING_BACK = re.compile(r"(?:那|还有|至于).{0,12}$|.{0,8}呢[?？，]?$|.{0,8}也有吗")
_PLACE = re.compile(
    r"(?:我们|阿拉|本|这个|那个|别的|其他|每个|各)?(?:街道|街镇|镇|(?<!农)村|小区|居委|地方|这里|这边|那边|此地)(?:里|上)?$"
)
_OURS = re.compile(r"^(?:我们|咱们?|我|住在?|在)+(?=.{2})")
_HERE = re.compile(
    r"(?:我们|咱们?|本|这个?|那个?|别的|其他|每个|各)?(?:街道|街镇|镇|村|小区|居委|地方|这里|这边|那边|此地)(?:里|上)?(?:有没有|有)?"
)
# After which a slip is taken back or what is meant is said: 「不是问学费，我问的是接送」「13号线，哦不对，17号线要不要往西修」.
_MEANT_AFTER = re.compile(
    r"(?:问|说|讲|指|打听|了解|想知道|关心)的(?:就|其实)?是|我(?:是|想|要)(?:说|问|讲|指)|不对不对|不对|错了|错|哦不是?|噢不是?|口误"
    r"|而是|应该是|要改成|换成|改问|更正"
)
_NOT_BUT = re.compile(r"不是[^，。]{1,12}，?(?:而|就)?是")
_THE_FIRST = re.compile(r"第一个|一开始|最开始|最早|最先|开头|头一个|第一次")
EVERYWHERE = ("街镇", "全区", "各镇", "全覆盖", "城乡")  # how the plan says that a sentence is about every place
MEANT_CHARS = 2  # of what is meant; less is a particle
_WITHIN = re.compile(r"(?:里面?|上|中|方面)$")


def points_back(text: str) -> bool:
    """Whether it sounds as if it leaned on what was said before: 「那公租房呢」."""
    return bool(_POINTING_BACK.match(text))


def named_in(text: str) -> str:
    """What is left of 「那认知障碍的呢」 without the words that only point: 「认知障碍」."""
    return _POINTING.sub("", text).removesuffix("的")


def without_speaker(text: str) -> str:
    """「我们住在徐泾」 → 「徐泾」."""
    return _OURS.sub("", text)


def without_within(text: str) -> str:
    """「养老院里面」 → 「养老院」."""
    return _WITHIN.sub("", text)


def points_at_the_past(text: str, period: Period | None) -> bool:
    """Whether a time before that of the plan is meant: 「原来呢」, 「2020年呢」."""
    return bool(past_of_a_leaning_turn(period or FOURTEENTH).search(text))


def is_here(text: str) -> bool:
    """Whether it is nothing but a place that is pointed at: 「我们小区有没有」."""
    return bool(_HERE.fullmatch(text))


def ends_in_a_place(text: str) -> bool:
    """Whether it ends in such a place: 「加装电梯在阿拉小区」."""
    return bool(_PLACE.search(text))


def meant_in(text: str) -> str:
    """What a turn says last, where it says two things: after a word that takes back, else its last clause; "" if only one."""
    ends = [match.end() for pattern in (_MEANT_AFTER, _NOT_BUT) for match in pattern.finditer(text)]
    tails = [text[end:].strip(MARKS) for end in ends]
    if tails := [tail for tail in tails if len(tail) >= MEANT_CHARS]:
        return min(tails, key=len)
    clauses = clauses_of(text)
    return clauses[-1].strip(MARKS) if len(clauses) > 1 else ""


def names_the_first(text: str) -> bool:
    """Whether it goes back to where the conversation began: 「第一个问题里的那个」."""
    return bool(_THE_FIRST.search(text))
