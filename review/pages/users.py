"""Accounts, for administrators."""

from __future__ import annotations

from aiohttp import web

from review.accounts import book
from review.accounts.guessing import strangers_locked_until
from review.accounts.passwords import hash_password, temporary_password
from review.accounts.roles import Role
from review.database.people import AccountRow
from review.errors import InvalidInput
from review.visit import Visit


def show(visit: Visit) -> web.Response:
    """All accounts and the form for a new one."""
    with visit.desk.reading() as session:
        everybody = book.accounts(session)
        locked = strangers_locked_until(session, [account.name for account in everybody])
        return visit.page("users.html", accounts=everybody, locked=locked, roles=list(Role))


def make(visit: Visit) -> web.Response:
    """A new account; its temporary password is shown once, here."""
    name = visit.needed("name", "用户名 / the name", most=64)
    role, full_name = _role(visit), visit.typed("full_name", most=64)
    password = temporary_password()
    hashed = hash_password(password)
    with visit.desk.transaction() as session:
        made = book.add_account(session, visit.actor, name, full_name, role, hashed, temporary=True).name
    return visit.page("password_once.html", account_name=made, password=password)


def show_one(visit: Visit) -> web.Response:
    """One account."""
    with visit.desk.reading() as session:
        return visit.page("user.html", account=book.find_account(session, visit.numbered("id")), roles=list(Role))


def change(visit: Visit) -> web.Response:
    """Role, name, whether it may sign in; who gives up her own rights is asked first whether she means it."""
    role, disabled = _role(visit), visit.typed("disabled") == "1"
    is_proven = visit.desk.settings.is_proven
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.numbered("id"))
        if _is_own(visit, account) and book.loses(account, role, disabled=disabled):
            book.check_an_administrator_stays(session, account, is_proven)
            if not _is_sure(visit):
                return _asked(visit, account, role=role, disabled=disabled)
        book.change_account(
            session,
            visit.actor,
            account,
            role=role,
            disabled=disabled,
            full_name=visit.typed("full_name", most=64),
            version=visit.number("version"),
            is_proven=is_proven,
        )
    return visit.go("/users", "saved")


def reset(visit: Visit) -> web.Response:
    """A temporary password for one who is shut out; second factor and lock are gone."""
    with visit.desk.reading() as session:
        account = book.find_account(session, visit.numbered("id"))
        if _is_own(visit, account):
            book.check_an_administrator_stays(session, account, visit.desk.settings.is_proven)
            if not _is_sure(visit):
                return _asked(visit, account)
    password = temporary_password()
    hashed = hash_password(password)
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.numbered("id"))
        book.reset_account(session, visit.actor, account, hashed)
        name = account.name
    return visit.page("password_once.html", account_name=name, password=password)


def _is_own(visit: Visit, account: AccountRow) -> bool:
    return bool(account.id == visit.person.account_id)


def _is_sure(visit: Visit) -> bool:
    return visit.typed("sure") == "yes"


def _asked(visit: Visit, account: AccountRow, role: Role | None = None, *, disabled: bool = False) -> web.Response:
    """Whether somebody means what she does to her own account: with a role it is changed, without one it is reset."""
    return visit.page("user_sure.html", account=account, role=role, disabled=disabled)


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.typed("role"))
    except ValueError as error:
        raise InvalidInput("请选择角色 / choose a role") from error
