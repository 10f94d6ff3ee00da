"""`topics` prints how well the topics and intents are told apart, from the cross-validation of the last build."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from knowledge.building.topics.overview import Measured, TopicsOverview
from knowledge.groundwork.settings import KnowledgePaths, built_paths
from releases.shelf import Shelf
from review.commands import Commands
from review.settings import Settings

CONFUSIONS = 10


def register(commands: Commands) -> None:
    """Add the command."""
    show = commands.add_parser("topics", help="各主题分得清不清楚 / how well topics are told apart")
    show.add_argument("--json", action="store_true", help="全部内容，JSON / everything, as JSON")
    show.add_argument(
        "--release", default="", help="哪个版本，缺省是最近一次建库 / of which release, default the last build"
    )
    show.set_defaults(run=topics)


def topics(settings: Settings, chosen: argparse.Namespace) -> int:
    """Print the overview; 1 where there is none. Raises `NoSuchRelease`."""
    paths = KnowledgePaths.of(Shelf().release(chosen.release).knowledge) if chosen.release else built_paths()
    overview = TopicsOverview.load(paths.topics)
    if overview is None or not overview.examples:
        print(
            f"{paths.topics}: 没有主题概览 — 运行 make train / no overview of topics: run make train", file=sys.stderr
        )
        return 1
    if chosen.json:
        print(json.dumps(asdict(overview), ensure_ascii=False, indent=1, sort_keys=True))
        return 0
    print(f"例句 examples {overview.examples}，留出时分对 right when held out {overview.right / overview.examples:.1%}")
    print(f"\n{'意图 intent':<20}{'例句':>6}{'准确率 precision':>24}{'召回率 recall':>24}{'F1':>24}")
    for each in sorted(overview.topics, key=lambda each: (not each.topic, each.f1.value)):
        print(f"{each.intent:<22}{each.examples:>8}" + "".join(map(_written, (each.precision, each.recall, each.f1))))
    print("\n最容易混淆的 most often confused")
    for pair in overview.confusions[:CONFUSIONS]:
        print(f"{pair.count:>6}  {pair.intent} → {pair.taken_for}")
    print(f"\n唱反调的例句 examples that pull the wrong way: {overview.wrong_way_total}（--json 或审核台“主题”页）")
    return 0


def _written(measured: Measured) -> str:
    return f"{measured.value:.1%} ({measured.low:.1%}–{measured.high:.1%})".rjust(26)
