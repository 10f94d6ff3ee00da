"""One name, one meaning: whoever reads a class's name need not ask which of them is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


def class_names(path: Path) -> list[str]:
    """Every class that a module defines, those within others included."""
    return [node.name for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ClassDef)]


@pytest.mark.slow  # reads all code
def test_no_class_name_is_defined_twice() -> None:
    """A new class whose name is taken finds a word of its own, and docs/glossary.md says what it means."""
    found: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            for name in class_names(path):
                found[name].append(str(path.relative_to(ROOT)))
    assert len(found) > 300
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
