"""Tells staff of acute danger at once, where they want it: a POST to an address of theirs, without the resident's words."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import aiohttp

from danger.replies import ANY, shipped
from monitor.metrics import DANGER_TOLD
from settings.bot import DANGER_WEBHOOK_URL

logger = logging.getLogger(__name__)
SETTING = DANGER_WEBHOOK_URL.name
TRIES_S = (0.0, 2.0, 10.0, 60.0)  # waits before each try: a receiver that restarts is back within a minute
TIMEOUT_S = 5.0
MAX_READ_BYTES = 4096  # of a receiver's reply: enough for WeCom's, and no receiver can fill the memory
TEXT = "青浦民生问答：刚有居民遇到危险（{kind}），已答复求助电话。请在审核台收件箱查看，编号 {answer_id}。"


class Notifier:
    """Posts to one address; "" posts nowhere. A resident never waits for it, and its failure is only logged.

    `waits_s` are the seconds before each try.
    """

    def __init__(self, url: str = "", waits_s: Sequence[float] = TRIES_S) -> None:
        self._url = url
        self._waits_s = tuple(waits_s)
        self._under_way: set[asyncio.Task[None]] = set()
        DANGER_TOLD.labels("failed")  # from the start: a series that begins with its first failure has no rate

    @classmethod
    def from_environment(cls) -> Notifier:
        """`DANGER_WEBHOOK_URL`. Raises `SettingWrong` where it is no http(s) address."""
        return cls(DANGER_WEBHOOK_URL.read())

    def tell(self, kind: str, answer_id: str, channel: str) -> None:
        """Send it in the background of the running event loop."""
        if not self._url:
            return
        task = asyncio.get_running_loop().create_task(self._send(body_of(kind, answer_id, channel)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, body: dict[str, Any]) -> None:
        for wait_s in self._waits_s:
            await asyncio.sleep(wait_s)
            try:
                timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
                async with aiohttp.ClientSession(timeout=timeout) as client, client.post(self._url, json=body) as reply:
                    refusal = refused_with((await reply.content.read(MAX_READ_BYTES)).decode(errors="replace"))
                    if reply.status < 300 and not refusal:
                        DANGER_TOLD.labels("told").inc()
                        return
                    said = reply.status if reply.status >= 300 else f"errcode {refusal}"
                    logger.warning("%s answered %s for %s", SETTING, said, body["answer_id"])
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                logger.warning("%s cannot be reached for %s: %s", SETTING, body["answer_id"], error)
        DANGER_TOLD.labels("failed").inc()
        logger.error("staff were not told of danger in %s: %s stays silent", body["answer_id"], SETTING)


def refused_with(text: str) -> int:
    """The `errcode` of a reply, 0 for none: WeCom answers 200 also to what it does not pass on."""
    try:
        code = json.loads(text)["errcode"]
    except (ValueError, TypeError, KeyError):
        return 0
    return code if isinstance(code, int) else 0


def body_of(kind: str, answer_id: str, channel: str) -> dict[str, Any]:
    """The JSON that is posted. `msgtype` and `text` are what a WeCom group robot reads (企业微信「群机器人配置说明」)."""
    name = shipped().kinds.get(kind, shipped().kinds[ANY]).zh_name
    return {
        "msgtype": "text",
        "text": {"content": TEXT.format(kind=name, answer_id=answer_id)},
        "event": "danger",
        "kind": kind,
        "answer_id": answer_id,
        "channel": channel,
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
