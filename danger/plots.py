"""The picture of how well danger is noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

from danger.measuring import Quality
from danger.messages import ACUTE, CALM, LabelledMessage
from danger.watch import Assessment

HIGHEST_FALSE = 0.3  # share of near misses up to which the picture goes: beyond, nobody would have it


def draw_curves(
    messages: Sequence[LabelledMessage],
    found: Mapping[str, Sequence[Assessment]],
    qualities: Mapping[str, Quality],
    path: Path,
) -> None:
    """Shares of acute and of calm messages that get the reply, as the threshold moves; a dot where it stands. SVG."""
    figure, axes = pyplot.subplots(figsize=(6, 4.5))
    for (name, assessments), colour in zip(found.items(), ("#999999", "#0a7", "#c2185b")):
        scores = [(a.probability, m.level) for m, a in zip(messages, assessments) if a.probability is not None]
        acute = [p for p, level in scores if level == ACUTE]
        calm = [p for p, level in scores if level == CALM]
        points = [(_share(calm, p), _share(acute, p)) for p in sorted({p for p, _ in scores})] if acute and calm else []
        axes.plot([x for x, _ in points], [y for _, y in points], color=colour, linewidth=1.5)
        quality = qualities[name]
        axes.plot([quality.alarmed.share], [quality.acute.share], "o", color=colour, label=name)
    axes.set(xlabel="near misses that get the reply to danger", ylabel="acute messages that get it")
    axes.set(xlim=(0, HIGHEST_FALSE), ylim=(0, 1.02))
    axes.grid(color="#eeeeee")
    axes.legend(loc="lower right")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def _share(probabilities: Sequence[float], threshold: float) -> float:
    return sum(p >= threshold for p in probabilities) / len(probabilities)
