"""Signing in and out: password, second factor."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from aiohttp import web
from sqlalchemy.orm import Session

from review.accounts import guessing
from review.accounts.audit import write_audit
from review.accounts.book import (
    REFUSED,
    count_wrong,
    find_account,
    find_by_name,
    hash_of,
    let_in,
    note_sign_in,
)
from review.accounts.browsers import cookie_of, forget_unused, remember_browser
from review.accounts.factor_proof import RECOVERY_CODE, prove_factor
from review.accounts.guessing import Caller
from review.accounts.passwords import Verdict, judge
from review.accounts.roles import Role
from review.accounts.sessions import (
    FULL,
    NEW_PASSWORD,
    SECOND_FACTOR,
    SET_SECOND_FACTOR,
    advance,
    close_session,
    forget_old,
    open_session,
)
from review.database.columns import now
from review.database.people import AccountRow
from review.language import LANGUAGE_COOKIE
from review.settings import Settings
from review.visit import Visit, is_local

START = "/inbox"


def show(visit: Visit) -> web.Response:
    """The sign-in form."""
    return _form(visit, next=next_of(visit.query.get("next", "")))


def take(visit: Visit) -> web.Response:
    """Name and password. The same answer for a wrong name, a wrong password and a disabled account.

    The password is judged between two transactions: while one is open that writes, the bot cannot write its log.
    """
    name, password, desk = visit.typed("name", most=64), str(visit.form.get("password", "")), visit.desk
    target = next_of(visit.typed("next", most=500))
    with desk.reading() as session:
        hashed, caller = hash_of(session, name), caller_of(visit, session, name)
        until = guessing.locked_until(session, caller)
    if until is not None:
        return _shut_out(visit, caller, until, next=target, name=name)
    stage = _enter(visit, caller, name, judge(hashed, password))
    if stage is None:
        return _form(visit, status=403, next=target, problem=REFUSED, name=name)
    if stage == SECOND_FACTOR:
        return visit.go("/second-factor", next=target)
    return visit.go(target)


def _enter(visit: Visit, caller: Caller, name: str, verdict: Verdict) -> str | None:
    """The stage of the session that begins, None where nobody is let in."""
    desk = visit.desk
    with desk.transaction() as session:
        forget_old(session, idle=desk.idle, lifetime=desk.lifetime)
        guessing.forget_quiet(session)
        forget_unused(session)
        account = let_in(session, caller, name, verdict, visit.address, desk.limits)
        if account is None:
            return None
        stage = stage_of(account, desk.settings)
        if stage != SECOND_FACTOR:
            _welcome(visit, session, caller, account, "password")
        visit.new_cookies["review_session"] = open_session(session, account, stage)
    return stage


def _welcome(visit: Visit, session: Session, caller: Caller, account: AccountRow, how: str) -> None:
    """All proofs were right: from now on this browser is known."""
    note_sign_in(session, account, visit.address, how)
    guessing.forgive(session, caller)
    cookie = cookie_of(account.id)
    visit.lasting_cookies[cookie] = remember_browser(session, account.id, visit.cookie(cookie))


def caller_of(visit: Visit, session: Session, name: str) -> Caller:
    """Who tries to sign in as `name`: a browser that is known, or a stranger."""
    visit.warn_of_proxy()
    account = find_by_name(session, name)
    if account is None:
        return guessing.caller_of(session, name, visit.address, None, "")
    return guessing.caller_of(session, name, visit.address, account.id, visit.cookie(cookie_of(account.id)))


def _shut_out(visit: Visit, caller: Caller, until: datetime, **values: str) -> web.Response:
    """Too many wrong tries; says when to come back, and to strangers that the known browsers are open."""
    seconds = max(1, ceil((until - now()).total_seconds()))
    minutes = ceil(seconds / 60)
    problem = (
        f"这个浏览器试错太多，请 {minutes} 分钟后再试 / too many wrong tries in this browser: come back in {minutes} minutes"
        if caller.is_known
        else f"试错太多，请 {minutes} 分钟后再试；以前登录过的浏览器照常能登录 / too many wrong tries: come back in "
        f"{minutes} minutes; browsers in which you signed in before still let you in"
    )
    response = _form(visit, status=429, problem=problem, **values)
    response.headers["Retry-After"] = str(seconds)
    return response


def _form(visit: Visit, *, status: int = 200, **values: str) -> web.Response:
    return visit.page("sign_in.html", status=status, provider=visit.desk.provider, **values)


def stage_of(account: AccountRow, settings: Settings, *, proven: bool = False) -> str:
    """What is still to be done after the password (`proven`: after the second factor too)."""
    if account.second_factor and not proven:
        return SECOND_FACTOR
    if account.must_change_password:
        return NEW_PASSWORD
    needed = settings.needs_second_factor(Role(account.role))
    return SET_SECOND_FACTOR if needed and not account.second_factor else FULL


def show_second_factor(visit: Visit) -> web.Response:
    """The form for a code; a person who is through already goes on."""
    if visit.person.stage != SECOND_FACTOR:
        return visit.go(START)
    return visit.page("second_factor.html", next=next_of(visit.query.get("next", "")))


def take_second_factor(visit: Visit) -> web.Response:
    """A code of the phone, or a recovery code. Wrong ones count as wrong passwords do; who is locked out starts anew."""
    desk, target = visit.desk, next_of(visit.typed("next", most=500))
    if visit.person.stage != SECOND_FACTOR:
        return visit.go(START)
    with desk.transaction() as session:
        account = find_account(session, visit.person.account_id)
        caller = caller_of(visit, session, account.name)
        until = guessing.locked_until(session, caller, holding=True)
        how = _take_code(visit, session, caller, account) if until is None else None
        if until is None and how is None:
            count_wrong(session, caller, account, visit.address, desk.limits)
            until = guessing.locked_until(session, caller)
        if until is not None:
            close_session(session, visit.person.token)
    if until is not None:
        visit.new_cookies["review_session"] = None
        return visit.go("/sign-in", "shut-out", next=target)
    if how is None:
        return visit.page("second_factor.html", status=403, next=target, problem=REFUSED)
    return visit.go("/account", "recovery-code-used") if how == RECOVERY_CODE else visit.go(target)


def _take_code(visit: Visit, session: Session, caller: Caller, account: AccountRow) -> str | None:
    """What kind of code it was if it is right, and the session goes on; else None."""
    how = prove_factor(session, visit.desk.vault, visit.actor, account, visit.typed("code", most=40))
    if how is None:
        return None
    stage = stage_of(account, visit.desk.settings, proven=True)
    _welcome(visit, session, caller, account, f"password and {how}")
    visit.new_cookies["review_session"] = advance(session, visit.person.token, stage)
    return how


def sign_out(visit: Visit) -> web.Response:
    """End this browser's session."""
    with visit.desk.transaction() as session:
        close_session(session, visit.person.token)
        write_audit(session, visit.actor, "account.sign-out", f"account:{visit.person.account_id}")
    visit.new_cookies["review_session"] = None
    response = visit.go("/sign-in", "signed-out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # whoever sits here next finds nothing
    return response


def choose_language(visit: Visit) -> web.Response:
    """Chinese or English from now on, in this browser."""
    response = visit.go(next_of(visit.query.get("next", "")))
    chosen = "en" if visit.part("language") == "en" else "zh"
    secure = visit.desk.settings.secure_cookies
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, path="/", secure=secure, httponly=True, samesite="Lax", max_age=31536000
    )
    return response


def next_of(path: str) -> str:
    """Where to go after signing in: a page of this console that needs it."""
    return path if is_local(path) and not path.startswith(("/sign-", "/second-factor", "/language")) else START
