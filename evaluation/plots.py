"""The report's pictures, as SVG text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import matplotlib

from evaluation.truthfulness import RiskCoverage

matplotlib.use("svg")
from matplotlib import pyplot


def calibration_plot(figures: Mapping[str, Any]) -> str:
    """Predicted against observed share, one dot a bin, its area the number of questions; the diagonal is perfect."""
    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="#999", linewidth=1, linestyle="--")
    rows = figures["bins"]
    axes.plot([r["predicted"] for r in rows], [r["observed"] for r in rows], color="#0a6", linewidth=1)
    sizes = [20 + 3 * r["n"] for r in rows]
    axes.scatter([r["predicted"] for r in rows], [r["observed"] for r in rows], s=sizes, color="#0a6", alpha=0.6)
    for row in rows:
        axes.annotate(str(row["n"]), (row["predicted"], row["observed"]), textcoords="offset points", xytext=(8, -4))
    axes.set(xlabel="predicted probability", ylabel="observed share right", xlim=(0, 1.03), ylim=(0, 1.03))
    axes.set_title(f"expected calibration error {figures['expected_calibration_error']:.3f}")
    return _svg(figure)


def risk_coverage_plot(curve: RiskCoverage, shown: tuple[float, float]) -> str:
    """The share of messages shown a passage against how many of those are wrong; the dot is where the bot stands."""
    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.plot(curve.coverage, curve.risk, color="#0a6", linewidth=1.5)
    axes.scatter([shown[0]], [shown[1]], s=60, color="#a00", zorder=3)
    axes.annotate(f"{shown[0]:.0%}, {shown[1]:.1%}", shown, textcoords="offset points", xytext=(8, 8))
    axes.set(
        xlabel="coverage: share shown a passage", ylabel="risk: share of those wrong", xlim=(0, 1.03), ylim=(0, None)
    )
    axes.set_title(f"mean risk {curve.area:.3f}")
    return _svg(figure)


def _svg(figure: Any) -> str:
    text = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "ask-qingpu"}):  # the same figures give the same picture
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    svg = text.getvalue()
    return svg[svg.index("<svg") :]
