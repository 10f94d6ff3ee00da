"""Lines of the log: for people and as JSON, with the ids of request and turn, without a word of an exception."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from log_records import keep_words_out
from monitor.context import begin_request, context, new_turn_id, turn_id, working_for
from monitor.lines import set_up

WORDS = "绣球花开在窗台上"
REQUEST, TURN = "0123456789abcdef0123456789abcdef", "a-0123456789abcdef0123456789abcdef"


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A process that logs as in production; afterwards as it did before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setenv("LOG_FORMAT", request.param)
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    keep_words_out()
    yield request.param
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_has_its_ids_and_an_exception_no_words(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is whole by itself; JSON is read as such."""
    set_up()
    logger = logging.getLogger("bot.channels.turns")
    with working_for(REQUEST, TURN):
        logger.info("turn answered channel=%s", "web")
        try:
            raise ValueError(WORDS)
        except ValueError:
            logger.exception("turn failed")
    logger.debug("not at this level")
    logger.warning("of nobody's request")
    told = capsys.readouterr().err
    assert WORDS not in told and "raise ValueError(WORDS)" in told and "not at this level" not in told
    if form == "json":
        first, failed, last = map(json.loads, told.splitlines())
        assert (first["message"], first["level"], first["logger"]) == ("turn answered channel=web", "INFO", logger.name)
        assert (first["request"], first["turn"]) == (failed["request"], failed["turn"]) == (REQUEST, TURN)
        assert "ValueError" in failed["exc_info"] and (last["request"], last["turn"]) == (None, None)
        assert re.match(r"\d{4}-\d\d-\d\dT.*\+00:00$", first["timestamp"])
    else:
        assert f"turn answered channel=web [request={REQUEST} turn={TURN}]" in told
        assert told.splitlines()[-1].endswith("of nobody's request")


@pytest.mark.parametrize("given", [None, "", "我要投诉", "my-mother-is-ill-and-alone", REQUEST + "\nforged", "ab" * 40])
def test_only_what_spells_nothing_is_taken_as_a_request_s_id(given: str | None) -> None:
    """Anything else gets an id of ours."""
    made = copy_context().run(begin_request, given)
    assert re.fullmatch("[0-9a-f]{32}", made) and made != given


async def test_a_given_id_holds_for_what_the_request_starts() -> None:
    """Also in tasks of their own; another request's is not seen."""

    async def task() -> str:
        return context().request

    async def request(name: str) -> str:
        assert begin_request(name) == name
        await asyncio.sleep(0)
        return await asyncio.ensure_future(task())

    names = ["c0ffee00-0000-4000-8000-00000000000a", REQUEST]
    assert await asyncio.gather(*map(request, names)) == names


@pytest.mark.parametrize("told", [None, "", 7, "a-1", f"{TURN}0", "a-我要投诉"])
def test_a_turn_s_id_is_the_bot_s_or_a_new_one(told: object) -> None:
    """Whatever else stands in the metadata is no key of a row."""
    assert turn_id(TURN) == TURN and turn_id(told) != told
    assert re.fullmatch("a-[0-9a-f]{32}", turn_id(told)) and turn_id(new_turn_id()) != new_turn_id()
