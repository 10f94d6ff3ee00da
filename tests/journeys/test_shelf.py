"""A document comes to the shelf of the running product and goes again: residents, the log and staff see it in seconds."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from knowledge.adopting.shelving import adopted_record
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import DRAFT, IN_FORCE
from tests.documents.stores import SUCCESSOR, successor_store
from tests.journeys.processes import Product
from tests.review.conftest import Visitor

QUESTION = "新建绿道多少公里"
WITHIN_S = 30.0  # a second to look, half a second to load; the machine may be busy


@pytest.fixture
def shelf(product: Product) -> Iterator[DocumentShelf]:
    """The product's; taken away again."""
    shelf = DocumentShelf(Path(product.environment["DOCUMENTS_DIR"]))
    yield shelf
    shelf.remove(SUCCESSOR)
    _until(lambda: product.ask(QUESTION, uuid.uuid4().hex)[1]["citations"][0]["document_id"] == "")


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def cited(product: Product, question: str, sender: str) -> list[dict[str, Any]]:
    """What an answer quotes."""
    found: list[dict[str, Any]] = product.ask(question, sender)[1]["citations"]
    return found


def test_a_document_comes_and_goes(product: Product, staff: Visitor, shelf: DocumentShelf) -> None:
    """A draft is rehearsed only; in force it answers, on the log and the pages under its own name and addresses."""
    record, store = adopted_record(successor_store(), SUCCESSOR)
    shelf.put(replace(record, status=DRAFT), store)
    staff.get("/documents")
    _until(lambda: "新建绿道120公里" in staff.post("/documents/rehearse", asked=QUESTION).text)
    assert [each["document_id"] for each in cited(product, QUESTION, uuid.uuid4().hex)] == [""]
    shelf.set_status(SUCCESSOR, IN_FORCE)
    sender = uuid.uuid4().hex
    _until(lambda: cited(product, QUESTION, uuid.uuid4().hex)[0]["document_id"] == SUCCESSOR)
    first, before = cited(product, QUESTION, sender)
    assert before["document_id"] == "" and "十五五" in first["document"] and "200" in before["quote"]
    path, _, mark = first["url"].partition("/plan")[2].partition("#")
    status, page = product.get(f"/plan{path}")
    assert status == 200 and f'id="{mark}"' in page
    assert product.get("/plan?document=d-gone")[0] == 404
    log = TurnLog(product.environment["CONVERSATIONS_URL"])
    logged = log.history(session_key("rest", sender), 10)[-1]
    log.close()
    assert logged.citations[0] == first["commitment_id"] and logged.knowledge == "successor-made-for-tests"
