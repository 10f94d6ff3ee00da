"""docs/openapi.yml is what the bot serves: every route and no other, and the words, limits and fields of the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, RefResolver
from ruamel.yaml import YAML

from bot.channels import rest
from bot.channels.web import requests as web
from bot.channels.web.errors import WORDS
from bot.channels.web.offers import HOT
from conversations.notices import KINDS
from conversations.requests import STATUSES
from conversations.turn_log import FEEDBACK
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.reply.answer import MAX_CITATIONS, SCHEMA, Answer, Citation, Fact, Outcome
from tests.docs.test_everything_is_named import UNROUTED, mounted

FILE = Path("docs/openapi.yml")
API: dict[str, Any] = YAML(typ="safe").load(FILE)
METHODS = ("get", "post", "delete", "put", "patch")
SCHEMAS = API["components"]["schemas"]


def operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each as `GET /plan`, with what the file says of it."""
    for path, item in API["paths"].items():
        yield from ((f"{method.upper()} {path}", item[method]) for method in METHODS if method in item)


def properties(name: str, *path: str) -> Any:
    """Those of a schema, or what stands at a path below them."""
    found = SCHEMAS[name]["properties"]
    for step in path:
        found = found[step]
    return found


def references(node: Any) -> Iterator[str]:
    """Every `$ref` below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def test_every_route_is_in_the_file_and_no_other() -> None:
    """Those that our channels mount, and the one that a middleware answers."""
    served = {re.sub(r"<(\w+)>", r"{\1}", request) for request in {*mounted(), *UNROUTED}}
    told = {request if request in UNROUTED else request.rstrip("/") for request, _ in operations()}
    assert told == served


def test_every_operation_has_a_name_a_summary_and_what_refuses_it() -> None:
    """Names are each one's own; what takes a body says that one may be too large."""
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    for request, operation in operations():
        assert operation["summary"] and operation["responses"], request
        assert "requestBody" not in operation or "413" in operation["responses"], request


def test_references_lead_somewhere() -> None:
    """Within the file; each of its schemas is one."""
    found = set(references(API))
    assert len(found) > 20
    for reference in found:
        RefResolver.from_schema(API).resolve(reference)
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def test_answer_1_has_the_fields_of_the_code() -> None:
    """As `Answer.custom` gives them, and an answer of the code fits the schema."""
    answer = json.loads(json.dumps(Answer("您好", Outcome.CHAT, "").custom("a-1")))
    assert set(properties("Answer")) == set(answer) and properties("Answer", "schema", "const") == SCHEMA
    assert set(SCHEMAS["Answer"]["required"]) == set(answer) - {"language", "plain", "next_steps"}
    assert set(properties("Fact")) == set(Fact.__dataclass_fields__)
    assert set(properties("Citation")) == set(Citation.__dataclass_fields__)
    assert properties("Answer", "outcome", "enum") == [outcome.value for outcome in Outcome]
    assert properties("Answer", "citations", "maxItems") == MAX_CITATIONS
    assert properties("Answer", "topic", "enum") == [*FOUR_TOPICS, "other", None]
    Draft202012Validator(SCHEMAS["Answer"], resolver=RefResolver.from_schema(API)).validate(answer)


def test_limits_and_codes_are_those_of_the_code() -> None:
    """What a caller reads here is what the channels check."""
    assert set(properties("WebError", "error", "enum")) == set(WORDS)
    assert properties("RestMessage", "sender", "maxLength") == rest.MAX_SENDER_CHARS
    assert properties("RestMessage", "message_id", "maxLength") == rest.MAX_MESSAGE_ID_CHARS
    assert properties("RestVote", "value", "enum") == list(FEEDBACK)
    assert properties("WebMessage", "message", "maxLength") == web.MAX_TEXT_CHARS
    assert properties("WebMessage", "message_id", "pattern") == f"^{web.MESSAGE_ID.pattern}$"
    told = dict(operations())
    vote = told["POST /webhooks/web/feedback"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert (vote["comment"]["maxLength"], vote["value"]["enum"]) == (web.MAX_COMMENT_CHARS, list(FEEDBACK))
    shown = {name: _shown(told[f"GET /webhooks/web/{name}"]) for name in ("hot", "notice", "request")}
    assert shown["hot"]["questions"]["maxItems"] == HOT
    assert shown["notice"]["notice"]["oneOf"][1]["properties"]["kind"]["enum"] == list(KINDS)
    assert shown["request"]["status"]["enum"] == list(STATUSES)


def test_examples_fit_their_schemas() -> None:
    """Each of a body."""
    found = 0
    for _, operation in operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in media:
                found += 1
                Draft202012Validator(media["schema"], resolver=RefResolver.from_schema(API)).validate(media["example"])
    assert found


def _shown(operation: Mapping[str, Any]) -> Any:
    return operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
