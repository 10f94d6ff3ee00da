"""The numbers of a table's row, each under the name of its column: a target, a baseline, a unit of its own column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.document.figures import Figure, read_target
from knowledge.document.plan_text import squash

Cells = Sequence[tuple[str, str]]
MAX_NAME_CHARS, MAX_UNIT_CHARS = 24, 16
_NUMBERED = re.compile(r"序号|编号|^号$")
_UNIT = re.compile(r"单位")
_NO_NAME = re.compile(r"序号|编号|单位|属性|性质|类别|领域|类型|大类|一级|责任|牵头|部门|备注|年限|时间")
_NAME = re.compile(r"名称|指标|项目|内容|任务|事项|服务")
_YEAR = re.compile(r"20\d\d")
_MEASURE = re.compile(r"目标|指标值|规划值|基期|现状|数值|数量|规模|20\d\d年")
_NUMBER = re.compile(
    r"^(?:[≥≤><＞＜＝=约]|不低于|不少于|达到|累计)?\s*([\d,，.]+)\s*(?:(%|％|[\u4e00-\u9fffA-Za-z/]{1,8}?)\s*)??(左右|以上|以下|以内)?$"
)
_SIGNS = {"≥": "不低于", "≤": "不超过", ">": "超过", "＞": "超过", "<": "低于", "＜": "低于"}


def name_in_cells(cells: Cells) -> str:
    """What a row is about: the cell under a column of names, else the first that is neither number nor unit."""
    named = [text for name, text in cells if _NAME.search(name) and not _NO_NAME.search(name) and not _is_number(text)]
    others = [text for name, text in cells if not _NO_NAME.search(name) and not _is_number(text)]
    found = (named or others or [text for _, text in cells])[0]
    return re.sub(r"（[^（）]*）|\([^()]*\)", "", squash(found))[:MAX_NAME_CHARS] or squash(found)[:MAX_NAME_CHARS]


def _is_number(text: str) -> bool:
    return not re.search(r"[\u4e00-\u9fffA-Za-z]", text)


def figures_in_cells(cells: Cells, default_year: int | None) -> tuple[Figure, ...]:
    """A figure for each column that measures, of the year that its name says; the last year first: it is the target."""
    unit = next(
        (squash(text) for name, text in cells if _UNIT.search(name) and "责任" not in name and "牵头" not in name), ""
    )
    label = name_in_cells(cells)
    unit = unit or _unit_in_name(cells)
    found = []
    for name, text in cells:
        if not _MEASURE.search(name) or _NUMBERED.search(name) or not any(c.isdigit() for c in text):
            continue
        year = _YEAR.search(name)
        value, own_unit, qualifier = _read(text)
        found.append(
            Figure(
                label,
                value,
                (own_unit or unit.strip("—-"))[:MAX_UNIT_CHARS],
                int(year[0]) if year else default_year,
                qualifier,
            )
        )
    return tuple(sorted(found, key=lambda figure: -(figure.year or 9999)))


def _unit_in_name(cells: Cells) -> str:
    """「每千人口养老床位（张）」 → 张."""
    for _, text in cells:
        match = re.search(r"[（(]([^（()）]{1,8})[)）]$", squash(text))
        if (match and not _is_number(match[1])) or (match and "%" in match[1]):
            return match[1]
    return ""


def _read(text: str) -> tuple[float | str, str, str]:
    """Number, unit and qualifier of a cell; the words as printed where it holds more than one number."""
    plain = squash(text)
    match = _NUMBER.match(plain)
    if not match:
        value, qualifier = read_target(plain)
        return (value if not isinstance(value, str) else value[:64]), "", qualifier
    number = float(re.sub(r"[,，]", "", match[1])) if re.fullmatch(r"[\d,，]+(?:\.\d+)?", match[1]) else None
    if number is None:
        return plain[:64], "", ""
    sign = _SIGNS.get(
        plain[0], next((word for word in ("不低于", "不少于", "约", "累计") if plain.startswith(word)), "")
    )
    whole = int(number) if number.is_integer() and "." not in match[1] else number
    return whole, (match[2] or "").replace("％", "%"), sign + (match[3] or "")
