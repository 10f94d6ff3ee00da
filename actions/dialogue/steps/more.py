"""「还有呢」."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import list_part, passage, silent
from knowledge.reply import wording


def more(leaning: Leaning) -> Reply | None:
    """The next lines of a list, else the next passage nearby that was not shown yet."""
    if not leaning.has_subject:
        return None
    before, by_id = leaning.before, leaning.services.search.by_id
    items = [by_id[i] for i in before.listed if i in by_id]
    if items:
        return list_part(leaning, before.subject, items, before.question)
    rest = leaning.services.composer.next_after(leaning.subject, before.shown)
    return passage(leaning, rest[0]) if rest else silent(leaning, wording.NO_MORE)
