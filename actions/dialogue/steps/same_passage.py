"""「什么时候」「要多少」「我们徐泾也有吗」: asked of the last answer, whose sentence says it or does not."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.language.phrase import Phrase, any_of, maybe, one_of
from knowledge.reply import wording
from knowledge.reply.unsaid import asks_the_price

_MEASURES = "个|张|家|所|套|条|处|座|名|人|公里|平方米|户"
_HOW_MANY = Phrase(
    any_of("那么|那|这个|这|它|的|一共|总共|到底|具体|数字|数量|目标|是|有|要|会|能|达到|建|造|增加到|大概|，"),
    one_of("多少|几"),
    maybe(_MEASURES, "measure"),
    any_of("呢|啊|呀|了|？|?"),
)


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
        missing = wording.NO_PRICE if asks_the_price(leaning.text) else wording.NO_NUMBER
        return None if _has_the_number(leaning) else silent(leaning, missing)
    if leaning.names_a_place:
        return silent(leaning, wording.NO_PLACE)
    return None


def _has_the_number(leaning: Leaning) -> bool:
    """Whether nothing is asked but how many, and the passage gives a number, in the measure that is asked for if there is one."""
    asked = _HOW_MANY.read(leaning.text)
    return asked is not None and any(asked.get("measure", "") in each.unit for each in leaning.subject.figures)
