"""A message in parts."""

from __future__ import annotations

import pytest

from knowledge.language.clauses import asks, clauses_of, questions_in


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        (
            "公园要弄几座？绿道修多长？",
            ["公园要弄几座？", "绿道修多长？"],
        ),
        (
            "外婆住三楼，电梯装不装，门口的路灯修不修",
            ["外婆住三楼，电梯装不装", "门口的路灯修不修"],
        ),
        ("想问床位有多少，我爸八十了", ["想问床位有多少，我爸八十了"]),
        ("绿道要修几公里，几点关灯", ["绿道要修几公里", "几点关灯"]),
        ("车子要淘汰不淘汰 公园都会建的吧", ["车子要淘汰不淘汰", "公园都会建的吧"]),
        ("床位一共加到多少张还有中医能不能进来", ["床位一共加到多少张", "还有中医能不能进来"]),
        ("这件事还有没有人管顺便", ["这件事还有没有人管，顺便"]),
        ("图书馆的项目还有什么新打算吗", ["图书馆的项目还有什么新打算吗"]),
        ("地方蛮远的，有吗", ["地方蛮远的，有吗"]),
        ("今天天气不错", []),
        ("", []),
    ],
)
def test_a_message_is_the_questions_in_it_with_what_is_told_before(message: str, questions: list[str]) -> None:
    """What is told after the last belongs to it; an echo of two characters is none of its own."""
    assert questions_in(message) == questions


def test_clauses_keep_what_ends_them() -> None:
    """Nothing is lost, and marks without words are no clause."""
    assert clauses_of("床位多吗？！ 在哪里，") == ["床位多吗？", "！ 在哪里，"]


@pytest.mark.parametrize(
    ("clause", "sounds_so"), [("有没有", True), ("好伐", True), ("要修几公里", True), ("我几乎天天去", False)]
)
def test_a_clause_that_asks_is_told_by_its_words(clause: str, sounds_so: bool) -> None:
    """Particles count at its end only."""
    assert asks(clause) is sounds_so
