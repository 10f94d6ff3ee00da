"""Signing in and out: password, second factor, provider."""

from __future__ import annotations

import json
from dataclasses import asdict

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.accounts.book import (
    REFUSED,
    count_failure,
    find_account,
    find_by_name,
    hash_of,
    let_in,
    note_sign_in,
    summary,
)
from review.accounts.oidc import Attempt, Identity, Provider
from review.accounts.passwords import judge
from review.accounts.second_factor import step_of
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
from review.errors import NothingThere, SignInRefused
from review.language import LANGUAGE_COOKIE
from review.visit import Visit, is_local

ATTEMPT_COOKIE = "review_attempt"
START = "/inbox"


def show(visit: Visit) -> web.Response:
    """The sign-in form."""
    return visit.page("sign_in.html", next=_next(visit.query.get("next", "")), provider=visit.desk.provider)


def take(visit: Visit) -> web.Response:
    """Name and password. The same answer for a wrong name, a wrong password and a locked account.

    The password is judged between two transactions: while one is open that writes, the bot cannot write its log.
    """
    name, password, desk = visit.typed("name", most=64), str(visit.form.get("password", "")), visit.desk
    target = _next(visit.typed("next", most=500))
    with desk.reading() as session:
        hashed = hash_of(session, name)
    verdict = judge(hashed, password)
    with desk.transaction() as session:
        forget_old(session, idle=desk.idle, lifetime=desk.lifetime)
        account = let_in(
            session, name, verdict, visit.address, lock_after=desk.settings.lock_after, lock_for=desk.lock_for
        )
        if account is not None:
            stage = stage_of(account, desk.settings.require_second_factor)
            if stage != SECOND_FACTOR:
                note_sign_in(session, account, visit.address, "password")
            visit.new_cookies["review_session"] = open_session(session, account, stage)
    if account is None:
        return visit.page("sign_in.html", status=403, next=target, provider=desk.provider, problem=REFUSED, name=name)
    if stage == SECOND_FACTOR:
        return visit.go("/second-factor", next=target)
    return visit.go(target)


def stage_of(account: AccountRow, factor_required: bool, *, proven: bool = False) -> str:
    """What is still to be done after the password (`proven`: after the second factor too)."""
    if account.second_factor and not proven:
        return SECOND_FACTOR
    if account.must_change_password:
        return NEW_PASSWORD
    return SET_SECOND_FACTOR if factor_required and not account.second_factor else FULL


def show_second_factor(visit: Visit) -> web.Response:
    """The form for a code; a person who is through already goes on."""
    if visit.person.stage != SECOND_FACTOR:
        return visit.go(START)
    return visit.page("second_factor.html", next=_next(visit.query.get("next", "")))


def take_second_factor(visit: Visit) -> web.Response:
    """A code. Wrong ones count towards the account's lock as wrong passwords do."""
    desk, target = visit.desk, _next(visit.typed("next", most=500))
    if visit.person.stage != SECOND_FACTOR:
        return visit.go(START)
    with desk.transaction() as session:
        account = find_account(session, visit.person.account_id)
        step = _step(visit, account)
        if step is None:
            count_failure(session, account, visit.address, lock_after=desk.settings.lock_after, lock_for=desk.lock_for)
            if account.locked_until:
                close_session(session, visit.person.token)
        else:
            account.second_factor_step = step
            stage = stage_of(account, desk.settings.require_second_factor, proven=True)
            note_sign_in(session, account, visit.address, "password and code")
            visit.new_cookies["review_session"] = advance(session, visit.person.token, stage)
    if step is None:
        return visit.page("second_factor.html", status=403, next=target, problem=REFUSED)
    return visit.go(target)


def _step(visit: Visit, account: AccountRow) -> int | None:
    locked = account.locked_until is not None and account.locked_until > now()
    if locked or not account.second_factor:
        return None
    secret = visit.desk.vault.open(account.second_factor)
    return step_of(secret, visit.typed("code", most=20), account.second_factor_step)


def sign_out(visit: Visit) -> web.Response:
    """End this browser's session."""
    with visit.desk.transaction() as session:
        close_session(session, visit.person.token)
        write_audit(session, visit.actor, "account.sign-out", f"account:{visit.person.account_id}")
    visit.new_cookies["review_session"] = None
    return visit.go("/sign-in", "signed-out")


def choose_language(visit: Visit) -> web.Response:
    """Chinese or English from now on, in this browser."""
    response = visit.go(_next(visit.query.get("next", "")))
    chosen = "en" if visit.part("language") == "en" else "zh"
    secure = visit.desk.settings.secure_cookies
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, path="/", secure=secure, httponly=True, samesite="Lax", max_age=31536000
    )
    return response


def go_to_provider(visit: Visit) -> web.Response:
    """Off to the identity provider; what must come back unchanged waits in a sealed cookie."""
    address, attempt = _provider(visit).begin()
    response = web.Response(status=303, headers={"Location": address})
    waiting = json.dumps({"attempt": asdict(attempt), "next": _next(visit.query.get("next", ""))})
    response.set_cookie(
        ATTEMPT_COOKIE,
        visit.desk.vault.seal(waiting),
        path="/sign-in/provider",
        httponly=True,
        samesite="Lax",
        secure=visit.desk.settings.secure_cookies,
        max_age=600,
    )
    return response


def back_from_provider(visit: Visit) -> web.Response:
    """Back with a code. A person is let in if a group of theirs has a role here."""
    provider = _provider(visit)
    try:
        waiting = json.loads(visit.desk.vault.open(visit.request.cookies.get(ATTEMPT_COOKIE, "")))
    except Exception as error:  # whatever does not open or is no attempt was not sealed here
        raise SignInRefused("登录过程对不上，请重新登录 / this sign-in was not started here: sign in again") from error
    identity = provider.finish(Attempt(**waiting["attempt"]), dict(visit.query))
    with visit.desk.transaction() as session:
        account = _account_of(session, identity, visit.address)
        settings = visit.desk.settings
        trusted = settings.oidc is not None and settings.oidc.trusts_second_factor
        stage = FULL if trusted else stage_of(account, settings.require_second_factor)
        note_sign_in(session, account, visit.address, "provider")
        visit.new_cookies["review_session"] = open_session(session, account, stage)
    response = visit.go(_next(waiting["next"]))
    response.del_cookie(ATTEMPT_COOKIE, path="/sign-in/provider")
    return response


def _provider(visit: Visit) -> Provider:
    if visit.desk.provider is None:
        raise NothingThere("没有配置统一身份登录 / no identity provider is configured")
    return visit.desk.provider


def _account_of(session: Session, identity: Identity, address: str) -> AccountRow:
    """The person's account, made at the first sign-in; the role follows the provider's groups each time."""
    if identity.role is None:
        raise SignInRefused(
            "您的组没有本系统的角色，请找管理员 / none of your groups has a role here: ask an administrator"
        )
    query = select(AccountRow).where(
        AccountRow.oidc_issuer == identity.issuer, AccountRow.oidc_subject == identity.subject
    )
    account = session.scalars(query).first()
    if account is None:
        name, number = identity.name, 1
        while find_by_name(session, name):  # never joined to an account of the same name: it may be another person
            number += 1
            name = f"{identity.name[:60]}-{number}"
        account = AccountRow(
            name=name,
            full_name=identity.full_name,
            role=identity.role.value,
            oidc_issuer=identity.issuer,
            oidc_subject=identity.subject,
            created_at=now(),
        )
        session.add(account)
        session.flush()
        write_audit(
            session, Actor(account.id, name, address), "account.make", f"account:{account.id}", None, summary(account)
        )
    if account.disabled:
        raise SignInRefused("这个账号已停用，请找管理员 / this account is disabled: ask an administrator")
    if account.role != identity.role.value:
        before = summary(account)
        account.role = identity.role.value
        account.version += 1
        write_audit(
            session,
            Actor(account.id, account.name, address),
            "account.change",
            f"account:{account.id}",
            before,
            summary(account),
        )
    return account


def _next(path: str) -> str:
    return path if is_local(path) and not path.startswith(("/sign-", "/second-factor", "/language")) else START
