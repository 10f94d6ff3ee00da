"""How an adopted plan does with staff's questions and with what belongs to no plan: starting that, and its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from review.accounts.roles import Role
from review.adopting import adoptions, outdated, questioning
from review.adopting.folders import PlanFolder
from review.database.jobs import JobRow
from review.errors import InvalidInput, NothingThere
from review.jobs import book
from review.jobs.names import KIND_LABELS, STAGE_NAMES, STATUS_NAMES
from review.jobs.plans import judge_plan
from review.jobs.proposing import evaluation_of, propose_plan
from review.pages.training import minutes_left
from review.releases.shelving import shelf_errors
from review.visit import Visit

FLOOR_NAMES: Mapping[str, str] = {
    "questions": "题目（道）",
    "silent": "其中“规划没写”的（道）",
    "right": "规划写了的：第一条就答对",
    "helped": "规划写了的：答对，或选项里有对的",
    "wrong": "全部题目：出示了别的原文",
    "headlines": "拿它自己的要点问，找得到",
}
CAME_NAMES: Mapping[str, str] = {
    "right": "答对",
    "offered": "给了选项，里面有对的",
    "wrong": "出示了别的原文",
    "refused": "没有答出来",
    "error": "答复出错",
}
SILENT_CAME_NAMES: Mapping[str, str] = {
    **CAME_NAMES,
    "offered": "规划没写，却给了选项",
    "wrong": "规划没写，却出示了原文",
}
GROUP_NAMES: Mapping[str, str] = {
    "outside": "与我们无关的话",
    "hostile": "恶意输入",
    "talk": "寒暄、找人工",
    "danger": "求助",
    "own": "这份规划的题，和在用的版本比",
}
RULE_NAMES: Mapping[str, str] = {
    "floor": "没有达到要求",
    "group": "比在用的差，超出了偶然的范围",
    "hostile": "有恶意输入没有拒绝",
    "errors": "有答复出错",
}
OLD_NAMES: Mapping[str, str] = {
    outdated.NEW_QUESTIONS: "题目改过",
    outdated.NEW_BUILD: "又建过一次库",
    outdated.NEW_RELEASE: "在用的版本换了",
}


def show(visit: Visit) -> web.Response:
    """The last report, whether it still holds, and the button for another."""
    book.clear_dead(visit.desk.engine)
    number = visit.numbered("id")
    with shelf_errors():
        rollout = visit.desk.shelf.rollout()
    with visit.desk.reading() as session:
        row = adoptions.adoption(session, number)
        folder = PlanFolder.of(visit.desk.settings.adopted, number)
        running, rows = book.unfinished(session), questioning.questions(session, number)
        last = session.get(JobRow, row.judge_job) if row.judge_job else None
        report = evaluation_of(folder)
        serving = rollout.serving if rollout else ""
        return visit.page(
            "adopted_evaluation.html",
            row=row,
            is_built=folder.is_built,
            count=len(rows),
            job=running if running is not None and running.id == row.judge_job else None,
            other=running if running is not None and running.id != row.judge_job else None,
            last=last,
            serving=serving,
            report=report,
            old=outdated.outdated(report.data, folder, rows, serving) if report else (),
            proposed=_proposed(visit, folder),
            rules=[rule.partition(":") for rule in report.data["blocked_by"]] if report else (),
            minutes=minutes_left,
            **names(),
        )


def act(visit: Visit) -> web.Response:
    """Evaluate in the background, stop that, or make a release of a plan that passed."""
    desk, number, wanted = visit.desk, visit.numbered("id"), visit.typed("do", most=12)
    with desk.reading() as session:
        row = adoptions.adoption(session, number)
        running = book.unfinished(session)
        is_own = running is not None and running.id == row.judge_job
        count = questioning.counted(session, number)
    if wanted == "cancel":
        if is_own:
            book.cancel(desk.engine, visit.actor)
        return visit.go(f"/adopting/{number}/evaluation", "plan-stopped")
    if wanted == "propose":
        return _propose(visit, number)
    if wanted != "evaluate":
        raise InvalidInput("请选择要做什么 / choose what to do")
    if not PlanFolder.of(desk.settings.adopted, number).is_built:
        raise NothingThere("还没有建库，评测不了 / it has not been built yet and cannot be evaluated")
    if not count:
        raise InvalidInput("还没有题目：先写几个问题 / there are no questions yet: write some first")
    judge_plan(desk.engine, desk.settings, visit.actor, number)
    return visit.go(f"/adopting/{number}/evaluation", "evaluating")


def _propose(visit: Visit, number: int) -> web.Response:
    """The first of two administrators: the plan as a release, which another promotes."""
    if not visit.may(Role.ADMINISTRATOR):
        raise InvalidInput("换规划要管理员来申请 / another plan is proposed by an administrator")
    release = propose_plan(visit.desk.engine, visit.desk.settings, visit.desk.shelf, visit.actor, number)
    return visit.go(f"/releases/{release.id}", "plan-proposed")


def _proposed(visit: Visit, folder: PlanFolder) -> str:
    """The release that was made of this build, "" where there is none."""
    version = outdated.built_version(folder)
    with shelf_errors():
        kept = visit.desk.shelf.releases()
    return next((each.id for each in kept if each.plan and each.knowledge_version == version), "")


def names() -> dict[str, Any]:
    """What a report's parts are called."""
    return {
        "floor_names": FLOOR_NAMES,
        "came_names": CAME_NAMES,
        "silent_came_names": SILENT_CAME_NAMES,
        "group_names": GROUP_NAMES,
        "plan_rule_names": RULE_NAMES,
        "old_names": OLD_NAMES,
        "stage_names": STAGE_NAMES,
        "status_names": STATUS_NAMES,
        "kind_labels": KIND_LABELS,
    }
