"""What a new follower is offered to ask: what many asked lately, else one good question of each topic."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.channels.wechat.text_form import Choice
from conversations.errors import ConversationsError
from conversations.turn_log import TurnLog
from knowledge.catalogue.store import opened, read_store
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.reply.offering import first_of_topics, payload_of

logger = logging.getLogger(__name__)
OFFERED = 5  # fits one screen under the welcome
DAYS = 30
ANY_PLAN = "规划"  # while the knowledge store cannot be read


@dataclass(frozen=True)
class PlanOffer:
    """What the channel says of the plan: its short title, a question for each commitment, and good first questions."""

    document: str
    questions: dict[str, Choice]
    first: tuple[Choice, ...]


class HotQuestions:
    """Reads the plan once a release; every method blocks for a database read."""

    def __init__(self, log: TurnLog) -> None:
        self._log = log
        self._plan: PlanOffer | None = None
        self._read_from: KnowledgePaths | None = None

    def document(self) -> str:
        """The plan's short title, in 《》."""
        return self._read().document

    def offered(self) -> tuple[Choice, ...]:
        """Up to `OFFERED` questions, most asked first."""
        plan = self._read()
        try:
            asked = [item.commitment_id for item in self._log.most_asked(DAYS, OFFERED)]
        except ConversationsError as error:
            logger.warning("hot questions from the log: %s", error)
            asked = []
        hot = {plan.questions[i]: None for i in asked if i in plan.questions}
        return (*hot, *(choice for choice in plan.first if choice not in hot))[:OFFERED]

    def _read(self) -> PlanOffer:
        paths = settings.knowledge_paths()
        if self._plan is None or paths != self._read_from:
            try:
                with opened(paths.url) as engine:
                    stored = read_store(engine)
            except KnowledgeError as error:
                logger.warning("hot questions from the plan: %s", error)
                return PlanOffer(ANY_PLAN, {}, ())
            self._read_from = paths
            self._plan = PlanOffer(
                stored.meta["short_title"],
                {c.id: Choice(c.title, payload_of(c)) for c in stored.commitments if c.curated},
                tuple(Choice(c.title, payload_of(c)) for c in first_of_topics(stored.commitments)),
            )
        return self._plan
