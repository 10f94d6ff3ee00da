"""Words that point: at what was said before, at a time before now, at where the resident lives."""

from __future__ import annotations

import re

from knowledge.language.past import PAST_OF_A_LEANING_TURN

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


def points_at_the_past(text: str) -> bool:
    """Whether a time before the plan's is meant: 「原来呢」, 「2020年呢」."""
    return bool(PAST_OF_A_LEANING_TURN.search(text))


def is_here(text: str) -> bool:
    """Whether it is nothing but a place that is pointed at: 「我们小区有没有」."""
    return bool(_HERE.fullmatch(text))


def ends_in_a_place(text: str) -> bool:
    """Whether it ends in such a place: 「加装电梯在阿拉小区」."""
    return bool(_PLACE.search(text))
