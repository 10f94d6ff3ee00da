"""`python -m review`: the staff console; `create-admin` makes the first administrator, `reset` lets one in again."""

from __future__ import annotations

import argparse
import getpass
import logging
import os
import sys

from aiohttp import web

from review.accounts import book
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.app import build_app
from review.database.engine import engine_for, migrate, transaction
from review.desk import Desk
from review.errors import NothingThere, ReviewError
from review.settings import Settings

SHUTDOWN_S = 5.0  # for pages under way; idle connections of browsers are not waited for longer
COMMAND_LINE = Actor(None, "命令行 command line")


def main(arguments: list[str] | None = None) -> int:
    """Run a command, `serve` unless named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m review", description="审核台 / the staff console")
    commands = parser.add_subparsers(dest="command", metavar="命令")
    commands.add_parser("serve", help="启动 / serve (default)")
    make = commands.add_parser("create-admin", help="建第一个管理员 / make the first administrator")
    make.add_argument("name", help="用户名 / name")
    make.add_argument("--password-stdin", action="store_true", help="从标准输入读密码 / read the password from stdin")
    reset = commands.add_parser(
        "reset", help="发临时密码，取消两步验证和锁定 / temporary password, no second factor, no lock"
    )
    reset.add_argument("name", help="用户名 / name")
    commands.add_parser("migrate", help="把审核台的表升到这个版本 / bring the console's tables to this version")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        if chosen.command == "create-admin":
            return _create_admin(settings, chosen.name, chosen.password_stdin)
        if chosen.command == "reset":
            return _reset(settings, chosen.name)
        if chosen.command == "migrate":
            return _migrate(settings)
        return _serve(settings)
    except ReviewError as error:
        print(error, file=sys.stderr)
        return 1


def _serve(settings: Settings) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    print(f"审核台 review console {settings.public_url}", flush=True)
    web.run_app(
        build_app(Desk(settings)),
        host=settings.host,
        port=settings.port,
        print=None,
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
    )
    sys.stdout.flush()
    os._exit(0)  # a thread may still be loading the plan or grouping questions: nothing of that is worth waiting for


def _migrate(settings: Settings) -> int:
    engine = engine_for(settings.url)
    migrate(engine)
    engine.dispose()
    return 0


def _create_admin(settings: Settings, name: str, from_stdin: bool) -> int:
    password = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass("密码 password: ")
    if not from_stdin and getpass.getpass("再输一次 again: ") != password:
        print("两次输入不一样 / the two differ", file=sys.stderr)
        return 1
    engine = engine_for(settings.url)
    migrate(engine)
    with transaction(engine) as session:
        book.make_account(session, COMMAND_LINE, name, "", Role.ADMINISTRATOR, password, temporary=False)
    engine.dispose()
    print(f"管理员 {name} 已建好，打开 {settings.public_url} 登录 / administrator made: sign in there")
    return 0


def _reset(settings: Settings, name: str) -> int:
    engine = engine_for(settings.url)
    migrate(engine)
    with transaction(engine) as session:
        account = book.find_by_name(session, name)
        if account is None:
            raise NothingThere(f"没有用户 {name} / no such account")
        password = book.reset_account(session, COMMAND_LINE, account)
    engine.dispose()
    print(f"临时密码 temporary password: {password}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
