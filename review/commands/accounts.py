"""`create-admin` makes the first administrator, `reset` lets one in again who is shut out."""

from __future__ import annotations

import argparse
import getpass
import sys

from review.accounts import book, passwords
from review.accounts.roles import Role
from review.commands import COMMAND_LINE, Commands
from review.database.engine import connected, migrate, transaction
from review.errors import NothingThere
from review.settings import Settings


def register(commands: Commands) -> None:
    """Add the two commands."""
    make = commands.add_parser("create-admin", help="建第一个管理员 / make the first administrator")
    make.add_argument("name", help="用户名 / name")
    make.add_argument("--password-stdin", action="store_true", help="从标准输入读密码 / read the password from stdin")
    make.set_defaults(run=create_admin)
    again = commands.add_parser(
        "reset", help="发临时密码，取消两步验证和锁定 / temporary password, no second factor, no lock"
    )
    again.add_argument("name", help="用户名 / name")
    again.set_defaults(run=reset)


def create_admin(settings: Settings, chosen: argparse.Namespace) -> int:
    """Make an administrator; the password is typed twice, or read once from standard input."""
    try:
        password = sys.stdin.readline().rstrip("\n") if chosen.password_stdin else getpass.getpass("密码 password: ")
        again = password if chosen.password_stdin else getpass.getpass("再输一次 again: ")
    except EOFError:
        print(
            "这里打不了字 — 用 --password-stdin 从标准输入给密码 / nobody types here: use --password-stdin",
            file=sys.stderr,
        )
        return 1
    if again != password:
        print("两次输入不一样 / the two differ", file=sys.stderr)
        return 1
    hashed = passwords.hash_new(password, chosen.name)
    with connected(settings, migrate) as engine, transaction(engine) as session:
        book.add_account(session, COMMAND_LINE, chosen.name, "", Role.ADMINISTRATOR, hashed, temporary=False)
    print(f"管理员 {chosen.name} 已建好，打开 {settings.public_url} 登录 / administrator made: sign in there")
    return 0


def reset(settings: Settings, chosen: argparse.Namespace) -> int:
    """Print a temporary password for an account, without a second factor or a lock."""
    password = passwords.temporary_password()
    hashed = passwords.hash_password(password)
    with connected(settings, migrate) as engine, transaction(engine) as session:
        account = book.find_by_name(session, chosen.name)
        if account is None:
            raise NothingThere(f"没有用户 {chosen.name} / no such account")
        book.reset_account(session, COMMAND_LINE, account, hashed)
    print(f"临时密码 temporary password: {password}")
    return 0
