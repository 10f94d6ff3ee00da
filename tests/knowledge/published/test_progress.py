"""Published progress: read again soon, never in the way of an answer, and beside the plan's own figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from knowledge.published.progress import FRESH_S, PUBLISHED, Progress, PublishedProgress, publish, withdraw
from knowledge.reply.compose import Composer
from knowledge.search.finder import Finder

BEDS = "c-702f53f084"
LATEST = Progress(BEDS, "reached", "9620 张", date(2024, 12, 31), "区政府工作报告", "https://www.shqp.gov.cn/report")


class Fixed:
    """A source with one entry."""

    def current(self) -> dict[str, Progress]:
        """`LATEST` for its commitment."""
        return {BEDS: LATEST}


def test_what_is_published_is_read_within_seconds_and_withdrawn_likewise(tmp_path: Path) -> None:
    """No restart: the table is looked at again after `FRESH_S`."""
    url, now = f"sqlite:///{tmp_path}/state.sqlite", [0.0]
    board = PublishedProgress(url, clock=lambda: now[0])
    assert board.current().get(BEDS) is None
    assert not (tmp_path / "state.sqlite").exists()
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        PUBLISHED.create(connection)
        publish(connection, LATEST)
    assert board.current().get(BEDS) is None
    now[0] += FRESH_S
    assert board.current().get(BEDS) == LATEST
    with engine.begin() as connection:
        withdraw(connection, BEDS)
    now[0] += FRESH_S
    assert board.current().get(BEDS) is None
    board.close()
    engine.dispose()


def test_a_table_that_cannot_be_read_costs_no_answer(tmp_path: Path) -> None:
    """A file that is no database, a database without the table."""
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database" * 100)
    for path in (broken, tmp_path / "empty.sqlite"):
        path.touch()
        board = PublishedProgress(f"sqlite:///{path}")
        assert board.current().get(BEDS) is None
        board.close()


@pytest.mark.parametrize("published", [True, False])
def test_progress_stands_beside_the_plans_figure_and_never_changes_the_quote(finder: Finder, published: bool) -> None:
    """Target, then the latest with date and source, in the text and in the notice that widgets show."""
    stored, commitment = finder.stored, finder.by_id[BEDS]
    composer = Composer("《规划》", (2021, 2025), "http://reader", stored.commitments, Fixed() if published else None)
    answer = composer.passage(commitment, today_year=2026)
    line = "规划目标 9500张 · 最新公布（2024-12-31，来源：区政府工作报告）：9620 张，已完成　https://www.shqp.gov.cn/report"
    assert (line in answer.text) == published
    assert (line in (answer.notice or "")) == published
    assert answer.citations[0].quote == commitment.quote
    assert answer.text.count("最新公布") <= 1
