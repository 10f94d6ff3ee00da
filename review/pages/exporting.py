"""Files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(text: str, name: str) -> web.Response:
    """CSV as a download, with the mark that makes Excel read it as UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=("\ufeff" + text).encode(), content_type="text/csv", charset="utf-8", headers=headers)


def table_response(header: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> web.Response:
    """Rows as a CSV download. A cell that a spreadsheet would run as a formula gets an apostrophe before it.

    Source: OWASP, CSV Injection.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([inert(value) for value in row])
    return csv_response(out.getvalue(), name)


def inert(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
