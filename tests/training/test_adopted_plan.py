"""What a training builds where an adopted plan serves: that plan, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.groundwork.formats import READ
from releases.release import Release
from releases.shelf import AdoptedPlan, Shelf
from tests.review.shelves import add_release
from training import stages
from training.errors import StageFailed

NEXT = "《下一份规划》"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The trainings' shelf."""
    monkeypatch.setenv("RELEASES_DIR", str(tmp_path / "releases"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "built"))
    return Shelf()


def adopted(shelf: Shelf, files: Sequence[str]) -> Release:
    """A release of an adopted plan with these sources."""
    other = add_release(shelf, "other")
    for name in files:
        (shelf.folder.parent / name).write_text("第一句。", encoding="utf-8")
    sources = [shelf.folder.parent / name for name in files]
    return shelf.keep(
        *(other.knowledge, other.model),
        knowledge_version="next",
        formats=READ,
        made_by="王芳",
        adopted=AdoptedPlan(NEXT, sources, other.id),
    )


def test_the_repositorys_plan_is_built_unless_another_serves(shelf: Shelf) -> None:
    """Nothing serves, the repository's plan serves, another serves, and goes back."""
    assert stages.adopted_plan_in_use() is None
    first = add_release(shelf, "first")
    shelf.promote(first.id, "x")
    assert stages.adopted_plan_in_use() is None
    release = adopted(shelf, ["plan.txt", "document.yml"])
    shelf.promote(release.id, "x")
    found = stages.adopted_plan_in_use()
    assert found is not None and (found.id, found.plan) == (release.id, NEXT)
    shelf.roll_back("x")
    assert stages.adopted_plan_in_use() is None


def test_its_own_files_are_built_and_handed_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, document and what was mended; the release that comes of it has them, its questions, and the plan before."""
    release = adopted(shelf, ["plan.txt", "document.yml", "mended.csv"])
    release.questions.write_text("[]", encoding="utf-8")
    commands: list[Sequence[str]] = []
    monkeypatch.setattr(stages, "run_ticking", commands.append)
    monkeypatch.setattr(stages, "knowledge_version_of", lambda paths: "built anew")
    assert stages.make_knowledge(release) == "built anew"
    given = dict(zip(commands[0][4::2], commands[0][5::2]))
    names = {"--plan": "plan.txt", "--document": "document.yml", "--mended": "mended.csv"}
    assert given == {option: str(release.sources / name) for option, name in names.items()}
    shelf.promote(release.id, "x")
    shutil.copytree(release.knowledge, shelf.folder.parent / "built", dirs_exist_ok=True)
    monkeypatch.setattr(stages, "MODEL", release.model)
    made = stages.keep_release("built anew", "王芳", "", release)
    assert made is not None and made.id != release.id and (made.plan, made.before) == (NEXT, release.before)
    assert made.questions.is_file() and {path.name for path in made.sources.iterdir()} == set(names.values())


def test_no_training_falls_back_to_another_plan(shelf: Shelf) -> None:
    """Where the plan's text is gone, it says so and what to do."""
    release = adopted(shelf, ["plan.txt"])
    shelf.promote(release.id, "x")
    (release.sources / "plan.txt").unlink()
    with pytest.raises(StageFailed, match="退回以前的版本"):
        stages.adopted_plan_in_use()
