"""A checkout of its own for a journey that trains: what staff teach is written into files, and not into these."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FREE = (
    "KNOWLEDGE_DIR",
    "KNOWLEDGE_URL",
    "BOT_MODEL",
    "RELEASES_DIR",
)  # what `make test` fixes and an installation does not


def make_workshop(folder: Path) -> Path:
    """A git repository with this checkout's files, and what `make test` built, so that the first training has nothing to do."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "var" / "knowledge", folder / "var" / "knowledge")
    shutil.copytree(ROOT / "models", folder / "models")
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "As cloned")
    return folder


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
