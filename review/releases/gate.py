"""Running the gate (`evaluation.gate`) in a process of its own, and reading what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

import review
from knowledge.groundwork.progress_lines import LINES
from releases.release import Release
from releases.shelf import Shelf
from review.accounts.audit import Actor, write_audit
from review.database.engine import reading, transaction
from review.database.jobs import TRAIN, JobRow
from review.errors import GateNotRun, InvalidInput
from review.releases.inputs import approved_corrections, real_questions
from review.releases.shelving import shelf_errors

ROOT = Path(review.__file__).resolve().parent.parent
NOT_RUN = 1  # exit code of `python -m evaluation.gate`
TAIL_CHARS = 2000


@dataclass(frozen=True)
class GateReport:
    """What an evaluation found; `data` is the whole of gate.json (docs/decisions/0022)."""

    data: Mapping[str, Any]

    @property
    def of_plan(self) -> bool:
        """Whether it is on an adopted plan: floors and what belongs to no plan (docs/decisions/0059)."""
        return "of_plan" in self.data

    @property
    def misses(self) -> Sequence[Mapping[str, Any]]:
        """Of an adopted plan: staff's questions that were not answered rightly at once, the worst first."""
        order = ("error", "wrong", "refused", "offered")
        found = (each for each in self.data["questions"] if each["came"] in order)
        return sorted(found, key=lambda each: order.index(each["came"]))

    @property
    def passed(self) -> bool:
        """Whether the candidate may be promoted."""
        return bool(self.data["passed"])

    @property
    def serving(self) -> str:
        """The release that it was compared with."""
        return str(self.data["serving"])

    @property
    def candidate(self) -> str:
        """The release that was evaluated."""
        return str(self.data["candidate"])

    @property
    def made_at(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.data["made_at"])

    def cases(self, *sets: str, blocks: bool | None = None) -> Sequence[Mapping[str, Any]]:
        """Failures of these sets (`frozen`, `hostile`, `outside`, `correction`, `own`, `real`), those that block or do not."""
        return [c for c in self.data["failures"] if c["set"] in sets and (blocks is None or c["blocks"] == blocks)]


def report_of(release: Release) -> GateReport | None:
    """What its last evaluation found; None if there was none, or one of another version of this program."""
    try:
        return read_report(release.gate)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def read_report(path: Path) -> GateReport | None:
    """The report in a file, None for one of another version. Raises `OSError`, `ValueError`, `KeyError`, `TypeError`."""
    data = json.loads(path.read_text(encoding="utf-8"))
    report = GateReport(data)
    whole = (
        data["floors"] and data["groups"] if report.of_plan else isinstance(data["topics"], list) and data["outside"]
    )
    return report if whole and report.made_at and report.serving else None


def run_gate(
    review_engine: Engine,
    log_engine: Engine,
    shelf: Shelf,
    release_id: str,
    *,
    actor: Actor,
    taught_until: datetime | None = None,
    on_line: Callable[[str], None] = print,
) -> GateReport:
    """Evaluate a release against the one that serves; the report is kept beside it. Takes a minute or two.

    `taught_until`: corrections decided later were not in its training; if None, when the job that made it began, or the
    release's own time. `on_line` gets each line that the gate prints, `PROGRESS gate done total` among them. Raises
    `ReviewError`.
    """
    with shelf_errors():
        rollout, candidate = shelf.rollout(), shelf.release(release_id)
        if rollout is None:
            raise InvalidInput("还没有在用的版本，没有可比的 / nothing serves yet: there is nothing to compare with")
        if rollout.serving == release_id:
            raise InvalidInput("这个版本正在使用，不用评测 / this release serves already: there is nothing to evaluate")
        serving = shelf.release(rollout.serving)
    if candidate.plan:
        run_evaluation(adopted_command(serving, candidate), on_line)
        return _noted(review_engine, candidate, actor)
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-inputs-") as folder:
        corrections, questions = Path(folder) / "corrections.json", Path(folder) / "questions.json"
        with reading(review_engine) as session:
            _write(corrections, approved_corrections(session))
        with reading(log_engine) as log:
            _write(questions, real_questions(log, datetime.now(timezone.utc)))
        with reading(review_engine) as session:
            learned = taught_until or training_began(session, release_id)
        command = _command(serving, candidate, corrections, questions, learned)
        run_evaluation(command, on_line)
    return _noted(review_engine, candidate, actor)


def _noted(review_engine: Engine, candidate: Release, actor: Actor) -> GateReport:
    """The report that was written, told in the audit log. Raises `GateNotRun` where none was."""
    report = report_of(candidate)
    if report is None:
        raise GateNotRun(f"{candidate.gate} 没有写成，请再评测一次 / the report was not written: evaluate again")
    told = {"passed": report.passed, "against": report.serving, "blocked_by": ", ".join(report.data["blocked_by"])}
    with transaction(review_engine) as session:
        write_audit(session, actor, "release.evaluate", f"release:{candidate.id}", None, told)
    return report


def adopted_command(serving: Release, candidate: Release) -> list[str]:
    """What evaluates a release of an adopted plan, with staff's questions beside it."""
    files = (candidate.knowledge, candidate.questions, candidate.gate)
    of_release = ["--candidate", candidate.id, "--model-version", candidate.model_version]
    return [*plan_command(serving, *files), *of_release]


def plan_command(serving: Release, store: Path, questions: Path, output: Path) -> list[str]:
    """What evaluates the store of an adopted plan against the release that serves."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "evaluation.adopted"]
    named = (("serving", serving.folder), ("knowledge", store), ("questions", questions), ("output", output))
    for name, path in named:
        command += [f"--{name}", str(path.absolute())]
    return command


def training_began(session: Session, release_id: str) -> datetime | None:
    """When the latest job that made a release began: what was approved while it ran is not in it. None where no job did."""
    began = select(func.max(JobRow.started_at)).where(JobRow.release_id == release_id, JobRow.kind == TRAIN)
    found: datetime | None = session.scalar(began)
    return found


def _command(
    serving: Release, candidate: Release, corrections: Path, questions: Path, taught_until: datetime | None
) -> list[str]:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "evaluation.gate"]
    for name, path in (
        ("serving", serving.folder),
        ("candidate", candidate.folder),
        ("corrections", corrections),
        ("questions", questions),
        ("output", candidate.gate),
    ):
        command += [f"--{name}", str(path.absolute())]
    return command + (["--taught-until", taught_until.isoformat()] if taught_until else [])


def run_evaluation(command: Sequence[str], on_line: Callable[[str], None]) -> None:
    """Run an evaluation's process to its end, passed or not. Raises `GateNotRun` where it found nothing."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told,
        subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=ROOT,
            env={**os.environ, LINES: "1", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                on_line(line.rstrip("\n"))
        except BaseException:  # whoever ends us ends what we started
            process.terminate()
            raise
        code = process.wait()
        told.seek(0)
        if code not in (0, 2):
            raise GateNotRun(
                f"评测没有跑成（返回码 {code}）：{told.read()[-TAIL_CHARS:].strip() or '没有说原因'} "
                "/ the evaluation could not run: see the message before it"
            )


def _write(path: Path, items: Sequence[Mapping[str, Any]]) -> None:
    path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
