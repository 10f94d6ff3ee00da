"""The commands that jobs of an adopted plan run: the same that an operator types, with files of the same shape."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.adopting.drafting import document_yaml
from knowledge.adopting.folder import DOCUMENT, TABLE
from review.adopting.deciding import decided_table, decisions
from review.adopting.folders import PlanFolder
from review.adopting.naming import as_document, name_of
from review.database.adopting import AdoptionRow

BY_STAFF = "审核台里核对过的：全名、简称（答复里用）、地名、规划期。"


def reading_command(root: Path, row: AdoptionRow) -> Sequence[str]:
    """Read the file and write its report and proposals; no store yet."""
    folder = PlanFolder.of(root, row.id)
    return [*_adopt(folder.file(row.file_name)), "--output", str(folder.read), "--look"]


def building_command(session: Session, root: Path, row: AdoptionRow) -> Sequence[str]:
    """Build the plan's store with what people decided, which is written beside it first."""
    folder, decided = PlanFolder.of(root, row.id), decisions(session, row.id)
    folder.decided.mkdir(mode=0o700, exist_ok=True)
    document, table = folder.decided / DOCUMENT, folder.decided / TABLE
    document.write_bytes(document_yaml(as_document(name_of(row, folder), row.file_name), BY_STAFF))
    table.write_bytes(decided_table(folder.proposals(), decided))
    command = [*_adopt(folder.file(row.file_name)), "--output", str(folder.built), "--document", str(document)]
    return [*command, "--mended", str(table)] if decided else command


def _adopt(file: Path) -> Sequence[str]:
    return [sys.executable, "-m", "knowledge", "adopt", str(file), "--no-report"]
