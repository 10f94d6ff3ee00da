"""「什么时候」「要多少」「我们徐泾也有吗」: asked of the last answer, whose sentence says it or does not."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.reply import wording
from knowledge.reply.unsaid import asks_the_price


def same_passage(leaning: Leaning) -> Reply | None:
    """The passage once more: what is asked stands in it."""
    return again(leaning, leaning.subject) if leaning.has_subject else None


def not_in_passage(leaning: Leaning) -> Reply | None:
    """That it does not say it, by what is asked: a date, a price, a number, a place, an earlier figure."""
    if not leaning.has_subject:
        return None
    asks = leaning.asks
    if leaning.asks_of_then:
        return silent(leaning, wording.NO_BASELINE)
    if "when" in asks:
        return silent(leaning, wording.NO_DATE)
    if "how_many" in asks:
        return silent(leaning, wording.NO_PRICE if asks_the_price(leaning.text) else wording.NO_NUMBER)
    if leaning.names_a_place:
        return silent(leaning, wording.NO_PLACE)
    return None
