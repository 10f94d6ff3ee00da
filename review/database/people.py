"""Tables on people: accounts, their sessions, and the audit log that nobody can rewrite."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Text

from review.database.columns import Base, Utc


class AccountRow(Base):
    """A person. `password_hash` is empty for one who signs in through the provider only."""

    __tablename__ = "review_account"
    id = Column(Integer, primary_key=True)
    name = Column(String(64), nullable=False, unique=True)
    full_name = Column(String(64), nullable=False, default="")
    role = Column(String(16), nullable=False)
    password_hash = Column(String(255), nullable=False, default="")
    must_change_password = Column(Boolean, nullable=False, default=False)
    second_factor = Column(Text, nullable=False, default="")  # sealed; empty: none
    second_factor_step = Column(Integer, nullable=False, default=0)  # last time step used: no code twice
    oidc_issuer = Column(String(255), nullable=False, default="")
    oidc_subject = Column(String(255), nullable=False, default="")
    failures = Column(Integer, nullable=False, default=0)  # wrong proofs of one who is signed in
    locked_until = Column(Utc)  # and until when none is taken; signing in has counters of its own (`GuessRow`)
    disabled = Column(Boolean, nullable=False, default=False)
    created_at = Column(Utc, nullable=False)
    signed_in_at = Column(Utc)
    version = Column(Integer, nullable=False, default=1)
    __table_args__ = (Index("ix_review_account_oidc", "oidc_issuer", "oidc_subject"),)


class SessionRow(Base):
    """A signed-in browser. Only the hash of its token is kept, so a stolen database opens no door.

    `stage` is `full`, or what is still to be done: `second_factor`, `set_second_factor`, `new_password`.
    """

    __tablename__ = "review_session"
    token_hash = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("review_account.id"), nullable=False, index=True)
    stage = Column(String(24), nullable=False)
    created_at = Column(Utc, nullable=False)
    rotated_at = Column(Utc, nullable=False)
    seen_at = Column(Utc, nullable=False)
    replaced_at = Column(Utc)  # a rotated token still works for a few seconds: a page loads several things at once
    data = Column(JSON, nullable=False, default=dict)


class GuessRow(Base):
    """Wrong passwords and codes at the sign-in. `key` is `kind:keyed hash`: of a name, a network or a known browser."""

    __tablename__ = "review_guess"
    key = Column(String(48), primary_key=True)
    failures = Column(Integer, nullable=False)  # since the last lock
    rounds = Column(Integer, nullable=False)  # locks in a row
    last_at = Column(Utc, nullable=False, index=True)
    locked_until = Column(Utc)


class BrowserRow(Base):
    """A browser in which an account has signed in. Only the hash of its token is kept."""

    __tablename__ = "review_browser"
    token_hash = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("review_account.id"), nullable=False, index=True)
    made_at = Column(Utc, nullable=False)
    seen_at = Column(Utc, nullable=False)  # the last sign-in there


class RecoveryCodeRow(Base):
    """One of an account's recovery codes, by its hash."""

    __tablename__ = "review_recovery_code"
    id = Column(Integer, primary_key=True)
    account_id = Column(Integer, ForeignKey("review_account.id"), nullable=False, index=True)
    code_hash = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    used_at = Column(Utc)


class AuditRow(Base):
    """Who changed what, with before and after. Triggers of the database refuse UPDATE and DELETE."""

    __tablename__ = "review_audit"
    id = Column(Integer, primary_key=True)
    at = Column(Utc, nullable=False, index=True)
    account_id = Column(Integer)
    account = Column(String(64), nullable=False)
    action = Column(String(48), nullable=False, index=True)
    target = Column(String(96), nullable=False, index=True)
    before = Column(JSON)
    after = Column(JSON)
    address = Column(String(64), nullable=False, default="")
