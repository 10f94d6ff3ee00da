"""Kept versions: what serves, what may serve next and why, going back, trying out; the report of an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from releases.release import Release
from releases.rollout import Rollout
from releases.shelf import fixed_by_environment
from review.accounts.roles import Role
from review.adopting.serving import pair_anew
from review.correcting.corrections import KIND_NAMES
from review.correcting.intents import INTENTS
from review.database.jobs import EVALUATE
from review.errors import InvalidInput
from review.jobs import book
from review.jobs.starting import start
from review.language import translator
from review.pages.adopted_evaluation import names as plan_names
from review.releases import succession, switching
from review.releases.candidate import PROPOSE
from review.releases.gate import GateReport, report_of
from review.releases.shelving import shelf_errors
from review.releases.telling import gate_state, state_of
from review.reports import charts
from review.shown import topic
from review.visit import Visit

HISTORY = 20
ADMINISTRATORS = "换规划要管理员来上线 / another plan is promoted by an administrator"
DIFFERENCES = 25  # a page
GROUP_NAMES: Mapping[str, str] = {
    "refusals": "该拒答的",
    "all": "全部问题",
    "wrong": "错误出示",
    "truthfulness": "可信度",
}
RULE_NAMES: Mapping[str, str] = {
    "topic": "答对的比现在少，超出了偶然的范围",
    "corrections": "有批准过的纠正失效了",
    "hostile": "有恶意输入没有拒绝",
    "outside": "目录之外的消息上变差了，超出了偶然的范围和容许的余地",
    "errors": "有答复出错",
}
GATE_NAMES: Mapping[str, str] = {
    "passed": "通过",
    "failed": "没通过",
    "stale": "要重新评测",
    "unreadable": "格式读不了",
    "none": "没评测",
}
ACTION_NAMES: Mapping[str, str] = {
    "release.evaluate": "评测",
    switching.PROMOTE: "上线",
    switching.ROLL_BACK: "退回旧版",
    switching.TRY_OUT: "试用",
    switching.STOP_TRYING: "停止试用",
    PROPOSE: "申请换规划",
}
ASIDE_NAMES: Mapping[str, str] = {
    "contradicted": "与更新的纠正矛盾，以新的为准",
    "frozen": "这一问在固定题里，按固定题判",
}


def show(visit: Visit) -> web.Response:
    """What serves, what may follow, what can be gone back to, and what was done."""
    shelf = visit.desk.shelf
    with shelf_errors():
        rollout, kept = shelf.rollout(), shelf.releases()
    serving = next((release for release in kept if rollout and release.id == rollout.serving), None)
    earlier = switching.served_before(shelf, rollout)
    used = {release.id for release in earlier} | ({rollout.serving} if rollout else set())
    with visit.desk.reading() as session:
        return visit.page(
            "releases.html",
            rollout=rollout,
            serving=serving,
            since=switching.last_switch(session, rollout.serving) if rollout else None,
            earlier=earlier,
            candidates=[_told(release, rollout) for release in kept if release.id not in used],
            history=switching.history(session, HISTORY),
            job=book.unfinished(session),
            fixed=fixed_by_environment(),
            shares=switching.SHARES,
            gate_names=GATE_NAMES,
            action_names=ACTION_NAMES,
        )


def act(visit: Visit) -> web.Response:
    """Promote, go back, try out or stop; `seen` is what served when the page was made."""
    wanted, release_id = visit.typed("do", most=12), visit.typed("release", most=64)
    shelf, seen = visit.desk.shelf, visit.typed("seen", most=64)
    if wanted == "promote" and not visit.may(Role.ADMINISTRATOR):
        with shelf_errors():
            if switching.changes_plan(shelf, shelf.release(release_id)):
                raise InvalidInput(ADMINISTRATORS)
    with visit.desk.transaction() as session:
        if wanted == "promote":
            switching.promote(session, visit.actor, shelf, release_id, seen=seen)
        elif wanted == "roll-back":
            switching.roll_back(session, visit.actor, shelf, release_id, seen=seen)
        elif wanted == "try":
            switching.try_out(session, visit.actor, shelf, release_id, _share(visit), seen=seen)
        elif wanted == "stop":
            switching.stop_trying(session, visit.actor, shelf, seen=seen)
        elif wanted != "evaluate":
            raise InvalidInput("请选择要做什么 / choose what to do")
    if wanted == "evaluate":
        with shelf_errors():
            shelf.release(release_id)
        number = book.ask_for(visit.desk.engine, visit.actor, EVALUATE, release_id)
        start(visit.desk.engine, visit.desk.settings, number)
        return visit.go("/releases", "evaluating")
    if wanted in ("promote", "roll-back") and succession.settle(shelf):
        pair_anew()
    return visit.go(
        "/releases", {"promote": "promoted", "roll-back": "rolled-back", "try": "tried"}.get(wanted, "stopped")
    )


def _share(visit: Visit) -> int:
    share = visit.number("share", -1)
    if share not in switching.SHARES:
        raise InvalidInput("请从页面上选比例 / choose a share on the page")
    return share


def show_one(visit: Visit) -> web.Response:
    """A release with its report; `page` turns the differences over."""
    shelf = visit.desk.shelf
    with shelf_errors():
        rollout, release = shelf.rollout(), shelf.release(visit.part("id"))
    report = report_of(release)
    with visit.desk.reading() as session:
        job = book.unfinished(session)
    return visit.page(
        "release.html",
        release=release,
        rollout=rollout,
        state=state_of(release, rollout),
        gate=gate_state(release, rollout),
        job=job,
        gate_names=GATE_NAMES,
        kind_names=KIND_NAMES,
        intents=INTENTS,
        aside_names=ASIDE_NAMES,
        rule_names=RULE_NAMES,
        plan=visit.desk.plan,
        changes_plan=bool(release.plan) and switching.changes_plan(shelf, release),
        **(_report(visit, report) if report else {"report": None}),
    )


def _told(release: Release, rollout: Rollout | None) -> dict[str, Any]:
    return {
        "release": release,
        "state": state_of(release, rollout),
        "gate": gate_state(release, rollout),
        "report": report_of(release),
    }


def _report(visit: Visit, report: GateReport) -> dict[str, Any]:
    if report.of_plan:
        return {"report": report, "rules": [rule.partition(":") for rule in report.data["blocked_by"]], **plan_names()}
    say = translator(visit.language)
    number = visit.page_number()
    differences = report.data["differences"]
    begin = (number - 1) * DIFFERENCES
    return {
        "report": report,
        "rules": [rule.partition(":") for rule in report.data["blocked_by"]],
        "group_name": lambda name: say(GROUP_NAMES.get(name, topic(name))),
        "picture": _picture(report, say),
        "lowest": _lowest(report),
        "differences": [(case, visit.desk.turns.turn(case["id"])) for case in differences[begin : begin + DIFFERENCES]],
        "question_of": lambda case: case["question"] or getattr(visit.desk.turns.turn(case["id"]), "question", ""),
        "page_number": max(1, number),
        "more": len(differences) > begin + DIFFERENCES,
    }


def _asked(report: GateReport) -> Sequence[Mapping[str, Any]]:
    """The groups that have questions."""
    return [row for row in report.data["topics"] if row["n"]]


def _lowest(report: GateReport) -> int:
    """Where the chart's axis begins, per cent: the ten below all that it shows."""
    lows = [row[f"{side}_low"] for row in _asked(report) for side in ("serving", "candidate")]
    return int(min(lows, default=0.0) * 10) * 10


def _picture(report: GateReport, say: Callable[[str], str]) -> str:
    rows = _asked(report)
    labels = [say(GROUP_NAMES.get(row["topic"], topic(row["topic"]))) for row in rows]
    series = {
        say(name): [(row[side] * 100, row[f"{side}_low"] * 100, row[f"{side}_high"] * 100) for row in rows]
        for name, side in (("在用", "serving"), ("候选", "candidate"))
    }
    return charts.compared(labels, series, lowest=_lowest(report))
