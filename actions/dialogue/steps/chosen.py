"""「第二个」「2」「都不是」: one of the choices of the last reply, or none of them."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import registered
from actions.dialogue.reply import Reply
from knowledge.language.question import spoken_number
from knowledge.reply import wording

_CHOICE = re.compile(
    r"(?:我?(?:选|要|问|是|想问|想知道)的?(?:是)?|就|那)?(?:第(?P<nth>[1-9一二三四五六七八九])(?:个|条|项|样|种)?|(?P<number>[1-9])|(?P<last>最后一?(?:个|条|项)))"
    r"(?:那个|那条|那项)?(?:吧|呢|啊|呀|的|，|。|谢谢)*"
)


def chosen(leaning: Leaning) -> Reply | None:
    """The question behind a number that was offered; a bare digit chooses only where a choice was asked for."""
    offered = leaning.before.offered
    match = _CHOICE.fullmatch(leaning.text) if offered else None
    if match is None or (match["number"] and not leaning.before.clarified):
        return None
    number = len(offered) if match["last"] else int(match["number"] or 0) or _ordinal(match["nth"])
    if number > len(offered):
        return None
    if offered[number - 1] == wording.NONE_PAYLOAD:
        return registered(leaning, "handoff", leaning.before.unclear)
    return replace(leaning.as_question(leaning.services.search.find(offered[number - 1])), step=chosen.__name__)


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else spoken_number(text)
