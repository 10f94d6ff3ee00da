"""`python -m bench.capacity`: how many machines a district, a city and a province need after a push.

Starts the product, measures what each stage of a turn takes with one question in flight, predicts by simulation what the
same machine does with 1, 8 and 32, and measures that in the same run. From the stages it then simulates residents who
ask by themselves, one question for 1,000 residents a minute, and finds the rate that a machine bears. Writes
`results/capacity.json` and `results/capacity.svg`. On a busy machine prediction and figures say little; it says so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from bench.__main__ import question_sources
from bench.bots import ROOT, OurBot
from bench.load import LoadLevel, ask_all
from bench.machine import Machine, this_machine
from bench.plot import OURS, STOCK, save_svg
from bench.questions import WARM_UP, choose
from bench.rounds import WARM_UP_IN_FLIGHT, WARM_UP_REPEATS
from bench.running import RunningBot, running
from bench.simulation import Layout, Simulated, Stage, Turn, borne_per_s, in_flight
from bench.start import cpu_seconds

LEVELS = (1, 8, 32)
WITHIN_MS = 1000.0  # 95 of 100 residents wait no longer
RESIDENTS = {"district": 1_300_000, "city": 25_000_000, "province": 60_000_000}
ASK_A_MINUTE = 1 / 1000  # of residents, after a push
CORES_OF_A_PAIR = 2  # one bot with its action server, as measured
BOT, ACTIONS, ASKER = "bot", "actions", "asker"
SERVERS = {BOT: 1, ACTIONS: 1}  # a process of Python does one thing at a time
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Compared:
    """A level as it was predicted and as it was measured."""

    in_flight: int
    predicted: Simulated
    measured: LoadLevel

    @property
    def ratio(self) -> float:
        """Predicted messages a second by measured ones."""
        return self.predicted.messages_per_s / self.measured.messages_per_s


@dataclass(frozen=True)
class Needed:
    """A place's questions a second, and how many pairs of bot and action server bear them."""

    place: str
    residents: int
    per_s: float
    pairs: int


def main(arguments: list[str] | None = None) -> int:
    """Measure, predict, write; 0 unless a message failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--questions",
        type=int,
        default=60,
        help="每级问两遍，每遍几句 / questions in each of two passes of a level (60)",
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="结果文件夹 / folder for the results")
    options = parser.parse_args(arguments)
    machine = this_machine()
    turns, measured = asyncio.run(_measured(options.questions))
    compared = [_compare(machine, turns, level, options.questions) for level in measured]
    bears = borne_per_s(Layout(CORES_OF_A_PAIR, SERVERS), [_without(turn, ASKER) for turn in turns], WITHIN_MS)
    needs = needed(bears) if bears else []  # nobody is answered in time here, however few ask
    options.output.mkdir(parents=True, exist_ok=True)
    _save(options.output / "capacity.json", machine, turns, compared, bears, needs)
    save_plot(compared, bears, machine, options.output / "capacity.svg")
    _tell(machine, turns, compared, bears, needs)
    return 1 if any(level.failed for level in measured) else 0


def needed(bears_per_s: float) -> list[Needed]:
    """For each place: a push is answered by at least two pairs, so that one may be renewed or fail."""
    found = []
    for place, residents in RESIDENTS.items():
        per_s = residents * ASK_A_MINUTE / 60
        found.append(Needed(place, residents, per_s, max(2, math.ceil(per_s / bears_per_s))))
    return found


async def _measured(many: int) -> tuple[list[Turn], list[LoadLevel]]:
    """The stages of turns with one in flight, and every level: up and down again, so that a drift falls on all alike."""
    order = (*LEVELS, *reversed(LEVELS))
    questions = choose(many * len(order), question_sources())
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-capacity-") as name:
        folder = Path(name) / "product"
        async with running(OurBot(), folder) as it:
            await ask_all(it.address, WARM_UP * WARM_UP_REPEATS, WARM_UP_IN_FLIGHT, "warm-up", lambda: None)
            passes, rows, spent = [], list[dict[str, float]](), np.zeros(3)
            for at, level in enumerate(order):
                own, before = questions[at * many : (at + 1) * many], _cpu(it)
                passes.append(await ask_all(it.address, own, level, f"capacity-{at}", lambda: None))
                if level == 1:
                    spent += (_cpu(it) - before) / (2 * many)
                    rows += _rows(folder / "conversations.sqlite", many)
    levels = [_both(passes[at], passes[-1 - at]) for at in range(len(LEVELS))]
    return turns_of(rows, spent, 1 / levels[0].messages_per_s), levels


def _both(up: LoadLevel, down: LoadLevel) -> LoadLevel:
    """A level over both passes, of as many messages each."""
    return replace(
        up,
        messages_per_s=2 / (1 / up.messages_per_s + 1 / down.messages_per_s),
        p50_ms=(up.p50_ms + down.p50_ms) / 2,
        p95_ms=(up.p95_ms + down.p95_ms) / 2,
        failed=up.failed + down.failed,
        first_failure=up.first_failure or down.first_failure,
    )


def _cpu(it: RunningBot) -> Any:
    return np.array([cpu_seconds(it.server.pid), cpu_seconds(it.actions.pid), time.process_time()])


def _rows(log: Path, last: int) -> list[dict[str, float]]:
    """The milliseconds of the stages of the turns that were logged last."""
    with sqlite3.connect(log) as database:
        found = database.execute("SELECT latency_ms FROM turn ORDER BY asked_at DESC LIMIT ?", (last,)).fetchall()
    return [json.loads(row) for (row,) in found]


def turns_of(rows: Sequence[dict[str, float]], spent_s: Any, mean_s: float) -> list[Turn]:
    """A turn for each row. How long each server works is its CPU; how turns differ in it is what the rows say.

    `spent_s` is the mean CPU of bot, action server and asker a turn. What then lacks of the mean turn was waiting: for
    disks and sockets, or for a core that others had; of the latter the same part is lost to every stage (`stretched`).
    """
    bot_s, actions_s, asker_s = spent_s
    whole = [row for row in rows if "find" in row and "nlu" in row]
    heard, found = (
        np.array([sum(row.get(name, 0.0) for name in names) for row in whole])
        for names in (("normalise", "encode", "nlu"), ("find", "compose"))
    )
    waits_s = max(0.0, mean_s - bot_s - actions_s - asker_s)
    return [
        (
            Stage(ASKER, asker_s),
            Stage(BOT, bot_s / 2 * float(h)),
            Stage(ACTIONS, actions_s * float(f)),
            Stage(BOT, bot_s / 2),
            Stage("", waits_s),
        )
        for h, f in zip(heard / heard.mean(), found / found.mean())
    ]


def stretched(turns: Sequence[Turn]) -> list[Turn]:
    """On a busy machine: what a turn waited for was a core, so each stage takes so many times as long."""
    means = stage_means_ms(turns)
    times = sum(means.values()) / (sum(means.values()) - means.get("", 0.0))
    return [[Stage(stage.server, stage.seconds * times) for stage in turn if stage.server] for turn in turns]


def _compare(machine: Machine, turns: Sequence[Turn], measured: LoadLevel, count: int) -> Compared:
    layout = Layout(machine.cores, {**SERVERS, ASKER: 1})
    predicted = in_flight(layout, stretched(turns) if machine.busy else turns, measured.in_flight, max(count, 400))
    return Compared(measured.in_flight, predicted, measured)


def _without(turn: Turn, server: str) -> Turn:
    return [stage for stage in turn if stage.server != server]


def stage_means_ms(turns: Sequence[Turn]) -> dict[str, float]:
    """The mean of each server's part of a turn; "" is waiting."""
    names = dict.fromkeys(stage.server for turn in turns for stage in turn)
    return {name: 1000 * sum(s.seconds for t in turns for s in t if s.server == name) / len(turns) for name in names}


def _save(
    path: Path, machine: Machine, turns: Sequence[Turn], compared: Sequence[Compared], bears: float, needs: list[Needed]
) -> None:
    levels = [{**asdict(each), "ratio": each.ratio} for each in compared]
    whole = {
        "schema": "capacity/1",
        "machine": asdict(machine),
        "busy": machine.busy,
        "stages_ms": stage_means_ms(turns),
    }
    whole |= {"levels": levels, "within_ms": WITHIN_MS, "bears_per_s": bears, "needed": [asdict(n) for n in needs]}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def save_plot(compared: Sequence[Compared], bears: float, machine: Machine, path: Path) -> None:
    """Predicted beside measured, and the pairs that each number of residents needs."""
    figure = Figure(figsize=(10, 4), constrained_layout=True)
    left, right = figure.subplots(1, 2)
    for shift, color, name in ((-0.19, OURS, "measured"), (0.19, STOCK, "predicted")):
        values = [getattr(each, name).messages_per_s for each in compared]
        bars = left.bar([at + shift for at in range(len(compared))], values, 0.38, color=color, label=name)
        left.bar_label(bars, labels=[f"{value:.1f}" for value in values], fontsize=8)
    left.set_xticks(range(len(compared)))
    left.set_xticklabels([str(each.in_flight) for each in compared])
    left.set(xlabel="questions in flight", ylabel="messages/s", title="one machine")
    left.legend()
    if bears:
        _plot_needed(right, bears)
    right.set(
        xscale="log", yscale="log", xlabel="residents", ylabel="bot and action server, pairs", title="after a push"
    )
    figure.suptitle(f"{'BUSY. ' if machine.busy else ''}{machine.line}", fontsize=8)
    save_svg(figure, path)


def _plot_needed(axes: Any, bears: float) -> None:
    residents = np.geomspace(1e5, 1e8, 200)
    axes.plot(residents, np.maximum(2, np.ceil(residents * ASK_A_MINUTE / 60 / bears)), color=OURS)
    for need in needed(bears):
        at = (need.residents, need.pairs)
        axes.scatter(*at, color=STOCK, zorder=3)
        axes.annotate(f"{need.place}: {need.pairs}", at, (-8, 6), textcoords="offset points", ha="right")


def _tell(
    machine: Machine, turns: Sequence[Turn], compared: Sequence[Compared], bears: float, needs: list[Needed]
) -> None:
    print(machine.line + (" — 机器很忙，数字说明不了什么 busy: the figures say little" if machine.busy else ""))
    print("a turn, ms: " + ", ".join(f"{name or 'waits'} {ms:.1f}" for name, ms in stage_means_ms(turns).items()))
    for each in compared:
        print(
            f"{each.in_flight:3} in flight: predicted {each.predicted.messages_per_s:6.2f}/s p95 {each.predicted.p95_ms:.0f}"
            f" ms, measured {each.measured.messages_per_s:6.2f}/s p95 {each.measured.p95_ms:.0f} ms, ratio {each.ratio:.2f}"
        )
    print(f"one pair bears {bears:.1f}/s with p95 within {WITHIN_MS:.0f} ms")
    for need in needs:
        print(f"{need.place}: {need.residents:,} residents, {need.per_s:.1f}/s: {need.pairs} pairs")


if __name__ == "__main__":
    sys.exit(main())
