"""Which documents hold now."""

from __future__ import annotations

import pytest

from knowledge.shelf.record import DRAFT, ENDED, IN_FORCE, DocumentRecord, document_of, id_within, is_id, usual_id
from knowledge.shelf.standing import own_record, same_district, standing, succeeds

OWN = own_record({"title": "第十四个五年规划", "short_title": "《十四五》", "district": "青浦", "period": [2021, 2025]})
NEXT = DocumentRecord("d-next", "第十五个五年规划", "《十五五》", district="上海市青浦区", period=(2026, 2030))
OLD = DocumentRecord("d-old", "某年意见", "《意见》", district="青浦", period=(2012, 2015))


def statuses(own: DocumentRecord, *others: DocumentRecord, year: int) -> list[str]:
    """Of the own plan and of the others, in a year."""
    return [each.status for each in standing(own, others, year)]


def test_a_plan_ends_when_its_successor_is_in_force() -> None:
    """Its last year alone does not end it: there is nothing newer; a draft of the next one changes nothing either."""
    draft = DocumentRecord(**{**vars(NEXT), "status": DRAFT})
    assert statuses(OWN, year=2026) == [IN_FORCE]
    assert statuses(OWN, OLD, year=2026) == [IN_FORCE, ENDED]
    assert statuses(OWN, draft, year=2026) == [IN_FORCE, DRAFT]
    assert statuses(OWN, NEXT, year=2026) == [ENDED, IN_FORCE]
    assert statuses(OWN, NEXT, year=2025) == [IN_FORCE, IN_FORCE]


def test_what_staff_say_holds() -> None:
    """Whatever the years are, of the own plan as of the others."""
    kept = own_record({"period": [2021, 2025], "district": "青浦"}, IN_FORCE)
    ended = DocumentRecord(**{**vars(NEXT), "status": ENDED})
    assert statuses(kept, ended, year=2027) == [IN_FORCE, ENDED]


@pytest.mark.parametrize(
    ("changed", "does"), [({}, True), ({"kind": "special"}, False), ({"district": "松江区"}, False)]
)
def test_what_follows_what(changed: dict[str, str], does: bool) -> None:
    """A later plan of the same district and kind."""
    assert succeeds(DocumentRecord(**{**vars(NEXT), **changed}), OWN) is does
    assert not succeeds(OWN, NEXT) and not succeeds(OWN, OWN)


def test_districts_are_one_however_they_are_written() -> None:
    """With the city or without; a document without one is of any."""
    assert same_district("青浦", "上海市青浦区") and same_district("", "青浦") and not same_district("广州", "青浦")


def test_ids_name_their_document() -> None:
    """The own plan's stay as they are, and a title gives the same id again, whatever its blanks."""
    assert id_within("", "c-1") == "c-1" and document_of("c-1") == ""
    assert document_of(id_within("d-next", "c-1")) == "d-next"
    assert usual_id("第十五个 五年规划") == usual_id("第十五个五年规划") != usual_id("第十四个五年规划")
    assert is_id(usual_id("某")) and not any(map(is_id, ("", "../x", "a.b", "A", "x" * 20)))
    assert len(id_within("x" * 19, "c-0123456789")) == 32


def test_a_record_is_read_as_it_was_written() -> None:
    """With its period, and without."""
    for record in (NEXT, DocumentRecord("a", "b", "c")):
        assert DocumentRecord.from_json(record.as_json()) == record
