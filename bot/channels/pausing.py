"""While staff have turned answering off: the kind reply that every channel gives instead."""

from __future__ import annotations

import re

from conversations.notices import Notice
from knowledge import wording
from knowledge.answer import Answer, Outcome


def paused_answer(notice: Notice, text: str) -> Answer:
    """The notice and that the question is kept; in danger the number to call stands first, as in any other reply."""
    headline = wording.PAUSED.format(notice=notice.zh.rstrip("。"))
    urgent = next((line for pattern, line in wording.URGENT if re.search(pattern, text)), None)
    return Answer("\n".join(filter(None, (urgent, headline))), Outcome.ERROR, headline, notice=urgent)
