"""The book of requests for staff."""

from __future__ import annotations

from pathlib import Path

from conversations.requests import RequestBook, StaffRequest


def test_a_request_survives_the_process(tmp_path: Path) -> None:
    """What was recorded is there for another process."""
    url = f"sqlite:///{tmp_path}/deep/c.sqlite"
    book = RequestBook(url)
    book.record(StaffRequest("QP1", "handoff", "s", "要人工"))
    book.close()
    again = RequestBook(url)
    assert [(r.reference, r.text, r.status) for r in again.open_requests()] == [("QP1", "要人工", "open")]
    again.close()


def test_the_same_reference_is_recorded_once(tmp_path: Path) -> None:
    """Rasa may publish an event twice; the first stays."""
    book = RequestBook(f"sqlite:///{tmp_path}/c.sqlite")
    book.record(StaffRequest("QP1", "handoff", "s", "一"))
    book.record(StaffRequest("QP1", "handoff", "s", "二"))
    assert [r.text for r in book.open_requests()] == ["一"]
    book.close()
