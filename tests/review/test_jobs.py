"""Trainings as jobs, with real processes: consoles that are killed, runners that are killed, small real trainings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from conversations.database import engine_for
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.correcting.corrections import Correction, record
from review.database.engine import migrate, reading, transaction
from review.database.jobs import JobRow, ScheduleRow
from review.database.people import AuditRow
from review.errors import InvalidInput, JobRuns
from review.jobs import book
from review.jobs.news import news
from review.jobs.processes import family
from review.jobs.schedule import ask_if_due, schedule, set_schedule
from review.shown import SHANGHAI
from tests.journeys.processes import free_port
from tests.review.conftest import PASSWORD, Console, Visitor
from tests.services import Postgres, postgres
from tests.training.project import edit_question, run, start, wait_for_child, wait_until_gone

pytestmark = pytest.mark.timeout(900)
WHO = Actor(None, "王芳")
WITHIN_S = 120  # a machine that may be busy
NIGHT = datetime(2026, 3, 2, 2, 30, tzinfo=SHANGHAI)


class LiveConsole:
    """`python -m review` in a project, as an operator starts it."""

    def __init__(self, project: Path) -> None:
        self.project, self.port = project, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Visitor:
        """Start it and sign in as the administrator."""
        self.process = start(self.project, "review", REVIEW_PORT=str(self.port), REVIEW_SECOND_FACTOR_FROM="nobody")
        visitor = Visitor(self.address)
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until:
            assert self.process.poll() is None, self.process.communicate()[0]
            try:
                if visitor.get("/health").ok:
                    break
            except OSError:
                time.sleep(0.2)
        assert visitor.sign_in("admin", PASSWORD).status_code == 303
        return visitor

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def engine(project: Path) -> Iterator[Engine]:
    """The tables of a project's console."""
    made = engine_for(f"sqlite:///{project}/var/conversations-review.sqlite")
    migrate(made)
    yield made
    for row in rows(made):
        for pid in family(row.mark):  # what a failed test leaves
            os.kill(pid, signal.SIGKILL)
    made.dispose()


@pytest.fixture
def live(project: Path, engine: Engine) -> Iterator[LiveConsole]:
    """A console that a test starts, with an administrator."""
    made = subprocess.run(
        [sys.executable, "-m", "review", "create-admin", "admin", "--password-stdin"],
        cwd=project,
        input=PASSWORD,
        text=True,
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    console = LiveConsole(project)
    yield console
    if console.process is not None and console.process.poll() is None:
        console.kill()


def rows(engine: Engine) -> list[JobRow]:
    """All jobs, newest first."""
    with reading(engine) as session:
        return list(session.scalars(select(JobRow).order_by(JobRow.id.desc())))


def wait_for(engine: Engine, number: int, *states: str) -> JobRow:
    """A job as soon as it is in one of the states."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        found = next(row for row in rows(engine) if row.id == number)
        if found.status in states:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{found.status} {found.stage} {found.error}")


def wait_until_building(engine: Engine, number: int) -> JobRow:
    """A job as soon as it builds knowledge."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        row = next((row for row in rows(engine) if row.id == number), None)
        assert row is None or row.slot is not None, f"{row.status} {row.error}"
        for pid in family(row.mark) if row is not None else ():
            try:
                if b"knowledge\0build" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return row
            except OSError:
                continue
        time.sleep(0.05)
    raise AssertionError("no build began")


def approve(engine: Engine, question: str = "廉租房还有没有") -> None:
    """A correction that needs no other person."""
    with transaction(engine) as session:
        record(session, WHO, Correction(kind="silent", question=question), (), is_to_wait=False)


def test_a_job_outlives_its_console_and_is_cancelled_from_the_next(
    live: LiveConsole, engine: Engine, project: Path
) -> None:
    """Start, ask twice, kill the console, start it again: the job is shown as if nothing had been; then cancel it in 5 s."""
    approve(engine)
    edit_question(project)
    visitor = live.start()
    page = visitor.get("/training").text
    assert "廉租房还有没有" in page and "开始训练" in page
    assert visitor.post("/training", do="start").headers["Location"].startswith("/training")
    assert visitor.post("/training", do="start").status_code == 409
    assert "admin 在" in visitor.post("/training", do="start").text
    row = wait_until_building(engine, 1)
    live.kill()
    assert row.pid is not None and os.getpgid(row.pid) == row.pid
    visitor = live.start()
    page = visitor.get("/training").text
    assert "<progress" in page and any(
        stage in page for stage in ("建知识库", "训练模型")
    )  # a small plan is built soon
    assert "取消这次训练" in page and "开始训练" not in page
    assert "== knowledge" in page
    processes = list(family(row.mark))
    assert len(processes) >= 3  # the runner, the training, the build
    asked = time.monotonic()
    assert visitor.post("/training", do="cancel").status_code == 303
    wait_until_gone(processes, 5 - (time.monotonic() - asked))
    assert wait_for(engine, 1, "cancelled").cancelled_by == "admin"
    assert "取消的人：admin" in visitor.get("/training").text
    assert "== knowledge" in visitor.get("/training/1/log").text
    assert visitor.post("/training", do="cancel").status_code == 404
    with reading(engine) as session:
        acts = [(row.account, row.action) for row in session.scalars(select(AuditRow)) if row.action.startswith("job")]
    assert acts == [("admin", "job.ask"), ("admin", "job.cancel")]


def test_a_runner_that_died_is_noticed_and_makes_room(project: Path, engine: Engine) -> None:
    """kill -9: the job has failed with what to do, its processes are gone, and the next job comes to its end."""
    approve(engine)
    catalogue = project / "knowledge/sources/catalogue/housing.yml"
    original = catalogue.read_text(encoding="utf-8")
    edit_question(project)
    terminal = start(project, "review", "train")
    row = wait_until_building(engine, 1)
    processes = list(family(row.mark))
    assert row.pid is not None
    os.kill(row.pid, signal.SIGKILL)
    out = terminal.communicate(timeout=60)[0]
    assert terminal.returncode == 1 and "训练进程没有了" in out
    wait_until_gone(processes, 5)
    assert "没有成功" in run(project, "review", "jobs").stdout
    catalogue.write_text(original, encoding="utf-8")
    done = run(project, "review", "train", "--if-new")
    assert done.returncode == 0, done.stdout + done.stderr
    last = rows(engine)[0]
    assert (last.status, last.outcome, last.progress) == ("succeeded", "passed", 1.0) and last.release_id
    assert last.asked_for_by.startswith("命令行") and last.started_at and last.ended_at
    said = Path(project / last.log).read_text(encoding="utf-8")
    assert "模型训练完成" in said and "通过 passed" in said  # the one that died had exported, and trained nothing
    again = run(project, "review", "train", "--if-new")
    assert again.returncode == 4 and "没有新的纠正" in again.stdout


def test_the_terminal_cancels_waits_and_refuses(project: Path, engine: Engine) -> None:
    """Ctrl-C cancels (130); while another trains: 3, also for a `make train` in somebody's terminal; cancel: 0, then 1."""
    edit_question(project)
    terminal = start(project, "review", "train")
    row = wait_until_building(engine, 1)
    refused = run(project, "review", "train")
    assert refused.returncode == 3 and "命令行" in refused.stderr
    assert run(project, "training").returncode == 3
    processes = list(family(row.mark))
    terminal.send_signal(signal.SIGINT)
    out = terminal.communicate(timeout=30)[0]
    assert terminal.returncode == 130, out
    wait_until_gone(processes, 1)
    assert rows(engine)[0].status == "cancelled"
    other = start(project, "training", "--by", "李强")
    wait_for_child(other, "knowledge build")
    refused = run(project, "review", "train")
    assert refused.returncode == 3 and f"李强，进程 {other.pid}" in refused.stderr
    assert len(rows(engine)) == 1
    waiting = start(project, "review", "train", "--wait")
    assert waiting.stdout is not None and "等它结束" in waiting.stdout.readline()
    other.terminate()
    other.communicate(timeout=30)
    wait_until_building(engine, 2)
    assert run(project, "review", "cancel").returncode == 0
    waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert run(project, "review", "cancel").returncode == 1


def test_a_training_that_fails_says_why(project: Path, engine: Engine) -> None:
    """A fault in the catalogue: exit code 1, file and mend in the job's error, and the place is free again."""
    path = project / "knowledge/sources/catalogue/housing.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("quote: ", "quote: 并没有这一句", 1), encoding="utf-8")
    done = run(project, "review", "train")
    assert done.returncode == 1
    row = rows(engine)[0]
    assert row.status == "failed" and "housing.yml" in row.error.splitlines()[0] and row.slot is None
    assert "housing.yml" in done.stderr


def test_schedule_from_the_terminal(project: Path, engine: Engine) -> None:
    """Set, show, refuse, switch off."""
    assert "02:30" in run(project, "review", "schedule", "2:30").stdout
    assert "02:30" in run(project, "review", "schedule").stdout
    assert run(project, "review", "schedule", "25:00").returncode == 1
    assert "off" in run(project, "review", "schedule", "off").stdout
    with reading(engine) as session:
        assert schedule(session).at == ""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def tables(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The console's tables, in a folder where nobody trains."""
    monkeypatch.chdir(tmp_path)
    url = (
        f"sqlite:///{tmp_path}/review.sqlite"
        if request.param == "sqlite"
        else request.getfixturevalue("server").new_database()
    )
    made = engine_for(url)
    migrate(made)
    yield made
    made.dispose()


def at_night(engine: Engine) -> None:
    """Each night at 02:30, decided the day before."""
    with transaction(engine) as session:
        set_schedule(session, WHO, "02:30")
        session.get(ScheduleRow, 1).set_at = NIGHT - timedelta(days=1)


def test_once_a_night_however_many_consoles_ask(tables: Engine) -> None:
    """Eight ask at once: one gets the job; after it has ended nobody trains again that night, but the next night."""
    approve(tables)
    at_night(tables)
    assert ask_if_due(tables, NIGHT - timedelta(minutes=1)) is None
    found: list[int | None] = []
    asking = [threading.Thread(target=lambda: found.append(ask_if_due(tables, NIGHT))) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert sorted(found, key=str) == [1] + [None] * 7
    with transaction(tables) as session:
        row = book.job(session, 1)
        assert row.asked_for_by == "夜间自动"
        book.close(row, book.FAILED, "test")
    assert ask_if_due(tables, NIGHT + timedelta(hours=1)) is None
    assert ask_if_due(tables, NIGHT + timedelta(days=1)) == 2


def test_no_night_without_something_new_and_none_too_late(tables: Engine) -> None:
    """Nothing was decided: nothing starts. A console that was down at the time does not train at noon."""
    at_night(tables)
    assert ask_if_due(tables, NIGHT) is None
    approve(tables)
    assert ask_if_due(tables, NIGHT + timedelta(minutes=5)) is None
    assert ask_if_due(tables, NIGHT + timedelta(days=1, hours=9)) is None
    with transaction(tables) as session:
        set_schedule(session, WHO, "")
    assert ask_if_due(tables, NIGHT + timedelta(days=2)) is None


def test_a_job_in_the_way_is_waited_for(tables: Engine) -> None:
    """The night's training begins when the other has ended, within four hours."""
    approve(tables)
    at_night(tables)
    number = book.ask_for(tables, WHO)
    assert ask_if_due(tables, NIGHT) is None
    with pytest.raises(JobRuns, match="王芳"):
        book.ask_for(tables, WHO)
    with transaction(tables) as session:
        book.close(book.job(session, number), book.CANCELLED)
    assert ask_if_due(tables, NIGHT + timedelta(hours=2)) == number + 1


def test_news_are_what_was_decided_since_the_last_training_began(tables: Engine) -> None:
    """By kind; after a training that came to its end nothing is new."""
    approve(tables, "第一个")
    approve(tables, "第二个")
    with reading(tables) as session:
        assert dict(news(session).approved) == {"silent": 2} and news(session, 1).newest[0].question == "第二个"
    number = book.ask_for(tables, WHO)
    with transaction(tables) as session:
        row = book.job(session, number)
        row.started_at = row.asked_at
        book.close(row, book.SUCCEEDED)
    with reading(tables) as session:
        assert news(session).total == 0
    approve(tables, "第三个")
    with reading(tables) as session:
        assert news(session).total == 1


def test_times_that_cannot_be_are_refused(tables: Engine) -> None:
    """24:00, words, an empty minute."""
    for wrong in ("24:00", "半夜", "02:", "2:7", "02:60"):
        with pytest.raises(InvalidInput), transaction(tables) as session:
            set_schedule(session, WHO, wrong)


def test_who_may_and_what_the_form_takes(console: Console) -> None:
    """A viewer sees the page without buttons; an editor sets the schedule; an unknown wish is refused."""
    viewer, editor = console.as_role(Role.VIEWER), console.as_role(Role.EDITOR)
    page = viewer.get("/training").text
    assert "还没有训练过" in page and "开始训练" not in page and 'name="at"' not in page
    editor.get("/training")
    assert editor.post("/training", do="schedule", on="1", at="03:15").status_code == 303
    assert "03:15" in viewer.get("/training").text
    assert editor.post("/training", do="schedule", at="03:15").status_code == 303
    assert "没有定时训练" in viewer.get("/training").text
    assert editor.post("/training", do="schedule", on="1", at="99:99").status_code == 422
    assert editor.post("/training", do="dance").status_code == 422
