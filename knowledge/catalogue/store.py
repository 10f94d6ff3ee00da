"""Writing commitments to the SQL store and reading them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import create_engine, inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.tables import (
    Base,
    CommitmentRow,
    FigureRow,
    LeadRow,
    MetaRow,
    PassageRow,
    PlainWordsRow,
    QuestionRow,
)
from knowledge.document.figures import Figure
from knowledge.document.passages import Passage
from knowledge.groundwork import formats
from knowledge.groundwork.errors import StoreUnavailable

SCHEMA_VERSION = formats.STORE


@dataclass(frozen=True)
class StoredKnowledge:
    """Everything the store holds, in the plan's order."""

    meta: dict[str, Any]
    passages: tuple[Passage, ...]
    commitments: tuple[Commitment, ...]

    @property
    def period(self) -> tuple[int, int] | None:
        """The first and the last year of the plan, where it says them."""
        period = self.meta.get("period")
        return (int(period[0]), int(period[1])) if period else None


def engine_for(url: str) -> Engine:
    """An engine in SQLAlchemy's 2.0 style."""
    return create_engine(url, future=True, hide_parameters=True)


def write_store(
    engine: Engine, passages: Sequence[Passage], commitments: Sequence[Commitment], meta: dict[str, Any]
) -> None:
    """Replace all that the store holds, in one transaction: readers see the old knowledge or the new."""
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        with Session(connection, future=True) as session:
            numbers = {id(passage): number for number, passage in enumerate(passages, start=1)}
            session.add_all(MetaRow(key=key, value=value) for key, value in sorted(meta.items()))
            session.add_all(_passage_row(numbers[id(p)], p) for p in passages)
            session.add_all(LeadRow(passage_id=numbers[id(p)], text=p.lead) for p in passages if p.lead)
            session.flush()
            session.add_all(_commitment_row(i, c, numbers[id(c.passage)]) for i, c in enumerate(commitments))
            session.flush()
            for commitment in commitments:
                session.add_all(_figure_rows(commitment))
            session.add_all(PlainWordsRow(commitment_id=c.id, text=c.plain) for c in commitments if c.plain)
            session.flush()
        questions = [
            {"commitment_id": commitment.id, "position": i, "text": text}
            for commitment in commitments
            for i, text in enumerate(commitment.questions)
        ]
        if questions:
            connection.execute(QuestionRow.__table__.insert(), questions)


def _passage_row(number: int, passage: Passage) -> PassageRow:
    return PassageRow(
        id=number,
        text=passage.text,
        page=passage.page,
        line=passage.line,
        chapter=passage.chapter,
        section=passage.section,
        heading=passage.heading,
        kind=passage.kind,
        period=passage.period,
    )


def _commitment_row(position: int, commitment: Commitment, passage_id: int) -> CommitmentRow:
    return CommitmentRow(
        id=commitment.id,
        position=position,
        passage_id=passage_id,
        topic=commitment.topic,
        area=commitment.area,
        kind=commitment.kind,
        title=commitment.title,
        headline=commitment.headline,
        audience=list(commitment.audience),
        terms=list(commitment.terms),
        places=list(commitment.places),
        curated=commitment.curated,
    )


def _figure_rows(commitment: Commitment) -> Iterator[FigureRow]:
    baselines = {position: (identifier, old) for position, identifier, old in commitment.baselines}
    for position, figure in enumerate(commitment.figures):
        words = figure.value if isinstance(figure.value, str) else ""
        identifier, old = baselines.get(position, (None, None))
        yield FigureRow(
            commitment_id=commitment.id,
            position=position,
            label=figure.label,
            value=None if words else figure.value,
            words=words,
            unit=figure.unit,
            year=figure.year,
            qualifier=figure.qualifier,
            baseline_id=identifier,
            baseline_value=old.value if old else None,
            baseline_year=old.year if old else None,
        )


def read_meta(engine: Engine) -> dict[str, Any]:
    """What the store says of itself. Raises `StoreUnavailable` if it is missing, unreadable or of another version."""
    with _readable(engine) as session:
        meta = {row.key: row.value for row in session.scalars(select(MetaRow))}
    if meta.get("schema_version") != SCHEMA_VERSION:
        raise StoreUnavailable(f"{engine.url!r}: 知识库版本不符 — 运行 make knowledge 重建")
    return meta


@contextmanager
def _readable(engine: Engine) -> Iterator[Session]:
    try:
        with Session(engine, future=True) as session:
            yield session
    except SQLAlchemyError as error:
        raise StoreUnavailable(
            f"{engine.url!r}: 知识库读不出（{type(error).__name__}） — 运行 make knowledge 重建"
        ) from error


def read_store(engine: Engine) -> StoredKnowledge:
    """All of the store. Raises as `read_meta`."""
    meta = read_meta(engine)
    with _readable(engine) as session:
        passage_rows = session.scalars(select(PassageRow).order_by(PassageRow.id)).all()
        rows = session.scalars(
            select(CommitmentRow).order_by(CommitmentRow.position).options(selectinload(CommitmentRow.figures))
        ).all()
        questions, plain, leads = _questions(session), _plain_words(session), _leads(session)
        passages = {row.id: replace(_passage(row), lead=leads.get(row.id, "")) for row in passage_rows}
        commitments = tuple(
            replace(_commitment(row, passages[row.passage_id], questions[row.id]), plain=plain.get(row.id, ""))
            for row in rows
        )
    return StoredKnowledge(meta, tuple(passages.values()), commitments)


def _passage(row: PassageRow) -> Passage:
    return Passage(row.text, row.page, row.line, row.chapter, row.section, row.heading, row.kind, row.period)


def _questions(session: Session) -> Mapping[str, list[str]]:
    """Commitment id → its sample questions in their order: ten thousand, so as plain rows, not an object each."""
    found: dict[str, list[str]] = defaultdict(list)
    ordered = select(QuestionRow.commitment_id, QuestionRow.text).order_by(
        QuestionRow.commitment_id, QuestionRow.position
    )
    for owner, text in session.execute(ordered):
        found[owner].append(text)
    return found


def _plain_words(session: Session) -> Mapping[str, str]:
    """Commitment id → its line in plain words; none in a store that was built before there were any."""
    if not inspect(session.connection()).has_table(PlainWordsRow.__tablename__):
        return {}
    return {row.commitment_id: row.text for row in session.scalars(select(PlainWordsRow))}


def _leads(session: Session) -> Mapping[int, str]:
    """Passage → the departments behind it; none in a store that was built before they were kept."""
    if not inspect(session.connection()).has_table(LeadRow.__tablename__):
        return {}
    return {row.passage_id: row.text for row in session.scalars(select(LeadRow))}


def _commitment(row: CommitmentRow, passage: Passage, questions: Sequence[str]) -> Commitment:
    return Commitment(
        id=row.id,
        topic=row.topic,
        area=row.area,
        kind=row.kind,
        title=row.title,
        headline=row.headline,
        passage=passage,
        audience=tuple(row.audience),
        terms=tuple(row.terms),
        questions=tuple(questions),
        places=tuple(row.places),
        figures=tuple(Figure(f.label, f.words or _plain(f.value), f.unit, f.year, f.qualifier) for f in row.figures),
        baselines=tuple(
            (f.position, f.baseline_id, Figure(f.label, _plain(f.baseline_value), f.unit, f.baseline_year, ""))
            for f in row.figures
            if f.baseline_id
        ),
        curated=row.curated,
    )


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine that is disposed of at the end."""
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()
