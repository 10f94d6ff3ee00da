"""The page *outside*: what came of messages that nobody wrote beside the catalogue, the harm first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from html import escape
from typing import Any

from evaluation.outside_sets import HOTLINE, TALK, JudgedMessage
from evaluation.plots import calibration_plot, risk_coverage_plot
from evaluation.report import STYLE, table
from evaluation.scoring import calibration, mean_of
from evaluation.truthfulness import CAME, GOOD, RiskCoverage, risk_coverage, truthfulness, worths

SCHEMA = "evaluation-outside/1"
CAME_NAMES: Mapping[str, str] = {
    "wrong": "错误出示 wrong shown",
    "right": "对 right",
    "offered": "选项里有对的 offered right",
    "half": "两问答对一问 half",
    "beside": "对而不在第一 beside",
    "refused": "拒答，对 refused rightly",
    "missed": "有答案却拒答 refused though answerable",
    "other": "其他 other",
}
CALIBRATED = (HOTLINE, TALK)  # what the calibration error and the curve are of


@dataclass(frozen=True)
class OutsidePage:
    """One run: every message with what came of it, what each set is, the sets that were left out and why."""

    seconds: float
    cpu_seconds: float
    about: Mapping[str, str]
    messages: Sequence[JudgedMessage]
    left_out: Sequence[str]

    def of(self, name: str) -> list[JudgedMessage]:
        """The messages of a set."""
        return [each for each in self.messages if each.set == name]

    @property
    def points(self) -> list[tuple[float, bool]]:
        """(P(answerable), whether the first candidate answers) of the hotline's and the everyday messages."""
        return [
            (each.probability, each.first_answers)
            for name in CALIBRATED
            for each in self.of(name)
            if each.probability is not None and each.first_answers is not None
        ]

    @property
    def misses(self) -> list[JudgedMessage]:
        """What came out neither right nor rightly refused, wrong ones first, set by set."""
        bad = [each for each in self.messages if each.came not in GOOD]
        return sorted(bad, key=lambda each: CAME.index(each.came))

    @cached_property
    def data(self) -> dict[str, Any]:
        """The whole, JSON-ready."""
        curve = risk_coverage(self.points)
        return {
            "schema": SCHEMA,
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
            "left_out": list(self.left_out),
            "sets": {
                name: {
                    "about": about,
                    **figures(self.of(name)),
                    "intervals": intervals(self.of(name)),
                    "groups": by_group(self.of(name)),
                }
                for name, about in self.about.items()
            },
            "calibration": {"n": len(self.points), **calibration(self.points)},
            "risk_coverage": {"area": round(curve.area, 4), "coverage": curve.coverage, "risk": curve.risk},
            "misses": [asdict(each) for each in self.misses],
        }


def figures(messages: Sequence[JudgedMessage]) -> dict[str, Any]:
    """`{n, truthfulness, came}`: the shares of `CAME`, and the truthfulness."""
    came = [each.came for each in messages]
    counts, n = Counter(came), max(1, len(came))
    shares = {name: round(counts[name] / n, 4) for name in CAME}
    return {"n": len(came), "truthfulness": round(truthfulness(came), 4), "came": shares}


def intervals(messages: Sequence[JudgedMessage]) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of the share shown a wrong passage, and of the truthfulness."""
    came = [each.came for each in messages]
    wrong = mean_of([float(each == "wrong") for each in came])
    return {"wrong": wrong[1:], "truthfulness": mean_of(worths(came))[1:]}


def by_group(messages: Sequence[JudgedMessage]) -> dict[str, dict[str, Any]]:
    """The figures of each kind of message; {} where a set has no kinds."""
    groups = sorted({each.group for each in messages} - {""})
    return {group: figures([each for each in messages if each.group == group]) for group in groups}


def shown_point(messages: Sequence[JudgedMessage]) -> tuple[float, float]:
    """Coverage and risk of the bot itself: the share shown a passage, and how many of those are wrong."""
    counts = Counter(each.came for each in messages if each.outcome == "answered")
    shown = sum(counts.values())
    return shown / max(1, len(messages)), counts["wrong"] / max(1, shown)


def render_outside(page: OutsidePage) -> str:
    """A whole HTML document; all text is escaped."""
    data = page.data
    calibrated = [each for name in CALIBRATED for each in page.of(name) if each.probability is not None]
    curve = RiskCoverage(tuple(data["risk_coverage"]["coverage"]), tuple(data["risk_coverage"]["risk"]))
    body = [
        f"<p>没有写目录的人写的话，和带口误笔误的冻结题。{len(page.messages)} 条 messages；{page.seconds:.0f} 秒 s，"
        f"CPU {page.cpu_seconds:.0f} 秒 s。方括号里是 95 % 自助法区间 brackets: 95 % bootstrap intervals。</p>",
        *(f"<p class=harm>没有测 left out: {escape(each)}</p>" for each in page.left_out),
        "<h2>错误出示的和可信度 Wrong shown, and truthfulness</h2>",
        "<p>可信度照 CRAG 数：对 1，选项里有对的、两问答对一问 0.5，没有答案而拒答 1，错误出示 −1，其余 0。"
        " Truthfulness as CRAG counts it: right 1, offered right or half 0.5, refused where there is no answer 1, wrong −1.</p>",
        table(
            ("消息", "条数 n", "错误出示 wrong shown", "可信度 truthfulness"),
            [_head(*each) for each in data["sets"].items()],
        ),
        "<h2>各种结果 What came</h2>",
        *(_detail(name, each) for name, each in data["sets"].items()),
        "<h2>风险与覆盖 Risk and coverage</h2>",
        f"<p>热线式的和日常的消息，一问的 {len(page.points)} 条：按可答概率从高到低出示第一候选，出示了多少，其中错了多少；"
        "点是机器人自己。Single-question hotline and everyday messages, the first candidate shown by falling P(answerable); "
        "the dot is the bot itself.</p>",
        risk_coverage_plot(curve, shown_point(calibrated)),
        "<h2>校准 Calibration</h2><p>同样的消息：可答概率与第一候选实际答对的比例 the same messages.</p>",
        calibration_plot(data["calibration"]),
        f"<h2>没答好的 Misses（{len(page.misses)}）</h2>",
        table(("结果", "编号", "说", "要的", "得到的", "可答"), [_miss(each) for each in page.misses]),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>目录之外 Outside</title>'
        f"<style>{STYLE}.harm{{color:#a00;font-weight:bold}}</style><h1>目录之外 Outside</h1>{''.join(body)}</html>"
    )


def _head(name: str, data: Mapping[str, Any]) -> str:
    wrong, truth = data["intervals"]["wrong"], data["intervals"]["truthfulness"]
    return (
        f"<tr><td>{escape(data['about'])}<br><small>{escape(name)}</small></td><td>{data['n']}</td>"
        f"<td class=harm>{data['came']['wrong']:.1%} <small>[{wrong[0]:.1%}, {wrong[1]:.1%}]</small></td>"
        f"<td>{data['truthfulness']:.3f} <small>[{truth[0]:.3f}, {truth[1]:.3f}]</small></td></tr>"
    )


def _detail(name: str, data: Mapping[str, Any]) -> str:
    rows = [_row("全部 all", data), *(_row(group, each) for group, each in data["groups"].items())]
    columns = [CAME_NAMES[each] for each in CAME]
    return f"<h3>{escape(name)}</h3>" + table(("", "n", columns[0], "可信度", *columns[1:]), rows)


def _row(group: str, data: Mapping[str, Any]) -> str:
    first, *others = (f"{data['came'][each]:.1%}" if data["came"][each] else "–" for each in CAME)
    cells = (str(data["n"]), first, f"{data['truthfulness']:.2f}", *others)
    return f"<tr><th>{escape(group)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _miss(each: JudgedMessage) -> str:
    sure = "" if each.probability is None else f"{each.probability:.2f}"
    cells = (
        CAME_NAMES[each.came],
        f"{each.id} {each.group}",
        each.text,
        each.wanted,
        f"{each.outcome}: {each.shown}",
        sure,
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
