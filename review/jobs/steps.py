"""What a job does besides training: writing the corrections into the repository before, evaluating the release after.

And evaluating an adopted plan, which has no release yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine

from releases.shelf import Shelf
from review.accounts.audit import Actor, write_audit
from review.adopting.folders import PlanFolder
from review.adopting.questioning import write_questions
from review.database.engine import reading, transaction
from review.errors import GateNotRun, InvalidInput, NothingThere
from review.releases.gate import plan_command, read_report, run_evaluation, run_gate
from review.releases.inputs import log_of
from review.releases.shelving import shelf_errors
from review.settings import Settings


def export(engine: Engine, settings: Settings, by: str) -> str:
    """Write approved corrections into the repository's files; returns what to say of it. Raises `ReviewError`."""
    from review.teaching.export import export_corrections  # brings the search: not with each command

    with reading(engine) as session:
        done = export_corrections(session, settings.sources, commit=settings.git_commit, actor=Actor(None, by))
    note = f"；{done.note}" if done.note else ""
    skipped = "".join(f"\n没有写进去 / left out: {each.question}（{each.reason}）" for each in done.skipped)
    counts = f"加 {done.added} 行，去 {done.removed} 行，{len(done.files)} 个文件"
    return f"纠正已写进仓库：{counts} / exported{note}{skipped}"


def evaluate(
    engine: Engine,
    settings: Settings,
    release_id: str,
    by: str,
    taught_until: datetime | None,
    on_line: Callable[[str], None],
) -> bool:
    """Compare a release with the one that serves: whether it may be promoted. Raises `ReviewError` where that cannot be."""
    actor = Actor(None, by)
    with log_of(settings) as log:
        report = run_gate(engine, log, Shelf(), release_id, actor=actor, taught_until=taught_until, on_line=on_line)
    return report.passed


def judge_plan(engine: Engine, settings: Settings, adoption_id: int, by: str, on_line: Callable[[str], None]) -> bool:
    """Evaluate an adopted plan against what serves: whether it may take its place. Raises `ReviewError`."""
    folder = PlanFolder.of(settings.adopted, adoption_id)
    with reading(engine) as session:
        if not folder.is_built:
            raise NothingThere("还没有建库 / it has not been built yet")
        write_questions(session, folder, adoption_id)
    with shelf_errors():
        shelf = Shelf()
        rollout = shelf.rollout()
        if rollout is None:
            raise InvalidInput("还没有在用的版本，没有可比的 / nothing serves yet: there is nothing to compare with")
        serving = shelf.release(rollout.serving)
    command = plan_command(serving, folder.store, folder.questions, folder.evaluation)
    run_evaluation(command, on_line)
    report = read_report(folder.evaluation)
    if report is None:  # no such format: another version of the program is installed beside this one
        raise GateNotRun("报告没有写成，请再评测一次 / the report was not written: evaluate again")
    told = {"passed": report.passed, "against": serving.id, "blocked_by": ", ".join(report.data["blocked_by"])}
    with transaction(engine) as session:
        write_audit(session, Actor(None, by), "adoption.evaluate", f"adoption:{adoption_id}", None, told)
    return report.passed
