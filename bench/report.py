"""The result as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bench.comparison import ComparedFigure, failed
from bench.machine import Machine
from bench.questions import SEED
from bench.rounds import BotRound, Scope, Training

SCHEMA = "bench/1"


@dataclass(frozen=True)
class Result:
    """One run. `started_at` has a time zone."""

    started_at: datetime
    machine: Machine
    scope: Scope
    trainings: tuple[Training, ...]
    rounds: tuple[BotRound, ...]
    rows: tuple[ComparedFigure, ...]

    @property
    def fault(self) -> str:
        """Why the figures must not be used; "" if every message was answered."""
        failures = [f"{r.bot}: {level.first_failure}" for r in self.rounds for level in r.levels if level.failed]
        if not failures:
            return ""
        return f"NOT VALID: {failed(self.rounds)} messages without a proper answer, the first of them {failures[0]}"


def table(result: Result) -> str:
    """Lines of the table, one figure each, with the machine and the scope above."""
    scope = result.scope
    head = [
        result.machine.line,
        f"{scope.questions} distinct questions at each level, {scope.rounds} rounds, medians; ours / stock below 1 is good "
        "for all but throughput",
        "",
        f"{'':<28}{'ours':>10}{'stock':>10}  {'unit':<11}{'ours/stock':>10}",
    ]
    return "\n".join([*head, *(_line(row) for row in result.rows), result.fault]).rstrip()


def _line(row: ComparedFigure) -> str:
    ratio = f"{row.ratio:.3g}" if math.isfinite(row.ratio) else "–"
    return f"{row.label:<28}{number(row.ours):>10}{number(row.stock):>10}  {row.unit:<11}{ratio:>10}"


def number(value: float) -> str:
    """Three significant digits, no exponent."""
    if value >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_json(result: Result) -> str:
    """`bench/1`: `rows` are the medians with ratios, `rounds` and `trainings` what they were made of."""
    rows = [asdict(row) | {"ratio": row.ratio if math.isfinite(row.ratio) else None} for row in result.rows]
    data = {
        "schema": SCHEMA,
        "valid": not result.fault,
        "started_at": result.started_at.isoformat(timespec="seconds"),
        "seed": SEED,
        "machine": asdict(result.machine),
        "scope": asdict(result.scope),
        "rows": rows,
        "trainings": [asdict(training) for training in result.trainings],
        "rounds": [asdict(each) for each in result.rounds],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def save_json(result: Result, path: Path) -> None:
    """Write `as_json` to `path`, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(result), encoding="utf-8")


def rows_with(rows: Sequence[ComparedFigure], prefix: str) -> list[ComparedFigure]:
    """The rows whose key begins with `prefix`, in order."""
    return [row for row in rows if row.key.startswith(prefix)]
