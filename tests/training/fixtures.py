"""One small project, trained once with real knowledge and real Rasa; each test has a copy of it. In `tests/conftest.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.training.project import run, small_project

BIG = 1_000_000  # bytes: such files are replaced, never changed in place, so copies may be links


@pytest.fixture(scope="session")
def first_training(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The project after its first training, and what that said."""
    folder = small_project(tmp_path_factory.mktemp("trained"))
    return folder, run(folder, "training", "--by", "王芳", PROGRESS_LINES="1")


@pytest.fixture
def copy_project(
    first_training: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> Iterator[Callable[[], Path]]:
    """Makes copies of the trained project."""
    original, done = first_training
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def link(source: str, target: str) -> str:
        if Path(source).stat().st_size > BIG:
            os.link(source, target)
        else:
            shutil.copy2(source, target)
        return target

    def copy() -> Path:
        folder = tmp_path / "project"
        shutil.copytree(original, folder, copy_function=link)
        return folder

    yield copy


@pytest.fixture
def project(copy_project: Callable[[], Path]) -> Path:
    """A trained project of this test's own."""
    return copy_project()
