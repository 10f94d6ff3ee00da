"""Cells for spreadsheets, which run as a formula what begins like one (OWASP, CSV injection)."""

from __future__ import annotations

import unicodedata
from typing import Any

_STARTS_A_FORMULA = "=+-@"
_NEUTRAL = "'"  # spreadsheets take the rest of such a cell for text, and do not show it


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet runs; what is no text stays as it is.

    Whatever stands before it: blanks, line ends and what is invisible are left out by some programs, and full-width
    signs are read as their ASCII ones.
    """
    if not isinstance(value, str) or not value:
        return value
    seen = next((c for c in unicodedata.normalize("NFKC", value) if not _is_blank(c)), "")
    return f"{_NEUTRAL}{value}" if (seen and seen in _STARTS_A_FORMULA) or value[0] in "\t\r\n" else value


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Zs", "Zl", "Zp")
