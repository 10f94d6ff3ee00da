"""The answers that the README shows are the product's. `scripts/readme_answers.py` writes them anew."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.processes import Product

README = Path(__file__).resolve().parents[2] / "README.md"
SHOWN = re.compile(
    r"^\*\*(?P<question>.+?)\*\*（`(?P<outcome>\w+)`）\n\n```\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL
)
CURL = re.compile(
    r"^curl -s (?P<url>http://\S+) -H 'Content-Type: application/json' -d '(?P<body>\{.*\})'$", re.MULTILINE
)
WHOLE = re.compile(r"^```json\n(?P<custom>\{.*?^\})\n```$", re.MULTILINE | re.DOTALL)
ANSWERS = [tuple(shown) for shown in SHOWN.findall(README.read_text(encoding="utf-8"))]


def someone() -> str:
    """A sender nobody was before: the README's questions are asked each in a conversation of its own."""
    return uuid.uuid4().hex


def settled(custom: dict[str, Any], port: int) -> dict[str, Any]:
    """Without the answer's id, which is never the same twice; links as on the port that the README names."""
    as_shown = json.loads(json.dumps(custom).replace(f"http://127.0.0.1:{port}/", "http://127.0.0.1:5005/"))
    return {name: value for name, value in as_shown.items() if name != "answer_id"}


def test_the_readme_shows_five_answers() -> None:
    """Else the test below would compare less than it says."""
    assert len(ANSWERS) == 5


@pytest.mark.parametrize(("question", "outcome", "text"), ANSWERS, ids=[question for question, _, _ in ANSWERS])
def test_an_answer_of_the_readme_is_given_word_for_word(
    product: Product, question: str, outcome: str, text: str
) -> None:
    """Outcome and text."""
    given, custom = product.ask(question, someone())
    assert (custom["outcome"], given) == (outcome, text)


def test_the_command_of_the_readme_gets_the_answer_that_it_shows(product: Product) -> None:
    """The body that `curl` sends, and the whole answer/1 further down, but for its id."""
    readme = README.read_text(encoding="utf-8")
    command, whole = CURL.search(readme), WHOLE.search(readme)
    assert command and whole and command["url"] == "http://127.0.0.1:5005/webhooks/rest/webhook"
    body = {**json.loads(command["body"]), "sender": someone()}
    status, reply = product.post("/webhooks/rest/webhook", body)
    text, custom = json.loads(reply)
    assert status == 200 and (body["message"], custom["custom"]["outcome"], text["text"]) == ANSWERS[0]
    assert settled(custom["custom"], product.bot_port) == settled(json.loads(whole["custom"]), 5005)
    assert re.fullmatch(r"a-[0-9a-f]{32}", custom["custom"]["answer_id"])
