"""Correcting one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from conversations.turns import Turn
from knowledge.reply.wording import ASPECT_NAMES
from review.accounts.roles import Role
from review.commitments.addresses import check_page
from review.correcting import corrections
from review.correcting.approving import objections_to
from review.correcting.corrections import WORD_KINDS, Correction
from review.correcting.danger import check_correctable
from review.correcting.intents import INTENTS
from review.correcting.listing import corrections_on
from review.correcting.objections import Objections
from review.correcting.statuses import PENDING
from review.correcting.taking_back import STANDING, check_may_take_back
from review.database.work import CorrectionRow
from review.errors import ChangedMeanwhile, NothingThere
from review.inbox.handling import find_turn
from review.inbox.why import leaned_on
from review.pages.conversation import MOST_TURNS, NEAR, labels, shown_turn
from review.pages.corrections import around
from review.pages.inbox import back_of
from review.releases import rehearsing
from review.releases.rehearsing import Rehearsed
from review.steps import LEANING_STEPS
from review.triage.alike import finish
from review.typed import day, whole_number
from review.visit import Visit, is_local

MOST_ASKED_CHARS = 1000  # as long as a resident's question may be
TURNS_BEFORE = 6  # shown: what a follow-up leans on is seldom farther back


def show(visit: Visit) -> web.Response:
    """The question, what came before it, what was told, what was corrected already, a search of the plan, and every way
    to correct it.
    """
    return _page(visit, visit.query)


def show_again(visit: Visit) -> web.Response:
    """The page that a refused form stands on, with what was typed in it."""
    query = {name: visit.typed(name, most=1000) for name in ("q", "back")}
    instead_of = "" if visit.is_late else visit.typed("instead_of", most=10)  # what it would replace may be gone by now
    given = {**query, "instead_of": instead_of}
    visit.shown_at = f"/turns/{quote(visit.part('id'))}/correct?{urlencode({k: v for k, v in given.items() if v})}"
    return _page(visit, given, visit.typed("asked", most=4000))


def rehearse(visit: Visit) -> web.Response:
    """The page again, with what the bot says now to the question that was typed, and what another release would say."""
    question = visit.needed("asked", "问题 / the question", most=MOST_ASKED_CHARS)
    beside, url = visit.typed("beside"), visit.desk.settings.bot_url
    known, _ = rehearsing.others(visit.desk.shelf)
    answers = [rehearsing.rehearse(url, question)]
    if beside and beside in known and not answers[0].fault:
        answers.append(rehearsing.rehearse(url, question, beside))
    return _page(visit, {"back": visit.typed("back"), "q": ""}, question, beside, answers)


def _page(
    visit: Visit,
    query: Mapping[str, str],
    asked: str = "",
    beside: str | None = None,
    answers: Sequence[Rehearsed] = (),
) -> web.Response:
    turn = visit.desk.turns.turn(visit.part("id"))
    if turn is None:
        raise NothingThere("没有这一条，可能已按保存期限删除 / no such turn: it may have been erased")
    searched, back = query.get("q", "").strip()[:200], query.get("back", "")
    kept, likely = rehearsing.others(visit.desk.shelf)
    before = _turns_before(visit, turn)
    with visit.desk.reading() as session:
        shown = shown_turn(visit, session, turn)
        return visit.page(
            "correct.html",
            shown=shown,
            before=before,
            near=visit.desk.plan.in_context(turn, _leaned_on(turn, before))[:NEAR],
            leans=turn.step in LEANING_STEPS,
            already=corrections_on(session, around(visit, session), visit.desk.finder, turn.question),
            instead_of=_replaced(visit, session, whole_number(query.get("instead_of", "")) or 0),
            asked=asked or turn.question,
            beside=likely if beside is None else beside,
            releases=kept,
            answers=answers,
            differing=rehearsing.differing(answers),
            searched=searched,
            results=visit.desk.plan.search(searched) if searched else (),
            plan=visit.desk.plan,
            back=back if is_local(back) else "",
            word_kinds=WORD_KINDS,
            intents=INTENTS,
            aspects=ASPECT_NAMES,
            soonest=date.today() + timedelta(days=1),
            **labels(),
        )


def _turns_before(visit: Visit, turn: Turn) -> Sequence[Turn]:
    """The last turns of the same session before this one, oldest first."""
    history = visit.desk.turns.history(turn.session, limit=MOST_TURNS)
    earlier = [each for each in history if each.asked_at < turn.asked_at]
    return earlier[-TURNS_BEFORE:]


def _leaned_on(turn: Turn, before: Sequence[Turn]) -> Turn | None:
    """The turn that a follow-up leaned on; None for what was understood by itself."""
    return leaned_on([*before, turn], len(before)) if turn.step in LEANING_STEPS else None


def take(visit: Visit) -> web.Response:
    """Record the correction of a turn; the turn is done with it."""
    turn_id, correction = visit.part("id"), read_form(visit)
    turn = visit.desk.turns.turn(turn_id)
    if turn is not None:
        check_correctable(turn.outcome, turn.danger)
    replaced_id = visit.number("instead_of")
    leans = turn is not None and turn.step in LEANING_STEPS and _is_same(turn.question, correction.question)
    with visit.desk.reading() as session:
        find_turn(session, turn_id)
        _replaced(visit, session, replaced_id)
        objections = objections_to(
            visit.desk.regression_check,
            session,
            correction,
            visit.desk.plan.ids,
            leans=leans,
            instead_of=replaced_id,
        )
    with visit.desk.transaction() as session:
        row = find_turn(session, turn_id)
        made = corrections.record(
            session,
            visit.actor,
            correction,
            visit.desk.plan.ids,
            is_to_wait=visit.is_to_wait,
            turn_id=turn_id,
            objections=objections,
            instead_of=_replaced(visit, session, replaced_id),
        )
        finish(session, visit.actor, row)
        address = f"/corrections?status={PENDING}#c{made.id}"
    if objections:
        return visit.go(address, said_of(objections))
    return visit.go(back_of(visit), visit.said_of_correction)


def said_of(objections: Objections) -> str:
    """What the next page says of a correction against which something speaks."""
    return "held" if objections.breaks else "doubted"


def _is_same(question: str, other: str) -> bool:
    return "".join(question.split()) == "".join(other.split())


def _replaced(visit: Visit, session: Session, correction_id: int) -> CorrectionRow | None:
    """The correction whose place a new one is to take; None for none. Raises `NotAllowed`, `ChangedMeanwhile`."""
    if not correction_id:
        return None
    row = session.get(CorrectionRow, correction_id)
    if row is None or row.status not in STANDING:
        raise ChangedMeanwhile("要换掉的那条已经不在了，请刷新 / what you would replace is gone already: reload")
    check_may_take_back(row, visit.actor, others=visit.may(Role.EDITOR))
    return row


def read_form(visit: Visit) -> Correction:
    """The correction that a form holds. Raises `InvalidInput` for what no correction can hold."""
    if visit.typed("kind") == "pointer":
        check_page(visit.typed("url"))
    return Correction(
        kind=visit.typed("kind"),
        question=visit.typed("question"),
        commitment_id=visit.typed("commitment_id"),
        intent=visit.typed("intent"),
        aspect=visit.typed("aspect"),
        text=visit.typed("text"),
        url=visit.typed("url"),
        expires_on=day(visit.typed("expires_on", most=10)),
        word=visit.typed("word"),
        means=visit.typed("means"),
        word_kind=visit.typed("word_kind"),
        reason=visit.typed("reason", most=500),
    )
