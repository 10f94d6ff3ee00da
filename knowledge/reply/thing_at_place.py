"""「章堰村有没有养老院」: whether there is a thing at a place. A passage that speaks of the place and not of the thing is no answer."""

from __future__ import annotations

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.language.phrase import Phrase, any_of, anything, maybe, one_of
from knowledge.language.question import Question
from knowledge.reply.gazetteer import Gazetteer

THING_CHARS = (2, 6)  # of a thing that is named and not described
_FILLED = any_of(
    "请问|我想问|想问|问一下|你好|您好|那么|那|我们|咱们|阿拉|这里|这边|那边|那里|里面|里|镇上|村里|上|附近|旁边|到底|以后|将来|现在|今后|规划里|规划|的|，|。|？|！|?|!| "
)
_ENDED = any_of("吗|么|伐|呢|啊|呀|吧|哇|嘛|没有|没|的|了|，|。|？|！|?|!| |请问")
_IS_THERE = "有没有|会不会有|会有|要有|有|会不会造|会不会建|要不要造|要不要建|造不造|建不建|会造|会建|要造|要建|能造|能建|开不开|会不会开|会开|要开"
_SOME = "一个|个|一家|家|一所|所|一座|座"
_THING_LAST = Phrase(_FILLED, one_of(_IS_THERE), maybe(_SOME), *anything("thing"), _ENDED)
_THING_FIRST = Phrase(_FILLED, *anything("thing"), one_of(_IS_THERE), _ENDED)
_ASKS = frozenset("什啥哪谁几多怎")


def thing_at_place(question: Question, gazetteer: Gazetteer) -> str:
    """The thing of which a normalised question asks whether a place that it names has one; "" if it asks anything else."""
    named, text = gazetteer.named_in(question.text), question.text
    if not named:
        return ""
    for place in reversed(named):
        text = text[: place.start] + text[place.end :]
    read = _THING_LAST.read(text) or _THING_FIRST.read(text)
    thing = read["thing"] if read else ""
    return thing if THING_CHARS[0] <= len(thing) <= THING_CHARS[1] and not _ASKS & set(thing) else ""


def speaks_of(commitment: Commitment, thing: str) -> bool:
    """Whether two characters of a thing stand side by side in a commitment's sentence, in what it is called, or how it is asked for."""
    passage = commitment.passage
    said = (passage.text, passage.section, passage.heading, commitment.title, *commitment.terms, *commitment.questions)
    known = squash(" ".join(said))
    return any(thing[at : at + 2] in known for at in range(len(thing) - 1))
