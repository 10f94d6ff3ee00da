"""The result as a picture. English labels: matplotlib's own font has no Chinese."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bench.comparison import ComparedFigure
from bench.report import Result, number, rows_with

OURS, STOCK = "#0072b2", "#d55e00"  # Okabe and Ito (2008): told apart by colour-blind readers
_WIDTH = 0.38


def save_svg(figure: Figure, path: Path) -> None:
    """Write a figure as SVG; the same figures give the same picture."""
    FigureCanvasSVG(figure)
    with matplotlib.rc_context({"svg.hashsalt": "ask-qingpu"}):
        figure.savefig(path, format="svg", metadata={"Date": None})


def save_plot(result: Result, path: Path) -> None:
    """Write a PNG with throughput, latency and all ratios side by side."""
    figure = Figure(figsize=(17, 5.6), constrained_layout=True)
    FigureCanvasAgg(figure)
    throughput, latency, ratios = figure.subplots(1, 3)
    _bars(throughput, rows_with(result.rows, "messages_per_s"), "messages/s (higher is better)")
    _latency(latency, result.rows)
    _ratios(ratios, result.rows)
    warning = "NOT VALID, messages failed. " if result.fault else ""
    figure.suptitle(f"{warning}Ask Qingpu beside a stock Rasa bot: {result.machine.line}", fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def _latency(axes: Any, rows: Sequence[ComparedFigure]) -> None:
    """A dot at p50 joined to a dash at p95, on a logarithmic axis: one question in flight to 32 spans decades."""
    p50, p95 = rows_with(rows, "p50_ms"), rows_with(rows, "p95_ms")
    for shift, color, bot in ((-_WIDTH / 2, OURS, "ours"), (_WIDTH / 2, STOCK, "stock")):
        places = [place + shift for place in range(len(p50))]
        low, high = [getattr(row, bot) for row in p50], [getattr(row, bot) for row in p95]
        axes.vlines(places, low, high, color=color, linewidth=2)
        for values, marker, below, name in ((low, "o", True, bot), (high, "_", False, None)):
            axes.scatter(places, values, color=color, marker=marker, s=120, label=name)
            for place, value in zip(places, values):
                offset = (0, -16 if below else 6)
                axes.annotate(number(value), (place, value), offset, textcoords="offset points", ha="center", size=8)
    axes.set_yscale("log")
    axes.margins(x=0.3, y=0.3)
    _finish(axes, p50, "latency, ms: dot p50, dash p95 (lower is better)")


def _bars(axes: Any, rows: Sequence[ComparedFigure], title: str) -> None:
    """Ours and stock side by side for every level."""
    for shift, color, bot in ((-_WIDTH / 2, OURS, "ours"), (_WIDTH / 2, STOCK, "stock")):
        values = [getattr(row, bot) for row in rows]
        bars = axes.bar([place + shift for place in range(len(rows))], values, _WIDTH, color=color, label=bot)
        axes.bar_label(bars, labels=[number(value) for value in values], padding=2, fontsize=8)
    axes.margins(y=0.25)  # room for the legend
    _finish(axes, rows, title)


def _finish(axes: Any, rows: Sequence[ComparedFigure], title: str) -> None:
    axes.set_xticks(range(len(rows)))
    axes.set_xticklabels([row.key.rpartition("_")[2] for row in rows])
    axes.set_xlabel("questions in flight")
    axes.set_title(title, fontsize=10)
    axes.legend(loc="upper center", ncol=2)


def _ratios(axes: Any, rows: Sequence[ComparedFigure]) -> None:
    """Ours / stock on a logarithmic axis; blue where ours is better."""
    shown = [row for row in reversed(rows) if row.better and 0 < row.ratio < math.inf]
    colors = [OURS if (row.ratio > 1) == (row.better == "higher") else STOCK for row in shown]
    bars = axes.barh([row.label for row in shown], [row.ratio - 1 for row in shown], left=1, color=colors)
    axes.bar_label(bars, labels=[f" {row.ratio:.2g} " for row in shown], fontsize=8)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    axes.margins(x=0.2)
    axes.set_title("ours / stock (blue: ours is better)", fontsize=10)
