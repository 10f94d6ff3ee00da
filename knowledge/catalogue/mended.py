"""What a person changed of the commitments that adopting a plan proposed: a table (CSV) or YAML, given back.

Both have the same fields. `编号` names the commitment; an empty field leaves it as it was proposed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.catalogue.commitments import MAX_TITLE_CHARS, Commitment, verbatim
from knowledge.catalogue.topics import AREA_NAMES, FOUR_TOPICS, OTHER
from knowledge.document.files.encodings import decoded
from knowledge.document.files.pieces import Unfit
from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError

ID, KEEP, TOPIC, TITLE, AUDIENCE, HEADLINE = "编号", "要不要", "主题", "标题", "对象", "要点"
YES, NO = "是", "否"
_NO = frozenset(["否", "不", "不要", "n", "no", "0", "false"])
_AREAS: Mapping[str, str] = {**{name: area for area, name in AREA_NAMES.items()}, **{area: area for area in AREA_NAMES}}
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Mend:
    """One commitment as a person wants it. `area` is "" and so on where nothing was changed."""

    path: Path
    line: int
    commitment_id: str
    keep: bool
    area: str
    title: str
    audience: tuple[str, ...]
    headline: str


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def from_cell(text: str) -> str:
    """What `as_cell` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def load_mended(path: Path | None) -> list[Mend]:
    """Every row in the file's order; none without a file.

    Raises `CatalogueError` (file, line, mend) for an unknown topic, a title that is too long, a missing id.
    """
    if path is None:
        return []
    if not path.is_file():
        raise CatalogueError(path, 0, "没有这个文件", "改正 --mended 的路径")
    rows = _yaml_rows(path) if path.suffix.lower() in (".yml", ".yaml") else _csv_rows(path)
    return [_mend(path, line, row) for line, row in rows]


def _yaml_rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    data, lines = load_mapping(path)
    items = data.get("commitments")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise CatalogueError(path, lines.get("commitments", 1), "没有 commitments 列表", "用 adopt 写出的文件来改")
    return [(line_of(item), item) for item in items]


def _csv_rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        text, _ = decoded(path.read_bytes())
    except Unfit as error:
        raise CatalogueError(path, 1, *str(error).split(" — ", 1)) from None
    dialect = "excel-tab" if "\t" in text.split("\n", 1)[0] else "excel"
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    if ID not in (reader.fieldnames or ()):
        raise CatalogueError(path, 1, f"第一行里没有“{ID}”这一列", "用 adopt 写出的 commitments.csv 来改，别删第一行")
    try:
        return [(reader.line_num, row) for row in reader if any((value or "") for value in row.values())]
    except csv.Error as error:
        raise CatalogueError(path, reader.line_num, f"表格读不懂：{error}", "用 Excel 另存为 CSV（UTF-8）") from None


def _mend(path: Path, line: int, row: Mapping[str, Any]) -> Mend:
    identifier, area, title = _text(row, ID), _text(row, TOPIC), _text(row, TITLE)
    if not identifier:
        raise CatalogueError(path, line, f"这一行没有{ID}", "照原来的填回去，或删掉这一行")
    if area and area not in _AREAS:
        raise CatalogueError(path, line, f"未知的主题“{area}”", f"用其中之一：{'、'.join(AREA_NAMES.values())}")
    if len(title) > MAX_TITLE_CHARS + 8:
        raise CatalogueError(path, line, f"标题有 {len(title)} 个字", f"缩到 {MAX_TITLE_CHARS} 个字左右")
    audience = row.get(AUDIENCE) or ()
    names = audience if isinstance(audience, list) else str(audience).replace("，", "、").replace(",", "、").split("、")
    return Mend(
        path=path,
        line=line,
        commitment_id=identifier,
        keep=_text(row, KEEP).lower() not in _NO,
        area=_AREAS.get(area, ""),
        title=title,
        audience=tuple(name.strip() for name in map(str, names) if name.strip()),
        headline=_text(row, HEADLINE),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, bool):
        return YES if value else NO
    return from_cell(str(value).strip() if value is not None else "")


def with_mended(commitments: Iterable[Commitment], mends: Sequence[Mend]) -> list[Commitment]:
    """The commitments as a person wants them; those that no row names stay as they are.

    Raises `CatalogueError` for one that this plan has not, and for a headline that does not stand in its sentence.
    """
    found = list(commitments)
    by_id = {each.id: each for each in found}
    wanted: dict[str, Mend] = {}
    for mend in mends:
        if mend.commitment_id not in by_id:
            what = f"规划里没有编号 {mend.commitment_id} 的承诺"
            raise CatalogueError(mend.path, mend.line, what, "文件改过，编号就变了：用这次写出的表再改一遍")
        wanted[mend.commitment_id] = mend
    return [_mended(each, wanted[each.id]) if each.id in wanted else each for each in found if _kept(each, wanted)]


def _kept(commitment: Commitment, wanted: Mapping[str, Mend]) -> bool:
    return commitment.id not in wanted or wanted[commitment.id].keep


def _mended(commitment: Commitment, mend: Mend) -> Commitment:
    headline = commitment.headline
    if mend.headline and squash(mend.headline) != squash(headline):
        if squash(mend.headline) not in squash(commitment.quote):
            raise CatalogueError(mend.path, mend.line, f"要点不在原文里：{mend.headline}", "从原文里逐字复制一段")
        headline = verbatim(commitment.quote, mend.headline)
    area = mend.area or commitment.area
    return replace(
        commitment,
        topic=area if area in FOUR_TOPICS else OTHER,
        area=area,
        title=mend.title or commitment.title,
        audience=mend.audience or commitment.audience,
        headline=headline,
    )
