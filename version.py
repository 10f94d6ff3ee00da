"""The product's version, which stands in `pyproject.toml` and nowhere else: the project runs from its checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import tomli

PROJECT = Path(__file__).with_name("pyproject.toml")


@lru_cache(maxsize=1)
def product_version() -> str:
    """As `0.5.0`: the newest version of CHANGELOG.md."""
    return str(tomli.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
