"""Promoting, going back, trying out: who may serve residents, and an entry in the audit log for each switch.

A release serves all sessions or a share of them only after its gate was passed against exactly the release that serves
now (docs/decisions/0022). Going back needs none: what is gone back to has served before.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.groundwork.formats import READ
from releases.release import Release
from releases.rollout import Rollout
from releases.shelf import Shelf
from review.accounts.audit import Actor, write_audit
from review.correcting.publishing import publish_of_plan
from review.database.people import AuditRow
from review.errors import ChangedMeanwhile, GateNotPassed, InvalidInput
from review.releases.gate import report_of
from review.releases.shelving import shelf_errors

PROMOTE, ROLL_BACK, TRY_OUT, STOP_TRYING = "release.promote", "release.roll_back", "release.try_out", "release.stop"
SECOND_PERSON = "换规划要两位管理员：申请的人不能自己上线，请另一位来 / another plan takes two administrators: who proposed it cannot promote it"
NO_TRIAL = "换规划的版本不能只给一部分会话试用：先放上书架，或者上线 / a release of another plan cannot be tried on a share of sessions: put it on the shelf, or promote it"
SHARES = (5, 10, 25, 50)  # per cent, on the page; the command line takes any below 100


def promote(session: Session, actor: Actor, shelf: Shelf, release_id: str, *, seen: str | None = None) -> Rollout:
    """All sessions go to a release. `seen`: what served when the person decided, None if that does not matter.

    Of an adopted plan that takes the place of another, whoever proposed it cannot be the one (the command line can: who has
    it needs no second person). Afterwards `succession.settle`. Raises `GateNotPassed`, `ChangedMeanwhile`, `NothingThere`,
    `InvalidInput`.
    """
    with shelf_errors():
        release, rollout = shelf.release(release_id), shelf.rollout()
        _check_seen(rollout, seen)
        if rollout is not None:
            if rollout.serving == release_id:
                raise InvalidInput("这个版本已经在使用 / this release serves already")
            release.check_formats(READ)
            check_gate(release, rollout.serving)
            if actor.id is not None and actor.name == release.made_by and changes_plan(shelf, release):
                raise InvalidInput(SECOND_PERSON)
        _audit(session, actor, PROMOTE, release, rollout)
        publish_of_plan(session)
        return shelf.promote(release_id, actor.name)


def roll_back(session: Session, actor: Actor, shelf: Shelf, to: str = "", *, seen: str | None = None) -> Rollout:
    """A release that served before serves again: the latest of them, or a named one; a trial ends with it.

    Afterwards `succession.settle`.

    Raises `ChangedMeanwhile`, `NothingThere`, `InvalidInput`.
    """
    with shelf_errors():
        rollout = shelf.rollout()
        _check_seen(rollout, seen)
        served = [release.id for release in served_before(shelf, rollout)]
        if to and to not in served:
            shelf.release(to).check_formats(READ)
            raise InvalidInput(
                f"{to} 没有服务过，不能退回到它：先评测，再发布 / it never served: evaluate and promote it instead"
            )
        if not served:
            raise InvalidInput("没有可以退回的版本 / there is no earlier release to go back to")
        _audit(session, actor, ROLL_BACK, shelf.release(to or served[0]), rollout)
        publish_of_plan(session)
        return shelf.roll_back(actor.name, to or served[0])


def try_out(
    session: Session, actor: Actor, shelf: Shelf, release_id: str, share: int, *, seen: str | None = None
) -> Rollout:
    """A share (per cent) of sessions goes to a release whose gate was passed; 0 ends it. Raises as `promote`."""
    if share == 0:
        return stop_trying(session, actor, shelf, seen=seen)
    with shelf_errors():
        release, rollout = shelf.release(release_id), shelf.rollout()
        _check_seen(rollout, seen)
        if rollout is not None and rollout.serving != release_id:
            release.check_formats(READ)
            check_gate(release, rollout.serving)
            if changes_plan(shelf, release):
                raise InvalidInput(NO_TRIAL)
        before = {"candidate": rollout.candidate, "share": rollout.share} if rollout else None
        write_audit(session, actor, TRY_OUT, f"release:{release_id}", before, {"share": share})
        return shelf.try_out(release_id, share, actor.name)


def stop_trying(session: Session, actor: Actor, shelf: Shelf, *, seen: str | None = None) -> Rollout:
    """All sessions go to the serving release. Raises `ChangedMeanwhile`, `NothingThere`."""
    with shelf_errors():
        rollout = shelf.rollout()
        _check_seen(rollout, seen)
        if rollout is not None and rollout.candidate:
            before = {"candidate": rollout.candidate, "share": rollout.share}
            write_audit(session, actor, STOP_TRYING, f"release:{rollout.candidate}", before, {"share": 0})
        return shelf.stop_trying(actor.name)


def changes_plan(shelf: Shelf, release: Release) -> bool:
    """Whether residents would be answered from another plan than now. Raises `ReleaseError`."""
    rollout = shelf.rollout()
    return rollout is not None and rollout.serving != release.id and shelf.release(rollout.serving).plan != release.plan


def check_gate(release: Release, serving: str) -> None:
    """Raise `GateNotPassed` unless the release passed its gate against what serves."""
    report = report_of(release)
    if report is None:
        raise GateNotPassed(
            f"{release.id} 还没有评测，先评测再发布：python -m review evaluate {release.id} "
            "/ it was not evaluated: evaluate it first"
        )
    if not report.passed:
        raise GateNotPassed(
            f"{release.id} 没有通过评测（{'、'.join(report.data['blocked_by'])}），不能给居民用 "
            "/ it did not pass its gate: residents must not get it"
        )
    if report.serving != serving:
        raise GateNotPassed(
            f"{release.id} 是和 {report.serving} 比的，而现在用的是 {serving}：再评测一次（约一分钟） "
            "/ it was compared with a release that does not serve now: evaluate it again"
        )


def served_before(shelf: Shelf, rollout: Rollout | None) -> Sequence[Release]:
    """The kept releases that served before and can be read, the latest first: what can be gone back to."""
    if rollout is None:
        return ()
    kept = {release.id: release for release in shelf.releases() if release.is_readable(READ)}
    return [kept[old] for old in rollout.previous if old in kept and old != rollout.serving]


def history(session: Session, most: int) -> Sequence[AuditRow]:
    """Evaluations and switches, newest first."""
    query = select(AuditRow).where(AuditRow.target.like("release:%")).order_by(AuditRow.id.desc()).limit(most)
    return list(session.scalars(query))


def last_switch(session: Session, release_id: str) -> AuditRow | None:
    """When a release began to serve last, and by whom; None for one that served before there was a console."""
    switches = AuditRow.action.in_((PROMOTE, ROLL_BACK))
    query = select(AuditRow).where(AuditRow.target == f"release:{release_id}", switches)
    found: AuditRow | None = session.scalars(query.order_by(AuditRow.id.desc()).limit(1)).one_or_none()
    return found


def _check_seen(rollout: Rollout | None, seen: str | None) -> None:
    if seen is not None and rollout is not None and rollout.serving != seen:
        raise ChangedMeanwhile(
            f"{rollout.changed_by} 刚刚把使用的版本换成了 {rollout.serving}，请看过再定 "
            "/ somebody has just switched to another release: look again"
        )


def _audit(session: Session, actor: Actor, action: str, release: Release, rollout: Rollout | None) -> None:
    after = {
        "serving": release.id,
        "knowledge": release.knowledge_version,
        "model": release.model_version,
        "plan": release.plan,
    }
    write_audit(session, actor, action, f"release:{release.id}", {"serving": rollout.serving if rollout else ""}, after)
    session.flush()  # a switch that cannot be told of is not made
