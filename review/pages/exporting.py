"""Files to take away: CSV or XLSX, in the reader's language, moments in Qingpu's time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from aiohttp import web

from conversations.spreadsheets import safe_cell
from review.language import translator
from review.shown import moment
from review.visit import Visit

FORMS = "{form:csv|xlsx}"  # how an address of an export ends
MAX_CELL_CHARS = 32_767  # of a cell of XLSX
WIDTH_CHARS, MOST_WIDE_CHARS = 12, 60  # of a column
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(visit: Visit, header: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> web.Response:
    """Rows as a download called `name`, in the form with which the address ends (`FORMS`).

    `header` is Chinese and is translated; cells are numbers, moments, days, or words that are in the reader's language
    already. No spreadsheet runs one of them.
    """
    say, form = translator(visit.language), visit.part("form")
    table: list[list[Any]] = [[say(label) for label in header], *([_plain(value) for value in row] for row in rows)]
    if form == "xlsx":
        return download(workbook(table), f"{name}.xlsx", WORKBOOK)
    return download(_csv(table), f"{name}.{form}", "text/csv", "utf-8")


def download(body: bytes, file_name: str, content_type: str, charset: str | None = None) -> web.Response:
    """A file that a browser keeps and does not show; `charset` is that of a text."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return web.Response(body=body, content_type=content_type, charset=charset, headers=headers)


def _csv(table: Iterable[Sequence[Any]]) -> bytes:
    """With the mark that makes Excel read it as UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([safe_cell(value) for value in row] for row in table)
    return ("\ufeff" + out.getvalue()).encode()


def workbook(table: Sequence[Sequence[Any]]) -> bytes:
    """Rows, the header first, as XLSX: numbers as numbers, all else as text, whatever it begins with."""
    from xlsxwriter import Workbook  # only who takes one pays for it

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, label in enumerate(table[0]):
            widest = max((len(str(row[place])) for row in table), default=0)
            sheet.set_column(place, place, min(MOST_WIDE_CHARS, max(WIDTH_CHARS, widest * 2)))
            sheet.write_string(0, place, str(label), bold)
        for line, row in enumerate(table[1:], 1):
            for place, value in enumerate(row):
                if isinstance(value, (int, float)):
                    sheet.write_number(line, place, value)
                else:
                    sheet.write_string(line, place, value[:MAX_CELL_CHARS])
    return out.getvalue()


def _plain(value: Any) -> int | float | str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
