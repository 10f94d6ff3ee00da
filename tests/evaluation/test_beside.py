"""What the shelf takes from the plan in use, and what it must not take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from actions.answering import responder_of
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from evaluation.beside import asked_beside, report_beside
from evaluation.questions import DEV, load_questions
from knowledge.search.finder import Finder
from tests.documents.stores import shelf_in

ITS_SUBJECTS = (
    "床",
    "托",
    "租",
    "电梯",
    "楼",
    "绿道",
    "为老",
    "助餐",
    "认",
    "学",
    "幼儿园",
    "公租房",
    "房",
    "自动驾驶",
)


def test_a_short_successor_takes_little_of_what_it_does_not_say(finder: Finder, tmp_path: Path) -> None:
    """Of 150 questions on all that the plan says: one in fifteen at most, hardly any of them on another subject."""
    shelf, _ = shelf_in(tmp_path)
    desk = DocumentDesk(responder_of(None), OpenShelf(shelf.folder).start(), lambda: datetime(2026, 11, 1))
    asked = asked_beside(desk, [each.question for each in load_questions(DEV)[::5]])
    taken = [each.question for each in asked if each.is_taken]
    strange = [question for question in taken if not any(word in question for word in ITS_SUBJECTS)]
    assert len(taken) <= len(asked) / 15 and len(strange) <= 2, taken
    assert f"{len(asked)} 问，书架上的答 {len(taken)} 问" in report_beside(asked)[-1]
