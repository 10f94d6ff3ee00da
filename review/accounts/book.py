"""The accounts: making them, signing in, locking, changing; every change leaves an audit entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from review.accounts import guessing, passwords
from review.accounts.audit import Actor, write_audit
from review.accounts.browsers import forget_browsers
from review.accounts.guessing import Caller, Limits
from review.accounts.passwords import Verdict
from review.accounts.recovery import drop_codes
from review.accounts.roles import Role
from review.accounts.sessions import close_sessions
from review.database.columns import now
from review.database.people import AccountRow
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere

_NAME = re.compile(r"[\w.@-]{2,64}")
REFUSED = (
    "用户名、密码或验证码不对；连续输错会锁定一段时间 / wrong name, password or code; wrong tries lock for a while"
)


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
    """A new account with a password that is hashed here: for a database that nobody else writes to meanwhile."""
    return add_account(
        session,
        actor,
        name,
        full_name,
        role,
        passwords.hash_new(password, name.strip(), full_name),
        temporary=temporary,
    )


def add_account(
    session: Session, actor: Actor, name: str, full_name: str, role: Role, hashed: str, *, temporary: bool
) -> AccountRow:
    """A new account; `hashed` is what `passwords.hash_new` made, before the transaction.

    Raises `InvalidInput` for a name that is taken or cannot be one.
    """
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "用户名用 2 到 64 个字母、汉字、数字或 . _ - @ / a name is 2 to 64 letters, digits or . _ - @"
        )
    if find_by_name(session, name):
        raise InvalidInput(f"用户名 {name} 已经有了，换一个 / that name is taken")
    row = AccountRow(
        name=name,
        full_name=full_name.strip()[:64],
        role=role.value,
        password_hash=hashed,
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


def hash_of(session: Session, name: str) -> str:
    """The hash that a name's password has to fit; "" where nobody of that name may sign in."""
    row = find_by_name(session, name)
    return row.password_hash if row is not None and not row.disabled else ""


def let_in(
    session: Session, caller: Caller, name: str, verdict: Verdict, address: str, limits: Limits
) -> AccountRow | None:
    """The account of a name whose password was judged, or None, which counts against the caller.

    None as well while the caller is locked out, even with the right password. The password was judged before the
    transaction began: a right one that is not the account's any more is refused, uncounted.
    """
    if guessing.locked_until(session, caller, holding=True):
        return None
    row = find_by_name(session, name)
    if row is not None:
        session.refresh(row, with_for_update=True)
    if row is None or row.disabled or not verdict.right:
        count_wrong(session, caller, row, address, limits)
        return None
    if row.password_hash != verdict.against:
        return None
    row.password_hash = verdict.renewed or row.password_hash
    return row


def count_wrong(session: Session, caller: Caller, row: AccountRow | None, address: str, limits: Limits) -> None:
    """One more wrong password or code of a caller; a lock that follows is in the audit log."""
    for kind, lasts in guessing.count_wrong(session, caller, limits).items():
        told = {"who": kind, "minutes": int(lasts.total_seconds() // 60)}
        if kind == guessing.NETWORK:
            write_audit(session, Actor(None, "", address), "network.lock", "sign-in", None, told)
        elif row is not None:
            write_audit(session, Actor(row.id, row.name, address), "account.lock", f"account:{row.id}", None, told)


def note_sign_in(session: Session, row: AccountRow, address: str, how: str) -> None:
    """All proofs of identity were right."""
    row.signed_in_at = now()
    write_audit(session, Actor(row.id, row.name, address), "account.sign-in", f"account:{row.id}", None, {"how": how})


def proves(session: Session, actor: Actor, row: AccountRow, right: bool, limits: Limits) -> bool:
    """Whether somebody who is signed in proved again who they are. At the limit of wrong proofs all sessions end.

    Whoever stole a session can guess no password in it. Strangers do not come here, so this locks nobody out.
    """
    session.refresh(row, with_for_update=True)
    if takes_no_proof(row):
        return False
    row.failures = 0 if right else row.failures + 1
    if row.failures >= limits.tries:
        row.failures, row.locked_until = 0, now() + limits.lock_for
        close_sessions(session, row.id)
        told = {"who": "signed in", "minutes": int(limits.lock_for.total_seconds() // 60)}
        write_audit(session, actor, "account.lock", f"account:{row.id}", None, told)
    return right


def takes_no_proof(row: AccountRow) -> bool:
    """Whether one who is signed in proved wrongly too often, a while ago at the most."""
    return row.locked_until is not None and row.locked_until > now()


def drop_factor(session: Session, row: AccountRow) -> None:
    """No second factor from now on, and no recovery code."""
    row.second_factor, row.second_factor_step = "", 0
    drop_codes(session, row.id)


def change_password(session: Session, actor: Actor, row: AccountRow, new: str, *, keep_session: str) -> None:
    """Replace a person's own password by one with the hash `new`; all other sessions end."""
    row.password_hash, row.must_change_password = new, False
    close_sessions(session, row.id, but=keep_session)
    write_audit(session, actor, "account.change-password", f"account:{row.id}")


def reset_account(session: Session, actor: Actor, row: AccountRow, hashed: str) -> None:
    """A temporary password, whose hash is given, no second factor, no lock, no open session, no known browser."""
    row.password_hash, row.must_change_password = hashed, True
    row.failures, row.locked_until = 0, None
    drop_factor(session, row)
    close_sessions(session, row.id)
    forget_browsers(session, row.id)
    guessing.clear(session, guessing.name_counter(row.name))
    write_audit(session, actor, "account.reset", f"account:{row.id}")


def change_account(
    session: Session,
    actor: Actor,
    row: AccountRow,
    *,
    role: Role,
    disabled: bool,
    full_name: str,
    version: int,
    is_proven: Callable[[AccountRow], bool],
) -> None:
    """Change role, name or whether it may sign in; its sessions end where its role is another one or it is disabled.

    Raises `ChangedMeanwhile`, or as `check_an_administrator_stays`.
    """
    if row.version != version:
        raise ChangedMeanwhile("别人刚改过这个账号，请看清现在的内容再改 / somebody changed this account meanwhile")
    before = summary(row)
    if loses(row, role, disabled=disabled):
        check_an_administrator_stays(session, row, is_proven)
    row.role, row.disabled, row.full_name, row.version = role.value, disabled, full_name.strip()[:64], row.version + 1
    if disabled or row.role != before["role"]:
        close_sessions(session, row.id)  # a higher role may need a second factor, which is asked for at the sign-in
    write_audit(session, actor, "account.change", f"account:{row.id}", before, summary(row))


def summary(row: AccountRow) -> dict[str, object]:
    """What the audit log says of an account: no secret."""
    return {"name": row.name, "full_name": row.full_name, "role": row.role, "disabled": bool(row.disabled)}


def loses(row: AccountRow, role: Role, *, disabled: bool) -> bool:
    """Whether an account could do less than now with this role, or disabled."""
    return disabled or not role.may_act_as(Role(row.role))


def check_an_administrator_stays(session: Session, row: AccountRow, is_proven: Callable[[AccountRow], bool]) -> None:
    """Raise `InvalidInput` where nobody could be sure to administer without this account.

    `is_proven` says of an account that its owner has signed in with all that is asked of her: a temporary password that
    nobody used yet may be lost, and with it the way in.
    """
    if row.role != Role.ADMINISTRATOR.value:
        return
    query = select(AccountRow).where(AccountRow.role == Role.ADMINISTRATOR.value).order_by(AccountRow.id)
    others = [each for each in session.scalars(query.with_for_update()) if each.id != row.id and not each.disabled]
    if not others:
        raise InvalidInput(
            "这是唯一能登录的管理员：至少要留一个。先新建一个管理员，等其登录过再来"
            " / this is the only administrator who can sign in, and one must remain: make another one, who signs in first"
        )
    if not any(map(is_proven, others)):
        names = "、".join(each.name for each in others)
        raise InvalidInput(
            f"另外的管理员（{names}）还没有登录过、没有换掉临时密码，或没有设好要求的两步验证：现在这样做，可能再也没有人能管理。"
            "请其先登录一次并设好，再来"
            f" / the other administrators ({names}) have not signed in yet, still have a temporary password or lack the"
            " second factor that is required, so nobody might be left to administer: let one of them sign in and set"
            " it up first"
        )
