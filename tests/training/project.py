"""A whole project in miniature: this code, the real plan, and few enough questions that it trains in seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
CODE = ("actions", "bot", "conversations", "knowledge", "releases", "review", "training")
FILES = ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml")
ENTRIES, QUESTIONS = 3, 5  # of each file of the catalogue, of each of its entries
EXAMPLES, SILENT = 8, 4  # of each intent, of each group of questions that the plan does not answer
ENCODER = "e5-*"  # prepared once: half a minute otherwise


def small_project(folder: Path) -> Path:
    """Make one in `folder`, with the encoder and the vectors of this project: they are keyed by text."""
    ignore = shutil.ignore_patterns("__pycache__", "catalogue", "training")
    for name in CODE:
        if name == "training":
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data/rules.yml", folder / "data/rules.yml")
    for source in sorted((ROOT / "knowledge/catalogue").glob("*.yml")):
        _cut(source, folder, lambda data: _cut_catalogue(data))
    for source in sorted((ROOT / "knowledge/training").glob("*.yml")):
        _cut(source, folder, lambda data: _cut_groups(data))
    for source in sorted((ROOT / "data/nlu").glob("*.yml")):
        _cut(source, folder, lambda data: _cut_examples(data))
    knowledge = folder / "var/knowledge"
    knowledge.mkdir(parents=True)
    for path in (*(ROOT / "var/knowledge").glob(ENCODER), ROOT / "var/knowledge/vectors.npz"):
        os.link(path, knowledge / path.name)
    return folder


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """What is set for the commands of a project: nothing that leads out of it."""
    led_out = ("KNOWLEDGE_", "RELEASES_DIR", "BOT_MODEL", "REVIEW_", "CONVERSATIONS_URL", "TRAINING_", "PROGRESS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(led_out)}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
    return {**kept, **quiet, "PYTHONUNBUFFERED": "1", **changes}


def run(folder: Path, module: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """`python -m module arguments` in a project, to its end."""
    return subprocess.run(
        command(module, arguments),
        cwd=folder,
        env=environment(folder, **changes),
        capture_output=True,
        text=True,
        timeout=400,
    )


def start(folder: Path, module: str, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    """The same, without waiting; what it prints can be read from `stdout`."""
    return subprocess.Popen(
        command(module, arguments),
        cwd=folder,
        env=environment(folder, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def command(module: str, arguments: Sequence[str]) -> list[str]:
    """The command line of a module."""
    return [sys.executable, "-m", module, *arguments]


def _cut(source: Path, folder: Path, cut: Any) -> None:
    yaml = YAML()
    yaml.width = 4096
    target = folder / source.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    data = yaml.load(source.read_text(encoding="utf-8"))
    cut(data)
    with target.open("w", encoding="utf-8") as stream:
        yaml.dump(data, stream)


def _cut_catalogue(data: Any) -> None:
    del data["commitments"][ENTRIES:]
    for entry in data["commitments"]:
        del entry["questions"][QUESTIONS:]


def _cut_groups(data: Any) -> None:
    for group in data["groups"]:
        del group["questions"][SILENT:]


def _cut_examples(data: Any) -> None:
    for block in data["nlu"]:
        if "intent" in block:
            lines = str(block["examples"]).splitlines(keepends=True)
            block["examples"] = "".join(lines[:EXAMPLES])
