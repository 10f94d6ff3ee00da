"""What a job does besides training: writing the corrections into the repository before, evaluating the release after."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import Engine

from review.database.engine import transaction

EXPORT = "review.teaching.export"
GATE = "evaluation.gate"


def export(engine: Engine) -> str:
    """Write approved corrections into the repository's files; returns what to say of it."""
    if not _is_there(EXPORT):
        return "这个版本没有导出：训练用仓库里现有的文件 / no export in this version: the files are trained as they are"
    with transaction(engine) as session:
        found = import_module(EXPORT).export_corrections(session, Path.cwd())
    return f"纠正已写进仓库 corrections exported: {found}"


def gate_command(release_id: str) -> Sequence[str] | None:
    """The command that compares a release with the one that serves; None where there is no evaluation."""
    return [sys.executable, "-m", GATE, "--candidate", release_id] if _is_there(GATE) else None


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
