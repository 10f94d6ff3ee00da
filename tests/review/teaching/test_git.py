"""git shows who taught what: a commit an author, of nothing but the exported files."""

from __future__ import annotations

import shutil

import pytest

from review.__main__ import main
from tests.review.teaching.conftest import Desk

NEW = "隔壁王家的旧冰箱丢在楼道谁来管啊"


def test_each_author_has_a_commit(desk: Desk) -> None:
    """In the person's name, naming the corrections; both in one file are told apart."""
    first = desk.correct(NEW, kind="intent", intent="ask_housing")
    second = desk.correct("我家楼上天天半夜拖凳子", kind="intent", intent="ask_housing", by="liming")
    exported = desk.export()
    log = desk.git("log", "--format=%an <%ae>|%s|%b", "-2").split("\n")
    assert [line.split("|")[0] for line in log if "|" in line] == [
        "李明 <liming@review.invalid>",
        "王芳 <wangfang@review.invalid>",
    ]
    assert f"correction:{second}" in desk.git("log", "-1", "--format=%B")
    assert f"correction:{first}" in desk.git("log", "-1", "--format=%B", "HEAD~1")
    assert NEW in desk.git("show", "HEAD~1") and NEW not in desk.git("show", "--unified=0", "HEAD").split("@@")[-1]
    assert len(exported.commits) == 2 and exported.commits[-1] == desk.git("rev-parse", "HEAD").strip()
    assert desk.git("status", "--porcelain") == "" and exported.note == ""


def test_other_files_that_are_being_worked_on_stay_out(desk: Desk) -> None:
    """Neither what is staged nor what is only changed elsewhere is committed."""
    other, staged = desk.root / "knowledge/sources/lexicon/topics.yml", desk.root / "evaluation/dev.yml"
    other.write_text(other.read_text(encoding="utf-8") + "# working on it\n", encoding="utf-8")
    staged.write_text(staged.read_text(encoding="utf-8") + "# staged\n", encoding="utf-8")
    desk.git("add", "evaluation/dev.yml")
    desk.correct(NEW, kind="intent", intent="ask_housing")
    desk.export()
    assert desk.git("show", "--name-only", "--format=", "HEAD").split() == ["data/nlu/ask_housing.yml"]
    assert desk.git("status", "--porcelain").split("\n")[:2] == [
        "M  evaluation/dev.yml",
        " M knowledge/sources/lexicon/topics.yml",
    ]


def test_somebody_elses_change_in_the_same_file_is_not_committed_for_them(desk: Desk) -> None:
    """The line is written beside theirs, nothing is committed, and it is said why."""
    path = desk.root / "data/nlu/ask_housing.yml"
    path.write_text(path.read_text(encoding="utf-8") + "      - 还没提交的一行\n", encoding="utf-8")
    head = desk.git("rev-parse", "HEAD")
    desk.correct(NEW, kind="intent", intent="ask_housing")
    exported = desk.export()
    assert "ask_housing.yml" in exported.note and not exported.commits
    assert desk.git("rev-parse", "HEAD") == head
    assert desk.text("data/nlu/ask_housing.yml").endswith(f"      - 还没提交的一行\n      - {NEW}\n")


@pytest.mark.parametrize("how", ["switched off", "no repository", "merging"])
def test_without_a_commit_the_files_are_written(desk: Desk, how: str) -> None:
    """And it is said why there is none."""
    if how == "no repository":
        shutil.rmtree(desk.root / ".git")
    if how == "merging":
        (desk.root / ".git/MERGE_HEAD").write_text(desk.git("rev-parse", "HEAD"))
    desk.correct(NEW, kind="intent", intent="ask_housing")
    exported = desk.export(commit=how != "switched off")
    assert NEW in desk.text("data/nlu/ask_housing.yml") and exported.note and not exported.commits


def test_a_checkout_inside_a_larger_repository(desk: Desk) -> None:
    """Paths count from the repository's top."""
    inner = desk.root / "inner"
    for name in ("data", "knowledge", "evaluation"):
        shutil.move(desk.root / name, inner / name) if inner.exists() else (
            inner.mkdir(),
            shutil.move(desk.root / name, inner / name),
        )
    desk.git("add", "-A")
    desk.git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Moved")
    top, desk.root = desk.root, inner
    desk.correct(NEW, kind="intent", intent="ask_housing")
    assert len(desk.export().commits) == 1
    desk.root = top
    assert desk.git("show", "--name-only", "--format=", "HEAD").split() == ["inner/data/nlu/ask_housing.yml"]
    assert desk.git("status", "--porcelain") == ""


def test_a_withdrawal_is_committed_by_who_withdrew(desk: Desk) -> None:
    """Taking back is a decision too."""
    correction = desk.correct(NEW, kind="intent", intent="ask_housing")
    desk.export()
    desk.withdraw(correction, by="liming")
    desk.export()
    assert desk.git("log", "-1", "--format=%an").strip() == "李明"
    assert desk.git("diff", "HEAD~2", "--stat") == ""


def test_the_command_tells_what_it_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, removed, skipped and why; exit code 0 also with nothing to do, 1 for an error."""
    monkeypatch.setenv("REVIEW_URL", str(desk.engine.url))
    monkeypatch.setenv("REVIEW_SOURCES", str(desk.root))
    desk.correct("租房太贵了", kind="intent", intent="complaint")
    desk.correct("我的电话是〔手机号〕，公租房排到没有", kind="intent", intent="ask_housing")
    assert main(["export", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "- data/nlu/ask_housing.yml [nlu:ask_housing] 租房太贵了" in out
    assert "+ data/nlu/dialogue.yml [nlu:complaint] 租房太贵了" in out
    assert "跳过" in out and "打码" in out and "会改 2 个文件" in out
    assert main(["export"]) == 0 and "commits" in capsys.readouterr().out
    assert main(["export"]) == 0 and "已是最新" in capsys.readouterr().out
    (desk.root / "data/nlu/dialogue.yml").write_bytes(b"\xff\xfe")
    assert main(["export"]) == 1 and "UTF-8" in capsys.readouterr().err
    monkeypatch.setenv("REVIEW_SOURCES", str(desk.root / "nowhere"))
    assert main(["export"]) == 1 and "REVIEW_SOURCES" in capsys.readouterr().err
