"""Releases on a shelf for tests of switching: real manifests and rollout; what they hold is never opened."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from evaluation.gate.judging import RealQuestion
from knowledge.groundwork.formats import READ
from releases.release import Release
from releases.shelf import Shelf
from tests.evaluation.written import NOON, RENT, correction, judged, question, write_report


def add_release(shelf: Shelf, name: str, made_by: str = "王芳", note: str = "") -> Release:
    """A release whose versions are called after `name`, made a day after the one before."""
    folder = shelf.folder.parent / f"build-{name}"
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge" / "vocabulary.json").write_text("{}", encoding="utf-8")
    _archive(folder / "model.tar.gz", f"model-{name}")
    version = f"knowledge-{name}"
    kept = shelf.keep(
        folder / "knowledge",
        folder / "model.tar.gz",
        knowledge_version=version,
        formats=READ,
        made_by=made_by,
        note=note,
    )
    manifest = kept.folder / "release.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data["made_at"] = (NOON + timedelta(days=len(shelf.releases()))).isoformat()  # not all in the same second
    manifest.write_text(json.dumps(data), encoding="utf-8")
    return shelf.release(kept.id)


def evaluated(
    release: Release, serving: str, *, passed: bool = True, real: list[RealQuestion] | None = None
) -> Release:
    """The release with the report of an evaluation beside it: five questions lost, one correction broken, or none."""
    frozen = [question(n) for n in range(40)] + [question(n, "housing") for n in range(40, 80)]
    lost = {} if passed else {f"问题{n}": RENT for n in range(5)} | {"纠正1": RENT}
    differ = {each.question: RENT for each in real or []}
    found = judged(frozen, {**lost, **differ, "问题50": RENT, "纠正12": RENT}, _corrections(), real, {"纠正12": RENT})
    write_report(release, serving, found)
    return release


def _corrections() -> list[Any]:
    return [
        correction(1),
        correction(2, "silent", question="纠正1"),
        correction(3, question="纠正1"),
        correction(12),
    ]


def _archive(path: Path, model_id: str) -> None:
    data = json.dumps({"model_id": model_id}).encode()
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
