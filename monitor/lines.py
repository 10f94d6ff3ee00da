"""How a process writes its log: a line for people, or a JSON object for whatever collects logs, each with its ids."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from log_records import trace_of
from monitor.context import context
from monitor.metrics import LOG_LINES
from settings.bot import LOG_LEVEL
from settings.monitor import JSON_LINES, LOG_FORMAT

TEXT = "%(asctime)s %(levelname)-8s %(name)s  - %(message)s%(ids)s"
JSON = "%(levelname)s %(name)s %(message)s %(request)s %(turn)s"
NAMES = {"levelname": "level", "name": "logger"}
COUNTED = (logging.WARNING, logging.ERROR, logging.CRITICAL)

for _level in COUNTED:
    LOG_LINES.labels(
        logging.getLevelName(_level)
    )  # from the start: a series that begins with its first line has no rate


class JsonLine(JsonFormatter):
    """One object a line; of an exception the kind and the lines of code, never what it says (`log_records`)."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """As Python's, without words."""
        return trace_of(ei[1])


class TextLine(logging.Formatter):
    """As Rasa writes it, with the ids at the end of the message."""

    def formatException(self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | Any) -> str:  # noqa: N802
        """As Python's, without words."""
        return trace_of(ei[1])


def set_up(level: int | None = None) -> None:
    """The root logger writes to standard error as `LOG_FORMAT` says, and to nobody else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_with_ids)
    as_json = LOG_FORMAT.read() == JSON_LINES
    handler.setFormatter(JsonLine(JSON, rename_fields=NAMES, timestamp=True) if as_json else TextLine(TEXT))
    logging.basicConfig(level=LOG_LEVEL.read() if level is None else level, handlers=[handler], force=True)


def _with_ids(record: logging.LogRecord) -> bool:
    now = context()
    record.request, record.turn = now.request or None, now.turn or None
    told = [f"{name}={value}" for name, value in (("request", now.request), ("turn", now.turn)) if value]
    record.ids = f" [{' '.join(told)}]" if told else ""
    if record.levelno in COUNTED:
        LOG_LINES.labels(record.levelname).inc()
    return True
