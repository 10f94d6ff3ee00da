"""`python -m bench.popular [CHECKOUT …]`: throughput where many ask the same, beside questions that are all different.

What residents ask is spread unevenly: the n-th most asked question is drawn 1/n as often as the first (Zipf's law). Both
loads run on each checkout in turn (A B A B) with a bot of its own, 8 and 32 in flight; medians and ratios are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
from tqdm import tqdm

from bench.__main__ import question_sources
from bench.bots import ROOT, OurBot
from bench.load import LoadLevel, ask_all
from bench.machine import this_machine
from bench.questions import SEED, choose
from bench.running import RunningBot, running
from knowledge.catalogue.training_data import nlu_examples

IN_FLIGHT = (8, 32)
OF_QUESTIONS = 2000
LOADS = ("different", "popular")


def popular(questions: Sequence[str], count: int) -> list[str]:
    """So many messages drawn from questions by Zipf's law, the first one the most popular."""
    weights = 1.0 / np.arange(1, len(questions) + 1)
    drawn = np.random.default_rng(SEED).choice(len(questions), count, p=weights / weights.sum())
    return [questions[number] for number in drawn]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of each checkout."""
    parser = argparse.ArgumentParser(prog="python -m bench.popular", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("checkouts", nargs="*", type=Path, default=[ROOT], help="建好了的代码目录 / trained checkouts")
    parser.add_argument("--messages", type=int, default=600, help="每种每个并发数多少句 / of each load at each number")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    print(this_machine().line)
    for line in asyncio.run(
        _compared([each.resolve() for each in options.checkouts], options.messages, options.rounds)
    ):
        print(line)


async def _compared(checkouts: Sequence[Path], messages: int, rounds: int) -> list[str]:
    samples = [example.text for example in nlu_examples(ROOT / "data" / "nlu")]
    questions = choose(OF_QUESTIONS + messages, [*question_sources(), samples])
    loads = dict(zip(LOADS, (questions[OF_QUESTIONS:], popular(questions[:OF_QUESTIONS], messages))))
    found: dict[tuple[Path, str, int], list[LoadLevel]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        tqdm(total=rounds * len(checkouts) * len(LOADS) * len(IN_FLIGHT) * messages, unit="句") as bar,
    ):
        for number in range(rounds):
            for at, checkout in enumerate(checkouts):
                for load, asked in loads.items():
                    name = f"{number}-{at}-{load}"
                    async with running(OurBot.of_checkout(checkout), Path(folder) / name) as started:
                        for level in await _levels(started, asked, name, bar):
                            found.setdefault((checkout, load, level.in_flight), []).append(level)
    return _lines(checkouts, found)


async def _levels(bot: RunningBot, asked: Sequence[str], name: str, bar: tqdm) -> list[LoadLevel]:
    return [await ask_all(bot.address, asked, flight, f"{name}-{flight}", bar.update) for flight in IN_FLIGHT]


def _lines(checkouts: Sequence[Path], found: dict[tuple[Path, str, int], list[LoadLevel]]) -> list[str]:
    def of(key: tuple[Path, str, int]) -> tuple[float, float]:
        return median(level.messages_per_s for level in found[key]), median(level.p95_ms for level in found[key])

    lines = []
    for load in LOADS:
        for flight in IN_FLIGHT:
            first = of((checkouts[0], load, flight))[0]
            for checkout in checkouts:
                per_s, p95_ms = of((checkout, load, flight))
                failed = sum(level.failed for level in found[checkout, load, flight])
                lines.append(
                    f"{load}, {flight} in flight, {checkout.name}: {per_s:.1f} messages/s ({per_s / first:.2f}), "
                    f"p95 {p95_ms:.0f} ms, failed {failed}"
                )
    return lines


if __name__ == "__main__":
    main()
