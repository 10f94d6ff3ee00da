"""`python -m bench.start [FOLDER …]`: what starting the product costs, and what its three processes hold afterwards.

Each FOLDER is a checkout of this product with its knowledge and model built; without any it is this one. With two, their
starts alternate (A B A B …), so that a busy machine is as busy for both. CPU seconds are those of the process and of what
it started; memory is PSS, where pages that several processes share count as a part in each. After `ready` answers, the
first questions are asked one by one: none may take longer than twice the median.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.bots import ROOT, OurBot
from bench.load import ask, client
from bench.machine import this_machine
from bench.memory import family_of, shared_mb
from bench.processes import Command, Started, free_port, started
from bench.questions import choose, read_questions
from bench.running import new_place, until_answers
from evaluation.questions import DEV

FIRST = 20  # questions after `ready`
PATIENCE_S = 60  # for an answer: on a busy machine the first may take longer than a resident is let wait
LOOK_EVERY_S = 3.0
QUIET = 0.1  # share of one core below which a process has done what it does at its start
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class ProcessStart:
    """One process after its start."""

    name: str
    cpu_s: float
    pss_mb: float


@dataclass(frozen=True)
class ProductStart:
    """One start of the three processes of a checkout, and the milliseconds of the first answers."""

    folder: Path
    processes: tuple[ProcessStart, ...]
    first_ms: tuple[float, ...]

    @property
    def line(self) -> str:
        """For a terminal."""
        told = [f"{each.name} {each.cpu_s:.1f} s {each.pss_mb:.0f} MB" for each in self.processes]
        cpu_s, pss_mb = (sum(values) for values in zip(*((each.cpu_s, each.pss_mb) for each in self.processes)))
        first = f"first {len(self.first_ms)}: median {statistics.median(self.first_ms):.0f}, most {max(self.first_ms):.0f} ms"
        return f"{self.folder}: {', '.join(told)}; together {cpu_s:.1f} s, {pss_mb:.0f} MB; {first}"


async def start(root: Path, folder: Path, questions: Sequence[str]) -> ProductStart:
    """Start a checkout's product with new databases in `folder`, ask, stop. Raises `ProcessFailed`."""
    place, console = new_place(folder), free_port()
    bot = OurBot.of_checkout(root)
    actions, server = bot.actions(place), bot.bot(place)
    server = replace(server, environment={**server.environment, "TURN_DEADLINE_S": str(PATIENCE_S)})
    own = {"REVIEW_PORT": str(console), "REVIEW_URL": f"sqlite:///{folder}/review.sqlite"}
    review = Command((*server.arguments[:2], "review"), root, {**server.environment, **own}, server.without)
    async with AsyncExitStack() as running:
        processes = {
            name: await running.enter_async_context(started(command, folder / f"{name}.log"))
            for name, command in (("actions", actions), ("bot", server), ("review", review))
        }
        await until_answers(place.actions_health, *processes.values())
        await until_answers(f"{place.address}{bot.ready_path}", *processes.values())
        async with client() as session:
            replies = [await ask(session, place.address, q, f"first-{number}") for number, q in enumerate(questions)]
        if any(not reply.good for reply in replies):
            raise processes["bot"].failed("一个问题没有答复 / a question was not answered")
        found = [await _at_rest(name, process) for name, process in processes.items()]
        return ProductStart(root, tuple(found), tuple(reply.latency_ms for reply in replies))


async def _at_rest(name: str, process: Started) -> ProcessStart:
    """What a process has used once it has nothing left to do, less what the questions took of it."""
    before = -1.0
    while (now := cpu_seconds(process.pid)) - before > QUIET * LOOK_EVERY_S:
        before = now
        await asyncio.sleep(LOOK_EVERY_S)
    return ProcessStart(name, now, shared_mb(process.pid))


def cpu_seconds(pid: int, proc: Path = Path("/proc")) -> float:
    """Of a process and its descendants that run. Source: proc(5), `utime` and `stime` of `/proc/PID/stat`."""
    stats = ((proc / str(member) / "stat").read_text().rpartition(")")[2].split() for member in family_of(pid, proc))
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / TICKS


async def compare(folders: Sequence[Path], rounds: int) -> None:
    """Print each start as it is done."""
    questions = choose(FIRST, [read_questions(DEV)])
    with tempfile.TemporaryDirectory() as kept:
        for number in range(rounds):
            for at, root in enumerate(folders):
                done = await start(root, Path(kept) / f"{number}-{at}", questions)
                print(done.line, flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT], metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    print(this_machine().line)
    asyncio.run(compare([folder.resolve() for folder in options.folders], options.rounds))


if __name__ == "__main__":
    main()
