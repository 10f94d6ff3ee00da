"""`make wechat-sim`: chat as a follower, in the terminal, without a platform account.

By default it starts the bot for itself and plays the platform around it: requests signed and sealed as the platform
does it, five seconds, three deliveries, pushed messages. `--bot` talks to a bot that runs already.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from wechat_sim.envelope import Envelope, PlatformAccount
from wechat_sim.follower import Follower, Shown
from wechat_sim.platform import FakePlatform, Pushed
from wechat_sim.product import NotStarted, SimulatedProduct, new_account

HELP = """直接打字就是发消息。以冒号开头的是别的动作 / type to send, or:
  :关注 :follow        :取关 :unfollow      :菜单 :menu [key]（不写 key 列出按钮 / lists the keys）
  :语音 :voice 文字     :图片 :image         :位置 :location       :链接 :link
  :重发 :again（同一条消息再投递一次 / deliver the last one again）
  :核对 :verify（后台验证网址 / verify the address）   :帮助 :help   :退出 :quit"""
PUSH_WITHIN_S = 60  # what is still to be pushed when the chat ends is waited for
FOLDER = Path("var/wechat-sim")
MENU = Path("bot/channels/wechat/menu.yml")


class Chat:
    """One follower's telephone."""

    def __init__(self, follower: Follower, heard: Callable[[str], None]) -> None:
        self._follower = follower
        self._heard = heard
        self._last = ""
        self.unanswered = False

    def act(self, line: str) -> str | None:
        """What the follower sees after a line was typed; None ends the chat."""
        if not line.startswith((":", "：")):
            return self._send(self._follower.xml("text", Content=line))
        command, _, rest = line[1:].strip().partition(" ")
        rest = rest.strip()
        if command in ("退出", "quit", "q"):
            return None
        if command in ("核对", "verify"):
            status, body = self._follower.verify("3141592653")
            return f"HTTP {status} {'通过' if (status, body) == (200, '3141592653') else '没有通过'}"
        if command in ("重发", "again"):
            return self._send(self._last) if self._last else "还没有发过消息"
        if command in ("菜单", "menu") and not rest:
            return "按钮：" + "、".join(_menu_keys())
        xml = self._xml(command, rest)
        return self._send(xml) if xml else HELP

    def _xml(self, command: str, rest: str) -> str:
        follower = self._follower
        kinds = {"图片": "image", "位置": "location", "链接": "link"}
        if command in ("关注", "follow"):
            return follower.event_xml("subscribe")
        if command in ("取关", "unfollow"):
            return follower.event_xml("unsubscribe")
        if command in ("菜单", "menu"):
            return follower.event_xml("CLICK", rest)
        if command in ("语音", "voice"):
            return follower.xml("voice", MediaId="m", Format="amr", **({"Recognition": rest} if rest else {}))
        if command in kinds or command in kinds.values():
            return follower.xml(kinds.get(command, command), MediaId="m")
        return ""

    def _send(self, xml: str) -> str:
        self._last = xml
        self._heard(self._follower.open_id)
        shown = self._follower.deliver(xml)
        self.unanswered = shown.text is None and "<MsgType>text" in xml
        return _shown(shown)


def main(arguments: list[str] | None = None) -> int:
    """Chat until the input ends; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m wechat_sim", description="当一回关注者 / chat as a follower")
    parser.add_argument("--mode", choices=("plain", "compatible", "safe"), default="safe", help="消息加解密方式")
    parser.add_argument("--wecom", action="store_true", help="企业微信 / WeCom")
    parser.add_argument("--unverified", action="store_true", help="未认证账号：不能推送 / an unverified account")
    parser.add_argument("--bot", metavar="URL", help="已在运行的机器人，如 http://127.0.0.1:5005 / a running bot")
    parser.add_argument("--accounts", type=Path, default=Path("var/wechat-accounts.yml"), help="--bot 的账号文件")
    parser.add_argument("--account", help="--bot 的账号名称，默认第一个 / by default the first")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="自己启动时放文件的地方 / where its own files go")
    chosen = parser.parse_args(arguments)
    if chosen.bot:
        name, account = _configured(chosen.accounts, chosen.account)
        follower = Follower(f"{chosen.bot.rstrip('/')}/webhooks/wechat/callback/{name}", Envelope(account))
        return _chat(Chat(follower, lambda _: None))
    account = new_account(chosen.mode, wecom=chosen.wecom)
    platform = FakePlatform(account, verified=not chosen.unverified, on_push=_show_pushed).start()
    product = SimulatedProduct(chosen.folder, account, platform.url, verified=not chosen.unverified)
    try:
        print("正在启动机器人 … / starting the bot …", flush=True)
        product.start()
        chat = Chat(Follower(product.callback, Envelope(account)), platform.heard_from)
        ended = _chat(chat)
        deadline = time.monotonic() + PUSH_WITHIN_S
        while chat.unanswered and not platform.pushed and time.monotonic() < deadline:
            time.sleep(0.2)
        return ended
    except NotStarted as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        product.stop()
        platform.stop()


def _chat(chat: Chat) -> int:
    print(f"公众号已连上。{HELP}", flush=True)
    while True:
        try:
            line = input("我> ").strip()
        except (EOFError, KeyboardInterrupt):
            return 0
        if not line:
            continue
        answer = chat.act(line)
        if answer is None:
            return 0
        print(answer, flush=True)


def _shown(shown: Shown) -> str:
    retried = f"（第 {shown.attempts} 次投递 / delivery {shown.attempts}）" if shown.attempts > 1 else ""
    if shown.text is None:
        return f"（公众号没有当场回复 / no reply on this connection）{retried}"
    return f"公众号> {shown.text}{retried}"


def _show_pushed(pushed: Pushed) -> None:
    print(f"\n公众号（推送 / pushed）> {pushed.text}\n我> ", end="", flush=True)


def _menu_keys() -> list[str]:
    entries = YAML(typ="safe").load(MENU.read_text(encoding="utf-8"))
    return [leaf["key"] for entry in entries for leaf in entry.get("buttons", [entry]) if "key" in leaf]


def _configured(path: Path, name: str | None) -> tuple[str, PlatformAccount]:
    """An account as the bot's own file has it."""
    accounts = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["accounts"]
    name = name or next(iter(accounts))
    fields = accounts[name]
    return name, PlatformAccount(
        app_id=fields["app_id"],
        token=fields["token"],
        mode=fields.get("mode", "safe"),
        aes_key=fields.get("aes_key", ""),
        wecom=fields.get("kind") == "wecom",
        agent_id=int(fields.get("agent_id", 0)),
    )


if __name__ == "__main__":
    sys.exit(main())
