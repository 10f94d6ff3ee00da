"""「什么时候」."""

from __future__ import annotations

import re

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.reply import wording

_DATE = re.compile(r"20\d\d\s*年|“十四五”期间")


def deadline(leaning: Leaning) -> Reply | None:
    """The passage once more if it names a year, else that it names none."""
    if leaning.kind != "ask_when":
        return None
    dated = _DATE.search(leaning.subject.quote)
    return again(leaning, leaning.subject) if dated else silent(leaning, wording.NO_DATE)
