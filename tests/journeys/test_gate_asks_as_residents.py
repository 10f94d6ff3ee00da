"""What the gate gets of a release in one process is what residents get of the running product."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from evaluation.gate.asking import responses_of
from evaluation.gate.errors import GateError
from evaluation.gate.responses import Conversation, Response
from releases.release import Release
from releases.shelf import Shelf
from tests.journeys.processes import Product
from tests.journeys.variants import keep_as_built

CONVERSATIONS: tuple[Conversation, ...] = (
    ("到2025年养老院床位有多少张",),
    ("养老机构床位到2025年有多少张", "原来有多少", "那托班呢"),
    ("今天天气怎么样",),
    ("家庭医生的电话是多少",),
    ("学校",),
    ("养老院床位有多少？公租房有什么安排？",),
    ("着火了，我被困在楼上",),
    ("我叫王建国，电话13812345678，公租房怎么申请", "谢谢"),
    ("/restart",),
    ("我登记的那件事怎么样了，编号 QP250101-AAAAA",),
    ("问" * 1200,),
    ("is there a nursery for two-year-olds",),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """What is built."""
    return keep_as_built(Shelf(tmp_path_factory.mktemp("shelf") / "releases"))


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What reaches the address at which this installation's staff hear of danger."""
    heard: list[str] = []

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DANGER_WEBHOOK_URL", f"http://127.0.0.1:{server.server_address[1]}/")
    yield heard
    server.shutdown()


def said(product: Product, conversation: Conversation) -> Response:
    """The running product's reply to the last message."""
    sender = uuid.uuid4().hex
    replies: list[tuple[str, dict[str, Any]]] = [product.ask(message, sender) for message in conversation]
    return Response.of(replies[-1][1], "", "", replies[-1][0])


def test_both_say_the_same(product: Product, release: Release, alarms: list[str]) -> None:
    """Outcome, passages, choices and text, turn after turn; masked, dangerous, too long and a command of Rasa too.

    Nobody is called to a danger that the gate only tries out.
    """
    answered: list[None] = []
    (found,) = responses_of([(release, CONVERSATIONS)], lambda: answered.append(None))
    assert len(answered) == len(CONVERSATIONS) and list(found) == list(CONVERSATIONS)
    for conversation, response in found.items():
        expected = said(product, conversation)
        assert response.custom == {**expected.custom, "shown": response.shown()}, conversation
        assert (response.headline, response.text, response.choices) == (
            expected.headline,
            expected.text,
            expected.choices,
        )
    assert alarms == []
    asked = found[("养老机构床位到2025年有多少张", "原来有多少", "那托班呢")]
    assert asked.intent and asked.understood == "那托班呢"


def test_a_release_that_cannot_be_loaded_is_told(release: Release, tmp_path: Path) -> None:
    """Its process says why; nothing waits for it."""
    broken = Shelf(tmp_path / "releases")
    kept = keep_as_built(broken)
    (kept.knowledge / "vocabulary.json").unlink()
    with pytest.raises(GateError, match=r"(?s)0/1 个就结束了.*vocabulary.json"):
        responses_of([(kept, CONVERSATIONS[:1])], lambda: None)
