"""What a job does besides training: writing the corrections into the repository before, evaluating the release after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from conversations.database import engine_for
from releases.shelf import Shelf
from review.accounts.audit import Actor
from review.database.engine import reading
from review.settings import Settings

EXPORT, GATE = "review.teaching.export", "review.releases.gate"


def export(engine: Engine) -> str:
    """Write approved corrections into the repository's files; returns what to say of it. Raises `ReviewError`."""
    if not _is_there(EXPORT):
        return "这个版本没有导出：训练用仓库里现有的文件 / no export in this version: the files are trained as they are"
    module: Any = import_module(EXPORT)
    with reading(engine) as session:
        done = module.export_corrections(session, Path.cwd())
    note = f"；{done.note}" if done.note else ""
    return f"纠正已写进仓库：加 {done.added} 行，去 {done.removed} 行，{len(done.files)} 个文件 / exported{note}"


def evaluate(
    engine: Engine,
    settings: Settings,
    release_id: str,
    by: str,
    taught_until: datetime | None,
    on_line: Callable[[str], None],
) -> bool | None:
    """Compare a release with the one that serves: whether it may be promoted, None where there is no evaluation.

    Raises `ReviewError` where it could not be compared.
    """
    if not _is_there(GATE):
        on_line("这个版本没有评测 / no evaluation in this version")
        return None
    module: Any = import_module(GATE)
    log = engine_for(settings.log_url)
    try:
        actor = Actor(None, by)
        report = module.run_gate(
            engine, log, Shelf(), release_id, actor=actor, taught_until=taught_until, on_line=on_line
        )
    finally:
        log.dispose()
    return bool(report.passed)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
