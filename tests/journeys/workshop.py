"""A checkout of its own for a journey that trains: what staff teach is written into files, and not into these."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
GATE_ASKS_ONE_IN = 4  # of the frozen questions on other topics, and of the messages from outside
FREE = (
    "KNOWLEDGE_DIR",
    "KNOWLEDGE_URL",
    "BOT_MODEL",
    "RELEASES_DIR",
)  # what `make test` fixes and an installation does not


def make_workshop(folder: Path) -> Path:
    """A git repository with this checkout's files, and what `make test` built, so that the first training has nothing to do.

    Its gate asks of the frozen questions those on elderly care and a part of the others: how good the built release is,
    `tests/evaluation` judges by all of them.
    """
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "var" / "knowledge", folder / "var" / "knowledge")
    shutil.copytree(ROOT / "models", folder / "models")
    _keep_some(folder / "evaluation" / "questions.yml", "questions", lambda item: item.get("topic") == "elderly_care")
    _keep_some(folder / "evaluation" / "hotline.yml", "messages")
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "As cloned")
    return folder


def _keep_some(path: Path, key: str, always: Callable[[Any], bool] = lambda _: False) -> None:
    """Leave one in so many of a file's items, and those that are `always` kept."""
    data = YAML(typ="safe").load(path)
    data[key] = [item for number, item in enumerate(data[key]) if not number % GATE_ASKS_ONE_IN or always(item)]
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(data, file)


def installation(folder: Path) -> dict[str, str]:
    """Settings for processes that run in the workshop as an installation's do."""
    return dict.fromkeys(FREE, "") | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def git_log(folder: Path) -> str:
    """Authors and subjects of all commits, newest first."""
    return _git(folder, "log", "--format=%an %s")


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=installer", "-c", "user.email=installer@review.invalid")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
