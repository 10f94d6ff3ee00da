"""The report as one HTML page: shares with their intervals, the comparison, calibration, confusion, every miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from evaluation.explaining import Explanation
from evaluation.plots import calibration_plot
from evaluation.scoring import Scored

METRICS = {
    "answered_right_first": "规划有答案，第一条就对 right passage first",
    "answered_right_in_three": "前三条里有对的 among the first three",
    "answerable_but_refused": "规划有答案却拒答 refused although answerable",
    "refused_rightly": "规划没有答案，拒答 refused rightly (recall)",
    "refusal_precision": "拒答的题里确实没有答案 refusal precision",
    "topic_right_where_answered": "答了的题主题对 topic right where answered",
}
STYLE = """
body{font:1rem/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
.bar{background:#e6e6e6;height:1.2rem;width:16rem;position:relative}.bar i{background:#0a6;display:block;height:100%}
.bar b{position:absolute;top:.45rem;height:.3rem;background:#0006}
small{color:#555}
"""


@dataclass(frozen=True)
class Evaluation:
    """One run. `systems` maps each system's name to its summary, ours first; misses and explanations are ours."""

    question_set: str
    seconds: float
    systems: Mapping[str, Mapping[str, Any]]
    confusion: Mapping[str, Mapping[str, int]]
    calibration: Mapping[str, Any]
    scored: Sequence[Scored]
    explanations: Sequence[Explanation]

    @property
    def ours(self) -> Mapping[str, Any]:
        """The summary of our bot."""
        return next(iter(self.systems.values()))

    @property
    def misses(self) -> list[tuple[Scored, Explanation]]:
        """Every question that was not answered rightly, with its explanation."""
        return [(s, e) for s, e in zip(self.scored, self.explanations) if not s.right]

    @property
    def cpu_ms(self) -> dict[str, float]:
        """CPU of understanding and finding a question, in milliseconds: median and 95th percentile."""
        spent = sorted(e.cpu_ms for e in self.explanations)
        return {"p50": round(spent[len(spent) // 2], 1), "p95": round(spent[int(0.95 * len(spent))], 1)}

    def as_json(self) -> dict[str, Any]:
        """The whole, for programs."""
        return {
            "schema": "evaluation/1",
            "set": self.question_set,
            "seconds": round(self.seconds, 1),
            "systems": self.systems,
            "topic_confusion": self.confusion,
            "calibration": self.calibration,
            "cpu_ms": self.cpu_ms,
            "misses": [_miss_json(scored, explanation) for scored, explanation in self.misses],
        }


def render_report(evaluation: Evaluation) -> str:
    """A whole HTML document; all text is escaped."""
    ours = evaluation.ours
    body = [
        f"<p>问题集 set: {escape(evaluation.question_set)}；{len(evaluation.scored)} 题 questions；"
        f"{evaluation.seconds:.0f} 秒 s。条的细线是 95 % 自助法区间 thin bars: 95 % bootstrap intervals。"
        f"理解和查找一题的 CPU of understanding and finding: {evaluation.cpu_ms['p50']} ms "
        f"（p95 {evaluation.cpu_ms['p95']} ms）.</p>",
        table(("项目", "", "正确率", "题数"), [_bar(METRICS[name], ours[name]) for name in METRICS]),
        "<h2>按题型 By kind</h2>",
        table(("题型", "", "正确率", "题数"), [_bar(kind, value) for kind, value in ours["by_kind"].items()]),
        "<h2>与其他做法相比 Compared</h2>",
        _compared(evaluation.systems),
        "<h2>校准 Calibration</h2><p>单轮的题：可答概率与实际答对的比例 single-turn questions.</p>",
        calibration_plot(evaluation.calibration),
        "<h2>主题 Topics</h2><p>行是应有的主题，列是答复的主题 rows expected, columns returned.</p>",
        _confused(evaluation.confusion),
        f"<h2>没答对的题 Misses（{len(evaluation.misses)}）</h2>",
        table(("题", "问", "应为", "实为", "为什么"), [_miss(s, e) for s, e in evaluation.misses]),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>评分报告 Evaluation</title>'
        f"<style>{STYLE}</style><h1>评分报告 Evaluation</h1>{''.join(body)}</html>"
    )


def table(head: Sequence[str], rows: Sequence[str]) -> str:
    """Rows under a head, whose text is escaped here."""
    return f"<table><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr>{''.join(rows)}</table>"


def _bar(name: str, value: Mapping[str, float]) -> str:
    low, high = value["low"] * 100, value["high"] * 100
    return (
        f"<tr><td>{escape(name)}</td><td><div class=bar><i style='width:{value['share'] * 100:.1f}%'></i>"
        f"<b style='left:{low:.1f}%;width:{high - low:.1f}%'></b></div></td>"
        f"<td>{value['share']:.1%} <small>[{low:.1f}, {high:.1f}]</small></td><td>{value['n']:.0f}</td></tr>"
    )


def _compared(systems: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td>{escape(title)}</td>"
        + "".join(
            f"<td>{s[name]['share']:.1%}<br><small>[{s[name]['low']:.1%}, {s[name]['high']:.1%}]</small></td>"
            for s in systems.values()
        )
        + "</tr>"
        for name, title in METRICS.items()
    ]
    return table(("", *systems), rows)


def _confused(confusion: Mapping[str, Mapping[str, int]]) -> str:
    columns = sorted({name for row in confusion.values() for name in row})
    rows = []
    for topic, row in confusion.items():
        total = sum(row.values())
        cells = "".join(
            f"<td style='background:rgba(0,{170 if name == topic else 0},102,{row.get(name, 0) / total:.2f})'>"
            f"{row.get(name, 0) or ''}</td>"
            for name in columns
        )
        rows.append(f"<tr><th>{escape(topic)}</th>{cells}</tr>")
    return table(("", *columns), rows)


def _miss(scored: Scored, explanation: Explanation) -> str:
    data = _miss_json(scored, explanation)
    why = f"可答 {data['answerable']:.2f}，没写 {data['silence']:.2f}；" + "；".join(data["candidates"])
    cells = (data["id"], " → ".join(data["asked"])[:200], data["expected"], data["returned"], why)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _miss_json(scored: Scored, explanation: Explanation) -> dict[str, Any]:
    question, custom = scored.question, scored.custom
    first = custom["citations"][0]["quote"] if custom["citations"] else custom["headline"]
    return {
        "id": question.id,
        "kind": question.kind,
        "asked": [*question.before, question.question],
        "understood": explanation.understood,
        "expected": f"{question.outcome}: {' / '.join(question.expect)}",
        "returned": f"{custom['outcome']}: {first}",
        "answerable": round(explanation.answerable, 3),
        "silence": round(explanation.silence, 3),
        "candidates": list(explanation.candidates),
    }
