"""Numbers in a sentence, read with label, value, unit, year and qualifier."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.document.plan_text import squash

_UNITS = (
    "亿元/平方公里|公里/平方公里|人/亿元|亿元|万元|万平方米|平方公里|平方米|公里|公顷|万亩|亩|万户次|万单|万个|万人|万名"
    "|个工作日|个百分点|Mbps|元|张|家|所|套|个|件|条|项|座|名|人|岁|次|户|辆|部|台|处|倍|%|％"
)
_NUMBER = re.compile(
    rf"(?<![\dA-Za-z.+∶：\-第“])(?P<value>\d{{1,15}}(?:\.\d{{1,15}})?)(?P<unit>{_UNITS})(?P<after>左右|以上|以下|以内|余|多)?"
)
_YEAR = re.compile(r"(?P<past>[由是比])?(?P<year>20\d\d)年")
_BEFORE = re.compile(r"(不少于|不低于|不超过|超过|突破|约|近|超|累计达?到?|力争达?到?)$")
_VERBS = re.compile(
    r"(?:稳定|分别|总数|总计)?(?:增加到|增加至|增加|提高至|提高到|提升至|提升到|降低到|降低至|下降|达到|达|为|至|到|增至|维持在|保持在|有)$"
)
_OPENING = re.compile(
    r"^(?:力争)?(?:到|至)?20\d\d年(?:三季度)?|^“十[三四五]五”(?:时期|期间)|^(?:其中|力争|以及|和|并|实现|数量达?|为)"
)
_CLASSIFIERS = frozenset(
    ["个", "家", "所", "座", "条", "张", "项", "名", "套", "件", "处", "部", "台", "辆", "万平方米", "公里"]
)
_DELIMITERS = "，；：。、"


@dataclass(frozen=True)
class Figure:
    """One number of the plan. `value` is a number, or the printed words where the plan gives no number."""

    label: str
    value: float | str
    unit: str
    year: int | None
    qualifier: str

    @property
    def amount(self) -> float | str:
        """The value in single units: 13 万平方米 → 130000; words unchanged."""
        return self.value * 10000 if self.unit.startswith("万") and not isinstance(self.value, str) else self.value

    @property
    def printed_value(self) -> str:
        """The value as the plan prints it: no trailing `.0`."""
        return format_value(self.value)


def format_value(value: float | str) -> str:
    """8278.0 → `8278`, 2.6 → `2.6`, words unchanged."""
    return value if isinstance(value, str) else f"{value:g}" if value < 1e6 else str(int(value))


def read_figures(sentence: str, *, default_year: int | None = None) -> list[Figure]:
    """Every measured number of a sentence, in order. Years, line names and ordinals are not figures.

    `default_year` is used where no year stands before the number.
    """
    text = squash(sentence)
    years = list(_YEAR.finditer(text))
    found: list[Figure] = []
    end_of_last = 0
    for match in _NUMBER.finditer(text):
        label, qualifier = _label(text, match, end_of_last)
        end_of_last = match.end()
        if not label:
            continue
        year = _year_before(text, years, match.start(), default_year)
        unit = match["unit"].replace("％", "%")
        found.append(Figure(label, _number(match["value"]), unit, year, qualifier))
    return found


def _year_before(text: str, years: list[re.Match[str]], at: int, default: int | None) -> int | None:
    """The year that governs the number at `at`. 「由 2015 年的…」 governs only the number right after it."""
    for mention in reversed(years):
        if mention.start() > at:
            continue
        if mention["past"] and (_NUMBER.search(text, mention.end(), at)):
            continue
        return int(mention["year"])
    return default


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() and "." not in text else value


def _label(text: str, match: re.Match[str], floor: int) -> tuple[str, str]:
    start = match.start()
    left = max([floor] + [text.rfind(mark, 0, start) + 1 for mark in _DELIMITERS])
    before = text[left:start]
    if len(_OPENING.sub("", before)) < 2 and text[left - 1 : left] == "、":
        left = max([floor] + [text.rfind(mark, 0, left - 1) + 1 for mark in "，；：。"])
        before = text[left:start]
    qualifiers: list[str] = []
    while True:
        opened = _OPENING.sub("", before, count=1)
        early = _BEFORE.search(opened)
        if early:
            qualifiers.insert(0, early[1].removesuffix("到").removesuffix("达"))
            opened = opened[: early.start()]
        opened = _VERBS.sub("", opened)
        if opened == before:
            break
        before = opened
    if match["after"]:
        qualifiers.append(match["after"])
    if "占比" in before or "比重" in before or "比例" in before:
        qualifiers.insert(0, "占比")
    after = re.match(r"[\u4e00-\u9fffA-Za-z“”]+", text[match.end() :])
    follows = after.group() if after and match["unit"] in _CLASSIFIERS else ""
    follows = re.split(r"和|及|建设|的|，", follows)[0]
    label = (before + follows).strip("“”的")
    return (label if 2 <= len(label) <= 40 else ""), "".join(dict.fromkeys(qualifiers))


def same_quantity(target: Figure, baseline: Figure) -> bool:
    """Whether two figures measure the same thing: same unit and the same characters in their labels.

    The plan turns words round (机构养老床位总数, 养老机构床位总数), so order does not count; the Dice
    coefficient of the two multisets of characters must reach 0.85 (chosen on the plan's own pairs).
    """
    if target.unit != baseline.unit or isinstance(target.value, str) or isinstance(baseline.value, str):
        return False
    a, b = Counter(_core(target.label)), Counter(_core(baseline.label))
    shared = sum((a & b).values())
    return 2 * shared / max(1, sum(a.values()) + sum(b.values())) >= 0.85


def _core(label: str) -> str:
    return re.sub(r"成功创建|总数|年均|本区|全区|预计|数量|数$|[“”]", "", label)


def read_target(target: str) -> tuple[float | str, str]:
    """The target cell of an indicator: `8 左右` → (8, 左右); words without one number stay words."""
    match = re.fullmatch(r"(累计)?\s*(\d+(?:\.\d+)?)\s*(左右|以上|以下)?", target)
    if not match:
        return target, ""
    return _number(match[2]), (match[1] or "") + (match[3] or "")
