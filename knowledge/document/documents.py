"""What is known of a plan besides its text: `knowledge/sources/plan/document.yml`.

Another district replaces the text and this file. Every field but `title` is optional: without
`contents` the outline is read from the text's own 「第一章」 lines, without `places` no place is
recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError


@dataclass(frozen=True)
class ChapterOutline:
    """One line of the contents page: the printed first page of a chapter and of its sections."""

    number: int
    page: int
    section_pages: tuple[int, ...] = ()
    title: str = ""
    title_source: str = ""


@dataclass(frozen=True)
class Document:
    """Name, period and outline of one plan. `period` is (first year, last year)."""

    title: str
    short_title: str
    district: str = ""
    period: tuple[int, int] | None = None
    baseline_year: int | None = None
    source: str = ""
    chapters: tuple[ChapterOutline, ...] = ()
    closing_page: int | None = None
    notes_page: int | None = None
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()

    @property
    def place_names(self) -> tuple[str, ...]:
        """What its places are called, in full and for short, the longest first."""
        names = {*self.places, *(alias for aliases in self.places.values() for alias in aliases)}
        return tuple(sorted(names, key=lambda name: (-len(name), name)))


def load_document(path: Path) -> Document:
    """Read `document.yml`. Raises `CatalogueError` with file and line for a missing or odd field."""
    data, lines = load_mapping(path)
    title = data.get("title")
    if not isinstance(title, str) or not title.strip():
        raise CatalogueError(path, 1, "没有 title", "写上规划的全名，例如 title: 某某区…规划纲要")
    period = data.get("period")
    if period is not None and (
        not isinstance(period, list) or len(period) != 2 or not all(isinstance(y, int) for y in period)
    ):
        raise CatalogueError(path, lines.get("period", 1), f"period 是 {period!r}", "写成 [2021, 2025]")
    chapters = []
    for number, entry in enumerate(data.get("contents") or [], start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("page"), int):
            raise CatalogueError(
                path,
                lines.get("contents", 1),
                f"contents 第 {number} 项没有 page",
                "每章写 {page: 首页, sections: [各节首页]}",
            )
        chapters.append(
            ChapterOutline(
                number=number,
                page=entry["page"],
                section_pages=tuple(entry.get("sections") or ()),
                title=entry.get("title") or "",
                title_source=entry.get("title_source") or "",
            )
        )
    places = {name: tuple(aliases or ()) for name, aliases in (data.get("places") or {}).items()}
    return Document(
        title=title.strip(),
        short_title=(data.get("short_title") or title).strip(),
        district=data.get("district") or "",
        period=(period[0], period[1]) if period else None,
        baseline_year=data.get("baseline_year"),
        source=data.get("source") or "",
        chapters=tuple(chapters),
        closing_page=data.get("closing_page"),
        notes_page=data.get("notes_page"),
        places=places,
        elsewhere=tuple(data.get("elsewhere") or ()),
    )
