"""The measurement: train once, then start and ask the bots in turn, round after round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.bots import Bot
from bench.errors import BenchError
from bench.load import LoadLevel, ask_all
from bench.processes import run_to_end
from bench.questions import WARM_UP, shuffled
from bench.running import running

WARM_UP_REPEATS = 4  # 32 messages: latency of either bot is flat after about ten
WARM_UP_IN_FLIGHT = 8


@dataclass(frozen=True)
class Scope:
    """How much is measured: at each level of each round a bot is asked `questions` it has not heard in that round."""

    questions: int = 200
    rounds: int = 3
    in_flight: tuple[int, ...] = (1, 8, 32)

    @property
    def distinct_questions(self) -> int:
        """Each level has its own, or a bot that remembers wordings would seem faster at the later levels."""
        return self.questions * len(self.in_flight)

    @property
    def requests(self) -> int:
        """Timed messages to both bots together."""
        return 2 * self.rounds * len(self.in_flight) * self.questions


@dataclass(frozen=True)
class Training:
    """Training from nothing: seconds, None if not timed, and the model's size in MB (10⁶ bytes)."""

    bot: str
    training_s: float | None
    model_mb: float


@dataclass(frozen=True)
class BotRound:
    """One start of one bot. Memory is resident, in MB, after the last question."""

    bot: str
    number: int
    cold_start_s: float
    bot_mb: float
    actions_mb: float
    levels: tuple[LoadLevel, ...]


async def train(bot: Bot, folder: Path, log: Path) -> Training:
    """Train into `folder`. Raises `BenchError` if no single model comes out."""
    training_s = await run_to_end(bot.train(folder), log)
    return Training(bot.name, training_s, _only_model(folder).stat().st_size / 1e6)


def _only_model(folder: Path) -> Path:
    models = list(folder.glob("*.tar.gz"))
    if len(models) != 1:
        raise BenchError(f"训练后 {folder} 里有 {len(models)} 个模型，应为一个 / training must leave one model there")
    return models[0]


async def measure(
    bots: Sequence[Bot], questions: Sequence[str], scope: Scope, folder: Path, bar: Any
) -> list[BotRound]:
    """All rounds. Only one bot runs at a time; who comes first changes every round. `bar` is a tqdm bar."""
    found = []
    for number in range(scope.rounds):
        for bot in bots if number % 2 == 0 else reversed(bots):
            bar.set_description(f"round {number + 1}/{scope.rounds} {bot.name}")
            found.append(await _round(bot, questions, scope, number, folder / f"{bot.name}-{number}", bar))
    return found


async def _round(bot: Bot, questions: Sequence[str], scope: Scope, number: int, folder: Path, bar: Any) -> BotRound:
    async with running(bot, folder) as it:
        await ask_all(it.address, WARM_UP * WARM_UP_REPEATS, WARM_UP_IN_FLIGHT, "warm-up", lambda: None)
        levels = []
        for level, in_flight in enumerate(scope.in_flight):
            bar.set_postfix_str(f"{in_flight} in flight")
            block = (level + number) % len(scope.in_flight)  # every level gets every block once in as many rounds
            own = questions[block * scope.questions : (block + 1) * scope.questions]
            order = shuffled(own, number, in_flight)  # the same for both bots
            levels.append(await ask_all(it.address, order, in_flight, f"bench-{number}-{in_flight}", bar.update))
        return BotRound(bot.name, number, it.cold_start_s, it.bot_mb, it.actions_mb, tuple(levels))
