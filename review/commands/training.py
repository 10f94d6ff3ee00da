"""`train`, `jobs`, `cancel`, `schedule`: trainings from the terminal; `run-job` is the process of one."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sqlalchemy.engine import Engine

from review.commands import COMMAND_LINE, Commands
from review.database.engine import connected, reading, transaction
from review.database.jobs import JobRow
from review.errors import JobRuns
from review.jobs import book
from review.jobs.names import OUTCOME_NAMES, STAGE_NAMES, STATUS_NAMES
from review.jobs.news import news
from review.jobs.schedule import schedule, set_schedule
from review.jobs.starting import start
from review.settings import Settings
from review.shown import moment
from training.children import ending_on_signals
from training.errors import Ended

FAILED, ANOTHER_RUNS, NOTHING_NEW, ENDED = 1, 3, 4, 130
LOOK_EVERY_S = 0.5
LISTED = 20


def register(commands: Commands) -> None:
    """Add the five commands."""
    make = commands.add_parser("train", help="导出纠正、训练、评测 / export the corrections, train, evaluate")
    make.add_argument("--if-new", action="store_true", help="没有新内容就不训练 / only when there is something new")
    make.add_argument("--wait", action="store_true", help="有任务在进行就等它结束 / wait for one that runs")
    make.set_defaults(run=train)
    commands.add_parser("jobs", help="列出训练 / list the trainings").set_defaults(run=jobs)
    commands.add_parser("cancel", help="取消进行中的训练 / end the one that runs").set_defaults(run=cancel)
    when = commands.add_parser("schedule", help="每晚几点训练 / train each night at")
    when.add_argument("at", nargs="?", metavar="HH:MM|off", help="不写就显示现在的 / without: show it")
    when.set_defaults(run=set_time)
    one = commands.add_parser("run-job", help="一次训练自己的进程，由上面的命令启动 / the process of one job")
    one.add_argument("number", type=int)
    one.set_defaults(run=run_one)


def train(settings: Settings, chosen: argparse.Namespace) -> int:
    """Train as the console does, with the progress here; Ctrl-C cancels.

    Exit codes: 0 trained, 1 failed, 3 another runs, 4 nothing new (`--if-new`), 130 cancelled.
    """
    with connected(settings) as engine:
        if chosen.if_new:
            with reading(engine) as session:
                if not news(session).total:
                    print("上次训练以来没有新的纠正 / nothing new since the last training")
                    return NOTHING_NEW
        number: int | None = None
        try:
            with ending_on_signals():
                number = _ask(engine, wait=chosen.wait)
                start(engine, settings, number)
                return _follow(engine, number)
        except JobRuns as error:
            print(error, file=sys.stderr)
            return ANOTHER_RUNS
        except Ended:
            if number is not None:
                book.cancel(engine, COMMAND_LINE)
            print("已取消，在服务的版本没有动 / cancelled; what serves is as it was", file=sys.stderr)
            return ENDED


def jobs(settings: Settings, chosen: argparse.Namespace) -> int:
    """The last trainings, newest first."""
    with connected(settings) as engine:
        book.clear_dead(engine)
        with reading(engine) as session:
            for row in book.latest(session, LISTED):
                print("\t".join(_told(row)))
    return 0


def cancel(settings: Settings, chosen: argparse.Namespace) -> int:
    """End the job that runs; 1 if none does."""
    with connected(settings) as engine:
        number = book.cancel(engine, COMMAND_LINE)
    print(f"第 {number} 次训练已取消 / job {number} is cancelled")
    return 0


def set_time(settings: Settings, chosen: argparse.Namespace) -> int:
    """Set or show the time of the nightly training."""
    with connected(settings) as engine:
        if chosen.at is not None:
            with transaction(engine) as session:
                set_schedule(session, COMMAND_LINE, "" if chosen.at == "off" else chosen.at)
        with reading(engine) as session:
            at = schedule(session).at
    print(f"每晚 {at}，有新内容才训练 / each night at {at}, when something is new" if at else "不定时训练 / off")
    return 0


def run_one(settings: Settings, chosen: argparse.Namespace) -> int:
    """Be the process of a job."""
    from review.jobs.runner import run_job  # with all that a job does: not for those who only ask for one

    with connected(settings) as engine:
        return run_job(engine, settings, chosen.number)


def _ask(engine: Engine, *, wait: bool) -> int:
    told = False
    while True:
        try:
            return book.ask_for(engine, COMMAND_LINE)
        except JobRuns as error:
            if not wait:
                raise
            if not told:
                print(f"等它结束 waiting：{error}", flush=True)
                told = True
            time.sleep(LOOK_EVERY_S)


def _follow(engine: Engine, number: int) -> int:
    """Show a job's log and progress until it has ended."""
    shown, told = 0, ""
    bar = sys.stdout.isatty()
    while True:
        book.clear_dead(engine)
        with reading(engine) as session:
            row = book.job(session, number)
        shown = _show_log(Path(row.log), shown, clear=bar)
        now_at = f"{row.progress:4.0%} {STAGE_NAMES.get(row.stage, row.stage)}{_left(row)}"
        if bar:
            print(f"\r\x1b[K{now_at}", end="", flush=True)
        elif row.stage != told:
            print(now_at, flush=True)
        told = row.stage
        if row.slot is None:
            _show_log(Path(row.log), shown, clear=bar)
            return _end(row)
        time.sleep(LOOK_EVERY_S)


def _show_log(path: Path, position: int, *, clear: bool) -> int:
    """Print what came since; returns the new position. Only whole lines are taken."""
    try:
        with path.open("rb") as file:
            file.seek(position)
            new = file.read()
    except FileNotFoundError:
        return position
    new = new[: new.rfind(b"\n") + 1]
    if new:
        print(("\r\x1b[K" if clear else "") + new.decode("utf-8", "replace"), end="", flush=True)
    return position + len(new)


def _left(row: JobRow) -> str:
    return f"，约 {max(1, round(row.remaining_s / 60))} 分钟 min" if row.remaining_s else ""


def _end(row: JobRow) -> int:
    if row.status == book.SUCCEEDED:
        print(f"版本 release {row.release_id or '–'}：{OUTCOME_NAMES.get(row.outcome, '')}")
        return 0
    if row.status == book.CANCELLED:
        print(f"{row.cancelled_by} 取消了 / cancelled", file=sys.stderr)
        return ENDED
    print(f"没有成功 failed: {row.error}", file=sys.stderr)
    return FAILED


def _told(row: JobRow) -> tuple[str, ...]:
    took = f"{(row.ended_at - row.started_at).total_seconds() / 60:.1f} min" if row.ended_at and row.started_at else ""
    how = f"{row.progress:.0%} {row.stage}" if row.slot is not None else took
    end = OUTCOME_NAMES.get(row.outcome, "") if row.status == book.SUCCEEDED else row.error.split("\n")[0]
    return (
        str(row.id),
        moment(row.asked_at),
        row.asked_for_by,
        STATUS_NAMES[row.status],
        how,
        row.release_id or "–",
        end,
    )
