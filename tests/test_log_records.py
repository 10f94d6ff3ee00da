"""What a log says of an exception: its kind and its lines of code, not what somebody said."""

from __future__ import annotations

import ast
import io
import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from conversations.errors import LogUnavailable
from log_records import LEFT_OUT, described, keep_words_out, trace_of

WORDS = "绣球花开在窗台上"


class Refusing(Exception):
    """As psycopg2's: a code, and the whole row in its message."""

    pgcode = "23502"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that this process logs at any level, as a handler of the standard library writes it."""
    keep_words_out()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError(WORDS), f"ValueError: {LEFT_OUT}"),
        (KeyError(WORDS), f"KeyError: {LEFT_OUT}"),
        (Refusing(f"DETAIL: Failing row contains ({WORDS})"), "Refusing: 23502"),
        (sqlite3.IntegrityError(WORDS), f"IntegrityError: {LEFT_OUT}"),
        (sqlite3.OperationalError("database is locked"), "OperationalError: database is locked"),
        (OSError(28, "No space left on device", WORDS), "OSError: [Errno 28] No space left on device"),
        (msgspec.ValidationError(f"Invalid enum value '{WORDS}' - at `$.step`"), "ValidationError: at `$.step`"),
        (LogUnavailable("会话库打不开"), "LogUnavailable: 会话库打不开"),
        (IntegrityError("insert", {"question": WORDS}, Refusing(WORDS)), "IntegrityError: Refusing: 23502"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_exception_in_a_line(error: Exception, line: str) -> None:
    """What helps an operator stays: a database's code, the system's error, our own sentence."""
    assert described(error) == line


def test_a_trace_has_the_lines_of_code_and_every_cause() -> None:
    """As Python's, without the words of any of them."""
    try:
        try:
            raise ValueError(WORDS)
        except ValueError as error:
            raise LogUnavailable("会话库打不开") from error
    except LogUnavailable as error:
        trace = trace_of(error)
    assert 'raise LogUnavailable("会话库打不开") from error' in trace and "raise ValueError(WORDS)" in trace
    assert trace.count("test_log_records.py") == 2 and "LogUnavailable: 会话库打不开" in trace and WORDS not in trace


def test_no_logger_writes_what_an_exception_says(written: io.StringIO) -> None:
    """However it is handed over: as the trace, as the message, as an argument."""
    logger = logging.getLogger("of.anybody")
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        logger.exception("it failed")
        logger.error("it failed", exc_info=error)
        logger.error(error)
        logger.error("it failed: %s", error)
    assert WORDS not in written.getvalue() and written.getvalue().count("it failed") == 3
    assert written.getvalue().count("Traceback (most recent call last)") == 2


def test_an_address_that_failed_is_written_without_its_query(written: io.StringIO) -> None:
    """Sanic names it; what stands after `?` somebody was typing."""
    logging.getLogger("sanic.error").error("Exception occurred while handling uri: %s", f"'http://x/suggest?q={WORDS}'")
    assert "http://x/suggest?…" in written.getvalue() and WORDS not in written.getvalue()


def test_what_nobody_caught_is_printed_without_words(written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """By the process, and by a thread of it."""

    def fail() -> None:
        raise ValueError(WORDS)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    printed = capsys.readouterr().err
    assert printed.count("raise ValueError(WORDS)") == 2 and WORDS not in printed


@pytest.mark.slow  # reads all code
def test_every_engine_hides_its_parameters() -> None:
    """SQLAlchemy puts the parameters of a statement that failed into the exception otherwise."""
    calls = {}
    for path in Path().glob("*/**/*.py"):
        if path.parts[0] in ("tests", "var") or path.parts[0].startswith("."):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "create_engine"
            ):
                hidden = {word.arg: getattr(word.value, "value", None) for word in node.keywords}.get("hide_parameters")
                calls[f"{path}:{node.lineno}"] = hidden
    assert len(calls) >= 6 and set(calls.values()) == {True}, calls


@pytest.mark.parametrize("module", ["bot", "actions", "review", "conversations"])
def test_every_process_keeps_words_out(module: str) -> None:
    """Each that meets what residents say, before anything else that it does."""
    main = Path(module, "__main__.py").read_text(encoding="utf-8")
    (function,) = (node for node in ast.parse(main).body if isinstance(node, ast.FunctionDef) and node.name == "main")
    assert "keep_words_out" in {getattr(getattr(node, "func", None), "id", "") for node in ast.walk(function)}
