"""Which of the loaded releases handles a message: Rasa's processor of that release, and its knowledge.

Rasa loads one model and keeps one processor. Here the agent's processor is replaced by one that hands each message to
the processor of the release that the message began with; all of them share the tracker store, the locks and the broker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from knowledge.groundwork import settings
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths
from releases.in_use import Held, InUse
from releases.release import Release
from releases.shelf import Shelf, fixed_by_environment

RELEASE = "release"  # metadata of a message: the id of the release that answers it


def paths_of(release: Release | None) -> KnowledgePaths:
    """The knowledge of a release; of None, what the environment names."""
    return KnowledgePaths.of(release.knowledge) if release else settings.built_paths()


class ReleaseProcessor:
    """Stands where an agent keeps its `MessageProcessor`. What else Rasa asks of it, the serving release's one answers."""

    def __init__(self, in_use: InUse[MessageProcessor]) -> None:
        self._in_use = in_use

    async def handle_message(self, message: UserMessage) -> Any:
        """As `MessageProcessor.handle_message`, by the release that the channel chose."""
        held = self._in_use.named((message.metadata or {}).get(RELEASE, ""))
        return await held.value.handle_message(message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._in_use.serving.value, name)


class BotReleases:
    """The releases of this process. Before the agent is ready every message is of release ""."""

    def __init__(self) -> None:
        self._in_use: InUse[MessageProcessor] | None = None

    async def attach(self, agent: Agent) -> None:
        """Take over the processor that Rasa loaded at start, then follow the rollout. A second call changes nothing."""
        if self._in_use is not None or agent.processor is None:
            return
        loaded_at_start: list[MessageProcessor] = [agent.processor]
        in_use = InUse(_loader(agent, loaded_at_start), _serve, reads=READ)
        await asyncio.get_running_loop().run_in_executor(None, in_use.start)  # hashes the release's files
        agent.processor = ReleaseProcessor(in_use)
        self._in_use = in_use
        in_use.follow_on()

    def of(self, session: str) -> tuple[str, KnowledgePaths]:
        """The release that answers a session from here on, and its knowledge."""
        if self._in_use is None:
            return "", settings.knowledge_paths()
        held = self._in_use.of(session)
        return held.id, paths_of(held.release)

    async def to_rehearse(self, release_id: str) -> Held[MessageProcessor] | None:
        """A release by its id, loaded if need be (seconds), "" for what serves; None if it cannot be loaded."""
        if self._in_use is None:
            return None
        if not release_id:
            return self._in_use.serving
        held = await asyncio.get_running_loop().run_in_executor(None, self._in_use.named, release_id)
        return held if held.id == release_id else None

    @property
    def serving(self) -> str:
        """The release that answers all sessions but those of a trial; "" where the environment says what is served."""
        return self._in_use.serving.id if self._in_use else ""

    @property
    def faults(self) -> list[str]:
        """Releases that cannot be loaded."""
        return self._in_use.faults if self._in_use else []

    def stop(self) -> None:
        """Follow no longer."""
        if self._in_use is not None:
            self._in_use.stop()


def _loader(agent: Agent, loaded_at_start: list[MessageProcessor]) -> Callable[[Release | None], MessageProcessor]:
    def load(release: Release | None) -> MessageProcessor:
        if loaded_at_start:
            first = loaded_at_start.pop()  # once; kept here it would stay in memory after a switch
            if release is None or Path(first.model_path) == release.model:
                return first
        if release is None:
            raise RuntimeError("what the environment names was loaded at start")
        with settings.using(paths_of(release)):
            return MessageProcessor(
                model_path=release.model,
                tracker_store=agent.tracker_store,
                lock_store=agent.lock_store,
                action_endpoint=agent.action_endpoint,
                generator=agent.nlg,
                http_interpreter=agent.http_interpreter,
            )

    return load


def _serve(held: Held[MessageProcessor]) -> None:
    """Pages, suggestions and readiness read the knowledge of what serves."""
    settings.serve_from(paths_of(held.release) if held.release else None)


def model_at_start() -> str:
    """The model that Rasa is to load, and its knowledge for this process: the serving release's, or what is built.

    Raises `ReleaseError` if the rollout names a release that is not there, damaged, or in formats unknown here.
    """
    shelf = Shelf()
    rollout = None if fixed_by_environment() else shelf.rollout()
    if rollout is None:
        return ""
    release = shelf.release(rollout.serving)
    release.check(READ)
    settings.serve_from(paths_of(release))
    return str(release.model)


releases = BotReleases()
