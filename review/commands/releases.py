"""`releases`, `evaluate`, `gate`, `promote`, `rollback`, `canary`: kept versions from the command line.

Exit codes: 0 done (or passed), 2 the gate says no, 1 it could not be done, 130 ended by a signal.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from sqlalchemy.orm import Session

from conversations.turn_log import TurnLog
from releases.release import Release
from releases.rollout import Rollout
from releases.shelf import Shelf
from review.accounts.audit import Actor
from review.commands import COMMAND_LINE, Commands
from review.database.engine import connected, transaction
from review.errors import GateNotPassed, InvalidInput, NothingThere
from review.releases import succession, switching
from review.releases.gate import report_of, run_gate
from review.releases.inputs import log_of
from review.releases.shelving import shelf_errors
from review.releases.telling import as_data, release_lines, report_lines
from review.settings import Settings
from training.children import ending_on_signals
from training.errors import Ended

REFUSED, ENDED = 2, 130


def register(commands: Commands) -> None:
    """Add the six commands."""
    newest = "版本，不写就是最新的 / release, the newest if left out"
    listed = commands.add_parser("releases", help="列出保存的版本 / list the kept versions")
    listed.add_argument("--json", action="store_true", help="JSON，给程序用 / for programs")
    listed.set_defaults(run=list_releases)
    for name, run, told in (
        ("evaluate", evaluate, "评测一个版本能不能上线（一两分钟）/ may a version be promoted (a minute or two)"),
        ("gate", show_gate, "看一个版本的评测 / show a version's evaluation"),
        ("promote", promote, "让通过评测的版本上线 / make a version that passed serve everybody"),
    ):
        command = commands.add_parser(name, help=told)
        command.add_argument("release", nargs="?", default="", metavar="ID", help=newest)
        command.set_defaults(run=run)
    back = commands.add_parser("rollback", help="退回用过的版本 / go back to a version that served")
    back.add_argument(
        "release", nargs="?", default="", metavar="ID", help="版本，不写就是上一个 / the one before if left out"
    )
    back.set_defaults(run=roll_back)
    trial = commands.add_parser("canary", help="让一部分会话试用 / try a version out on a share of sessions")
    trial.add_argument("release", metavar="ID", help="版本 / release")
    trial.add_argument("share", metavar="PERCENT", help="百分数 0–99，off 是停 / per cent of sessions, or off")
    trial.set_defaults(run=canary)


def list_releases(settings: Settings, chosen: argparse.Namespace) -> int:
    """Newest first."""
    shelf = Shelf()
    with shelf_errors():
        rollout, kept = shelf.rollout(), shelf.releases()
    if chosen.json:
        print(json.dumps(as_data(kept, rollout), ensure_ascii=False, indent=2))
    else:
        print(
            "\n".join(release_lines(kept, rollout)) or "还没有版本 — 运行 make train / no version yet: run make train"
        )
    return 0


def evaluate(settings: Settings, chosen: argparse.Namespace) -> int:
    """Run the gate here and now; its progress goes to standard output."""
    shelf = Shelf()
    release = _chosen(shelf, chosen.release)
    try:
        with ending_on_signals(), connected(settings) as engine, log_of(settings) as log:
            report = run_gate(engine, log, shelf, release.id, actor=COMMAND_LINE, on_line=_told)
    except Ended:
        print("评测被中止，什么也没有改 / ended before it was done; nothing has changed", file=sys.stderr)
        return ENDED
    return 0 if report.passed else REFUSED


def _told(line: str) -> None:
    print(line, flush=True)


def show_gate(settings: Settings, chosen: argparse.Namespace) -> int:
    """Print what the last evaluation found, with last week's questions from the log."""
    release = _chosen(Shelf(), chosen.release)
    report = report_of(release)
    if report is None:
        raise NothingThere(
            f"{release.id} 还没有评测 — python -m review evaluate {release.id} / it was not evaluated yet"
        )
    turns = TurnLog(settings.log_url)
    for line in report_lines(report, lambda turn_id: turn.question if (turn := turns.turn(turn_id)) else ""):
        print(line)
    turns.close()
    return 0 if report.passed else REFUSED


def promote(settings: Settings, chosen: argparse.Namespace) -> int:
    """Needs a passed gate against what serves now: exit code 2 without."""
    shelf = Shelf()
    release = _chosen(shelf, chosen.release)
    return _switch(settings, lambda session, actor: switching.promote(session, actor, shelf, release.id))


def roll_back(settings: Settings, chosen: argparse.Namespace) -> int:
    """To the version before, or to a named one that served."""
    return _switch(settings, lambda session, actor: switching.roll_back(session, actor, Shelf(), chosen.release))


def canary(settings: Settings, chosen: argparse.Namespace) -> int:
    """A share of sessions, or none any more."""
    if chosen.share != "off" and not chosen.share.isdecimal():
        raise InvalidInput(f"{chosen.share!r} 不是百分数 — 写 10 或 off / write 10 or off")
    share = 0 if chosen.share == "off" else int(chosen.share)
    return _switch(settings, lambda session, actor: switching.try_out(session, actor, Shelf(), chosen.release, share))


def _switch(settings: Settings, do: Callable[[Session, Actor], Rollout]) -> int:
    try:
        with connected(settings) as engine, transaction(engine) as session:
            rollout = do(session, COMMAND_LINE)
    except GateNotPassed as error:
        print(error, file=sys.stderr)
        return REFUSED
    succession.settle(Shelf())
    trial = f"，{rollout.candidate} 试用 {rollout.share}% / tried out" if rollout.candidate else ""
    print(f"在用 serving: {rollout.serving}{trial}")
    return 0


def _chosen(shelf: Shelf, release_id: str) -> Release:
    with shelf_errors():
        if release_id:
            return shelf.release(release_id)
        kept = shelf.releases()
    if not kept:
        raise NothingThere("还没有版本 — 运行 make train / no version yet: run make train")
    return kept[0]
