"""「再说一遍」「看不懂」: the last answer once more."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import once_more


def repeated(leaning: Leaning) -> Reply | None:
    """The passage as before, opened by a line that says so: nothing is registered."""
    return once_more(leaning) if leaning.has_subject else None
