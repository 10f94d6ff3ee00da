"""From rounds to figures: medians of each bot and their ratio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import LoadLevel
from bench.rounds import BotRound, Training


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of both bots. `ratio` is ours divided by stock; `better` says which way is good, "" if neither."""

    key: str
    label: str
    unit: str
    better: str
    ours: float
    stock: float

    @property
    def ratio(self) -> float:
        """Ours / stock; infinite if stock is 0."""
        return self.ours / self.stock if self.stock else float("inf")


_LEVEL_FIGURES: tuple[tuple[str, str, str, Callable[[LoadLevel], float]], ...] = (
    ("messages_per_s", "messages/s", "higher", lambda level: level.messages_per_s),
    ("p50_ms", "ms", "lower", lambda level: level.p50_ms),
    ("p95_ms", "ms", "lower", lambda level: level.p95_ms),
)
_TITLES = {"messages_per_s": "throughput", "p50_ms": "latency p50", "p95_ms": "latency p95"}


def compare(trainings: Sequence[Training], rounds: Sequence[BotRound]) -> list[ComparedFigure]:
    """Every figure as a row: first the levels, then the resources. Each is the median over the bot's rounds.

    Training is done once, so its two figures are single measurements; a training not timed gives no row.
    """
    return [*_level_rows(rounds), *_round_rows(rounds), *_training_rows(trainings)]


def _level_rows(rounds: Sequence[BotRound]) -> list[ComparedFigure]:
    rows = []
    for key, unit, better, value in _LEVEL_FIGURES:
        for place, level in enumerate(rounds[0].levels):
            ours, stock = _medians(rounds, _at(place, value))
            label = f"{_TITLES[key]}, {level.in_flight} in flight"
            rows.append(ComparedFigure(f"{key}_at_{level.in_flight}", label, unit, better, ours, stock))
    return rows


def _at(place: int, value: Callable[[LoadLevel], float]) -> Callable[[BotRound], float]:
    return lambda each: value(each.levels[place])


def _round_rows(rounds: Sequence[BotRound]) -> list[ComparedFigure]:
    return [
        ComparedFigure(
            "memory_mb", "memory, bot + actions", "MB", "lower", *_medians(rounds, lambda r: r.bot_mb + r.actions_mb)
        ),
        ComparedFigure("cold_start_s", "cold start", "s", "lower", *_medians(rounds, lambda r: r.cold_start_s)),
        ComparedFigure("reply_bytes", "mean reply", "bytes", "", *_medians(rounds, lambda r: r.levels[0].reply_bytes)),
        ComparedFigure(
            "failed", "failed, all rounds", "messages", "lower", failed(rounds, "ours"), failed(rounds, "stock")
        ),
    ]


def _training_rows(trainings: Sequence[Training]) -> list[ComparedFigure]:
    ours, stock = (next(t for t in trainings if t.bot == name) for name in ("ours", "stock"))
    rows = [ComparedFigure("model_mb", "model", "MB", "lower", ours.model_mb, stock.model_mb)]
    if ours.training_s is not None and stock.training_s is not None:
        rows.append(ComparedFigure("training_s", "training", "s", "lower", ours.training_s, stock.training_s))
    return rows


def _medians(rounds: Sequence[BotRound], value: Callable[[BotRound], float]) -> tuple[float, float]:
    """(ours, stock)."""
    ours, stock = (median(value(r) for r in rounds if r.bot == name) for name in ("ours", "stock"))
    return ours, stock


def failed(rounds: Sequence[BotRound], bot: str = "") -> int:
    """Messages without a proper answer, of one bot or of both."""
    return sum(level.failed for r in rounds if r.bot == (bot or r.bot) for level in r.levels)
