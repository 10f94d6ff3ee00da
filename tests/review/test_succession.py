"""One plan takes the place of another: what stands on the shelf then, and of which plan a decision is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.catalogue.store import SCHEMA_VERSION, opened, write_store
from knowledge.groundwork.formats import READ
from knowledge.published import tables
from knowledge.shelf.folder import STORED, DocumentShelf
from knowledge.shelf.record import BY_PERIOD, ENDED, IN_FORCE, OWN, DocumentRecord, usual_id
from releases.release import Release
from releases.shelf import AdoptedPlan, Shelf
from review.accounts.audit import Actor
from review.correcting.approving import approved_questions
from review.correcting.of_plan import plan_at, plan_now
from review.correcting.publishing import live_now, republish
from review.database.columns import now
from review.database.engine import engine_for, reading, transaction
from review.database.people import AuditRow
from review.database.work import CorrectionRow
from review.errors import GateNotPassed, InvalidInput
from review.releases import switching
from review.releases.gate import report_of
from review.releases.inputs import approved_corrections
from review.releases.succession import BY_SUCCESSION, settle
from review.releases.telling import release_lines, report_lines
from review.teaching.decisions import decisions_of
from tests.built import built_finder
from tests.review.shelves import archive, write_plan_report

FIRST, SECOND, THIRD = "《一号规划》", "《二号规划》", "《三号规划》"
YEARS = {FIRST: [2016, 2020], SECOND: [2021, 2025], THIRD: [2026, 2030]}
ONE, OTHER = Actor(1, "第一位"), Actor(2, "第二位")


@pytest.fixture
def engine(new_tables: Path, tmp_path: Path) -> Iterator[Engine]:
    """A console's tables of this test's own."""
    shutil.copy(new_tables, tmp_path / "tables.sqlite")
    engine = engine_for(f"sqlite:///{tmp_path}/tables.sqlite")
    yield engine
    engine.dispose()


def kept(shelf: Shelf, name: str, before: str = "") -> Release:
    """A release of a plan; what searches it is never opened. Without `before` it is the repository's."""
    folder = shelf.folder.parent / name
    (folder / "knowledge").mkdir(parents=True)
    for file in STORED:
        (folder / "knowledge" / file).write_bytes(b"")
    meta = {
        "schema_version": SCHEMA_VERSION,
        "title": name.strip("《》"),
        "short_title": name,
        "period": YEARS[name],
        "fingerprint": f"{name} as built",
    }
    with opened(f"sqlite:///{folder}/knowledge/knowledge.sqlite") as engine:
        write_store(engine, (), (), meta)
    archive(folder / "model.tar.gz", "one model")
    (folder / "plan.txt").write_text(name, encoding="utf-8")
    adopted = AdoptedPlan(name, [folder / "plan.txt"], before) if before else None
    files = folder / "knowledge", folder / "model.tar.gz"
    return shelf.keep(*files, knowledge_version=name, formats=READ, made_by=ONE.name, adopted=adopted)


def standing(documents: DocumentShelf) -> dict[str, tuple[str, str]]:
    """What stands on a shelf: short title → who put it there, and its status."""
    return {each.short_title: (each.put_by, each.status) for each in documents.read().documents}


def test_the_shelf_follows_what_serves(tmp_path: Path) -> None:
    """Plans before go there and come back; what a person had put there, and said of the own plan, is restored."""
    shelf, documents = Shelf(tmp_path / "releases"), DocumentShelf(tmp_path / "documents")
    first = kept(shelf, FIRST)
    shelf.promote(first.id, "x")
    assert not settle(shelf, documents) and not documents.mark()
    second = kept(shelf, SECOND, first.id)
    assert second.plan == SECOND and (second.sources / "plan.txt").is_file() and second.is_whole(READ)
    record = DocumentRecord("d-mine", "二号规划", SECOND, period=(2021, 2025), status=IN_FORCE, put_by="王芳")
    documents.put(record, second.knowledge)
    documents.set_status(OWN, ENDED)
    shelf.promote(second.id, "x")
    assert settle(shelf, documents) and standing(documents) == {FIRST: (BY_SUCCESSION, ENDED)}
    assert documents.read().own_status == BY_PERIOD and not settle(shelf, documents)
    third = kept(shelf, THIRD, second.id)
    shelf.promote(third.id, "x")
    both = {FIRST: (BY_SUCCESSION, ENDED), SECOND: (BY_SUCCESSION, BY_PERIOD)}
    assert settle(shelf, documents) and standing(documents) == both
    shelf.roll_back("x")
    assert settle(shelf, documents) and standing(documents) == {FIRST: (BY_SUCCESSION, ENDED)}
    shelf.roll_back("x", first.id)
    assert settle(shelf, documents) and standing(documents) == {SECOND: ("王芳", IN_FORCE)}
    assert documents.read().own_status == ENDED and documents.read().documents[0].id == "d-mine"
    assert not settle(shelf, documents)


def test_a_plan_before_that_is_gone_from_the_releases_stays_on_the_shelf(tmp_path: Path) -> None:
    """Releases are pruned after many trainings; its store was copied."""
    shelf, documents = Shelf(tmp_path / "releases"), DocumentShelf(tmp_path / "documents")
    first = kept(shelf, FIRST)
    second = kept(shelf, SECOND, first.id)
    shelf.promote(second.id, "x")
    assert settle(shelf, documents) and usual_id("一号规划") in {each.id for each in documents.read().documents}
    shutil.rmtree(first.folder)
    settle(shelf, documents)
    assert standing(documents) == {FIRST: (BY_SUCCESSION, BY_PERIOD)}


@pytest.mark.slow  # copies releases
def test_another_plan_takes_two_people_and_a_passed_evaluation_and_no_trial(engine: Engine, tmp_path: Path) -> None:
    """Whoever proposed it cannot promote it; the audit log names the plan; a training of the same plan needs no second one."""
    shelf = Shelf(tmp_path / "releases")
    first = kept(shelf, FIRST)
    shelf.promote(first.id, "x")
    second = kept(shelf, SECOND, first.id)
    with pytest.raises(GateNotPassed, match="还没有评测"), transaction(engine) as session:
        switching.promote(session, OTHER, shelf, second.id)
    write_plan_report(second, first.id, passed=False)
    with pytest.raises(GateNotPassed, match="没有通过"), transaction(engine) as session:
        switching.promote(session, OTHER, shelf, second.id)
    told = list(release_lines([second], shelf.rollout())) + list(report_lines(report_of(second), str))  # type: ignore[arg-type] # it was written above
    assert "没通过" in told[0] and any(line.startswith("✗ wrong: 13.3%") for line in told), told
    write_plan_report(second, first.id)
    with pytest.raises(InvalidInput, match="两位管理员"), transaction(engine) as session:
        switching.promote(session, ONE, shelf, second.id)
    with pytest.raises(InvalidInput, match="试用"), transaction(engine) as session:
        switching.try_out(session, OTHER, shelf, second.id, 5)
    with transaction(engine) as session:
        assert plan_now(session) == "" and switching.promote(session, OTHER, shelf, second.id).serving == second.id
        assert plan_now(session) == SECOND
    with transaction(engine) as session:
        switching.roll_back(session, ONE, shelf)
        assert plan_now(session) == ""


def switched(session: Session, plan: str, hours_ago: float) -> None:
    """A switch in the audit log."""
    row = AuditRow(at=now() - timedelta(hours=hours_ago), account="x", action="release.promote", target="release:x")
    row.after = {"serving": "x", "plan": plan} if plan else {"serving": "x"}
    session.add(row)


def approved(session: Session, kind: str, question: str, hours_ago: float) -> CorrectionRow:
    """An approved correction."""
    at = now() - timedelta(hours=hours_ago)
    row = CorrectionRow(kind=kind, question=question, status="approved", made_by="x", made_at=at, decided_at=at)
    row.text, row.url, row.expires_on = "请打 12345", "https://www.shqp.gov.cn/", date.today() + timedelta(9)
    row.commitment_id = "c-other" if kind == "link" else ""
    session.add(row)
    session.flush()
    republish(session, row)
    return row


@pytest.mark.slow  # the built knowledge
def test_that_a_plan_is_silent_holds_for_that_plan(engine: Engine) -> None:
    """Said before another plan came, it is published no more, demanded by no gate of the other plan and taught to no other;
    what belongs to no plan stays. Going back brings it back.
    """
    with transaction(engine) as session:
        approved(session, "silent", "老规划没写的", 9)
        approved(session, "not_ours", "哪里吃饭", 9)
        switched(session, SECOND, 5)
        silent = int(approved(session, "silent", "新规划没写的", 3).id)
        approved(session, "pointer", "新规划没写，有指引的", 3)
        approved(session, "link", "新规划有的", 3)
        assert plan_at(session)(now() - timedelta(hours=6)) == "" and plan_now(session) == SECOND
    with transaction(engine) as session:
        switching.publish_of_plan(session)
        live = {each.question for each in live_now(session).questions}
        assert live == {"哪里吃饭", "新规划没写的", "新规划没写，有指引的", "新规划有的"}
        assert {q.question for q in approved_questions(session, built_finder())} == live - {"新规划有的"}
        assert {each["question"] for each in approved_corrections(session)} == {"老规划没写的", "哪里吃饭"}
        of_plan = {each.question: each.plan for each in decisions_of(session)}
        assert of_plan["新规划没写的"] == of_plan["新规划有的"] == SECOND and of_plan["老规划没写的"] == ""
        switched(session, "", 1)
        session.flush()
        switching.publish_of_plan(session)
        assert {each.question for each in live_now(session).questions} == {"老规划没写的", "哪里吃饭", "新规划有的"}
    with reading(engine) as session:
        assert f"correction:{silent}" not in tables.sources(session.connection())
