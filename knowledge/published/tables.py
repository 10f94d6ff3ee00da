"""The table through which corrections reach residents: written by whoever approves, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, Text, delete, select
from sqlalchemy.engine import Connection

from knowledge.published.corrections import (
    AboutQuestion,
    Link,
    LiveCorrections,
    NextStep,
    PlainWords,
    Pointer,
    Refusal,
    Word,
)

LINK, POINTER, WORD, TITLE = "link", "pointer", "word", "title"
PLAIN, STEP = "plain", "step"  # `commitment_id` of the second may be a topic, its name stands in `text`
SILENT, NOT_OURS = "silent", "not_ours"  # the aspect of the first stands in `text`
CORRECTIONS = Table(
    "published_correction",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("question", Text, nullable=False, default=""),
    Column("commitment_id", String(32), nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("url", String(500), nullable=False, default=""),
    Column("expires_on", Date),
    Column("word", String(32), nullable=False, default=""),
    Column("means", String(32), nullable=False, default=""),
    Column("word_kind", String(12), nullable=False, default=""),
)
Published = AboutQuestion | Word | PlainWords | NextStep | tuple[str, str]  # the last: a commitment and its title


def publish(connection: Connection, source: str, published: Sequence[Published]) -> None:
    """Put these in place of what was published from `source` (its name is the caller's), in the caller's transaction."""
    withdraw(connection, source)
    for each in published:
        connection.execute(CORRECTIONS.insert(), {"source": source, **_columns(each)})


def withdraw(connection: Connection, source: str) -> None:
    """Nothing from `source` is published any more."""
    connection.execute(delete(CORRECTIONS).where(CORRECTIONS.c.source == source))


def sources(connection: Connection) -> set[str]:
    """From where something is published."""
    return set(connection.execute(select(CORRECTIONS.c.source).distinct()).scalars())


def read(connection: Connection, without: str = "") -> LiveCorrections:
    """All that is published, but what comes from the source `without`, in the order of its publication.

    Expired pointers are left to whoever asks.
    """
    questions: list[AboutQuestion] = []
    words: list[Word] = []
    titles: dict[str, str] = {}
    plain: dict[str, str] = {}
    steps: list[NextStep] = []
    for row in connection.execute(
        select(CORRECTIONS).where(CORRECTIONS.c.source != without).order_by(CORRECTIONS.c.id)
    ):
        if row.kind == LINK:
            questions.append(Link(row.question, row.commitment_id))
        elif row.kind == POINTER:
            questions.append(Pointer(row.question, row.text, row.url, row.expires_on))
        elif row.kind in (SILENT, NOT_OURS):
            questions.append(Refusal(row.question, row.text, outside=row.kind == NOT_OURS))
        elif row.kind == WORD:
            words.append(Word(row.word, row.means, row.word_kind))
        elif row.kind == TITLE:
            titles[row.commitment_id] = row.text
        elif row.kind == PLAIN:
            plain[row.commitment_id] = row.text
        elif row.kind == STEP:
            steps.append(NextStep(row.text, row.url, row.commitment_id))
    return LiveCorrections(tuple(questions), tuple(words), titles, plain, tuple(steps))


def _columns(each: Published) -> dict[str, object]:
    if isinstance(each, Link):
        return {"kind": LINK, "question": each.question, "commitment_id": each.commitment_id}
    if isinstance(each, Pointer):
        return {"kind": POINTER, **vars(each)}
    if isinstance(each, Refusal):
        return {"kind": NOT_OURS if each.outside else SILENT, "question": each.question, "text": each.aspect}
    if isinstance(each, Word):
        return {"kind": WORD, "word": each.word, "means": each.means, "word_kind": each.kind}
    if isinstance(each, PlainWords):
        return {"kind": PLAIN, "commitment_id": each.commitment_id, "text": each.text}
    if isinstance(each, NextStep):
        return {"kind": STEP, "commitment_id": each.about, "text": each.name, "url": each.url}
    commitment_id, title = each
    return {"kind": TITLE, "commitment_id": commitment_id, "text": title}
