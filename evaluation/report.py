"""The report as one HTML page: bars of shares with their intervals, then every miss with what was returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evaluation.scoring import Scored

_STYLE = """
body{font:1rem/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
.bar{background:#e6e6e6;height:1.2rem;width:16rem;position:relative}.bar i{background:#0a6;display:block;height:100%}
.bar b{position:absolute;top:.45rem;height:.3rem;background:#0006}
"""


def render_report(figures: Mapping[str, Any], scored: Sequence[Scored]) -> str:
    """A whole HTML document; all text is escaped."""
    rows = [(name, value) for name, value in figures.items() if name != "by_kind"]
    rows += list(figures["by_kind"].items())
    misses = "".join(_miss(s) for s in scored if not s.right)
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>评分报告</title><style>{_STYLE}</style>'
        "<h1>评分报告 Evaluation</h1><table><tr><th>项目</th><th>正确率与 95 % 区间</th><th></th><th>题数</th></tr>"
        + "".join(_bar(name, value) for name, value in rows)
        + "</table><h2>答错的题 Misses</h2><table><tr><th>题</th><th>问</th><th>应为</th><th>实为</th></tr>"
        + misses
        + "</table></html>"
    )


def _bar(name: str, value: Mapping[str, float]) -> str:
    low, high = value["low"] * 100, value["high"] * 100
    return (
        f"<tr><td>{escape(name)}</td><td><div class=bar><i style='width:{value['share'] * 100:.1f}%'></i>"
        f"<b style='left:{low:.1f}%;width:{high - low:.1f}%'></b></div></td>"
        f"<td>{value['share']:.1%}</td><td>{value['n']:.0f}</td></tr>"
    )


def _miss(scored: Scored) -> str:
    question, custom = scored.question, scored.custom
    asked = " → ".join((*question.before, question.question))
    wanted = f"{question.outcome}: {' / '.join(question.expect)}"
    first = custom["citations"][0]["quote"] if custom["citations"] else custom["headline"]
    cells = (question.id, asked[:200], wanted, f"{custom['outcome']}: {first}")
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
