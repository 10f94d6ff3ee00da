"""A database of its own for each test, and a tracker store beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.turn_log import TurnLog


@pytest.fixture(autouse=True)
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Rasa's tracker would be: never this installation's."""
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    return tmp_path / "tracker.sqlite"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The log's address."""
    return f"sqlite:///{tmp_path}/conversations.sqlite"


@pytest.fixture
def log(url: str) -> TurnLog:
    """An empty log."""
    return TurnLog(url)
