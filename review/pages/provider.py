"""Signing in through the identity provider."""

from __future__ import annotations

import json
from dataclasses import asdict

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.accounts.book import find_by_name, note_sign_in, summary
from review.accounts.oidc import Attempt, Identity, Provider
from review.accounts.sessions import FULL, open_session
from review.database.columns import now
from review.database.people import AccountRow
from review.errors import NothingThere, SignInRefused
from review.pages.sign_in import next_of, stage_of
from review.visit import Visit

ATTEMPT_COOKIE = "review_attempt"


def go_to_provider(visit: Visit) -> web.Response:
    """Off to the identity provider; what must come back unchanged waits in a sealed cookie."""
    address, attempt = _provider(visit).begin()
    response = web.Response(status=303, headers={"Location": address})
    waiting = json.dumps({"attempt": asdict(attempt), "next": next_of(visit.query.get("next", ""))})
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
        stage = FULL if trusted else stage_of(account, settings)
        note_sign_in(session, account, visit.address, "provider")
        visit.new_cookies["review_session"] = open_session(session, account, stage)
    response = visit.go(next_of(waiting["next"]))
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
