"""A whole project in miniature: this code, a plan of a few sentences of the real one, few questions: it trains in seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import SequenceNode

from knowledge.catalogue.training_data import GROUPED
from knowledge.groundwork.curated_yaml import compose, load_mapping

ROOT = Path(__file__).resolve().parents[2]
CODE = (
    "actions",
    "bench",
    "bot",
    "conversations",
    "danger",
    "evaluation",
    "knowledge",
    "monitor",
    "releases",
    "review",
    "settings",
    "training",
    "wire",
)
FILES = (
    "config.yml",
    "domain.yml",
    "credentials.yml",
    "endpoints.yml",
    "requirements.lock",
    "pyproject.toml",
    "log_records.py",
    "version.py",
    "watchdog.py",
)
ENTRIES, QUESTIONS = 3, 5  # of each file of the catalogue, of each of its entries
FROZEN = 10  # frozen questions, and messages from outside
EXAMPLES, SILENT = 8, 4  # of each intent, of each group of questions that the plan does not answer
WITHIN_S = 120  # on a machine that may be busy
ENCODER = "e5-*"  # prepared once: half a minute otherwise


def small_project(folder: Path) -> Path:
    """Make one in `folder`, with the encoder and the vectors of this project: they are keyed by text."""
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name, ignore=_left_out)
    shutil.copytree(ROOT / "widget", folder / "widget", ignore=shutil.ignore_patterns("node_modules"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data/rules.yml", folder / "data/rules.yml")
    for source in sorted((ROOT / "knowledge/sources/catalogue").glob("*.yml")):
        _cut(source, folder, _cut_catalogue)
    for name in GROUPED:  # linked questions are of commitments that the small plan has not
        _cut(ROOT / "knowledge/sources/training" / name, folder, _cut_groups)
    for source in sorted((ROOT / "data/nlu").glob("*.yml")):
        _cut(source, folder, _cut_examples)
    for name in ("questions", "hotline"):
        _cut(ROOT / f"evaluation/{name}.yml", folder, _cut_judging)
    _write_plan(folder)
    knowledge = folder / "var/knowledge"
    knowledge.mkdir(parents=True)
    for path in (*(ROOT / "var/knowledge").glob(ENCODER), ROOT / "var/knowledge/vectors.npz"):
        os.link(path, knowledge / path.name)
    return folder


def _left_out(folder: str, names: list[str]) -> set[str]:
    """The sources that are cut to a small part; bytecode comes along, or each copy would compile everything anew."""
    cut = {"catalogue", "training"} if Path(folder) == ROOT / "knowledge/sources" else set()
    return cut & set(names)


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
        timeout=600,
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


def edit_question(project: Path) -> None:
    """Somebody adds a question to a commitment: the knowledge has to be built anew."""
    _edit(
        project / "knowledge/sources/catalogue/housing.yml",
        lambda data: data["commitments"][0]["questions"].append("廉租房到底还有没有得租"),
    )


def children_of(pid: int) -> list[int]:
    """Every process below one (Linux)."""
    below = [int(c) for t in Path(f"/proc/{pid}/task").glob("*/children") for c in t.read_text().split()]
    return below + [grandchild for child in below for grandchild in children_of(child)]


def wait_for_child(process: subprocess.Popen[str], words: str) -> list[int]:
    """Wait until a process below `process` has `words` in its command line; all below it then."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        below = children_of(process.pid)
        for pid in below:
            try:
                if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                    return below
            except OSError:
                continue
        time.sleep(0.05)
    raise AssertionError(f"{words!r} never ran; {process.poll()}")


def gone(pid: int) -> bool:
    """Whether a process has ended, or waits only for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pids: list[int], within_s: float) -> None:
    """Fail unless all of them end in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until and not all(map(gone, pids)):
        time.sleep(0.05)
    assert all(map(gone, pids))


def _cut(source: Path, folder: Path, surplus: Callable[[Mapping[str, Any]], Iterator[range]]) -> None:
    """Write a file without its surplus lines; by lines, because to write a large file anew takes seconds."""
    target = folder / source.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    gone = {line for lines in surplus(_by_key(compose(text))) for line in lines}
    kept = [line for at, line in enumerate(text.splitlines(keepends=True)) if at not in gone]
    target.write_text("".join(kept), encoding="utf-8")


def _by_key(mapping: Any) -> dict[str, Any]:
    return {str(key.value): value for key, value in mapping.value}


def _beyond(listed: Any, kept: int) -> range:
    """The lines of all items but the first ones."""
    more = listed.value[kept:] if not listed.flow_style else []
    return range(more[0].start_mark.line, listed.end_mark.line) if more else range(0)


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    yaml = YAML()
    yaml.width = 4096
    data = yaml.load(path.read_text(encoding="utf-8"))
    change(data)
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(data, stream)


def _write_plan(folder: Path) -> None:
    """A plan that says what the kept entries of the catalogue quote, and nothing else."""
    yaml = YAML()
    catalogue = [load_mapping(path)[0] for path in sorted(folder.glob("knowledge/sources/catalogue/*.yml"))]
    quotes = [str(entry["quote"]).rstrip("。；") for data in catalogue for entry in data["commitments"]]
    plan = next(folder.glob("knowledge/sources/plan/*.txt"))
    plan.write_text("第一章 发展目标\n" + "".join(f"{quote}。\n" for quote in quotes), encoding="utf-8")
    document = yaml.load((ROOT / "knowledge/sources/plan/document.yml").read_text(encoding="utf-8"))
    for name in ("contents", "closing_page", "notes_page"):
        del document[name]
    with (folder / "knowledge/sources/plan/document.yml").open("w", encoding="utf-8") as stream:
        yaml.dump(document, stream)


def _cut_catalogue(top: Mapping[str, Any]) -> Iterator[range]:
    listed, kept = top["commitments"], 0
    ends = [*(item.start_mark.line for item in listed.value[1:]), listed.end_mark.line]
    for item, end in zip(listed.value, ends):
        entry = _by_key(item)
        if {"kind", "page"} & set(entry) or kept == ENTRIES:
            yield range(item.start_mark.line, end)
        else:
            kept += 1
            yield _beyond(entry["questions"], QUESTIONS)


def _cut_judging(top: Mapping[str, Any]) -> Iterator[range]:
    """What a gate asks of each release."""
    for listed in top.values():
        if isinstance(listed, SequenceNode):
            yield _beyond(listed, FROZEN)


def _cut_groups(top: Mapping[str, Any]) -> Iterator[range]:
    for group in top["groups"].value:
        yield _beyond(_by_key(group)["questions"], SILENT)


def _cut_examples(top: Mapping[str, Any]) -> Iterator[range]:
    for item in top["nlu"].value:
        block = _by_key(item)
        if "intent" in block:
            first = block["examples"].start_mark.line + 1
            yield range(first + EXAMPLES, first + len(str(block["examples"].value).splitlines()))
