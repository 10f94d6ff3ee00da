"""A person's own account: password, second factor, other browsers."""

from __future__ import annotations

from aiohttp import web

from review.accounts import book, passwords, second_factor
from review.accounts.audit import write_audit
from review.accounts.browsers import cookie_of, count_browsers, forget_browsers
from review.accounts.sessions import FULL, NEW_PASSWORD, advance, close_sessions, count_sessions
from review.database.columns import now
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
    _prove_password(visit, old)
    if old == new:
        raise InvalidInput("新密码与现在的一样 / the new password is the current one")
    hashed = passwords.hash_new(new, person.name)
    with desk.transaction() as session:
        account = book.find_account(session, person.account_id)
        book.change_password(session, visit.actor, account, hashed, keep_session=person.token)
        forget_browsers(session, account.id, but=visit.cookie(cookie_of(account.id)))
        stage = stage_of(account, desk.settings.require_second_factor, proven=True)
        visit.new_cookies["review_session"] = advance(session, person.token, stage)
    return visit.go("/account" if person.stage == FULL else START, "password-changed")


def _prove_password(visit: Visit, password: str) -> None:
    """Go on only with the person's password. Judged before anything is written; a wrong one is counted."""
    desk = visit.desk
    with desk.reading() as session:
        hashed = book.find_account(session, visit.person.account_id).password_hash
    judged = passwords.judge(hashed, password)
    with desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        right = judged.right and account.password_hash == judged.against
        proven = book.proves(session, visit.actor, account, right, desk.limits)
        locked = account.locked_until is not None and account.locked_until > now()
    if locked:
        raise TooManyTries(
            "输错太多，已退出所有浏览器，请过一会儿再登录 / too many wrong tries: all browsers are signed out, come back later"
        )
    if not proven:
        raise SignInRefused("现在的密码不对 / the current password is wrong")


def show_factor(visit: Visit) -> web.Response:
    """A fresh secret as a picture and as text. It counts only once a code of it was typed in."""
    secret = second_factor.new_secret()
    return _factor_page(visit, secret)


def _factor_page(visit: Visit, secret: str, problem: str = "", status: int = 200) -> web.Response:
    address = second_factor.address_of(secret, visit.person.name)
    with visit.desk.reading() as session:
        has_factor = bool(book.find_account(session, visit.person.account_id).second_factor)
    return visit.page(
        "set_second_factor.html",
        status=status,
        secret=secret,
        sealed=visit.desk.vault.seal(f"{visit.person.account_id}:{secret}"),
        picture=second_factor.picture_of(address),
        has_factor=has_factor,
        problem=problem,
    )


def set_factor(visit: Visit) -> web.Response:
    """Take the secret of the form, sealed by `show_factor`, if the code is right for it."""
    owner, _, secret = visit.desk.vault.open(visit.needed("sealed", "密钥 / the secret")).partition(":")
    if owner != str(visit.person.account_id):
        raise SignInRefused("这个密钥不是给您的，请刷新页面 / this secret is not yours: reload the page")
    step = second_factor.step_of(secret, visit.typed("code", most=20), 0)
    if step is None:
        problem = "验证码不对，请看手机上的新验证码再输一次 / wrong code: type the newest one"
        return _factor_page(visit, secret, problem, 403)
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        account.second_factor, account.second_factor_step = visit.desk.vault.seal(secret), step
        close_sessions(session, account.id, but=visit.person.token)
        write_audit(session, visit.actor, "account.set-second-factor", f"account:{account.id}")
        visit.new_cookies["review_session"] = advance(session, visit.person.token, FULL)
    return visit.go("/account", "factor-set")


def remove_factor(visit: Visit) -> web.Response:
    """Switch the second factor off, with the password once more."""
    _prove_password(visit, str(visit.form.get("password", "")))
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        if visit.desk.settings.require_second_factor:
            raise InvalidInput("本系统要求两步验证，不能关闭 / this console requires a second factor")
        account.second_factor, account.second_factor_step = "", 0
        write_audit(session, visit.actor, "account.remove-second-factor", f"account:{account.id}")
    return visit.go("/account", "factor-removed")


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
