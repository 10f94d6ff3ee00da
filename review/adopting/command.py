"""The command that a job of an adopted plan runs: the same that an operator types."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from review.adopting.folders import PlanFolder
from review.database.adopting import AdoptionRow


def reading_command(root: Path, row: AdoptionRow) -> Sequence[str]:
    """Read the file and write its report and proposals; no store yet."""
    folder = PlanFolder.of(root, row.id)
    file = str(folder.file(row.file_name))
    return [
        *(sys.executable, "-m", "knowledge", "adopt", file),
        *("--output", str(folder.read), "--look", "--no-report"),
    ]
