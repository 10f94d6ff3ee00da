"""`python -m bot shell`: talk to the running bot in the terminal, as a resident does over REST."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from settings.bot import BOT_PORT

PROMPT = "您 > "
ENDS = ("/stop", "exit")
TIMEOUT_S = 30.0  # a turn ends within 8 s; a bot that is just starting may take longer for its first
GREETING = "和 {url} 上的机器人对话。输入 /stop 或 exit 结束。"
NOTHING_ANSWERS = "{url} 没有回应（{why}）— 先另开一个终端运行 make run，等它说准备好了再来 / start the bot first"


class NoBot(Exception):
    """Nobody answers at the address; the message says how to start the bot."""


def ask(url: str, sender: str, text: str) -> list[str]:
    """The texts of the reply to one message. Raises `NoBot`."""
    body = json.dumps({"sender": sender, "message": text}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - this machine's own bot
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310
            messages: list[dict[str, Any]] = json.load(reply)
    except urllib.error.HTTPError as error:  # the bot is there, and says what is wrong with the message
        return [error.read().decode("utf-8", "replace")]
    except (OSError, ValueError) as error:
        raise NoBot(NOTHING_ANSWERS.format(url=url, why=error)) from None
    return [str(message["text"]) for message in messages if message.get("text")]


def lines(read: Callable[[str], str] = input) -> Iterator[str]:
    """What is typed, until the end of input, `/stop` or `exit`; blank lines are left out."""
    while True:
        try:
            line = read(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if line in ENDS:
            return
        if line:
            yield line


def main() -> None:
    """Ask what is typed; every run is a new resident. Ends with a message where no bot answers."""
    url = f"http://127.0.0.1:{BOT_PORT.read()}/webhooks/rest/webhook"
    sender = f"shell-{uuid.uuid4().hex}"
    print(GREETING.format(url=url))
    try:
        for line in lines():
            print("\n".join(ask(url, sender, line)))
    except NoBot as error:
        sys.exit(str(error))
