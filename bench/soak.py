"""`python -m bench.soak` (`make soak`): far too many at once, and then an hour of residents; nothing grows, nothing slows.

Prints the figures and writes `bench/results/soak.json` and `bench/results/soak.png`. The bot is this repository's as
`make run` starts it, with databases of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import aiohttp
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tqdm import tqdm

from bench.__main__ import RESULTS, question_sources
from bench.bots import OurBot
from bench.errors import BenchError
from bench.gauges import Holdings, holdings
from bench.load import RoundTrip, client
from bench.machine import this_machine
from bench.overload import Overload, overload
from bench.questions import choose
from bench.running import RunningBot, running
from bench.stream import came_of, stream

QUESTIONS = 300
EVERY_S = 20.0  # a sample
SETTLED = 0.2  # of the samples: caches fill in the first ones
GROWS_TIMES = 1.1  # what the last fifth may hold beside the first after that
MORE = 8  # descriptors or threads: a pool may open a few
SLOWER_TIMES = 2.0  # p95 of the last fifth: the machine has other work, too


@dataclass(frozen=True)
class Sample:
    """One stretch of the soak: what the processes hold at its end, and the replies in it."""

    minute: float
    held: Holdings
    answered: int
    refused: int
    failed: int
    p95_ms: float
    load: float


@dataclass(frozen=True)
class Soak:
    """All samples, in order."""

    per_second: float
    samples: tuple[Sample, ...]
    first_failure: str = ""

    @property
    def faults(self) -> list[str]:
        """What grew, slowed or failed."""
        if len(self.samples) < 10:
            return ["too few samples to tell"]
        early, late = self._fifths()
        found = (
            []
            if not (failed := sum(s.failed + s.refused for s in self.samples))
            else [f"{failed} failed or refused: {self.first_failure}"]
        )
        for name in ("memory_mb", "descriptors", "threads"):
            before, after = (_mean([getattr(s.held, name) for s in part]) for part in (early, late))
            if after > before * GROWS_TIMES and after > before + MORE:
                found.append(f"{name} grew: {before:.0f} → {after:.0f}")
        before, after = (_mean([s.p95_ms for s in part]) for part in (early, late))
        return [*found, f"p95 grew: {before:.0f} → {after:.0f} ms"] if after > before * SLOWER_TIMES else found

    @property
    def lines(self) -> list[str]:
        """For the terminal and the documents."""
        early, late = self._fifths()
        told = []
        for name, of in (
            ("memory MB", lambda s: s.held.memory_mb), ("descriptors", lambda s: s.held.descriptors),
            ("threads", lambda s: s.held.threads), ("p95 ms", lambda s: s.p95_ms), ("load", lambda s: s.load),
        ):  # fmt: skip
            told.append(
                f"{name}: {_mean(list(map(of, early))):.0f} → {_mean(list(map(of, late))):.0f}, at most {max(map(of, self.samples)):.0f}"
            )
        answered, failed = (sum(getattr(s, name) for s in self.samples) for name in ("answered", "failed"))
        refused = sum(s.refused for s in self.samples)
        return [
            f"soak: {self.per_second:g} messages/s for {self.samples[-1].minute:.1f} minutes: {answered} answered, {refused} refused, {failed} failed",
            *told,
        ]

    def _fifths(self) -> tuple[Sequence[Sample], Sequence[Sample]]:
        """The first fifth after the caches are full, and the last."""
        rest = self.samples[round(len(self.samples) * SETTLED) :]
        size = max(1, len(rest) // 5)
        return rest[:size], rest[-size:]


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 if all is as it should be, 1 if not or if it could not be run, 130 if stopped."""
    options = _parser().parse_args(arguments)
    try:
        result = asyncio.run(_stoppable(_run(options)))
    except BenchError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("已停止 / stopped", file=sys.stderr)
        return 130
    return 1 if result else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="过载和浸泡 / overload and soak")
    parser.add_argument("--minutes", type=float, default=60.0, help="浸泡多久，0 是不做 / of soaking, 0 for none (60)")
    parser.add_argument("--per-second", type=float, default=5.0, help="每秒几句 / messages a second while soaking (5)")
    parser.add_argument(
        "--overload-s", type=float, default=60.0, help="过载多少秒，0 是不做 / seconds of overload, 0 for none (60)"
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="结果文件夹 / folder for the results")
    return parser


async def _stoppable(work: Coroutine[None, None, list[str]]) -> list[str]:
    task = asyncio.ensure_future(work)
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, task.cancel)
    return await task


async def _run(options: argparse.Namespace) -> list[str]:
    """The faults of both parts, after everything is printed and written."""
    machine, questions = this_machine(), choose(QUESTIONS, question_sources())
    ours = OurBot()
    ours.check()
    print(machine.line, flush=True)
    flooded: Overload | None = None
    soaked: Soak | None = None
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-soak-") as folder:
        async with running(ours, Path(folder) / "ours") as bot, client() as session:
            if options.overload_s:
                flooded = await overload(session, bot, questions, options.overload_s)
                print("\n".join(flooded.lines), flush=True)
            if options.minutes:
                soaked = await soak(session, bot, questions, options.per_second, options.minutes)
                print("\n".join(soaked.lines), flush=True)
    faults = [*(flooded.faults if flooded else ()), *(soaked.faults if soaked else ())]
    print("\n".join(faults) or "一切照常 / all as it should be")
    options.output.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {
        "schema": "soak/1",
        "at": datetime.now(timezone.utc).isoformat(),
        "machine": asdict(machine),
        "faults": faults,
    }
    told |= {"overload": asdict(flooded) if flooded else None, "soak": asdict(soaked) if soaked else None}
    (options.output / "soak.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if soaked:
        save_soak_plot(soaked, machine.line, options.output / "soak.png")
    return faults


async def soak(
    session: aiohttp.ClientSession, bot: RunningBot, questions: Sequence[str], per_second: float, minutes: float
) -> Soak:
    """Residents at a pace for so long, with a sample every `EVERY_S`."""
    samples: list[Sample] = []
    begin, seconds, failure = time.monotonic(), minutes * 60, ""
    with tqdm(total=round(seconds), unit="s", desc="soak", mininterval=5) as bar:
        while (passed := time.monotonic() - begin) < seconds:
            stretch = min(EVERY_S, seconds - passed)
            replies: list[RoundTrip] = await stream(
                session, bot.address, questions, per_second, stretch, f"soak-{len(samples)}"
            )
            came = came_of(replies)
            failure = failure or came.first_failure
            minute = (time.monotonic() - begin) / 60
            samples.append(
                Sample(minute, holdings(bot), came.answered, came.refused, came.failed, came.p95_ms, os.getloadavg()[0])
            )
            bar.n = min(round(minute * 60), bar.total)
            bar.set_postfix(p95=f"{came.p95_ms:.0f}ms", MB=f"{samples[-1].held.memory_mb:.0f}", failed=came.failed)
    return Soak(per_second, tuple(samples), failure)


def save_soak_plot(result: Soak, machine: str, path: Path) -> None:
    """Memory, descriptors and threads, p95 and the machine's load, over the minutes."""
    figure = Figure(figsize=(14, 7), constrained_layout=True)
    FigureCanvasAgg(figure)
    minutes = [sample.minute for sample in result.samples]
    panels: tuple[tuple[str, list[tuple[str, list[float]]]], ...] = (
        ("memory of bot and actions, MB", [("", [s.held.memory_mb for s in result.samples])]),
        (
            "descriptors and threads",
            [
                ("descriptors", [s.held.descriptors for s in result.samples]),
                ("threads", [s.held.threads for s in result.samples]),
            ],
        ),
        ("p95 of 20 s, ms", [("", [s.p95_ms for s in result.samples])]),
        ("load of the machine", [("", [s.load for s in result.samples])]),
    )
    for axes, (title, lines) in zip(figure.subplots(2, 2).flat, panels):
        for (name, values), color in zip(lines, ("#0072b2", "#d55e00")):
            axes.plot(minutes, values, color=color, label=name or None)
        axes.set_title(title, fontsize=10)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("minutes")
        if lines[0][0]:
            axes.legend()
    figure.suptitle(f"Soak, {result.per_second:g} messages/s: {machine}", fontsize=9)
    figure.savefig(path, dpi=110)


def _mean(values: Sequence[Any]) -> float:
    return sum(values) / max(1, len(values))


if __name__ == "__main__":
    sys.exit(main())
