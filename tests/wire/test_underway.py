"""A message that ended its process twice is not tried a third time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wire.underway import FULL_BYTES, Underway

SAID = ("s-1", "蜀葵托班还有名额吗")
DIES = """
import os, signal, sys
from pathlib import Path
from wire.underway import Underway

notes = Underway(Path(sys.argv[1]), "bot")
notes.begin("s-1", "早就答完的")
notes.end("s-1", "早就答完的")
print(notes.begin("s-1", "蜀葵托班还有名额吗"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the hashes."""
    monkeypatch.setenv("ACTIONS_TOKEN", "a token for these tests 0123")


def die(folder: Path) -> str:
    """A process takes the message up and is killed; whether it would try it."""
    done = subprocess.run([sys.executable, "-c", DIES, folder], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    return done.stdout.strip()


@pytest.mark.slow  # processes
def test_after_two_deaths_it_is_set_aside(tmp_path: Path) -> None:
    """And stays so, over later starts and whatever else is answered; another session's same words are not meant."""
    assert [die(tmp_path), die(tmp_path)] == ["True", "True"]
    for _ in range(3):
        notes = Underway(tmp_path, "bot")
        assert not notes.begin(*SAID)
        assert (
            notes.begin("s-2", SAID[1])
            and notes.begin("s-1", "早就答完的")
            and Underway(tmp_path, "actions").begin(*SAID)
        )
        notes.close()
        del notes
    assert b"".join(path.read_bytes() for path in tmp_path.iterdir()).isascii(), "words are on the disk"


@pytest.mark.slow
def test_a_process_that_is_asked_to_end_blames_nothing(tmp_path: Path) -> None:
    """What it was at was cut off by the operator."""
    assert die(tmp_path) == "True"
    for _ in range(3):
        notes = Underway(tmp_path, "bot")
        assert notes.begin(*SAID)
        notes.close()
        assert notes.begin(*SAID)
        notes.end(*SAID)


@pytest.mark.slow
def test_a_living_process_s_notes_are_its_own(tmp_path: Path) -> None:
    """Who starts beside it counts nothing of what it is at."""
    living = Underway(tmp_path, "bot")
    living.begin(*SAID)
    for _ in range(2):
        beside = Underway(tmp_path, "bot")
        assert beside.begin(*SAID)
        beside.end(*SAID)
    assert len(list(tmp_path.glob("bot-*.notes"))) >= 2


def test_notes_do_not_grow_for_ever(tmp_path: Path) -> None:
    """What is done is dropped; what is under way stays."""
    notes = Underway(tmp_path, "bot")
    notes.begin(*SAID)
    for number in range(FULL_BYTES // 60):
        notes.begin("s-1", f"{number}")
        notes.end("s-1", f"{number}")
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size < FULL_BYTES and path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_sets_nothing_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Residents are answered; the log says what is missing."""
    (tmp_path / "file").write_text("no folder")
    notes = Underway(tmp_path / "file", "bot")
    assert notes.begin(*SAID) and "cannot be noted" in caplog.text
    notes.end(*SAID)
    notes.close()
