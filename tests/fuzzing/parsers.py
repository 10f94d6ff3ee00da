"""Odd plans and odd XML, in this process: a parser reads them or says what is wrong, soon, and never anything else."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from bot.channels.wechat.envelope import read_message
from bot.channels.wechat.errors import Malformed
from bot.channels.wechat.xml_fields import read_fields
from knowledge.document.documents import ChapterOutline, Document
from knowledge.document.figures import read_figures
from knowledge.document.passages import passages_of
from knowledge.document.plan_text import read_plan
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.settings import PLAN
from tests.fuzzing.figures import SLOW_S, Figures
from tests.fuzzing.oddities import damaged, odd_text

PIECES = (
    *(
        "- 1 -",
        "- 2 -",
        "- 99999999999999999999 -",
        f"- {'9' * 5000} -",
        "-  -",
        "- -1 -",
        "- ٣ -",
        "第一章",
        "第一章 养老",
        "第一节 托育",
        "第十一章",
    ),
    *(
        "（一）加快建设",
        "一、总则",
        "1.",
        "专栏1：",
        "........ 12",
        "指标名称",
        "1 养老床位 张 8278 9500 预期性",
        "[1] 喘息服务：是指",
        "①",
    ),
    *(
        "到2025年，养老机构床位总数增加到9500张。",
        "2020年为 1.2.3%，",
        "９５００张左右。",
        "以上以上以上",
        "”“”。",
        "。" * 50,
        "\f",
        "\x0b",
        "\u2028",
    ),
    *(
        "9" * 400 + "张。",
        "占比达到" * 40,
        "（" * 60,
        "\ufeff",
        "\u202e",
        " " * 300,
        "\t养老",
        "a" * 500,
        "养" * 2000,
        "2025年" * 100,
        "0" * 400 + ".0%",
    ),
)
XML_NAMES = (
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Content",
    "MsgId",
    "Event",
    "EventKey",
    "Recognition",
    "Encrypt",
)
XML_TEXTS = (
    "text",
    "event",
    "voice",
    "CLICK",
    "1",
    "1700000000",
    "-1",
    "9" * 400,
    "1e9",
    "٣٤",
    "oOpenId",
    "",
    "养老院",
    "]]>",
    "<![CDATA[x]]>",
    "x" * 70,
)

XML_FORMS = (
    "<{0}><![CDATA[{1}]]></{0}>",
    "<{0}>{1}</{0}>",
    "<{0}/>",
    "<{0}><a><b>{1}</b></a></{0}>",
    "<{0} x='{1}'/>",
    "<{0}>{1}",
)


@cache
def real_lines() -> tuple[str, ...]:
    """Lines of the real plan."""
    return tuple(read_plan(PLAN).split("\n"))


@cache
def real_pdf() -> bytes:
    """Two pages with text."""
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0)
    for page in (1, 2):
        for line in range(30):
            canvas.drawString(72, 800 - 20 * line, f"{page} nursing homes have {line * 100} beds in 2025.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def odd_plan(random_: random.Random) -> bytes:
    """A run of the real plan with odd lines in it, a damaged PDF, or bytes."""
    kind = random_.random()
    if kind < 0.03:
        return random_.randbytes(random_.randrange(2000))
    if kind < 0.04:
        return damaged(real_pdf(), random_)
    start, length = random_.randrange(len(real_lines())), random_.randrange(160)
    rows = list(real_lines()[start : start + length])
    for _ in range(random_.choice((0, 1, 3, 10))):
        piece = random_.choice(PIECES) if random_.random() < 0.7 else odd_text(random_)
        rows.insert(random_.randrange(len(rows) + 1), random_.choice(("", "", " ", "　", "\f", "\r")) + piece)
    return (
        damaged("\n".join(rows).encode("utf-8", "replace"), random_)
        if random_.random() < 0.1
        else "\n".join(rows).encode("utf-8", "replace")
    )


def odd_outline(random_: random.Random) -> Document:
    """What `document.yml` may say beside such a plan."""
    chapters = tuple(
        ChapterOutline(number, random_.randrange(8), tuple(random_.randrange(8) for _ in range(random_.randrange(3))))
        for number in range(1, random_.randrange(1, 5))
    )
    closing, notes = (random_.choice((None, random_.randrange(8))) for _ in range(2))
    return Document(
        "某区规划", "某区规划", baseline_year=2020, chapters=chapters, closing_page=closing, notes_page=notes
    )


def odd_message(random_: random.Random) -> bytes:
    """The platform's XML with fields missing, doubled, nested, of another type, or broken."""
    fields = {
        "ToUserName": "gh_1",
        "FromUserName": "oOpenId",
        "CreateTime": "1700000000",
        "MsgType": "text",
        "MsgId": "7",
        "Content": "养老院",
    }
    parts = []
    for name, text in fields.items():
        kind = random_.random()
        if kind < 0.08:
            continue
        text = text if kind < 0.85 else random_.choice(XML_TEXTS) if kind < 0.93 else odd_text(random_)
        parts.append((random_.choice(XML_FORMS) if kind > 0.97 else XML_FORMS[0]).format(name, text))
    if random_.random() < 0.3:
        parts.insert(
            random_.randrange(len(parts) + 1), XML_FORMS[0].format(random_.choice(XML_NAMES), random_.choice(XML_TEXTS))
        )
    raw = f"<xml>{''.join(parts)}</xml>".encode("utf-8", "replace")
    return damaged(raw, random_) if random_.random() < 0.3 else raw


def read_odd_plan(raw: bytes, document: Document, folder: Path) -> str:
    """`read`, or the name of what was refused."""
    path = folder / "plan.txt"
    path.write_bytes(raw)
    try:
        for passage in passages_of(path, document):
            for figure in read_figures(passage.text, default_year=document.baseline_year):
                _ = figure.printed_value, figure.amount
    except KnowledgeError as error:
        return type(error).__name__
    return "read"


def read_odd_message(raw: bytes) -> str:
    """`read`, or the name of what was refused."""
    try:
        read_message(read_fields(raw))
    except Malformed as error:
        return type(error).__name__
    return "read"


def try_plan(random_: random.Random, figures: Figures, folder: Path) -> None:
    """One odd plan."""
    raw, document = odd_plan(random_), odd_outline(random_)
    _timed("plan", figures, raw, lambda: read_odd_plan(raw, document, folder))


def try_message(random_: random.Random, figures: Figures) -> None:
    """One odd message of the platform."""
    raw = odd_message(random_)
    _timed("wechat xml", figures, raw, lambda: read_odd_message(raw))


def _timed(kind: str, figures: Figures, raw: bytes, read: Callable[[], str]) -> None:
    """Counted with the processor's time: others use the machine as well."""
    started = time.process_time()
    shown = repr(raw[:3000])
    try:
        result = read()
    except Exception as error:  # every one that is not a refusal is what is looked for
        result = type(error).__name__
        figures.crash(f"{kind}: {error!r:.200}", shown)
    took_s = time.process_time() - started
    figures.count(kind, f"{kind} {result}", took_s, f"{kind} {shown[:100]}")
    if took_s > SLOW_S:
        figures.too_slow(f"{kind}: {took_s:.1f} s", shown)
