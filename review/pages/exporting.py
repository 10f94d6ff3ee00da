"""Files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from conversations.spreadsheets import safe_cell


def csv_response(text: str, name: str) -> web.Response:
    """CSV as a download, with the mark that makes Excel read it as UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=("\ufeff" + text).encode(), content_type="text/csv", charset="utf-8", headers=headers)


def table_response(header: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> web.Response:
    """Rows as a CSV download, with cells that no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return csv_response(out.getvalue(), name)
