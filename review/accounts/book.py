"""The accounts: making them, signing in, locking, changing; every change leaves an audit entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from review.accounts import passwords
from review.accounts.audit import Actor, write_audit
from review.accounts.roles import Role
from review.accounts.sessions import close_sessions
from review.database.columns import now
from review.database.people import AccountRow
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere, SignInRefused

_NAME = re.compile(r"[\w.@-]{2,64}")
REFUSED = "用户名、密码或验证码不对，或账号暂时锁定；连续输错会锁定一段时间 / wrong name, password or code, or the account is locked for a while"


def find_account(session: Session, account_id: int) -> AccountRow:
    """An account. Raises `NothingThere`."""
    row = session.get(AccountRow, account_id)
    if row is None:
        raise NothingThere("没有这个账号 / no such account")
    return row


def accounts(session: Session) -> Sequence[AccountRow]:
    """All accounts by name."""
    return list(session.scalars(select(AccountRow).order_by(AccountRow.disabled, AccountRow.name)))


def make_account(
    session: Session, actor: Actor, name: str, full_name: str, role: Role, password: str, *, temporary: bool
) -> AccountRow:
    """A new account. Raises `InvalidInput` for a name that is taken or cannot be one, or a weak password."""
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "用户名用 2 到 64 个字母、汉字、数字或 . _ - @ / a name is 2 to 64 letters, digits or . _ - @"
        )
    if find_by_name(session, name):
        raise InvalidInput(f"用户名 {name} 已经有了，换一个 / that name is taken")
    passwords.check_new(password, name)
    row = AccountRow(
        name=name,
        full_name=full_name.strip()[:64],
        role=role.value,
        password_hash=passwords.hash_password(password),
        must_change_password=temporary,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    write_audit(session, actor, "account.make", f"account:{row.id}", None, summary(row))
    return row


def find_by_name(session: Session, name: str) -> AccountRow | None:
    """The account of a name, whatever its case."""
    return session.scalars(select(AccountRow).where(func.lower(AccountRow.name) == name.strip().lower())).first()


def check_password(
    session: Session, name: str, password: str, address: str, *, lock_after: int, lock_for: timedelta
) -> AccountRow | None:
    """The account whose name and password these are, or None, which counts towards its lock.

    None as well while it is locked, even with the right password: the caller says the same in each case.
    """
    row = find_by_name(session, name)
    right = passwords.is_right(row.password_hash if row and not row.disabled else "", password)
    if row is None or row.disabled:
        return None
    if row.locked_until and row.locked_until > now():
        return None
    if not right:
        count_failure(session, row, address, lock_after=lock_after, lock_for=lock_for)
        return None
    if passwords.is_outdated(row.password_hash):
        row.password_hash = passwords.hash_password(password)
    return row


def count_failure(session: Session, row: AccountRow, address: str, *, lock_after: int, lock_for: timedelta) -> None:
    """One more wrong password or code; the account is locked at `lock_after`."""
    row.failures += 1
    if row.failures >= lock_after:
        row.failures, row.locked_until = 0, now() + lock_for
        write_audit(
            session,
            Actor(row.id, row.name, address),
            "account.lock",
            f"account:{row.id}",
            None,
            {"minutes": lock_for.seconds // 60},
        )


def note_sign_in(session: Session, row: AccountRow, address: str, how: str) -> None:
    """All proofs of identity were right."""
    row.failures, row.locked_until, row.signed_in_at = 0, None, now()
    write_audit(session, Actor(row.id, row.name, address), "account.sign-in", f"account:{row.id}", None, {"how": how})


def change_password(session: Session, actor: Actor, row: AccountRow, old: str, new: str, *, keep_session: str) -> None:
    """Replace a person's own password; all other sessions end. Raises `SignInRefused`, `InvalidInput`."""
    if not passwords.is_right(row.password_hash, old):
        raise SignInRefused("现在的密码不对 / the current password is wrong")
    if old == new:
        raise InvalidInput("新密码与现在的一样 / the new password is the current one")
    passwords.check_new(new, row.name)
    row.password_hash, row.must_change_password = passwords.hash_password(new), False
    close_sessions(session, row.id, but=keep_session)
    write_audit(session, actor, "account.change-password", f"account:{row.id}")


def reset_account(session: Session, actor: Actor, row: AccountRow) -> str:
    """A temporary password, no second factor, no lock, no open session: for one who is shut out. The password."""
    password = passwords.temporary_password()
    row.password_hash, row.must_change_password = passwords.hash_password(password), True
    row.second_factor, row.second_factor_step, row.failures, row.locked_until = "", 0, 0, None
    close_sessions(session, row.id)
    write_audit(session, actor, "account.reset", f"account:{row.id}")
    return password


def change_account(
    session: Session, actor: Actor, row: AccountRow, *, role: Role, disabled: bool, full_name: str, version: int
) -> None:
    """Change role, name or whether it may sign in; its sessions end where it loses something.

    Raises `ChangedMeanwhile`, or `InvalidInput` where no administrator would be left.
    """
    if row.version != version:
        raise ChangedMeanwhile("别人刚改过这个账号，请看清现在的内容再改 / somebody changed this account meanwhile")
    before = summary(row)
    loses = disabled or not role.may_act_as(Role(row.role))
    if loses and _is_last_administrator(session, row):
        raise InvalidInput("至少要留一个能登录的管理员 / one administrator who can sign in must remain")
    row.role, row.disabled, row.full_name, row.version = role.value, disabled, full_name.strip()[:64], row.version + 1
    if loses:
        close_sessions(session, row.id)
    write_audit(session, actor, "account.change", f"account:{row.id}", before, summary(row))


def summary(row: AccountRow) -> dict[str, object]:
    """What the audit log says of an account: no secret."""
    return {"name": row.name, "full_name": row.full_name, "role": row.role, "disabled": bool(row.disabled)}


def _is_last_administrator(session: Session, row: AccountRow) -> bool:
    others = select(func.count()).where(
        AccountRow.role == Role.ADMINISTRATOR.value, AccountRow.disabled.is_(False), AccountRow.id != row.id
    )
    return row.role == Role.ADMINISTRATOR.value and not session.scalar(others)
