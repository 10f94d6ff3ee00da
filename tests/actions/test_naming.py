"""Which document a message names."""

from __future__ import annotations

import pytest

from actions.documents.naming import named_document, names_of
from knowledge.shelf.record import DRAFT, DocumentRecord
from knowledge.shelf.standing import own_record, standing

OWN = own_record(
    {
        "title": "上海市青浦区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
        "short_title": "《青浦区“十四五”规划纲要》",
        "district": "青浦",
        "period": [2021, 2025],
    }
)
NEXT = DocumentRecord(
    "d-next", "青浦区第十五个五年规划（测试用）", "《青浦区“十五五”规划》", district="青浦", period=(2026, 2030)
)
CARE = DocumentRecord(
    "d-care", "青浦区养老服务设施专项规划", "《养老服务设施专项规划》", "special", "青浦", (2022, 2035)
)
YEARLY = DocumentRecord("d-2026", "2026年青浦区实事项目", "《2026年实事项目》", "projects", "青浦", (2026, 2026))


@pytest.mark.parametrize(
    ("text", "named", "rest"),
    [
        ("十四五规划里养老床位有多少", "", "养老床位有多少"),
        ("“十五五”规划里养老床位有多少", "d-next", "养老床位有多少"),
        ("十五五养老床位", "d-next", "养老床位"),
        ("按十五五，加装电梯要装多少台", "d-next", "加装电梯要装多少台"),
        ("第十五个五年规划里的公租房", "d-next", "公租房"),
        ("养老服务设施专项规划怎么说日间照料", "d-care", "怎么说日间照料"),
        ("今年的实事项目里有没有暑托班", "d-2026", None),
        ("上一个规划里养老床位是多少", "", "养老床位是多少"),
        ("下一个五年规划怎么说养老", "d-next", "怎么说养老"),
        ("2026年以后养老床位怎么安排", "d-next", None),
        ("十五五規劃裡養老床位有多少", "d-next", "养老床位有多少"),
    ],
)
def test_a_name_is_firm(text: str, named: str, rest: str | None) -> None:
    """By its number, its title, its kind, or as the plan before or after; what is asked is left."""
    found = named_document(text, standing(OWN, (NEXT, CARE, YEARLY), 2026))
    assert found is not None and found.firmly and found.id == named
    assert rest is None or found.rest == rest


@pytest.mark.parametrize(("text", "named"), [("到2025年有多少张床位", None), ("2028年有多少张床位", "d-next")])
def test_a_year_names_the_only_document_that_it_is_in(text: str, named: str | None) -> None:
    """Not firmly: where that one is silent others may speak. Of two documents with the year neither is named."""
    found = named_document(text, standing(OWN, (NEXT, YEARLY, CARE), 2026))
    assert found is None
    found = named_document(text, standing(OWN, (NEXT,), 2026))
    assert found is not None and not found.firmly and found.id == (named or "")


@pytest.mark.parametrize(
    "text", ["养老床位有多少", "新规划的公园有几个", "2035年要建成什么样", "规划里怎么说养老", "五年规划"]
)
def test_what_names_none(text: str) -> None:
    """Words that every plan is called by, and years of none."""
    assert named_document(text, standing(OWN, (NEXT,), 2026)) is None


def test_a_draft_is_no_next_plan_and_a_name_of_two_is_of_none() -> None:
    """What two documents are called is no name of either."""
    draft = DocumentRecord(**{**vars(NEXT), "status": DRAFT})
    assert named_document("下一个五年规划怎么说养老", standing(OWN, (draft,), 2026)) is None
    twin = DocumentRecord(**{**vars(NEXT), "id": "d-twin"})
    assert names_of(NEXT, (OWN, NEXT, twin)) == ()


@pytest.mark.parametrize("text", ["十五五规划怎么说", "请问十五五规划里写了什么", "那十五五呢"])
def test_a_name_alone_asks_nothing(text: str) -> None:
    """The document may be introduced, or asked what was asked before."""
    found = named_document(text, standing(OWN, (NEXT,), 2026))
    assert found is not None and found.id == "d-next" and found.asks_nothing
