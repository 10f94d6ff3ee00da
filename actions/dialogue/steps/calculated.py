"""「两个加起来多少」「这俩差多少」: arithmetic on the numbers of the last passages."""

from __future__ import annotations

import re

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import silent
from knowledge.reply import wording
from knowledge.reply.arithmetic import calculation, figure_asked_of

_ADDED, _APART = "加起来|加在一起|加一起|合起来|合在一起|相加", "相差|差了?多少|差了?几|差距"
_SUM = re.compile(f"{_ADDED}|放一起|合计|共计|总共|一共|拢共|统共")
_DIFFERENCE = re.compile(f"{_APART}|多出?多少|少多少")
_TOGETHER = re.compile(f"{_ADDED}|{_APART}")  # which say by themselves that it is of more than one
_ALL_OF = re.compile(
    "(?:刚才|前面|上面)?(?:[这那]|它们?)?(?:说的|讲的|问的)?(?P<count>[两二俩2三仨3])(?:个|样|项|者|种|件|条|处|边|头|组)?"
)
_FILLERS = re.compile(
    "[是有能够会又得要那么就这样的呢啊吗呀吧，。？！,.?! ]|请问|帮我|给我|算一?下|算算|(?:多少|几)[个张家所套条处]?|数字|数量|数|到底|大概"
)
THREE = "三仨3"
MOST_LEFT = 1  # characters that may be left when all of this is taken away: what names more asks for something else


def calculated(leaning: Leaning) -> Reply | None:
    """The sum or the difference, with each number's own passage; that it cannot be had where they are of two kinds."""
    text, before = leaning.text, leaning.before
    is_difference, meant = bool(_DIFFERENCE.search(text)), _ALL_OF.search(text)
    if not (is_difference or _SUM.search(text)) or not (meant or _TOGETHER.search(text)):
        return None
    if not leaning.has_subject or len(_left(text)) > MOST_LEFT:
        return None
    count = 3 if meant and meant["count"] in THREE else 2
    by_id = leaning.services.search.by_id
    asked = [(before.commitment_id, before.question), *((e.commitment_id, e.question) for e in before.earlier)][:count]
    shown = [(by_id[identifier], question) for identifier, question in asked if identifier in by_id]
    figures = [figure for each in shown if (figure := figure_asked_of(*each))]
    if len(shown) < count or len(figures) < count:
        return silent(leaning, wording.NO_NUMBERS_TO_ADD)
    found = calculation(figures, is_difference=is_difference)
    if found is None:
        return silent(leaning, wording.NUMBERS_OF_TWO_KINDS)
    commitments = [commitment for commitment, _ in shown]
    answer = leaning.services.composer.calculated(commitments, found, today_year=leaning.services.today_year)
    return Reply(answer, before.after_other())


def _left(text: str) -> str:
    for pattern in (_SUM, _DIFFERENCE, _ALL_OF, _FILLERS):
        text = pattern.sub("", text)
    return text
