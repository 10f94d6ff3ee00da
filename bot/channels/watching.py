"""Danger before understanding: what every resident channel looks for first, and remembers for ten minutes."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from conversations.patience import Patience
from conversations.turn_log import TurnLog
from danger.published import PublishedReplies
from danger.replies import Replies
from danger.watch import Assessment, Level, Watch, shared_watch
from knowledge.groundwork import settings
from knowledge.reply.answer import Answer, Outcome

logger = logging.getLogger(__name__)
CAREFUL_FOR = timedelta(minutes=10)
ASK_S = 1.0  # for the log, of the four seconds in which a message has to be read: danger does not wait for a database
REMEMBERED = 4096  # sessions that were in danger, for when the log cannot be asked


@dataclass(frozen=True)
class Noticed:
    """An assessment, and the kinds for which this session was in acute danger within `CAREFUL_FOR`."""

    assessment: Assessment = field(default_factory=Assessment)
    lately: tuple[str, ...] = ()

    @property
    def is_acute(self) -> bool:
        """Whether the reply is that of danger and nothing else."""
        return self.assessment.level is Level.ACUTE

    def as_metadata(self) -> Mapping[str, Any] | None:
        """What the action server is told (`danger.replies.Replies.beside`): None where nothing is to be said."""
        if self.assessment.level is Level.QUIET:
            return {"kinds": list(self.assessment.kinds), "script": self.assessment.script, "lately": bool(self.lately)}
        if self.lately:
            return {"kinds": list(self.lately), "script": self.assessment.script, "lately": True}
        return None


class Watchman:
    """One for a channel. Safe to share between threads; never raises."""

    def __init__(self, log: TurnLog, watch: Watch | None = None, replies: Callable[[], Replies] | None = None) -> None:
        self._log = log
        self._patience = Patience(ASK_S, "danger")
        self._watch = watch or shared_watch()
        self._replies = replies or _published().current
        self._lately: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    def look(self, text: str, session: str, understood: str = "") -> Noticed:
        """What is noticed in a message as typed; about 10 ms where the classifier has to encode it, so not for an event loop."""
        lately = self._kinds_lately(session)
        noticed = Noticed(self._watch.assess(text, understood, careful=bool(lately)), lately)
        if noticed.is_acute:
            self._remember(session, noticed.assessment.kinds)
        return noticed

    def look_at_words(self, text: str, session: str) -> Noticed:
        """What the rules alone notice, at once: for when reading takes too long."""
        noticed = Noticed(self._watch.assess_words(text))
        if noticed.is_acute:
            self._remember(session, noticed.assessment.kinds)
        return noticed

    def reply(self, noticed: Noticed) -> Answer:
        """The whole reply to acute danger."""
        return self._replies().acute(noticed.assessment.kinds, noticed.assessment.script)

    def beside(self, answer: Answer, noticed: Noticed) -> Answer:
        """A reply that did not come from the action server, with the quiet line if one is due."""
        metadata = noticed.as_metadata()
        return self._replies().beside(answer, metadata) if metadata else answer

    def forget(self, session: str) -> None:
        """Remember nothing of a session, when it is erased."""
        self._lately.pop(session, None)

    def _remember(self, session: str, kinds: tuple[str, ...]) -> None:
        self._lately[session] = (time.time(), kinds)
        self._lately.move_to_end(session)
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)

    def _kinds_lately(self, session: str) -> tuple[str, ...]:
        """By this process's memory, else by the log: another process may have taken the turn before."""
        at, kinds = self._lately.get(session, (0.0, ()))
        if time.time() - at <= CAREFUL_FOR.total_seconds():
            return kinds
        since = datetime.now(timezone.utc) - CAREFUL_FOR
        try:
            turn = self._patience.ask(self._log.latest_with_outcome, session, Outcome.DANGER.value, since)
        except Exception:
            logger.exception("the log could not be asked whether %s was in danger lately", session)
            return ()
        return (turn.danger,) if turn else ()


@lru_cache(maxsize=1)
def _published() -> PublishedReplies:
    return PublishedReplies(settings.staff_url(), moved_from=settings.staff_moved_from())
