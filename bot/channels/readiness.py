"""Whether a resident who asks now gets an answer: model loaded, knowledge built, action server answering."""

from __future__ import annotations

import asyncio
import time

import aiohttp
from sanic import Sanic

from bot.channels.callers import BEHIND_A_PROXY, knows_its_proxies
from bot.draining import is_draining
from bot.warming import is_warm
from conversations.spool import Spool
from knowledge.catalogue.store import opened, read_meta
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from settings.bot import ACTIONS_HOST, ACTIONS_PORT, BOT_HOST, BOT_PORT
from settings.review import REVIEW_HOST, REVIEW_PORT, REVIEW_PUBLIC_URL

ACTIONS_TIMEOUT_S = 2.0  # an action server that needs longer for /health is not ready
POLL_S = 0.5
FRESH_S = 1.0


def actions_address() -> str:
    """Where the action server listens."""
    return f"http://{ACTIONS_HOST.read()}:{ACTIONS_PORT.read()}"


def review_address() -> str:
    """Where staff find the console; it starts beside the bot and nothing waits for it."""
    return REVIEW_PUBLIC_URL.read() or f"http://{REVIEW_HOST.read()}:{REVIEW_PORT.read()}"


async def faults(app: Sanic) -> list[str]:
    """What is missing, each with its mend; empty when ready."""
    return [
        *_leaving_faults(app),
        *_model_faults(app),
        *_knowledge_faults(),
        *_warmth_faults(app),
        *await _actions_faults(),
    ]


class Readiness:
    """`faults` for strangers: found out once in `FRESH_S`, however many ask, so that asking costs nothing."""

    def __init__(self) -> None:
        self._found: asyncio.Task[list[str]] | None = None
        self._until = 0.0

    async def faults(self, app: Sanic) -> list[str]:
        """At most `FRESH_S` old."""
        if self._found is None or (self._found.done() and time.monotonic() >= self._until):
            self._found = asyncio.ensure_future(faults(app))
            self._found.add_done_callback(self._keep)
        return await asyncio.shield(self._found)

    def _keep(self, _found: asyncio.Task[list[str]]) -> None:
        self._until = time.monotonic() + FRESH_S


async def announce_when_ready(app: Sanic) -> None:
    """Print the addresses, once, as soon as nothing is missing: what `make run` ends its set-up with."""
    while await faults(app):  # noqa: ASYNC110 - what is waited for are other processes, there is no event to await
        await asyncio.sleep(POLL_S)
    bot = f"http://{BOT_HOST.read()}:{BOT_PORT.read()}"
    print(
        f"\n  青浦民生问答已就绪 / Ask Qingpu is ready（Ctrl-C 停止 / stops）\n"
        f"    网页 page     {bot}/\n"
        f"    提问 ask      POST {bot}/webhooks/rest/webhook\n"
        f"    原文 plan     {bot}/plan\n"
        f"    状态 status   {bot}/webhooks/web/ready\n"
        f"    动作服务      {actions_address()}\n"
        f"    审核台 review {review_address()}\n" + ("" if knows_its_proxies() else f"    {BEHIND_A_PROXY}\n"),
        flush=True,
    )


def spool_faults(spool: Spool) -> list[str]:
    """What waits for the log, if anything does: residents are answered all the same."""
    try:
        waiting = spool.waiting()
    except OSError as error:
        return [f"{spool.path}: 待补写的文件读不了（{error.strerror}） / the spool cannot be read"]
    return [f"会话库写不了，{waiting} 条等着补写 / {waiting} entries wait for the log"] if waiting else []


def _leaving_faults(app: Sanic) -> list[str]:
    return ["正在停下，请问别的机器人 / leaving: other bots take new questions"] if is_draining(app) else []


def _model_faults(app: Sanic) -> list[str]:
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and agent.is_ready():
        return []
    return ["模型还没有载入；若一直如此，运行 make train / the model is not loaded; if it stays so, run make train"]


def _warmth_faults(app: Sanic) -> list[str]:
    return (
        []
        if is_warm(app)
        else ["正在载入第一次要用的东西，几秒就好 / loading what the first turn needs, a few seconds"]
    )


def _knowledge_faults() -> list[str]:
    try:
        with opened(settings.knowledge_paths().url) as engine:
            read_meta(engine)
    except KnowledgeError as error:
        return [str(error)]
    return []


async def _actions_faults() -> list[str]:
    try:
        timeout = aiohttp.ClientTimeout(total=ACTIONS_TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{actions_address()}/health") as reply,
        ):
            if reply.status == 200:
                return []
            return [f"动作服务回答 {reply.status} / the action server answered {reply.status}"]
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:  # no kin of the builtin one before Python 3.11
        return [f"动作服务没有回答（{type(error).__name__}） / the action server does not answer"]
