"""`plans`, `judge`, `propose`: adopted plans from the command line, as far as one takes the place of the plan in use.

Exit codes: 0 done (or passed), 2 the evaluation says no, 1 it could not be done, 130 ended by a signal.
"""

from __future__ import annotations

import argparse
import sys

from releases.shelf import Shelf
from review.adopting.adoptions import adoption, adoptions
from review.adopting.folders import PlanFolder
from review.adopting.questioning import counted
from review.commands import COMMAND_LINE, Commands
from review.database.engine import connected, reading
from review.errors import GateNotPassed
from review.jobs.proposing import evaluation_of, propose_plan
from review.jobs.steps import judge_plan
from review.releases.telling import report_lines
from review.settings import Settings
from training.children import ending_on_signals
from training.errors import Ended

REFUSED, ENDED = 2, 130


def register(commands: Commands) -> None:
    """Add the three commands."""
    listed = commands.add_parser("plans", help="列出采用的规划 / list the adopted plans")
    listed.set_defaults(run=list_plans)
    judging = commands.add_parser(
        "judge", help="评测一份采用的规划（一分钟左右）/ evaluate an adopted plan (about a minute)"
    )
    judging.set_defaults(run=judge)
    proposing = commands.add_parser(
        "propose", help="评测通过的规划做成版本，等 promote / make a release of a plan that passed"
    )
    proposing.set_defaults(run=propose)
    for command in (judging, proposing):
        command.add_argument("plan", type=int, metavar="N", help="编号，见 plans / its number, see plans")


def list_plans(settings: Settings, _chosen: argparse.Namespace) -> int:
    """One line a plan, newest first."""
    with connected(settings) as engine, reading(engine) as session:
        for row in adoptions(session):
            folder = PlanFolder.of(settings.adopted, row.id)
            report = evaluation_of(folder)
            built = "建好 built" if folder.is_built else "没建 not built"
            verdict = "没评测 –" if report is None else "✓ 通过 passed" if report.passed else "✗ 没通过 failed"
            print("\t".join([str(row.id), row.file_name, built, f"{counted(session, row.id)} 题 questions", verdict]))
    return 0


def judge(settings: Settings, chosen: argparse.Namespace) -> int:
    """Evaluate it here and now; its progress goes to standard output."""
    try:
        with ending_on_signals(), connected(settings) as engine:
            with reading(engine) as session:
                adoption(session, chosen.plan)
            judge_plan(engine, settings, chosen.plan, COMMAND_LINE.name, _progress)
    except Ended:
        print("评测被中止，什么也没有改 / ended before it was done; nothing has changed", file=sys.stderr)
        return ENDED
    report = evaluation_of(PlanFolder.of(settings.adopted, chosen.plan))
    for line in report_lines(report, str) if report else ():
        print(line)
    return 0 if report and report.passed else REFUSED


def _progress(line: str) -> None:
    """How far it is; the rest of what it says stands in the report."""
    if line.startswith("PROGRESS"):
        print(line, flush=True)


def propose(settings: Settings, chosen: argparse.Namespace) -> int:
    """Needs a passed evaluation that still holds: exit code 2 without."""
    try:
        with connected(settings) as engine:
            release = propose_plan(engine, settings, Shelf(), COMMAND_LINE, chosen.plan)
    except GateNotPassed as error:
        print(error, file=sys.stderr)
        return REFUSED
    print(f"版本 {release.id} 已做成。上线：python -m review promote {release.id} / a release, which serves nobody yet")
    return 0
