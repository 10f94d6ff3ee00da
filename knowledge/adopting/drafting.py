"""What is known of a plan besides its text, guessed from the text: a draft of its document.yml, for a person to check."""

from __future__ import annotations

import io
import re
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.document.documents import Document
from knowledge.document.files.pieces import ReadFile
from knowledge.document.plan_text import squash

HEAD_CHARS = 3000  # of the text, where the period is looked for
MAX_SHORT_TITLE_CHARS = 30
_YEARS = re.compile(r"(20\d\d)年?\s*[—\-–~～至－]+\s*(20\d\d)年?")
_FIVE_YEARS = {"十三五": (2016, 2020), "十四五": (2021, 2025), "十五五": (2026, 2030), "十六五": (2031, 2035)}
_DISTRICT = re.compile(r"([\u4e00-\u9fff]{2,7}?(?:自治区|自治州|自治县|新区|[省市区县旗州]))")


def draft_of(read: ReadFile, path: Path) -> Document:
    """Title, period and district, as far as the file says them."""
    first = next((piece.text for piece in read.pieces if piece.kind == "heading"), "")
    title = squash(read.title) or squash(first) or path.stem
    head = title + "".join(piece.text for piece in read.pieces)[:HEAD_CHARS]
    named = f"《{title}》" if "《" not in title else title
    return Document(
        title=title,
        short_title=named if len(named) <= MAX_SHORT_TITLE_CHARS else f"《{title[: MAX_SHORT_TITLE_CHARS - 3]}…》",
        district=_district(title),
        period=_period(title) or _period(head),
        source=path.name,
    )


def _period(text: str) -> tuple[int, int] | None:
    years = _YEARS.search(text)
    if years and 0 < int(years[2]) - int(years[1]) <= 20:
        return int(years[1]), int(years[2])
    return next((period for name, period in _FIVE_YEARS.items() if name in text), None)


def _district(title: str) -> str:
    found = _DISTRICT.findall(re.sub(r"^关于|^印发|^中共", "", title))
    return str(found[-1]) if found else ""


GUESSED = "从文件里猜的，请核对：全名、简称（答复里用）、地名、规划期。"


def document_yaml(document: Document, note: str = GUESSED) -> bytes:
    """A document.yml with a note on its first line; by default for a draft."""
    fields = {
        "title": document.title,
        "short_title": document.short_title,
        "district": document.district,
        "period": list(document.period) if document.period else None,
        "source": document.source,
    }
    stream = io.BytesIO()
    stream.write(f"# {note}\n".encode())
    YAML().dump({name: value for name, value in fields.items() if value}, stream)
    return stream.getvalue()
