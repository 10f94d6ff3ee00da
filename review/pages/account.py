"""A person's own account: password, other browsers; `own_factor.py` has the second factor."""

from __future__ import annotations

from aiohttp import web

from review.accounts import book, passwords, recovery
from review.accounts.audit import write_audit
from review.accounts.browsers import cookie_of, count_browsers, forget_browsers
from review.accounts.sessions import FULL, NEW_PASSWORD, advance, close_sessions, count_sessions
from review.errors import InvalidInput, SignInRefused, TooManyTries
from review.pages.sign_in import START, stage_of
from review.visit import Visit


def show(visit: Visit) -> web.Response:
    """Who you are here, and what you can change."""
    with visit.desk.reading() as session:
        account = book.find_account(session, visit.person.account_id)
        return visit.page(
            "account.html",
            has_password=bool(account.password_hash),
            has_factor=bool(account.second_factor),
            sessions=count_sessions(session, account.id),
            browsers=count_browsers(session, account.id),
            codes_left=recovery.count_codes(session, account.id),
            few=recovery.FEW,
            may_remove=not visit.desk.settings.needs_second_factor(visit.person.role),
            name=account.name,
        )


def show_password(visit: Visit) -> web.Response:
    """The form for a new password."""
    return visit.page("password.html", first=visit.person.stage == NEW_PASSWORD, least=passwords.MIN_CHARS)


def change_password(visit: Visit) -> web.Response:
    """Old and new password; every other session ends, this one gets a new token."""
    old, new = str(visit.form.get("old", "")), str(visit.form.get("new", ""))
    if new != str(visit.form.get("again", "")):
        raise InvalidInput("两次输入的新密码不一样 / the two new passwords differ")
    desk, person = visit.desk, visit.person
    prove_password(visit, old)
    if old == new:
        raise InvalidInput("新密码与现在的一样 / the new password is the current one")
    hashed = passwords.hash_new(new, person.name, person.full_name)
    with desk.transaction() as session:
        account = book.find_account(session, person.account_id)
        book.change_password(session, visit.actor, account, hashed, keep_session=person.token)
        forget_browsers(session, account.id, but=visit.cookie(cookie_of(account.id)))
        stage = stage_of(account, desk.settings, proven=True)
        visit.new_cookies["review_session"] = advance(session, person.token, stage)
    return visit.go("/account" if person.stage == FULL else START, "password-changed")


def prove_password(visit: Visit, password: str) -> None:
    """Go on only with the person's password. Judged before anything is written; a wrong one is counted."""
    desk = visit.desk
    with desk.reading() as session:
        hashed = book.find_account(session, visit.person.account_id).password_hash
    judged = passwords.judge(hashed, password)
    with desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        right = judged.right and account.password_hash == judged.against
        proven = book.proves(session, visit.actor, account, right, desk.limits)
        locked = book.takes_no_proof(account)
    if locked:
        raise locked_out()
    if not proven:
        raise SignInRefused("现在的密码不对 / the current password is wrong")


def locked_out() -> TooManyTries:
    """What somebody is told whose proofs were wrong too often."""
    return TooManyTries(
        "输错太多，已退出所有浏览器，请过一会儿再来 / too many wrong tries: all browsers are signed out, come back later"
    )


def close_others(visit: Visit) -> web.Response:
    """End this person's sessions in other browsers, which are strangers from now on."""
    with visit.desk.transaction() as session:
        account_id = visit.person.account_id
        forget_browsers(session, account_id, but=visit.cookie(cookie_of(account_id)))
        closed = close_sessions(session, visit.person.account_id, but=visit.person.token)
        write_audit(
            session,
            visit.actor,
            "account.close-sessions",
            f"account:{visit.person.account_id}",
            None,
            {"closed": closed},
        )
    return visit.go("/account", "sessions-closed")
