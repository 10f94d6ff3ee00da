"""Logs say what failed and where, never what a resident said.

A message of an exception may hold anything: PostgreSQL's say the whole row that was refused, a validator's the whole
reply. So of exceptions that are not ours only the kind is written, with the lines of code; `keep_words_out` sees to
that in a whole process, whoever logs.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

OURS = frozenset(
    (
        "actions",
        "backups",
        "bot",
        "conversations",
        "danger",
        "evaluation",
        "knowledge",
        "monitor",
        "releases",
        "review",
        "settings",
        "training",
    )
)  # their messages are written here, to be read
LEFT_OUT = "（内容不写进日志 / message left out）"
MAX_CHAIN = 8  # causes of a cause
_PLACE = re.compile(r"at `\$[^`]*`")  # of msgspec's: the field that is wrong, without what stands there
_QUERY = re.compile(r"\?\S*")  # of an address: what somebody searched for


def described(error: BaseException) -> str:
    """An exception in a line, without what a resident may have said."""
    return f"{type(error).__qualname__}: {_message(error)}"


def trace_of(error: BaseException) -> str:
    """As Python's own trace, with `described` for what was raised."""
    parts = [
        "".join(["Traceback (most recent call last):\n", *traceback.format_tb(each.__traceback__), described(each)])
        for each in _chain(error)
    ]
    return "\n\nwhich came from:\n\n".join(parts)


def keep_words_out() -> None:
    """Every record of this process, and what Python prints of an exception that nobody caught. Again changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, "keeps_words_out", False):
        return

    def record(*arguments: Any, **named: Any) -> logging.LogRecord:
        made = make(*arguments, **named)
        made.msg, made.args = _without_words(made.msg), _arguments(made.args, made.name)
        if made.exc_info and made.exc_info[1] is not None:
            made.exc_text = trace_of(made.exc_info[1])  # a formatter makes its own only where there is none
        return made

    record.keeps_words_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)
    sys.excepthook = _print
    threading.excepthook = _print_of_thread


def _message(error: BaseException) -> str:
    original = getattr(error, "orig", None)  # of SQLAlchemy's, the driver's
    if isinstance(original, BaseException):
        return described(original)
    if type(error).__module__.partition(".")[0] in OURS or isinstance(error, (sqlite3.OperationalError, SystemExit)):
        return str(error)
    if isinstance(error, OSError):
        return f"[Errno {error.errno}] {error.strerror}"
    place = _PLACE.search(str(error)) if type(error).__module__.startswith("msgspec") else None
    return str(getattr(error, "pgcode", None) or (place and place.group()) or LEFT_OUT)


def _chain(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    for _ in range(MAX_CHAIN):
        if following is None:
            return
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _without_words(value: Any) -> Any:
    return described(value) if isinstance(value, BaseException) else value


def _arguments(arguments: Any, logger: str) -> Any:
    if not isinstance(arguments, tuple):
        return arguments
    plain = tuple(map(_without_words, arguments))
    if logger.startswith("sanic"):  # names the address of a request that failed
        plain = tuple(_QUERY.sub("?…", each) if isinstance(each, str) else each for each in plain)
    return plain


def _print(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        print(trace_of(error), file=sys.stderr)


def _print_of_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        print(trace_of(arguments.exc_value), file=sys.stderr)
