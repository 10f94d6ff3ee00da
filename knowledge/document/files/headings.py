"""What of a plan's lines is a heading, and of which level: by its number, as offices number them."""

from __future__ import annotations

import re

MAX_HEADING_CHARS = 40
_NUMERAL = "〇零一二三四五六七八九十百"
_LEVELS = (
    (1, re.compile(rf"^第[{_NUMERAL}\d]+(?:章|篇|编|部分)(?:\s|[：:、]|$|(?=[^，。；]))")),
    (2, re.compile(rf"^(?:第[{_NUMERAL}\d]+节|[{_NUMERAL}]+、)")),
    (
        3,
        re.compile(
            rf"^(?:（[{_NUMERAL}]+）|\([{_NUMERAL}]+\)|专栏\s*[\d{_NUMERAL}]*|附表\s*[\d{_NUMERAL}]*|附件\s*[\d{_NUMERAL}]*)"
        ),
    ),
    (4, re.compile(r"^(?:\d{1,3}\s*[.．、](?!\d)|（\d{1,2}）|\(\d{1,2}\)|[①-⑳])")),
)
_CAPTION = re.compile(r"^(?:图|表)\s*\d+(?:[-—.]\d+)*[：:\s]")
_RUN_IN = re.compile(
    rf"^((?:（[{_NUMERAL}]+）|\([{_NUMERAL}]+\)|[{_NUMERAL}]+、|\d{{1,3}}\s*[.．、](?!\d)|（\d{{1,2}}）|[①-⑳])"
    r"\s*[^。！？；，：\n]{2,30}[。：])(?=\S)"
)
_LEAD = re.compile(
    r"[（(]\s*((?:牵头|责任|主办|负责|主管|配合|协办|实施)(?:单位|部门|处室|科室)?\s*[：:][^（()）]*(?:[（(][^（()）]*[）)][^（()）]*)*)[）)]\s*(?:[。；]\s*)?$"
)
_DEPARTMENT = r"[\u4e00-\u9fff]{1,12}(?:局|委|办|部|署|院|处|中心|公司|街道|政府|会|厅|集团|支队|总队|各镇|各街镇|街镇)"
_DEPARTMENTS = re.compile(_DEPARTMENT)
_LAST_DEPARTMENT = re.compile(rf"{_DEPARTMENT}(?:等?(?:按职责分工负责|负责|牵头))?")
_IN_BRACKETS = re.compile(r"(?:^|(?<=[。；]))[（(]([^（()）]*)[）)]\s*(?:[。；]\s*)?$")


def level_of(text: str) -> int:
    """1–4 for a line that is numbered as a heading and short, 0 for any other."""
    line = text.strip()
    if len(line) > MAX_HEADING_CHARS or line.endswith(("。", "；", "，", "：", ":", "！", "？")) or "。" in line:
        return 0
    return next((level for level, pattern in _LEVELS if pattern.match(line)), 0)


def number_level(text: str) -> int:
    """The level of the number at the beginning of a text, whatever follows it; 0 without one."""
    return next((level for level, pattern in _LEVELS if pattern.match(text.strip())), 0)


def is_caption(text: str) -> bool:
    """The line over or under a figure or a table."""
    return bool(_CAPTION.match(text.strip())) and len(text.strip()) <= MAX_HEADING_CHARS


def run_in(text: str) -> tuple[str, str]:
    """A numbered item's own heading and the text after it: 「22.优化布局。出台规划。」; no heading where there is none."""
    match = _RUN_IN.match(text)
    if not match:
        return "", text
    return match[1].rstrip("。："), text[match.end(1) :].lstrip()


def lead_of(text: str) -> tuple[str, str]:
    """A text without the departments in brackets at its end, and those: 「…。（牵头单位：市卫生局）」; "" where it is no more."""
    match = _LEAD.search(text) or _only_departments(text)
    if not match:
        return text, ""
    return text[: match.start()].rstrip(), re.sub(r"\s+", "", match[1])


def _only_departments(text: str) -> re.Match[str] | None:
    """Brackets at the end of a text that name departments and nothing else: 「（市卫生局、市财政局负责）」."""
    match = _IN_BRACKETS.search(text)
    *others, last = re.split(r"[、，,；;\s]+", match[1].strip()) if match else [""]
    named = all(map(_DEPARTMENTS.fullmatch, others)) and _LAST_DEPARTMENT.fullmatch(last)
    return match if named else None
