"""From what adopting a plan left in its folder to the record that the shelf keeps of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.adopting.folder import DOCUMENT, REPORT_DATA, STORE
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.shelf.folder import ShelfError, meta_of
from knowledge.shelf.record import KIND_NAMES, PLAN, PROJECTS, SPECIAL, STATUS_NAMES, DocumentRecord, usual_id

_PROJECTS, _SPECIAL = ("实事项目", "民生实事", "为民办实事"), "专项规划"


def adopted_record(folder: Path, document_id: str = "") -> tuple[DocumentRecord, Path]:
    """The record of a built document and the folder of its store; the id from its title unless one is given.

    `folder` is what adopting left, or a store alone. Raises `ShelfError`, `StoreUnavailable`, `CatalogueError`.
    """
    store = folder / STORE if (folder / STORE).is_dir() else folder
    if not (store / "knowledge.sqlite").is_file():
        raise ShelfError(f"{folder}: 里面没有建好的库 — 先运行 python -m knowledge adopt 文件")
    meta, written = meta_of(store), _written(folder / DOCUMENT)
    title, period = str(meta.get("title") or ""), meta.get("period")
    record = DocumentRecord(
        id=document_id or usual_id(title),
        title=title,
        short_title=str(meta.get("short_title") or title),
        kind=_kind(title, written),
        district=str(meta.get("district") or ""),
        period=(period[0], period[1]) if period else None,
        status=str(written.get("status") or "") if written.get("status") in STATUS_NAMES else "",
        date=str(written.get("date") or ""),
        source=str(written.get("source") or ""),
        page_numbering=str(written.get("page_numbering") or _counted(folder / REPORT_DATA)),
    )
    return record, store


def _written(path: Path) -> Mapping[str, Any]:
    return load_mapping(path)[0] if path.is_file() else {}


def _kind(title: str, written: Mapping[str, Any]) -> str:
    if written.get("kind") in KIND_NAMES:
        return str(written["kind"])
    if any(name in title for name in _PROJECTS):
        return PROJECTS
    return SPECIAL if _SPECIAL in title else PLAN


def _counted(report: Path) -> str:
    """How the pages were numbered, as the report of the file says it; "" where there is none."""
    try:
        first = json.loads(report.read_bytes())["sections"][0]["lines"][0]
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    return str(first).partition("页码：")[2]
