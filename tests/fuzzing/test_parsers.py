"""The parsers of plans and of the platform's XML read odd input or refuse it; `make fuzz` tries many more."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.document.documents import Document
from knowledge.document.figures import read_figures
from knowledge.document.passages import passages_of
from knowledge.groundwork.errors import PlanUnreadable
from tests.fuzzing.figures import Figures
from tests.fuzzing.parsers import read_odd_message, read_odd_plan, real_pdf, try_message, try_plan

BARE = Document("某区规划", "某区规划")
ROUNDS = 150
quickly = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def quiet() -> object:
    """pypdf says much of broken files."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_odd_plans_and_messages_are_read_or_refused(tmp_path: Path) -> None:
    """The same every time; some of both are read, or nothing would be tried behind the first check."""
    figures, random_ = Figures(), random.Random(1)
    for _ in range(ROUNDS):
        try_plan(random_, figures, tmp_path)
        try_message(random_, figures)
    assert not figures.faults, figures.faults
    assert figures.statuses["plan read"] > 5 and figures.statuses["wechat xml read"] > 20


@quickly
@given(st.text(max_size=400))
def test_any_text_is_a_plan_or_none(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Behind a body long enough to be one."""
    raw = ("养老机构床位总数增加到9500张。\n" * 30 + text).encode("utf-8", "replace")
    assert read_odd_plan(raw, BARE, tmp_path_factory.getbasetemp())


@quickly
@given(st.binary(max_size=60), st.integers(0, 6000))
def test_no_damage_to_a_pdf_is_a_crash(tmp_path_factory: pytest.TempPathFactory, put: bytes, at: int) -> None:
    """Bytes put anywhere."""
    raw = real_pdf()
    assert read_odd_plan(raw[:at] + put + raw[at:], BARE, tmp_path_factory.getbasetemp())


@quickly
@given(
    st.dictionaries(st.sampled_from(("FromUserName", "CreateTime", "MsgType", "MsgId", "Event")), st.text(max_size=20))
)
def test_any_fields_are_a_message_or_none(fields: dict[str, str]) -> None:
    """Whatever they hold."""
    body = "".join(f"<{name}><![CDATA[{text.replace(']]>', '')}]]></{name}>" for name, text in fields.items())
    assert read_odd_message(f"<xml>{body}</xml>".encode("utf-8", "replace"))


@pytest.mark.parametrize("line", [f"- {'9' * 5000} -", "第一章.......... 12"])
def test_a_plan_of_page_marks_and_contents_alone_is_unreadable(tmp_path: Path, line: str) -> None:
    """Found by fuzzing: the one was no number for Python, the other left no line."""
    path = tmp_path / "plan.txt"
    path.write_text(f"{line}\n" * 30, encoding="utf-8")
    if "." in line:
        with pytest.raises(PlanUnreadable, match="没有正文"):
            passages_of(path, BARE)
    else:
        assert passages_of(path, BARE)


def test_a_number_that_is_too_long_is_no_figure() -> None:
    """Found by fuzzing: it was infinite."""
    assert read_figures(f"养老床位{'9' * 400}张") == []
    assert [figure.value for figure in read_figures("养老床位9500张")] == [9500]
