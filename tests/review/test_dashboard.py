"""The dashboard agrees with the log to the turn; its percentiles are exact; the report opens where there is something."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations.database import engine_for
from conversations.migrations import bring_up_to_date
from conversations.turn_log import TurnLog
from conversations.turns import PAUSED, Turn
from review.database.engine import reading, transaction
from review.database.migrating import migrate, migrate_to
from review.reports.figures import Figures, Period, figures_of, last_month_with_turns
from review.reports.versions import version_figures
from review.shown import SHANGHAI
from review.triage import missed
from review.triage.counting import percentile
from review.triage.reader import VERY_LATE, TriageReader
from tests.review.turns import turn

FIRST, DAYS = date(2026, 3, 1), 6
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=timezone.utc)  # in Qingpu


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database with the log's tables and the console's."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for tests only, long enough")
    made = engine_for(f"sqlite:///{tmp_path}/review.sqlite")
    bring_up_to_date(made)
    migrate(made)
    yield made
    made.dispose()


def any_turns(chance: random.Random, most: int) -> list[Turn]:
    """Turns of every kind, at any time of `DAYS` days, in the order in which they were asked."""
    outcomes = ("answered", "not_in_plan", "out_of_scope", "clarify", "chat", "handoff", "error", "danger", PAUSED)
    found = []
    for number in range(most):
        outcome = chance.choice(outcomes)
        found.append(
            turn(
                number,
                f"问题{chance.randrange(20)}",
                "error" if outcome == PAUSED else outcome,
                step=PAUSED if outcome == PAUSED else "weighed",
                danger="fire" if outcome == "danger" else "",
                asked_at=MIDNIGHT + timedelta(seconds=chance.randrange(DAYS * 86400)),
                session=f"s-{chance.randrange(60)}",
                channel=chance.choice(("web", "wechat", "rest")),
                topic=chance.choice((None, "housing", "elderly_care")),
                latency_ms={"total": chance.lognormvariate(4, 2)} if chance.random() < 0.9 else {},
                model=chance.choice(("m-1", "m-2")),
                feedback=chance.choice((None, None, "up", "down")),
            )
        )
    return sorted(found, key=lambda each: each.asked_at)


def day_of(each: Turn) -> date:
    """In Qingpu."""
    return each.asked_at.astimezone(SHANGHAI).date()


def counted(turns: list[Turn]) -> Figures:
    """The same, one by one from the log."""
    found = Figures(days={FIRST + timedelta(days=n): Counter() for n in range(DAYS)})
    for each in turns:
        outcome = PAUSED if each.step == PAUSED else each.outcome
        found.turns += 1
        found.up += each.feedback == "up"
        found.down += each.feedback == "down"
        found.outcomes[outcome] += 1
        found.topics[each.topic or ""] += 1
        found.channels[each.channel] += 1
        found.hours[each.asked_at.astimezone(SHANGHAI).hour] += 1
        found.days[day_of(each)][outcome] += 1
    found.sessions = len({(each.session, day_of(each)) for each in turns})
    return found


@pytest.mark.slow  # the built knowledge
@pytest.mark.parametrize("seed", [1, 2])
def test_the_dashboard_agrees_with_the_log_to_the_turn(engine: Engine, seed: int) -> None:
    """Every figure, of turns that came in many batches, with thumbs given, replaced and taken back since."""
    chance = random.Random(seed)
    log, reader, turns = TurnLog(str(engine.url)), TriageReader(engine, engine), any_turns(chance, 700)
    for at, each in enumerate(turns):
        log.record(each)
        if at % 90 == 0:
            reader.read_all()
    reader.read_all()
    for each in chance.sample(turns, 60):
        log.give_feedback(each.id, chance.choice(("up", "down")))
        reader.read_on()
    stored = [log.turn(each.id) for each in turns]
    wanted, period = (
        counted([each for each in stored if each is not None]),
        Period(FIRST, FIRST + timedelta(days=DAYS - 1)),
    )
    with reading(engine) as session:
        found = figures_of(session, period)
        versions = version_figures(session, period, ())
    for name in ("turns", "sessions", "up", "down", "outcomes", "topics", "channels", "hours", "days"):
        assert getattr(found, name) == getattr(wanted, name), name
    asked = [each for each in turns if each.outcome not in ("chat", "danger") and each.step != PAUSED]
    assert found.questions == len(asked) == sum(each.questions for each in versions)
    assert found.answered_share == sum(each.outcome == "answered" for each in turns) / len(asked)
    assert sum(each.errors for each in versions) == sum(e.outcome == "error" and e.step != PAUSED for e in turns)
    times = sorted(each.total_ms for each in turns if each.total_ms is not None)
    assert found.timed == len(times)
    for share in (0.5, 0.95):
        exact = times[-(-len(times) * int(share * 100) // 100) - 1]
        assert exact <= (found.latency_ms(share) or 0) < exact + 1
    log.close()


@pytest.mark.slow  # the built knowledge
def test_what_the_log_learned_days_later_is_counted_in_the_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a queue that was down longer than anybody looks back; part by part, and each turn once."""
    monkeypatch.setattr(missed, "SWEPT", 4)
    log, reader = TurnLog(str(engine.url)), TriageReader(engine, engine)
    start = datetime(2026, 3, 1, tzinfo=timezone.utc)
    for number in range(0, 20, 2):
        log.record(turn(number, asked_at=start + timedelta(days=number)))
    reader.read_all()
    for number in range(1, 19, 2):
        log.record(turn(number, asked_at=start + timedelta(days=number)))
    assert reader.read_on(VERY_LATE) == 0
    assert sum(missed.read_missed(reader) for _ in range(8)) == 9
    assert sum(missed.read_missed(reader) for _ in range(8)) == 0
    with reading(engine) as session:
        assert figures_of(session, Period(date(2026, 3, 1), date(2026, 3, 31))).turns == 19
    log.close()


@pytest.mark.parametrize(
    ("latency", "share", "expected"),
    [
        ({}, 0.5, None),
        ({7: 1}, 0.95, 7),
        ({10: 1, 20: 1}, 0.5, 10),
        ({10: 1, 20: 2}, 0.5, 20),
        ({1: 95, 9000: 5}, 0.95, 1),
        ({1: 94, 9000: 6}, 0.95, 9000),
    ],
)
def test_percentiles_are_a_time_that_was_measured(latency: dict[int, int], share: float, expected: int | None) -> None:
    """The least within which that share was answered: no class, no interpolation."""
    assert percentile(latency, share) == expected


@pytest.mark.slow  # the built knowledge
def test_the_report_opens_on_the_last_month_that_has_turns(engine: Engine) -> None:
    """A whole month before this one where there is any; this one where all began with it; else the last."""
    log, reader, today = TurnLog(str(engine.url)), TriageReader(engine, engine), date(2026, 6, 10)

    def opens() -> date:
        reader.read_all()
        with reading(engine) as session:
            return last_month_with_turns(session, today)

    assert opens() == date(2026, 5, 1)
    log.record(turn(1, asked_at=datetime(2026, 6, 2, tzinfo=timezone.utc)))
    assert opens() == date(2026, 6, 1)
    log.record(turn(2, asked_at=datetime(2026, 3, 31, 17, tzinfo=timezone.utc)))  # April in Qingpu
    assert reader.read_on(timedelta(days=100)) == 1
    assert opens() == date(2026, 4, 1)
    log.close()


def test_times_that_were_counted_in_classes_are_kept_and_said_to_be_rough(tmp_path: Path) -> None:
    """The upgrade puts them at their upper edge; a period from the next day on is exact."""
    engine = engine_for(f"sqlite:///{tmp_path}/old.sqlite")
    migrate_to(engine, "0012")
    with transaction(engine) as session:
        session.execute(sa.text("INSERT INTO review_latency_count VALUES ('2026-03-01', 5, 7), ('2026-03-02', 16, 3)"))
        session.execute(sa.text("INSERT INTO review_version_latency VALUES ('2026-03-02', 'm', 'k', 16, 2)"))
    migrate(engine)
    with reading(engine) as session:
        old = figures_of(session, Period(date(2026, 3, 1), date(2026, 3, 2)))
        later = datetime.now(SHANGHAI).date() + timedelta(days=1)
        new = figures_of(session, Period(later, later))
    assert (old.latency, old.latency_exact, new.latency_exact) == (Counter({65: 7, 5001: 3}), False, True)
    engine.dispose()
