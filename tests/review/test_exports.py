"""What is taken away: in the reader's language, in Qingpu's time, and nothing in it runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, timezone
from xml.etree import ElementTree

import pytest

from review.accounts.roles import Role
from review.pages.exporting import MAX_CELL_CHARS, workbook
from tests.review.conftest import Console
from tests.review.turns import turn

pytestmark = pytest.mark.slow  # a console
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠x", "\t=1", "{=1}", "https://a.example", "007")


def cells(book: bytes) -> list[list[tuple[str, str]]]:
    """(type, text) of each cell, `n` for a number, row by row; whoever writes a formula or a link fails here."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    texts = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in shared.iter(f"{MAIN}si")]
    assert not list(sheet.iter(f"{MAIN}f")) and not list(sheet.iter(f"{MAIN}hyperlink"))
    found = []
    for row in sheet.iter(f"{MAIN}row"):
        values = [(cell.get("t", "n"), cell.findtext(f"{MAIN}v") or "") for cell in row.iter(f"{MAIN}c")]
        found.append([(kind, texts[int(value)] if kind == "s" else value) for kind, value in values])
    return found


def test_cells_of_a_workbook_are_text_whatever_they_begin_with() -> None:
    """As it was written, no sign before it; numbers stay numbers; what is too long for a cell is cut."""
    found = cells(workbook([["内容", "次数"], *([each, 3] for each in FORMULAS), ["长" * 40_000, 1.5]]))
    assert [row[0] for row in found[1:-1]] == [("s", each) for each in FORMULAS]
    assert {row[1] for row in found[1:-1]} == {("n", "3")}
    assert found[-1] == [("s", "长" * MAX_CELL_CHARS), ("n", "1.5")]


def test_every_export_is_chinese_with_local_time_as_csv_and_as_xlsx(console: Console) -> None:
    """Both have the same rows; in English the labels are English."""
    night = datetime(2026, 3, 2, 17, 30, tzinfo=timezone.utc)  # the next day in Qingpu
    for number, outcome in enumerate(("answered", "not_in_plan", "danger")):
        console.desk.turns.record(turn(number, outcome=outcome, asked_at=night))
    console.desk.triage.read_all()
    admin = console.as_role(Role.ADMINISTRATOR)
    for path in ("/dashboard", "/dashboard/versions", "/requests", "/unanswered/report", "/audit"):
        query = "?since=2026-03-02&until=2026-03-03" if "dashboard" in path else ""
        csv_reply, book = admin.get(f"{path}.csv{query}"), admin.get(f"{path}.xlsx{query}")
        assert csv_reply.status_code == book.status_code == 200, path
        lines = list(csv.reader(io.StringIO(csv_reply.content.decode("utf-8-sig"))))
        as_text = [[value for _, value in row] for row in cells(book.content)]
        assert as_text[0] == lines[0] and not any(c.isascii() and c.isalpha() for label in lines[0] for c in label), (
            path
        )
        if path != "/audit":  # the export before it is an entry itself
            assert as_text[1:] == lines[1:], path
    shares = {
        name: value
        for row in csv.DictReader(
            io.StringIO(
                admin.get("/dashboard/versions.csv?since=2026-03-02&until=2026-03-03").content.decode("utf-8-sig")
            )
        )
        for name, value in row.items()
        if "（%）" in name
    }
    assert len(shares) == 4 and shares["答上的占比不低于（%）"], "in percent, to a tenth, as on the page"
    assert all(re.fullmatch(r"|\d{1,3}\.\d", value) for value in shares.values()), shares
    days = list(
        csv.DictReader(
            io.StringIO(admin.get("/dashboard.csv?since=2026-03-02&until=2026-03-03").content.decode("utf-8-sig"))
        )
    )
    assert [(row["日期"], row["合计"], row["危险求助"]) for row in days] == [
        ("2026-03-02", "0", "0"),
        ("2026-03-03", "3", "1"),
    ]
    audited = list(csv.DictReader(io.StringIO(admin.get("/audit.csv").content.decode("utf-8-sig"))))
    signed_in = [row for row in audited if row["动作"] == "登录"]
    assert signed_in and datetime.strptime(signed_in[0]["时间"], "%Y-%m-%d %H:%M").date() >= date(2026, 1, 1)
    admin.get("/language/en")
    assert "Date" in admin.get("/dashboard.csv").content.decode("utf-8-sig").splitlines()[0]
    admin.get("/language/zh")
    assert admin.get("/dashboard.ods").status_code == 404
