"""The browsers in which an account has signed in: each has a random token in a lasting cookie, one an account.

Who has the token is not signed in; wrong passwords typed there are counted apart from those of strangers, that is all.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from review.database.columns import now
from review.database.people import BrowserRow

COOKIE = "review_browser"
KEPT = timedelta(days=180)  # since the last sign-in there
MOST = 20  # of an account: whoever clears cookies each time leaves a row each time


def cookie_of(account_id: int) -> str:
    """The cookie's name: several people may use one browser."""
    return f"{COOKIE}_{account_id}"


def known_browser(session: Session, account_id: int, token: str) -> BrowserRow | None:
    """The browser that has this token for this account, None for a stranger."""
    row = session.get(BrowserRow, _hash(token)) if token else None
    return row if row is not None and row.account_id == account_id and row.seen_at > now() - KEPT else None


def remember_browser(session: Session, account_id: int, token: str) -> str:
    """After a sign-in with everything right: the token for the cookie, the same where the browser is known already."""
    row = known_browser(session, account_id, token)
    if row is not None:
        row.seen_at = now()
        return token
    fresh = secrets.token_urlsafe(32)
    session.add(BrowserRow(token_hash=_hash(fresh), account_id=account_id, made_at=now(), seen_at=now()))
    session.flush()
    newest = select(BrowserRow.token_hash).where(BrowserRow.account_id == account_id)
    kept = session.scalars(newest.order_by(BrowserRow.seen_at.desc()).limit(MOST)).all()
    session.execute(
        delete(BrowserRow).where(BrowserRow.account_id == account_id, BrowserRow.token_hash.not_in(kept)),
        execution_options={"synchronize_session": False},
    )
    return fresh


def forget_browsers(session: Session, account_id: int, *, but: str = "") -> None:
    """All that are known of an account, or all but one, are strangers again."""
    query = delete(BrowserRow).where(BrowserRow.account_id == account_id, BrowserRow.token_hash != _hash(but))
    session.execute(query)


def forget_unused(session: Session) -> None:
    """Drop the browsers in which nobody has signed in for long."""
    session.execute(delete(BrowserRow).where(BrowserRow.seen_at < now() - KEPT))


def count_browsers(session: Session, account_id: int) -> int:
    """How many are known of an account."""
    query = select(BrowserRow.token_hash).where(BrowserRow.account_id == account_id, BrowserRow.seen_at > now() - KEPT)
    return len(session.scalars(query).all())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
