"""`python -m bench`: this bot and a stock Rasa bot, the same questions, the same machine, in turn.

Prints a table and writes `bench/results/bench.json` and `bench/results/bench.png`; `--quick` writes `quick.json`
and `quick.png` there, without training times.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.bots import NLU, ROOT, OurBot, StockBot
from bench.comparison import compare, failed
from bench.errors import BenchError
from bench.machine import this_machine
from bench.plot import save_plot
from bench.questions import choose, read_contrast, read_questions
from bench.report import Result, save_json, table
from bench.rounds import Scope, Training, measure, train
from evaluation.questions import DEV, FROZEN
from knowledge.groundwork import settings

RESULTS = ROOT / "bench" / "results"
QUICK_IN_FLIGHT = (8,)


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns 0 if every message was answered, 1 if not or if it could not be run, 130 if stopped."""
    options = _parser().parse_args(arguments)
    scope = Scope(options.questions, 1, QUICK_IN_FLIGHT) if options.quick else Scope(options.questions, options.rounds)
    try:
        result = asyncio.run(_stoppable(_run(scope, options.output / "logs", quick=options.quick)))
    except BenchError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("已停止 / stopped", file=sys.stderr)
        return 130
    file = options.output / ("quick" if options.quick else "bench")
    save_json(result, file.with_suffix(".json"))
    save_plot(result, file.with_suffix(".png"))
    print(f"{table(result)}\n\n{file}.json\n{file}.png")
    return 1 if result.fault else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="与标准 Rasa 机器人比速度 / speed beside a stock bot"
    )
    parser.add_argument(
        "--questions",
        type=_positive,
        default=200,
        metavar="N",
        help="每级并发的不同问题数 / distinct questions at each level (200)",
    )
    parser.add_argument("--rounds", type=_positive, default=3, metavar="N", help="轮数 / rounds for each bot (3)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="开发用：一轮、8 个并发、标准机器人少训练 / for development: one round, 8 in flight, stock bot trained briefly",
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="结果文件夹 / folder for the results")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应是正整数，不是 {text!r} / must be a positive whole number")
    return int(text)


async def _stoppable(work: Coroutine[None, None, Result]) -> Result:
    """The work's result; SIGINT and SIGTERM cancel it, so that the processes it started are stopped."""
    task = asyncio.ensure_future(work)
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, task.cancel)
    return await task


async def _run(scope: Scope, logs: Path, *, quick: bool) -> Result:
    started_at, machine = datetime.now(timezone.utc), this_machine()
    questions = choose(scope.distinct_questions, question_sources())
    if machine.busy:
        print(
            f"注意：机器正忙，结果不可靠 / the machine is busy, the figures say little: {machine.line}", file=sys.stderr
        )
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ask-qingpu-bench-")))
        ours, stock = OurBot(), StockBot.copied_to(folder / "stock", NLU, short_training=quick)
        ours.check()
        bar = stack.enter_context(tqdm(total=scope.requests, unit="msg", smoothing=0.05))
        trainings = await _train(ours, stock, folder, bar, quick=quick)
        bar.reset()  # the time left is that of the rounds
        rounds = await measure((ours, stock), questions, scope, folder / "rounds", bar)
        if failed(rounds):
            _keep_logs(folder / "rounds", logs)
    return Result(started_at, machine, scope, trainings, tuple(rounds), tuple(compare(trainings, rounds)))


def question_sources() -> tuple[list[str], ...]:
    """The frozen questions first, then those that fill them up."""
    contrast = settings.TRAINING / "in_plan_contrast.yml"
    return read_questions(FROZEN), read_questions(DEV), read_contrast(contrast)


async def _train(ours: OurBot, stock: StockBot, folder: Path, bar: Any, *, quick: bool) -> tuple[Training, ...]:
    """Both bots' trainings; in a quick run only the stock bot's, which is needed, and not its time."""
    found = []
    for bot, models in ((ours, folder / "ours-models"), (stock, stock.model.parent)):
        bar.set_description(f"training {bot.name}")
        if quick and bot is ours:
            found.append(Training(bot.name, None, ours.model.stat().st_size / 1e6))
            continue
        training = await train(bot, models, folder / f"{bot.name}-train.log")
        found.append(replace(training, training_s=None) if quick else training)
    return tuple(found)


def _keep_logs(folder: Path, target: Path) -> None:
    """Copy what the bots logged out of the temporary folder: it tells why messages failed."""
    target.mkdir(parents=True, exist_ok=True)
    for log in folder.rglob("*.log"):
        shutil.copy(log, target / f"{log.parent.name}-{log.name}")


if __name__ == "__main__":
    sys.exit(main())
