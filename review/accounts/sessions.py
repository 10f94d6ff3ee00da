"""Sessions: a random token in a cookie, its hash in the database, changed often, ended by time or by the person."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from review.accounts.roles import Role
from review.database.columns import now
from review.database.people import AccountRow, SessionRow

FULL = "full"
SECOND_FACTOR = "second_factor"  # a code is still to be typed
SET_SECOND_FACTOR = "set_second_factor"  # the console asks for one, the account has none
NEW_PASSWORD = "new_password"  # noqa: S105 - a stage: the temporary password is to be replaced
ROTATE_AFTER = timedelta(minutes=15)  # a stolen token is worth little for long; OWASP asks for renewal, gives no figure
GRACE = timedelta(seconds=30)  # pages that a browser loads side by side still carry the old token
SEEN_EVERY = timedelta(seconds=60)  # one write a minute, not one a click


@dataclass(frozen=True)
class SignedIn:
    """Who is at the browser. `csrf` is the token that forms carry; `token` what the cookie should hold now."""

    token: str
    account_id: int
    name: str
    full_name: str
    role: Role
    stage: str
    csrf: str


def open_session(session: Session, account: AccountRow, stage: str) -> str:
    """Start a session; the token to put into the cookie."""
    token, moment = secrets.token_urlsafe(32), now()
    session.add(
        SessionRow(
            token_hash=_hash(token),
            account_id=account.id,
            stage=stage,
            created_at=moment,
            rotated_at=moment,
            seen_at=moment,
            data={"csrf": secrets.token_urlsafe(24)},
        )
    )
    return token


@dataclass(frozen=True)
class SessionLookup:
    """What a token leads to: nobody, or somebody; `due` says that `keep_up` has something to write."""

    who: SignedIn | None
    due: bool


def find_session(session: Session, token: str, *, idle: timedelta, lifetime: timedelta, rotate: bool) -> SessionLookup:
    """Who holds a token; nobody if it is unknown, too old, left alone too long, or its account was disabled. Only reads.

    `rotate`: the token may be replaced now (not while a form is being sent).
    """
    row = session.get(SessionRow, _hash(token))
    if row is None:
        return SessionLookup(None, False)
    moment = now()
    account = session.get(AccountRow, row.account_id)
    if _has_ended(row, moment, idle, lifetime) or account is None or account.disabled:
        return SessionLookup(None, True)
    due = moment - row.seen_at > SEEN_EVERY or (rotate and _is_old(row, moment))
    return SessionLookup(_signed_in(token, account, row), due)


def keep_up(session: Session, who: SignedIn | None, token: str, *, rotate: bool) -> SignedIn | None:
    """Note that a session was used, replace its token where that is due (`SignedIn.token` is then another), or drop it."""
    row = session.get(SessionRow, _hash(token))
    if row is None or who is None:
        close_session(session, token)
        return None
    moment = now()
    row.seen_at = moment
    if not rotate or not _is_old(row, moment):
        return who
    return replace(who, token=_replace(session, row, row.stage, row.data))


def _has_ended(row: SessionRow, moment: datetime, idle: timedelta, lifetime: timedelta) -> bool:
    replaced = row.replaced_at is not None and moment - row.replaced_at > GRACE
    return replaced or moment - row.created_at > lifetime or moment - row.seen_at > idle


def _is_old(row: SessionRow, moment: datetime) -> bool:
    return row.replaced_at is None and moment - row.rotated_at > ROTATE_AFTER


def advance(session: Session, token: str, stage: str) -> str:
    """Another stage after a proof of identity: a new token and a new form token; the old one is void at once."""
    row = session.get(SessionRow, _hash(token))
    fresh = _replace(session, row, stage, {"csrf": secrets.token_urlsafe(24)})
    session.delete(row)
    return fresh


def close_session(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))


def close_sessions(session: Session, account_id: int, *, but: str = "") -> int:
    """End an account's sessions, all or all but one; how many."""
    query = delete(SessionRow).where(SessionRow.account_id == account_id)
    if but:
        query = query.where(SessionRow.token_hash != _hash(but))
    return int(session.execute(query).rowcount)


def count_sessions(session: Session, account_id: int) -> int:
    """Open sessions of an account, replaced tokens left out."""
    query = select(SessionRow).where(SessionRow.account_id == account_id, SessionRow.replaced_at.is_(None))
    return len(session.scalars(query).all())


def forget_old(session: Session, *, idle: timedelta, lifetime: timedelta) -> None:
    """Delete the rows of sessions that have ended."""
    moment = now()
    session.execute(
        delete(SessionRow).where(
            (SessionRow.created_at < moment - lifetime)
            | (SessionRow.seen_at < moment - idle)
            | (SessionRow.replaced_at < moment - GRACE)
        )
    )


def _replace(session: Session, row: SessionRow, stage: str, data: dict[str, Any]) -> str:
    token, moment = secrets.token_urlsafe(32), now()
    session.add(
        SessionRow(
            token_hash=_hash(token),
            account_id=row.account_id,
            stage=stage,
            created_at=row.created_at,
            rotated_at=moment,
            seen_at=moment,
            data=data,
        )
    )
    row.replaced_at = moment
    return token


def _signed_in(token: str, account: AccountRow, row: SessionRow) -> SignedIn:
    return SignedIn(
        token,
        account.id,
        account.name,
        account.full_name or account.name,
        Role(account.role),
        row.stage,
        row.data["csrf"],
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
