"""What a job does besides training: writing the corrections into the repository before, evaluating the release after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine

from releases.shelf import Shelf
from review.accounts.audit import Actor
from review.database.engine import reading
from review.releases.gate import run_gate
from review.releases.inputs import log_of
from review.settings import Settings
from review.teaching.export import export_corrections


def export(engine: Engine, settings: Settings, by: str) -> str:
    """Write approved corrections into the repository's files; returns what to say of it. Raises `ReviewError`."""
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
