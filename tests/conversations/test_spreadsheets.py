"""No cell that we write is run by a spreadsheet."""

from __future__ import annotations

import pytest

from conversations.spreadsheets import safe_cell


@pytest.mark.parametrize(
    "formula",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x", "⁺1", "₌1"),
        *("\t=1", "\r=1", "\n=1", "\r\n＝1", " =1", "\u3000＝1", "\u00a0=1", "\u200b=1", "\ufeff＝1", "\u2060 \n =1"),
        *("\tx", "\rx", "\nx", "\u202e=1", "\x00=1", "\x0b=1"),
    ],
)
def test_what_looks_like_a_formula_is_text(formula: str) -> None:
    """Full width, after blanks, line ends and what is invisible; the words themselves stay."""
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "plain", ["", "养老床位有多少", "a=b", "1+1", "2025-2026", "（=）", " 1", "'x", -5, 1.5, None, True]
)
def test_everything_else_stays(plain: object) -> None:
    """Numbers are numbers, below zero as well."""
    assert safe_cell(plain) == plain
