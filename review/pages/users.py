"""Accounts, for administrators."""

from __future__ import annotations

from aiohttp import web

from review.accounts import book
from review.accounts.guessing import strangers_locked_until
from review.accounts.passwords import hash_password, temporary_password
from review.accounts.roles import Role
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
    """Role, name, whether it may sign in."""
    with visit.desk.transaction() as session:
        book.change_account(
            session,
            visit.actor,
            book.find_account(session, visit.numbered("id")),
            role=_role(visit),
            disabled=visit.typed("disabled") == "1",
            full_name=visit.typed("full_name", most=64),
            version=visit.number("version"),
        )
    return visit.go("/users", "saved")


def reset(visit: Visit) -> web.Response:
    """A temporary password for one who is shut out; second factor and lock are gone."""
    password = temporary_password()
    hashed = hash_password(password)
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.numbered("id"))
        book.reset_account(session, visit.actor, account, hashed)
        name = account.name
    return visit.page("password_once.html", account_name=name, password=password)


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.typed("role"))
    except ValueError as error:
        raise InvalidInput("请选择角色 / choose a role") from error
