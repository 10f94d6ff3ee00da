"""`python -m bot.channels.wechat`: check the accounts, show or publish the menu."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from bot.channels.wechat.accounts import Account, load_accounts
from bot.channels.wechat.errors import WeChatError
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.platform_calls import PlatformCalls
from bot.channels.wechat.shared_store import SharedTokens
from bot.channels.wechat.text_form import is_public
from conversations.access_tokens import AccessTokens
from conversations.database import Database
from conversations.errors import ConversationsError
from conversations.vault import Vault
from knowledge.groundwork import settings


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.channels.wechat", description="微信账号 / WeChat accounts")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    commands.add_parser("accounts", help="检查并列出配置的账号 / check and list the accounts")
    menu = commands.add_parser("menu", help="公众号菜单 / the menu")
    menu.add_argument("what", choices=("show", "publish"), help="show 看，publish 发布 / show or publish")
    menu.add_argument("--account", help="账号名称，默认全部 / name, by default all")
    chosen = parser.parse_args(arguments)
    try:
        accounts = load_accounts()
        return _list(accounts) if chosen.command == "accounts" else _menu(accounts, chosen)
    except (WeChatError, ConversationsError) as error:
        print(error, file=sys.stderr)
        return 1


def _list(accounts: Mapping[str, Account]) -> int:
    for number, (name, account) in enumerate(accounts.items()):
        paths = [f"/webhooks/wechat/callback/{name}", *(["/webhooks/wechat/callback"] if number == 0 else [])]
        pushes = "推送" if account.can_push else "不推送"
        print(f"{name}\t{account.kind.value}\t{account.mode.value}\t{pushes}\t{'  '.join(paths)}")
    if not accounts:
        print("没有配置账号，见 docs/wechat.md / no account is configured")
    return 0


def _menu(accounts: Mapping[str, Account], chosen: argparse.Namespace) -> int:
    plan_url = settings.plan_reader_url()
    body = Menu.load().for_platform(plan_url if is_public(plan_url) else "")
    if chosen.what == "show":
        print(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    names = [chosen.account] if chosen.account else list(accounts)
    if not names or not set(names) <= set(accounts):
        print(
            f"没有账号 {chosen.account or ''} — 已配置：{'、'.join(accounts) or '无'} / no such account",
            file=sys.stderr,
        )
        return 1
    asyncio.run(_publish([accounts[name] for name in names], body))
    print(f"菜单已发布：{'、'.join(names)}。已经打开对话的关注者，重新进入公众号后可见。/ published")
    return 0


async def _publish(accounts: list[Account], body: dict[str, Any]) -> None:
    async def at_once(function: Callable[..., Any], *values: Any) -> Any:
        return function(*values)

    shelf = SharedTokens(AccessTokens(Database(), Vault(), lambda: datetime.now(timezone.utc)), at_once)
    for account in accounts:
        calls = PlatformCalls(account, shelf, time.time)
        try:
            await calls.publish_menu(body)
        finally:
            await calls.close()


if __name__ == "__main__":
    sys.exit(main())
