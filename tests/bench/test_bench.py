"""The benchmark: its pure parts, and the processes it starts and stops."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bench import __main__ as cli
from bench.bots import ROOT, SHORT_EPOCHS, STOCK, StockBot, check_intents
from bench.comparison import compare, failed
from bench.errors import BenchError, ProcessFailed
from bench.load import LoadLevel, RoundTrip, is_answer, level_of, utf8_size
from bench.machine import this_machine
from bench.memory import resident_mb
from bench.plot import save_plot
from bench.processes import Command, run_to_end, started
from bench.questions import choose, read_questions, shuffled
from bench.report import Result, as_json, number, table
from bench.rounds import BotRound, Scope, Training


def questions_file(path: Path, items: list[dict[str, Any]]) -> Path:
    """An evaluation file with these questions."""
    questions = [{"id": str(i), "kind": "fact", "outcome": "answered", **item} for i, item in enumerate(items)]
    path.write_text(json.dumps({"questions": questions}, ensure_ascii=False), encoding="utf-8")
    return path


def test_questions_that_cannot_be_asked_alike_are_left_out(tmp_path: Path) -> None:
    """Repeats, follow-ups, commands and texts over the limit."""
    texts = ["甲", "甲", "/restart", "长" * 1001, " 丁 "]
    items: list[dict[str, Any]] = [{"question": text} for text in texts]
    items.append({"question": "乙", "before": ["丙"]})
    assert read_questions(questions_file(tmp_path / "q.yml", items)) == ["甲", "丁"]


def test_the_second_source_only_fills_up() -> None:
    """And too few in all is an error that says how many there are."""
    first, second = [f"a{i}" for i in range(5)], [*(f"b{i}" for i in range(5)), "a1"]
    chosen = choose(8, (first, second))
    assert len(set(chosen)) == 8
    assert set(chosen) >= set(first)
    assert choose(3, (first, second)) == choose(3, (first, second))
    with pytest.raises(BenchError, match="10"):
        choose(11, (first, second, []))


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    (tmp_path / "x.yml").write_text("questions: [", encoding="utf-8")
    with pytest.raises(BenchError, match=r"x\.yml"):
        read_questions(tmp_path / "x.yml")


def test_the_order_depends_on_the_key_only() -> None:
    """Both bots hear the questions in the same order; levels differ."""
    texts = [str(i) for i in range(50)]
    assert shuffled(texts, 1, 8) == shuffled(texts, 1, 8) != shuffled(texts, 1, 32)


def test_the_repository_has_enough_questions_for_a_full_run() -> None:
    """`make bench` asks 200 others at each level."""
    scope = Scope()
    assert len(set(choose(scope.distinct_questions, cli.question_sources()))) == 600


def test_what_counts_as_an_answer() -> None:
    """A text and a custom object whose outcome is not an error."""
    good = [{"text": "x"}, {"custom": {"outcome": "answered"}}]
    assert is_answer(json.dumps(good).encode())
    faulty = [{"text": "x"}, {"custom": {"outcome": "error"}}]
    for bad in ([], good[:1], good[1:], faulty, {}, 3):
        assert not is_answer(json.dumps(bad).encode())
    assert not is_answer(b"<html>")
    assert utf8_size(json.dumps(["字"]).encode()) == utf8_size('["字"]'.encode()) == 7


def test_the_figures_of_a_level() -> None:
    """Throughput, percentiles and the first failure."""
    good = json.dumps([{"text": "x"}, {"custom": {}}]).encode()
    replies = [RoundTrip("问", float(i), 200, good) for i in range(1, 101)]
    level = level_of([*replies, RoundTrip("坏", 5.0, 500, b"")], 8, 10.0)
    assert level.messages_per_s == 10.1
    assert level.failed == 1
    assert level.first_failure.startswith("坏 → 500")
    assert 95 <= level.p95_ms <= 96


def a_round(bot: str, number_of_round: int, speed: float, failures: int = 0) -> BotRound:
    """A round in which throughput is `speed` times the questions in flight."""
    levels = tuple(LoadLevel(flight, speed * flight, 40.0, 50.0, 1000.0, failures) for flight in (1, 8))
    return BotRound(bot, number_of_round, 10.0, 500.0, 100.0, levels)


def a_result(*, timed: bool = True) -> Result:
    """Three rounds of each bot, one of them with failures."""
    ours = [a_round("ours", i, speed) for i, speed in enumerate((10, 30, 12))]
    stock = [a_round("stock", 0, 5), a_round("stock", 1, 5, 1), a_round("stock", 2, 4)]
    trainings = (Training("ours", 10.0 if timed else None, 0.05), Training("stock", 100.0 if timed else None, 26.0))
    rows = compare(trainings, [*ours, *stock])
    now = datetime.now(timezone.utc)
    return Result(now, this_machine(), Scope(10, 3, (1, 8)), trainings, (*ours, *stock), tuple(rows))


@pytest.mark.slow  # draws with matplotlib
def test_medians_and_ratios(tmp_path: Path) -> None:
    """In the table, the JSON and the plot."""
    result = a_result()
    rows = {row.key: row for row in result.rows}
    fast = rows["messages_per_s_at_8"]
    assert (fast.ours, fast.stock, fast.ratio) == (96, 40, 2.4)
    assert rows["memory_mb"].ours == 600
    assert rows["failed"].stock == 2 == failed(result.rounds)
    assert rows["training_s"].ratio == 0.1
    assert "training_s" not in {row.key for row in a_result(timed=False).rows}
    data = json.loads(as_json(result))
    assert data["schema"] == "bench/1"
    assert data["valid"] is False
    assert len(data["rounds"]) == 6
    assert "NOT VALID: 2" in table(result)
    save_plot(result, tmp_path / "x" / "p.png")
    assert (tmp_path / "x" / "p.png").read_bytes().startswith(b"\x89PNG")
    assert [number(x) for x in (0, 0.05, 1.234, 12.34, 123.4, 1234.5)] == ["0", "0.05", "1.23", "12.3", "123", "1234"]


def test_memory_is_read_in_megabytes() -> None:
    """Of this process, and nothing of one that is not there."""
    assert 10 < resident_mb(os.getpid()) < 100_000
    assert resident_mb(2**22 + 5) == 0


async def test_a_failing_program_is_told_with_its_log(tmp_path: Path) -> None:
    """And a good one's time comes back."""
    log = tmp_path / "a.log"
    assert await run_to_end(Command((sys.executable, "-c", "print(1)"), tmp_path), log) > 0
    with pytest.raises(ProcessFailed, match="boom"):
        await run_to_end(Command((sys.executable, "-c", "raise SystemExit('boom')"), tmp_path), log)


async def test_children_of_a_stopped_program_are_gone(tmp_path: Path) -> None:
    """A bot left running would distort the next measurement."""
    async with started(Command(("sh", "-c", "sleep 100 & sleep 100"), tmp_path), tmp_path / "a.log") as program:
        await asyncio.sleep(0.2)
        group = str(program.pid)
        assert _alive_in(group)
    await asyncio.sleep(0.2)
    assert _alive_in(group) == []


def _alive_in(group: str) -> list[str]:
    """States of the processes of a group that are not zombies."""
    states = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rsplit(")", 1)[1].split()
        except OSError:  # ended meanwhile
            continue
        if fields[2] == group and fields[0] != "Z":
            states.append(fields[0])
    return states


def test_the_stock_bot_fits_our_training_data(tmp_path: Path) -> None:
    """Same intents, an answer for each; an intent added to one side only is named."""
    answers = json.loads((STOCK / "answers.json").read_text(encoding="utf-8"))
    check_intents(ROOT / "data" / "nlu", STOCK / "domain.yml")
    assert set(answers) == set(YAML(typ="safe").load(STOCK / "domain.yml")["intents"])
    copy = StockBot.copied_to(tmp_path / "stock", short_training=True)
    assert f"epochs: {SHORT_EPOCHS}\n" in (copy.folder / "config.yml").read_text(encoding="utf-8")
    with pytest.raises(BenchError):
        check_intents(tmp_path, STOCK / "domain.yml")


@pytest.mark.parametrize("bad", ["0", "-1", "x"])
def test_a_number_of_questions_must_be_positive(bad: str) -> None:
    """Argparse says so and leaves."""
    with pytest.raises(SystemExit):
        cli.main(["--questions", bad])
