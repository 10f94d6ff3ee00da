"""What speaks against a correction: what it would break, which nobody overrules, and what a second person has to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SURE, SAMPLE, FAR, SHORT, LEANS, ELSEWHERE = "sure", "sample", "far", "short", "leans", "elsewhere"
WHY_NAMES: Mapping[str, str] = {
    SURE: "现在很有把握，会被改掉",
    SAMPLE: "和另一条承诺的示例问题几乎一样",
    FAR: "选的这条离问题很远：机器人找到的前十条里没有它",
    SHORT: "问法太短，什么都可能问",
    LEANS: "要接着上一句才听得懂，生效后谁这样问都这样答",
    ELSEWHERE: "现在答得对的题会改由另一条承诺回答",
}


@dataclass(frozen=True)
class Broken:
    """A question that is answered right now and would not be any more: its source, the answer now, the answer then."""

    question: str
    origin: str
    now: str
    then: str


@dataclass(frozen=True)
class Doubt:
    """Why a second person should look first: a key of `WHY_NAMES`, the question that it concerns, its answer now and then."""

    why: str
    question: str = ""
    now: str = ""
    then: str = ""


@dataclass(frozen=True)
class Objections:
    """All that speaks against one correction; false where nothing does."""

    breaks: Sequence[Broken] = ()
    doubts: Sequence[Doubt] = ()

    def __bool__(self) -> bool:
        return bool(self.breaks or self.doubts)


NO_OBJECTIONS = Objections()


def as_json(found: Sequence[Broken | Doubt]) -> list[dict[str, Any]] | None:
    """For a row; None where there are none."""
    return [vars(each) for each in found] or None
