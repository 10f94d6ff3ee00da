"""「都不是」: none of the readings that were offered."""

from __future__ import annotations

import re

from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import registered
from actions.dialogue.reply import Reply

_NONE = re.compile(
    r"(?:这些)?(?:都|全|一个都|一样都)不(?:是|对|像)(?:我?(?:要|想)?(?:问|找)的)?[的啊呀哦，。]*|none of (?:these|them|those)"
)


def none_of_these(leaning: Leaning) -> Reply | None:
    """The question is registered for staff, who see what was offered."""
    unclear = leaning.before.unclear
    return registered(leaning, "handoff", unclear) if unclear and _NONE.fullmatch(leaning.text) else None
