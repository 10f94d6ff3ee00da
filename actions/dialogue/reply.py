"""What comes out of a turn of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.dialogue.conversation import Conversation
from knowledge.reply.answer import Answer
from knowledge.search.finding import Finding


@dataclass(frozen=True)
class Reply:
    """The answer, the context after it and a request to record, if any; for the log the finding it rests on and the step.

    `step` is the name of the step that spoke, "" where none did: the action failed. `knowledge` is the version of the store
    that answered, where that is not the one that the turn began with.
    """

    answer: Answer
    conversation: Conversation
    handoff: dict[str, Any] | None = None
    finding: Finding | None = None
    step: str = ""
    knowledge: str = ""
