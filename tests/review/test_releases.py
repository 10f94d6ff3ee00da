"""Versions in the staff's hands: who may serve residents, what is written down of it, what a trial is judged by."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from evaluation.gate.judging import RealQuestion
from releases.release import Release
from releases.shelf import Shelf
from review.__main__ import main
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.correcting.corrections import Correction, record
from review.correcting.deciding import decide
from review.database.people import AuditRow
from review.errors import ChangedMeanwhile, GateNotPassed, GateNotRun, InvalidInput, NothingThere, ReviewError
from review.releases import inputs, switching
from review.releases.gate import report_of, run_gate
from review.releases.telling import gate_state
from review.reports.figures import Period
from review.reports.versions import Share, version_figures
from tests.review.conftest import Console
from tests.review.shelves import add_release, evaluated
from tests.review.turns import NOON, turn

WANG = Actor(None, "王芳")


@pytest.fixture
def console(start_console: Callable[..., Console]) -> Console:
    """A console of each test's own: switching is not undone."""
    return start_console()


@pytest.fixture
def shelf(tmp_path: Path, console: Console) -> Shelf:
    """The console's shelf, on which `old` served before `now`."""
    found = Shelf(tmp_path / "releases")
    for name in ("old", "now"):
        found.promote(add_release(found, name).id, "陈工")
    console.desk.shelf = found
    return found


@pytest.fixture
def new(shelf: Shelf) -> Release:
    """A release that has served nobody."""
    return add_release(shelf, "new", note="第 7 次训练")


def switched(console: Console, what: Callable[..., object], *arguments: object) -> None:
    """Do it in a transaction of the console."""
    with console.desk.transaction() as session:
        what(session, WANG, console.desk.shelf, *arguments)


def entries(console: Console) -> list[AuditRow]:
    """What the audit log says of releases, oldest first."""
    with console.desk.reading() as session:
        query = select(AuditRow).where(AuditRow.action.like("release.%")).order_by(AuditRow.id)
        return list(session.scalars(query))


def serving(shelf: Shelf) -> str:
    """What serves now."""
    rollout = shelf.rollout()
    assert rollout is not None
    return rollout.serving


def test_nobody_gets_a_version_that_did_not_pass_against_what_serves(
    console: Console, shelf: Shelf, new: Release
) -> None:
    """Not evaluated, failed, or passed against another version: neither promoted nor tried out, and nothing is written."""
    before = serving(shelf)
    for prepare in (
        lambda: None,
        lambda: evaluated(new, before, passed=False),
        lambda: evaluated(new, shelf.releases()[-1].id),
    ):
        prepare()
        for what in (switching.promote, lambda *given: switching.try_out(*given, 10)):
            with pytest.raises(GateNotPassed, match=new.id):
                switched(console, what, new.id)
    assert serving(shelf) == before and entries(console) == []


def test_a_version_that_passed_serves_and_can_be_taken_back(console: Console, shelf: Shelf, new: Release) -> None:
    """Each switch names who and both versions; going back needs no gate and ends a trial."""
    before = serving(shelf)
    evaluated(new, before)
    switched(console, switching.promote, new.id)
    assert serving(shelf) == new.id
    switched(console, switching.roll_back)
    assert serving(shelf) == before
    switched(console, switching.try_out, new.id, 25)
    oldest = shelf.releases()[-1].id
    switched(console, switching.roll_back, oldest)
    rollout = shelf.rollout()
    assert rollout is not None and (rollout.serving, rollout.candidate) == (oldest, "")
    told = [(row.action, row.target, (row.before or {}).get("serving")) for row in entries(console)]
    assert told == [
        ("release.promote", f"release:{new.id}", before),
        ("release.roll_back", f"release:{before}", new.id),
        ("release.try_out", f"release:{new.id}", None),
        ("release.roll_back", f"release:{oldest}", before),
    ]
    assert {row.account for row in entries(console)} == {"王芳"}


def test_going_back_is_not_a_way_around_the_gate(console: Console, shelf: Shelf, new: Release) -> None:
    """Only what has served before; a name that is not on the shelf is told with those that are."""
    with pytest.raises(InvalidInput, match="没有服务过"):
        switched(console, switching.roll_back, new.id)
    with pytest.raises(NothingThere, match=new.id):
        switched(console, switching.roll_back, "19990101-0000-aaaaaa")


def test_a_version_in_another_format_serves_nobody(console: Console, shelf: Shelf, new: Release) -> None:
    """Passed or used before: not promoted, not tried out, not gone back to, not offered; the page says why."""
    evaluated(new, serving(shelf))
    oldest = shelf.releases()[-1]
    for release in (new, oldest):
        manifest = release.folder / "release.json"
        data = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({**data, "formats": {**data["formats"], "models": 0}}), encoding="utf-8")
    for what in (switching.promote, lambda *given: switching.try_out(*given, 10)):
        with pytest.raises(InvalidInput, match=r"models 0.*make train"):
            switched(console, what, new.id)
    with pytest.raises(InvalidInput, match=r"models 0.*make train"):
        switched(console, switching.roll_back, oldest.id)
    with pytest.raises(InvalidInput, match="没有可以退回的版本"):
        switched(console, switching.roll_back)
    assert [gate_state(release, shelf.rollout()) for release in shelf.releases()] == ["unreadable", "", "unreadable"]
    assert entries(console) == []


def test_a_trial_begins_changes_and_ends(console: Console, shelf: Shelf, new: Release) -> None:
    """Share by share; 0 ends it; a share that cannot be is refused; what serves cannot be tried."""
    evaluated(new, serving(shelf))
    for share in (5, 50):
        switched(console, switching.try_out, new.id, share)
        rollout = shelf.rollout()
        assert rollout is not None and (rollout.candidate, rollout.share) == (new.id, share)
    switched(console, switching.try_out, new.id, 0)
    rollout = shelf.rollout()
    assert rollout is not None and rollout.candidate == ""
    for release_id, share in ((new.id, 100), (rollout.serving, 10)):
        with pytest.raises(InvalidInput):
            switched(console, switching.try_out, release_id, share)
    assert [row.action for row in entries(console)] == ["release.try_out", "release.try_out", "release.stop"]


def test_who_looks_at_an_old_page_does_not_undo_what_a_colleague_did(
    console: Console, shelf: Shelf, new: Release
) -> None:
    """The form says what served when the page was made."""
    old_page = serving(shelf)
    evaluated(new, old_page)
    switched(console, switching.promote, new.id)
    with pytest.raises(ChangedMeanwhile, match="王芳"), console.desk.transaction() as session:
        switching.roll_back(session, WANG, shelf, seen=old_page)
    assert serving(shelf) == new.id


def test_the_pages_switch_in_one_click(console: Console, shelf: Shelf, new: Release) -> None:
    """Promote and roll back are plain forms of an editor; a viewer has none; a refusal is a page that says why."""
    before = serving(shelf)
    evaluated(new, before)
    assert 'name="do"' not in console.as_role(Role.VIEWER).get("/releases").text
    editor = console.as_role(Role.EDITOR)
    page = editor.get("/releases").text
    assert "上线" in page and new.id in page and "第 7 次训练" in page
    reply = editor.post("/releases", do="promote", release=new.id, seen=before)
    assert reply.status_code == 303 and serving(shelf) == new.id
    assert "test-editor" in editor.get("/releases?said=promoted").text
    late = editor.post("/releases", do="roll-back", release=before, seen=before)
    assert late.status_code == 409 and serving(shelf) == new.id
    editor.get("/releases")
    assert editor.post("/releases", do="roll-back", release=before, seen=new.id).status_code == 303
    assert serving(shelf) == before
    other = add_release(shelf, "other")
    refused = editor.post("/releases", do="promote", release=other.id, seen=before)
    assert refused.status_code == 409 and "还没有评测" in refused.text


def test_the_report_tells_question_by_question(console: Console, shelf: Shelf, new: Release) -> None:
    """Why it failed, what was lost, what waits, what was set aside, and real questions from the log alone."""
    console.desk.turns.record(turn(1, "床位还有吗", session="s-real"))
    real = [RealQuestion(f"a-{1:032d}", "床位还有吗", 3), RealQuestion("a-gone", "早就删了的话")]
    evaluated(new, serving(shelf), passed=False, real=real)
    page = console.as_role(Role.VIEWER).get(f"/releases/{new.id}").text
    for told in (
        "评测没通过",
        "养老",
        "有批准过的纠正失效了",
        "问题0",
        "还没学到的纠正",
        "与更新的纠正矛盾",
        "床位还有吗",
        "（已删除）",
    ):
        assert told in page
    assert "早就删了的话" not in page and "早就删了的话" not in new.gate.read_text(encoding="utf-8")


def test_a_report_of_another_format_counts_as_none(shelf: Shelf, new: Release) -> None:
    """Half written or of another version: evaluated again, never trusted."""
    for text in ("{", "{}", "[]", '{"passed": true}'):
        new.gate.write_text(text, encoding="utf-8")
        assert report_of(new) is None


def test_what_a_candidate_is_asked(console: Console) -> None:
    """Approved corrections, not those taken back; last week's questions, the frequent first, none with personal data."""
    with console.desk.transaction() as session:
        for number, question in enumerate(("怎么申请公租房", "托班在哪里报名")):
            row = record(session, WANG, Correction("silent", question), (), is_to_wait=False)
            if number:
                decide(session, WANG, row.id, row.version, "withdrawn", two_people=False)
    lately = datetime.now(timezone.utc) - timedelta(days=1)
    asked = [
        turn(1, "床位有多少", asked_at=lately),
        turn(2, "公租房有多少", asked_at=lately),
        turn(3, "公租房有多少", asked_at=lately + timedelta(minutes=1)),
        turn(4, "我叫〔姓名〕", asked_at=lately, masked=["name"]),
        turn(5, "那什么时候", asked_at=lately, intents={"ask_when": 0.9}),
        turn(6, "你好", "chat", asked_at=lately),
        turn(7, "上个月问的", asked_at=lately - timedelta(days=9)),
    ]
    console.log_turns(asked)
    with console.desk.reading() as session:
        corrections = inputs.approved_corrections(session)
    with console.desk.log.session() as log:
        questions = inputs.real_questions(log, datetime.now(timezone.utc))
    assert [(c["kind"], c["question"]) for c in corrections] == [("silent", "怎么申请公租房")]
    assert [(q["question"], q["asked"], q["id"]) for q in questions] == [
        ("公租房有多少", 2, asked[2].id),
        ("床位有多少", 1, asked[0].id),
    ]


def test_a_gate_that_cannot_run_is_no_verdict(console: Console, shelf: Shelf, new: Release) -> None:
    """These releases hold no knowledge: the real gate says so, in its own process; no report, no audit entry."""
    said: list[str] = []
    with pytest.raises(GateNotRun, match="知识库"):
        run_gate(console.desk.engine, console.desk.log.engine, shelf, new.id, actor=WANG, on_line=said.append)
    assert report_of(new) is None and entries(console) == []
    with pytest.raises(ReviewError, match="正在使用"):
        run_gate(console.desk.engine, console.desk.log.engine, shelf, serving(shelf), actor=WANG)


@pytest.fixture
def terminal(console: Console, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command line works on the same tables and the same shelf."""
    monkeypatch.setenv("RELEASES_DIR", str(shelf.folder))
    monkeypatch.setenv("CONVERSATIONS_URL", console.desk.settings.log_url)
    monkeypatch.delenv("REVIEW_URL", raising=False)
    yield


def test_the_command_line_tells_programs_what_happened(
    console: Console, shelf: Shelf, new: Release, terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 done, 2 the gate says no, 1 it could not be; the newest version unless one is named."""
    before = serving(shelf)
    assert main(["gate"]) == 1 and main(["promote"]) == 2 and main(["canary", new.id, "10"]) == 2
    evaluated(new, before, passed=False)
    assert main(["gate"]) == 2 and main(["promote", new.id]) == 2
    assert "没通过" in capsys.readouterr().out
    evaluated(new, before)
    assert main(["gate", new.id]) == 0
    assert "elderly_care" in capsys.readouterr().out
    assert main(["canary", new.id, "10"]) == 0 and main(["canary", new.id, "off"]) == 0
    assert main(["canary", new.id, "many"]) == 1
    assert main(["promote"]) == 0 and serving(shelf) == new.id
    capsys.readouterr()
    assert main(["releases", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["serving"] == new.id and [r["state"] for r in listed["releases"]].count("serving") == 1
    assert main(["releases"]) == 0 and "在用 serving" in capsys.readouterr().out
    assert main(["rollback"]) == 0 and serving(shelf) == before
    assert main(["rollback", "19990101-0000-aaaaaa"]) == 1
    assert main(["evaluate", before]) == 1
    assert {row.account for row in entries(console)} == {"命令行 command line"}


def test_the_exit_code_reaches_the_shell(shelf: Shelf, new: Release, terminal: None) -> None:
    """As CI sees it."""
    command = [sys.executable, "-m", "review", "promote", new.id]
    found = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert found.returncode == 2 and "还没有评测" in found.stderr


def test_turns_are_counted_by_the_versions_that_answered(console: Console, shelf: Shelf, new: Release) -> None:
    """By day and release, thumbs that change included; a version that is kept no more stands under its own name."""
    now = next(release for release in shelf.releases() if release.id == serving(shelf))
    answered = {"model": now.model_version, "knowledge": now.knowledge_version, "latency_ms": {"total": 42.0}}
    tried = {"model": new.model_version, "knowledge": new.knowledge_version, "latency_ms": {"total": 420.0}}
    turns = [
        *(turn(n, **answered) for n in range(1, 9)),
        turn(9, "怎么申请", "not_in_plan", **answered),
        turn(10, "你好", "chat", **answered),
        *(turn(n, "怎么申请", "not_in_plan", **tried) for n in range(11, 18)),
        turn(18, outcome="error", **{**tried, "knowledge": ""}),
        turn(19, model="long ago", knowledge="forgotten"),
    ]
    console.log_turns(turns)
    console.desk.triage.read_all()
    for value in ("up", "down"):
        console.desk.turns.give_feedback(turns[0].id, value)
        console.read_vote(turns[0].id, value)
    day = Period(NOON.date(), NOON.date())
    with console.desk.reading() as session:
        first, second, third = version_figures(session, day, shelf.releases())
    assert (first.release, first.turns, first.questions, first.answered, first.refused) == (now.id, 10, 9, 8, 1)
    assert (first.up, first.down, first.median_ms) == (0, 1, 42.0)
    assert (second.release, second.turns, second.errors, second.answered, second.median_ms) == (new.id, 8, 1, 0, 420.0)
    assert (third.release, third.name) == ("", "long ago · forgotte")
    assert second.answered_share.differs_from(first.answered_share)
    assert not second.error_share.differs_from(first.error_share)


def test_the_dashboard_shows_them_side_by_side(console: Console, shelf: Shelf, new: Release) -> None:
    """With intervals, and as CSV."""
    now = serving(shelf)
    console.desk.turns.record(turn(1, model=shelf.release(now).model_version, knowledge="knowledge-now"))
    console.desk.turns.record(turn(2, model=new.model_version, knowledge=new.knowledge_version))
    console.desk.triage.read_all()
    viewer, period = console.as_role(Role.VIEWER), f"since={date(2026, 3, 1)}&until={date(2026, 3, 3)}"
    page = viewer.get(f"/dashboard?{period}").text
    assert "按版本" in page and now in page and new.id in page and "100.0%" in page
    lines = viewer.get(f"/dashboard/versions.csv?{period}").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("版本,模型,知识库,问答") and len(lines) == 3


def test_a_share_of_nothing_has_no_interval() -> None:
    """Nor a value; of something it has both."""
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 0).interval is None and Share(0, 0).value is None
