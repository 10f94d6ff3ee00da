"""Finds where the product reads the environment by itself, and who asks the table for what."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tuple(
    re.findall(
        r'"(\w+)"',
        next(line for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines() if "root_packages" in line),
    )
)


@dataclass(frozen=True)
class Read:
    """A variable's name as it stands in the code (an expression), and where."""

    name: str
    where: str


def sources() -> Iterator[tuple[str, Path]]:
    """Package and file, of all that is ours but the tests; scripts count as a package."""
    for package in (*PACKAGES, "scripts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path


def reads_of(text: str, where: str) -> list[Read]:
    """Each place where code looks at the environment otherwise than to set a variable or to hand all of it on."""
    tree = ast.parse(text)
    around = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            found += [Read(a.name, f"{where}:{node.lineno}") for a in node.names if a.name in ("environ", "getenv")]
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.environb"):
            name = _read(node, around)
            found += [Read(name, f"{where}:{node.lineno}")] if name is not None else []
    return found


def _read(node: ast.Attribute, around: dict[ast.AST, ast.AST]) -> str | None:
    """The name that is read, "?" where it cannot be told, None where nothing is."""
    parent = around[node]
    if isinstance(parent, ast.Call) and parent.func is node:
        return _written(parent.args[0])
    if isinstance(parent, ast.Subscript):
        return _written(parent.slice) if isinstance(parent.ctx, ast.Load) else None
    if isinstance(parent, ast.Compare) and node in parent.comparators:
        return _written(parent.left)
    if isinstance(parent, ast.Dict):
        return None
    if isinstance(parent, ast.Attribute):
        call = around[parent]
        named = isinstance(call, ast.Call) and call.func is parent and call.args
        return None if parent.attr in ("items", "update", "setdefault") else _written(call.args[0]) if named else "?"
    return "?"


def _written(expression: ast.expr) -> str:
    return str(expression.value) if isinstance(expression, ast.Constant) else ast.unparse(expression)


def asked(names: frozenset[str]) -> dict[str, set[str]]:
    """Setting → the packages that import it from the table."""
    found: dict[str, set[str]] = defaultdict(set)
    for package, path in sources():
        if package == "settings":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "settings":
                for alias in node.names:
                    whole.add(alias.asname or alias.name)
                    if alias.name in names:
                        found[alias.name].add(package)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) in whole:
                found[node.attr].add(package)
    return found
