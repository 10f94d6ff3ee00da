"""The dashboard, its exports, and the monthly report for printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from conversations.spool import Spool
from knowledge.reply.answer import Outcome
from review import filtering
from review.filtering import Fault, TakenQuery
from review.inbox.filters import SINCE, UNTIL
from review.language import translator
from review.pages.exporting import table_response
from review.releases.shelving import shelf_errors
from review.reports import charts
from review.reports.figures import Figures, Period, change_of, figures_of, hot_commitments, last_month_with_turns
from review.reports.versions import counted_since, version_figures
from review.shown import OUTCOME_LABELS, SHANGHAI, channel, outcome, topic
from review.typed import day, month
from review.visit import Visit

MAX_DAYS = 400  # a year and a bit; more is what the monthly reports are for
DEFAULT_DAYS = 30
DANGER = Outcome.DANGER.value
VERSION_HEADER = (
    *(
        "版本",
        "模型",
        "知识库",
        "问答",
        "问题",
        "答上的",
        "答上的占比不低于（%）",
        "答上的占比不高于（%）",
        "拒答的",
        "出错",
    ),
    *("赞", "踩", "赞的占比不低于（%）", "赞的占比不高于（%）", "一半的答复不超过（毫秒）"),
)
MAX_BARS = 62  # days drawn one by one; more are drawn by the week, the table keeps the days


@dataclass(frozen=True)
class Chart:
    """A picture, the table behind it, and the sentence that says what it shows."""

    name: str
    title: str
    picture: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


def show(visit: Visit) -> web.Response:
    """A period in numbers, against as many days before."""
    period, found = _asked(visit)
    visit.taken(found)
    return visit.page("dashboard.html", **_content(visit, period), **_versions(visit, period), ranges=(7, 30, 90, 180))


def export(visit: Visit) -> web.Response:
    """Days by outcome as CSV or XLSX."""
    period = _strict_period(visit)
    with visit.desk.reading() as session:
        figures = figures_of(session, period)
    names = list(OUTCOME_LABELS)
    rows = [[day, *(counts[name] for name in names), sum(counts.values())] for day, counts in figures.days.items()]
    header = ["日期", *(outcome(name) for name in names), "合计"]
    return table_response(visit, header, rows, f"dashboard-{period.first}-{period.last}")


def export_versions(visit: Visit) -> web.Response:
    """The versions side by side as CSV or XLSX."""
    period = _strict_period(visit)
    rows = []
    for each in _versions(visit, period)["versions"]:
        answered, up = _percents(each.answered_share.interval), _percents(each.up_share.interval)
        named, counted = (each.release, each.model, each.knowledge), (each.turns, each.questions, each.answered)
        rows.append([*named, *counted, *answered, each.refused, each.errors, each.up, each.down, *up, each.median_ms])
    return table_response(visit, VERSION_HEADER, rows, f"versions-{period.first}-{period.last}")


def _percents(interval: tuple[float, float] | None) -> tuple[float | str, float | str]:
    """As the page writes them: to a tenth of a percent."""
    return (round(interval[0] * 100, 1), round(interval[1] * 100, 1)) if interval else ("", "")


def _versions(visit: Visit, period: Period) -> dict[str, Any]:
    with visit.desk.reading() as session, shelf_errors():
        shelf = visit.desk.shelf
        rollout = shelf.rollout()
        found = version_figures(session, period, shelf.releases())
        since = counted_since(session)
    serving = next((each for each in found if rollout and each.release == rollout.serving), None)
    return {"versions": found, "versions_since": since, "rollout": rollout, "serving_figures": serving}


def report(visit: Visit) -> web.Response:
    """A calendar month on paper."""
    today = datetime.now(SHANGHAI).date()
    first = month(visit.taken(filtering.asked(visit.query, [filtering.a_month("month", "月份")])).get("month", ""))
    if first is None:
        with visit.desk.reading() as session:
            first = last_month_with_turns(session, today)
    period = Period(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    return visit.page("report.html", month=f"{first:%Y-%m}", made_at=datetime.now(SHANGHAI), **_content(visit, period))


def _content(visit: Visit, period: Period) -> dict[str, Any]:
    say = translator(visit.language)
    today = datetime.now(SHANGHAI).date()
    with visit.desk.reading() as session:
        now, before = figures_of(session, period), figures_of(session, period.before)
        hot = hot_commitments(session, period)
        dangers_today = figures_of(session, Period(today, today)).outcomes[DANGER]
    commitments = {c.commitment_id: visit.desk.plan.commitment(c.commitment_id) for c in hot}
    named = [(commitments[c.commitment_id].title if commitments[c.commitment_id] else c.commitment_id, c) for c in hot]  # type: ignore[union-attr]
    return {
        "period": period,
        "now": now,
        "before": before,
        "dangers": now.outcomes[DANGER],
        "dangers_today": dangers_today,
        "today": today,
        "spooled": _spooled(visit),
        "tiles": _tiles(now, before),
        "charts": [*_charts(now, say), *_hot(named, say)],
    }


def _spooled(visit: Visit) -> int:
    """What waits on this machine for the log; 0 where the file is another user's."""
    with suppress(OSError):
        return Spool.of(visit.desk.settings.log_url).waiting()
    return 0


def _tiles(
    now: Figures, before: Figures
) -> list[tuple[str, Any, str, float | None, tuple[int | None, int, str] | None]]:
    """(name, value, how to write it, change against the period before, what of how many what)."""
    up, rated, asked = now.up, now.up + now.down, now.questions
    return [
        ("问答", now.turns, "count", change_of(now.turns, before.turns), (None, asked, "个是问题")),
        ("会话", now.sessions, "count", change_of(now.sessions, before.sessions), None),
        (
            "答上的",
            now.answered_share,
            "share",
            _points(now.answered_share, before.answered_share),
            (now.outcomes["answered"], asked, "个问题"),
        ),
        (
            "拒答的",
            now.refused_share,
            "share",
            _points(now.refused_share, before.refused_share),
            (now.refused, asked, "个问题"),
        ),
        ("评价里的赞", now.up_share, "share", _points(now.up_share, before.up_share), (up, rated, "次评价")),
        ("评价", now.up + now.down, "count", change_of(rated, before.up + before.down), None),
        ("一半的答复不超过", now.latency_ms(0.5), "ms", None, (None, now.timed, "次计时")),
        ("95% 的答复不超过", now.latency_ms(0.95), "ms", None, (None, now.timed, "次计时")),
    ]


def _points(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _charts(now: Figures, say: Callable[[str], str]) -> list[Chart]:
    outcomes = [name for name in OUTCOME_LABELS if now.outcomes[name]]
    days = list(now.days)
    by_day = {say(outcome(name)): [now.days[d][name] for d in days] for name in outcomes}
    width = 1 if len(days) <= MAX_BARS else 7
    labels = [f"{d:%m-%d}" for d in days[::width]]
    joined = {name: [sum(v[i : i + width]) for i in range(0, len(v), width)] for name, v in by_day.items()}
    hours = list(range(24))
    return [
        Chart(
            "days",
            say("每天的问答") if width == 1 else say("每周的问答"),
            charts.columns(labels, joined, stacked=True, alarm=say(outcome(DANGER))),
            [say("日期"), *by_day, say("合计")],
            [[d.isoformat(), *(now.days[d][n] for n in outcomes), sum(now.days[d].values())] for d in days],
        ),
        _ranking(
            "outcomes",
            say("答复类型"),
            {say(outcome(n)): now.outcomes[n] for n in outcomes},
            say,
            alarm=say(outcome(DANGER)),
        ),
        _ranking("topics", say("主题"), {say(topic(n)): c for n, c in now.topics.most_common()}, say),
        _ranking("channels", say("渠道"), {say(channel(n)): c for n, c in now.channels.most_common()}, say),
        Chart(
            "hours",
            say("一天里的时段"),
            charts.columns([f"{h}" for h in hours], {say("问答"): [now.hours[h] for h in hours]}),
            [say("时"), say("问答")],
            [[h, now.hours[h]] for h in hours],
        ),
    ]


def _hot(named: Sequence[tuple[str, Any]], say: Callable[[str], str]) -> list[Chart]:
    labels, asked = [title for title, _ in named], [c.asked for _, c in named]
    rows = [[title, c.asked, c.found, c.up, c.down] for title, c in named]
    header = [say("承诺"), say("被问到"), say("被找到"), say("赞"), say("踩")]
    return [Chart("hot", say("最常问到的承诺"), charts.bars(labels, asked), header, rows)]


def _ranking(name: str, title: str, counts: Mapping[str, int], say: Callable[[str], str], *, alarm: str = "") -> Chart:
    rows = [[label, count] for label, count in counts.items()]
    picture = charts.bars(list(counts), list(counts.values()), alarm=alarm)
    return Chart(name, title, picture, [title, say("问答")], rows)


def _asked(visit: Visit) -> tuple[Period, TakenQuery]:
    """The period that an address asks for, the last days where it asks for none that can be; and what is wrong with it."""
    today = datetime.now(SHANGHAI).date()
    found = filtering.asked(visit.query, (filtering.a_day(*SINCE), filtering.a_day(*UNTIL)))
    given = "since" in found.query or "until" in found.query
    last = day(found.query.get("until", "")) or today
    first = day(found.query.get("since", "")) or last - timedelta(days=DEFAULT_DAYS - 1)
    days = (last - first).days + 1
    if given and days < 1:
        told = {"label": SINCE[1], "value": first, "other": UNTIL[1], "end": last}
        found = _without_days(found, Fault("since", "order", told))
    elif days > MAX_DAYS:
        told = {"value": first, "end": last, "count": days, "most": MAX_DAYS}
        found = _without_days(found, Fault("since", "period", told))
    else:
        return Period(first, last), found
    return Period(today - timedelta(days=DEFAULT_DAYS - 1), today), found


def _without_days(found: TakenQuery, fault: Fault) -> TakenQuery:
    without = found.without(fault)
    return TakenQuery({name: value for name, value in without.query.items() if name != "until"}, without.faults)


def _strict_period(visit: Visit) -> Period:
    """For files, which have no place for messages. Raises `InvalidInput`."""
    period, found = _asked(visit)
    if found.faults:
        raise found.faults[0].error
    return period
