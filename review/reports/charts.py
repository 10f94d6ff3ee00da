"""Charts as SVG, drawn here (pygal) and shown as pictures: no script, and the table stands behind each."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import pygal
from pygal.style import Style

_COLOURS = ("#0b5c56", "#c2571a", "#5b6bb5", "#8a4b00", "#6b7b7f", "#1b6b34", "#a4161a")
ALARM = "#e6007e"  # of danger, and of nothing else: a magenta that is none of the others, also for who sees no red
_CHINESE_EXTRA = 7  # pygal takes a Chinese character for half as wide as it is


def _style(colours: tuple[str, ...]) -> Style:
    return Style(
        background="white",
        plot_background="white",
        foreground="#1d2527",
        foreground_strong="#1d2527",
        foreground_subtle="#4d5a5e",
        opacity="1",
        opacity_hover="1",
        colors=colours,
        font_family="system-ui, 'PingFang SC', 'Noto Sans CJK SC', sans-serif",
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=14,
        value_font_size=13,
    )


def columns(
    labels: Sequence[str], series: Mapping[str, Sequence[float]], *, stacked: bool = False, alarm: str = ""
) -> str:
    """Upright bars as a `data:` address; with many labels only some are written. The series `alarm` is in `ALARM`."""
    kind = pygal.StackedBar if stacked else pygal.Bar
    every = max(1, len(labels) // 8)
    ordinary = iter(_COLOURS)
    colours = tuple(ALARM if name == alarm else next(ordinary, "#1d2527") for name in series)
    chart = _chart(kind, len(series) > 1, colours)
    chart.x_labels = list(labels)
    chart.x_labels_major = list(labels)[::every]
    chart.show_minor_x_labels = every == 1
    for name, values in series.items():
        chart.add(name, list(values))
    return _address(chart)


def bars(labels: Sequence[str], values: Sequence[float], *, alarm: str = "") -> str:
    """Lying bars, the first on top; that of `alarm` is in `ALARM`."""
    chart = _chart(pygal.HorizontalBar, False)
    chart.margin_left = 12 + max(map(len, labels), default=0) * _CHINESE_EXTRA
    chart.height = 120 + 34 * max(1, len(labels))
    chart.x_labels = list(reversed(labels))
    coloured = [{"value": v, "color": ALARM} if name == alarm else v for name, v in zip(labels, values)]
    chart.add("", list(reversed(coloured)))
    return _address(chart)


def compared(
    labels: Sequence[str], series: Mapping[str, Sequence[tuple[float, float, float]]], *, lowest: float
) -> str:
    """Upright bars side by side, each with its interval: (value, low, high) in per cent. The axis begins at `lowest`."""
    chart = _chart(pygal.Bar, True)
    chart.range = (lowest, 100)
    chart.zero = lowest  # or pygal draws down to 0 all the same
    chart.x_labels = list(labels)
    for name, values in series.items():
        chart.add(name, [{"value": value, "ci": {"low": low, "high": high}} for value, low, high in values])
    return _address(chart)


def _chart(kind: type, legend: bool, colours: tuple[str, ...] = _COLOURS) -> pygal.graph.graph.Graph:
    return kind(
        style=_style(colours),
        width=720,
        height=360,
        show_legend=legend,
        legend_at_bottom=True,
        js=[],
        disable_xml_declaration=True,
        explicit_size=True,
        no_data_text="–",
        margin=12,
        value_formatter=lambda value: f"{value:,.10g}",
        truncate_label=-1,
        truncate_legend=-1,
    )


def _address(chart: pygal.graph.graph.Graph) -> str:
    svg: str = chart.render(is_unicode=True)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
