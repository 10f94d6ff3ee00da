"""What a training says of work that says nothing itself, where there is no terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.groundwork import progress_lines
from training import telling


def test_seconds_are_told_in_lines_and_kept_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Of the seconds it took the last time; what takes longer says so, and the log begins anew with each training."""
    log = tmp_path / "var/training.log"
    monkeypatch.delenv("PROGRESS_LINES", raising=False)
    monkeypatch.setenv("PROGRESS_LOG", str(log))
    monkeypatch.setattr(progress_lines, "LINE_EVERY_S", 0.0)
    telling.begin_log()
    telling.say("上一次")
    telling.begin_log()
    with telling.TimeBar("model", "模型 model", 20.0) as bar:
        bar.at(5.0)
        bar.at(31.0)
    said = capsys.readouterr().out.splitlines()[1:]
    assert said[0] == "模型 model：0/20 秒"
    assert said[1].startswith("模型 model：5/20 秒，25 %，约还要 about ")
    assert said[2].startswith("模型 model：已 31 秒，比预计的 20 秒久")
    assert said[3].startswith("模型 model：完成 done，") and len(said) == 4
    assert [line.split(" ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines()] == said
