"""The table as a page for operators, in Chinese first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from settings.setting import Setting
from settings.table import SECTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
_HEAD = """# 设置 Settings

每一项是一个环境变量，用到时才读；空的等于没有设。写错了，会说出是哪一个、现在是什么、可以写什么。
Each is an environment variable, read when it is needed; an empty one counts as unset. A wrong one is refused with its name, what stands there, and what is allowed.

这一页由 `python -m settings` 从 `settings/` 里的表生成，不要手改。
This page is written by `python -m settings` from the table in `settings/`: do not edit it.
"""
_COLUMNS = "| 变量 variable | 默认 default | 意思 meaning | 可以写 allowed | 谁读 read by |\n|---|---|---|---|---|\n"


def page() -> str:
    """The page, Markdown."""
    return _HEAD + "".join(_section(title, settings) for title, settings in SECTIONS.items())


def _section(title: str, settings: Sequence[Setting[Any]]) -> str:
    return f"\n## {title}\n\n{_COLUMNS}" + "".join(f"{_row(setting)}\n" for setting in settings)


def _row(setting: Setting[Any]) -> str:
    formerly = "".join(f"（旧名 formerly `{name}`）" for name in setting.formerly)
    meaning, allowed = f"{setting.zh} / {setting.en}", f"{setting.kind.zh} / {setting.kind.en}"
    cells = (f"`{setting.name}`{formerly}", _default(setting), meaning, allowed, "、".join(setting.readers))
    return f"| {' | '.join(cells)} |"


def _default(setting: Setting[Any]) -> str:
    return setting.unset or (f"`{setting.written}`" if setting.written else "不设 unset")
