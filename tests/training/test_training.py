"""`python -m training` with real knowledge and a real Rasa model, small: what it makes, leaves alone, and says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from knowledge.groundwork.formats import READ
from releases.shelf import Shelf
from tests.training.project import edit_question, run, start, wait_for_child, wait_until_gone
from training.forecast import read_line

pytestmark = pytest.mark.timeout(900)  # two trainings of Rasa, on a machine that may be busy


def shelf(project: Path) -> Shelf:
    """The project's shelf."""
    return Shelf(project / "var/releases")


def serving(project: Path) -> str:
    """The release that serves."""
    rollout = shelf(project).rollout()
    assert rollout is not None
    return rollout.serving


def comment(path: Path) -> None:
    """Somebody touches up a source file."""
    path.write_text(path.read_text(encoding="utf-8") + "# touched up\n", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_first_training_makes_a_release_that_serves(
    first_training: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """Nothing served, so it serves at once, and that is said; each stage told how far it was, up to the whole."""
    project, done = first_training
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    release = shelf(project).release(serving(project))
    assert release.made_by == "王芳" and release.model.exists() and (release.knowledge / "models.npz").exists()
    assert release.formats == READ and {"model.tar.gz", "knowledge/models.npz"} <= set(release.files)
    assert not any("e5-" in name for name in release.files)
    assert f"版本 {release.id} 已上线：此前没有版本在服务" in done.stdout
    assert f"RELEASE {release.id} promoted" in done.stdout.splitlines()
    told = [found for found in map(read_line, done.stdout.splitlines()) if found]
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["knowledge", "model", "keep"]
    for name in ("knowledge", "model", "keep"):
        parts = [done / total for stage, done, total in told if stage == name]
        assert parts == sorted(parts) and parts[-1] == 1.0, name
    assert not (project / "models/.training").exists()


def test_what_is_current_is_left_alone(project: Path) -> None:
    """A second training finds nothing to do, and times of files do not matter: only what stands in them."""
    before = contents(project / "var/releases"), (project / "models/ask-qingpu.tar.gz").stat().st_mtime_ns
    for path in (project / "config.yml", project / "data/rules.yml"):
        os.utime(path)
    done = run(project, "training")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "知识库已是最新" in done.stdout and "模型已是最新" in done.stdout and "没有变化" in done.stdout
    assert (contents(project / "var/releases"), (project / "models/ask-qingpu.tar.gz").stat().st_mtime_ns) == before


def test_a_changed_input_makes_a_release_that_waits(project: Path) -> None:
    """A line of the configuration trains the model anew; the release is kept, and serves nobody until promoted."""
    before = serving(project)
    with (project / "config.yml").open("a", encoding="utf-8") as config:
        config.write("# changed\n")
    done = run(project, "training", "--note", "试一试")
    assert done.returncode == 0, done.stdout + done.stderr
    newest = shelf(project).releases()[0]
    assert newest.id != before and newest.note == "试一试" and serving(project) == before
    assert "知识库已是最新" in done.stdout and f"python -m review promote {newest.id}" in done.stdout


def test_other_words_of_a_reply_make_no_release(project: Path) -> None:
    """A comma in the wording is no other knowledge and no other model: nothing is built, nothing is switched."""
    before = contents(project / "var/releases"), contents(project / "var/knowledge"), contents(project / "models")
    comment(project / "knowledge/reply/wording.py")
    done = run(project, "training")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "知识库已是最新" in done.stdout and "没有变化" in done.stdout
    assert (contents(project / "var/releases"), contents(project / "var/knowledge"), contents(project / "models")) == (
        before
    )


def test_other_code_makes_a_release_that_waits(project: Path) -> None:
    """Code that takes part in building builds anew; what it made passes no gate by being new."""
    before = serving(project)
    comment(project / "knowledge/search/ranking.py")
    done = run(project, "training")
    assert done.returncode == 0, done.stdout + done.stderr
    newest = shelf(project).releases()[0]
    assert newest.id != before and serving(project) == before
    assert newest.knowledge_version != shelf(project).release(before).knowledge_version
    assert f"python -m review promote {newest.id}" in done.stdout and "已上线" not in done.stdout


@pytest.mark.parametrize(
    ("told", "said"),
    [({"code": "0ldc0de00000"}, "没有写明格式"), ({"formats": {**READ, "models": 0}}, "models 0（要")],
)
def test_what_this_code_cannot_load_does_not_go_on_serving(project: Path, told: dict[str, Any], said: str) -> None:
    """Where the serving release is of a format that cannot be read, the new one takes over at once, and that is said."""
    manifest = shelf(project).release(serving(project)).folder / "release.json"
    old = manifest.parent.with_name("20250101-0000-0ldc0d")
    old.mkdir()
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data = {name: value for name, value in data.items() if name not in ("formats", "files")} | told
    data |= {"id": old.name, "knowledge_version": "k", "model_version": "m"}
    (old / "release.json").write_text(json.dumps(data), encoding="utf-8")
    new = serving(project)
    shelf(project).promote(old.name, "测试")
    done = run(project, "training")
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout and serving(project) == new


def test_a_damaged_release_is_mended_from_the_build(project: Path) -> None:
    """Its archive is cut off and the built one is not: training again puts it back, and nothing else changes."""
    release = shelf(project).release(serving(project))
    release.model.write_bytes(release.model.read_bytes()[:1000])
    done = run(project, "training")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "model.tar.gz 缺失或被改动过" in done.stdout and serving(project) == release.id
    shelf(project).release(release.id).check(READ)


def test_a_fault_in_the_sources_stops_it_with_the_place(project: Path) -> None:
    """A quote that is not in the plan: exit code 1, file and line, and everything as it was."""
    path = project / "knowledge/sources/catalogue/housing.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("quote: ", "quote: 并没有这一句", 1), encoding="utf-8")
    before = contents(project / "var/knowledge"), contents(project / "var/releases"), contents(project / "models")
    done = run(project, "training", PROGRESS_LINES="1")
    assert done.returncode == 1
    assert "housing.yml" in done.stdout and "训练没有成功" in done.stderr
    assert (contents(project / "var/knowledge"), contents(project / "var/releases"), contents(project / "models")) == (
        before
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_one_at_a_time_and_an_end_at_any_time(project: Path, how: signal.Signals) -> None:
    """A second one says who holds the lock (3); the first is ended with all it started (130), and nothing is half made."""
    edit_question(project)
    before = contents(project / "var/knowledge"), contents(project / "var/releases"), contents(project / "models")
    first = start(project, "training", "--by", "王芳", PROGRESS_LINES="1")
    below = wait_for_child(first, "knowledge build")
    second = run(project, "training")
    assert second.returncode == 3
    assert f"王芳，进程 {first.pid}" in second.stderr
    first.send_signal(how)
    out = first.communicate(timeout=20)[0]
    assert first.returncode == (-9 if how == signal.SIGKILL else 130), out
    wait_until_gone(below, 5)
    (project / "var/training.lock").unlink()  # what is compared below is what was built
    assert (contents(project / "var/knowledge"), contents(project / "var/releases"), contents(project / "models")) == (
        before
    )


def test_waiting_for_the_one_that_runs(project: Path) -> None:
    """With --wait a training begins when the lock is free, also when its holder died without a word."""
    edit_question(project)
    first = start(project, "training")
    wait_for_child(first, "knowledge build")
    second = start(project, "training", "--wait", PROGRESS_LINES="1")
    assert second.stdout is not None
    assert "等前一个训练结束" in second.stdout.readline()
    first.kill()
    first.wait(20)
    wait_for_child(second, "knowledge build")
    second.terminate()
    second.communicate(timeout=20)
    assert second.returncode == 130
