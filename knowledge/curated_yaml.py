"""YAML files that people edit, read with the line number of every entry so that errors can point at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from knowledge.errors import CatalogueError


def load_mapping(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The file's top-level mapping and the 1-based line of each of its keys.

    Raises `CatalogueError` when the file is missing, not UTF-8, not YAML or not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CatalogueError(path, 0, "没有这个文件", "恢复它，或改正路径") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueError(path, line, "不是 UTF-8 编码", "用编辑器另存为 UTF-8") from None
    try:
        data: Any = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CatalogueError(path, line, f"YAML 读不懂：{error.problem}", "检查缩进、冒号和引号") from None
    if not isinstance(data, dict):
        raise CatalogueError(path, 1, "文件顶层不是键值表", "顶层写成 key: value")
    positions: Any = data
    return data, {str(key): positions.lc.key(key)[0] + 1 for key in data}


def line_of(node: Any, key: str | int | None = None) -> int:
    """The 1-based line where a loaded node (or one of its keys or items) stands; 0 if unknown."""
    position = getattr(node, "lc", None)
    if position is None:
        return 0
    if key is not None and position.data and key in position.data:
        return int(position.data[key][0]) + 1
    return int(position.line) + 1
