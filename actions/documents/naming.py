"""Which document a turn names: by its name, as the plan before or after another, or by a year of its period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.dialogue.steps.next_plan import is_next_plan_alone, without_next_plan
from knowledge.language.phrase import Phrase, any_of
from knowledge.language.question import years_in
from knowledge.language.script import simplified
from knowledge.shelf.record import ENDED, IN_FORCE, KIND_NAMES, PLAN, PROJECTS, DocumentRecord
from knowledge.shelf.standing import succeeds

_MARKS = re.compile(r"[“”\"《》「」]")
_ASIDE = re.compile(r"[（(][^（）()]{0,40}[）)]")
_FIVE_YEARS = re.compile(r"(?:第)?(十[一二三四五六七八九])(?:五|个五年)")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:省|市|区|县|镇)(?=[\u4e00-\u9fff]{3})")
_PREVIOUS = re.compile(r"(?:上一?(?:个|份|轮|次|版)|以前的?|原来的|旧的?|老的?)(?:五年)?(?:规划|计划)(?:纲要)?")
_AROUND = re.compile(
    r"^(?:规划纲要|规划|计划|纲要|期间|时期)*(?:里面|里头|里|上面|当中|中(?![考小医学])|期间)?(?:的|，|,)?"
)
_BEFORE = re.compile(r"(?:按照?|根据|在|看|查一?下|翻一?下)$")
_NOTHING = Phrase(
    any_of(
        "请问|我想问|想问|问一下|介绍一下|介绍|有没有|有什么|有哪些|是什么|怎么说|怎么写|怎么讲|怎么样|内容|哪些|什么|怎么|如何|出来|关于|规划|计划"
        "|有|吗|呢|了|的|是|里|说|讲|写|那|你|们|，|。|？|！|,|.|?|!| "
    )
)
_PROJECT_NAMES = ("实事项目", "民生实事", "实事工程", "为民办实事")
LEAST_NAME_CHARS = 3


@dataclass(frozen=True)
class NamedDocument:
    """The id of the document, and the words without its name; `firmly` where it is named and not only a year of it."""

    id: str
    rest: str
    firmly: bool = True

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing but the document is asked of."""
        return not self.rest or _NOTHING.fits(self.rest)


def named_document(text: str, documents: Sequence[DocumentRecord]) -> NamedDocument | None:
    """The document that a message names; of several names the longest. `documents` have their status; the own is first."""
    plain = _MARKS.sub("", simplified(text))
    named = [(name, each.id) for each in documents for name in names_of(each, documents) if name in plain]
    if named:
        name, found = max(named, key=lambda pair: len(pair[0]))
        return NamedDocument(found, _without(plain, name))
    return _in_turn(plain, documents) or _of_its_year(plain, documents)


def names_of(document: DocumentRecord, documents: Sequence[DocumentRecord]) -> tuple[str, ...]:
    """What a document may be called so that no other of them is meant, the longest first."""
    others = {name for each in documents if each.id != document.id for name in _all_names(each)}
    return tuple(sorted(_all_names(document) - others, key=len, reverse=True))


def _all_names(document: DocumentRecord) -> set[str]:
    titles = {_MARKS.sub("", title) for title in (document.title, document.short_title)}
    titles |= {_ASIDE.sub("", title) for title in titles}
    titles |= {_PLACE.sub("", title) for title in titles}
    number = _FIVE_YEARS.search(document.title) or _FIVE_YEARS.search(document.short_title)
    counted = {f"{number[1]}五"} if number and document.kind == PLAN else set()
    projects = set(_PROJECT_NAMES) if document.kind == PROJECTS else set()
    return {name for name in titles | counted | projects if len(name) >= LEAST_NAME_CHARS} - set(
        KIND_NAMES.values()
    ) | projects


def _without(text: str, name: str) -> str:
    before, _, after = text.partition(name)
    return (_BEFORE.sub("", before) + _AROUND.sub("", after, count=1)).strip("，, ")


def _in_turn(text: str, documents: Sequence[DocumentRecord]) -> NamedDocument | None:
    """The plan before the one in force, or the one that came after the own."""
    ended = [each for each in documents if each.status == ENDED and each.kind == PLAN and each.period]
    if ended and (match := _PREVIOUS.search(text)):
        last = max(ended, key=lambda each: each.period or (0, 0))
        return NamedDocument(last.id, _without(text, match.group()))
    own = documents[0]
    later = [each for each in documents if each.status == IN_FORCE and succeeds(each, own)]
    if not later:
        return None
    newest = max(later, key=lambda each: each.period or (0, 0))
    last_year = own.period[1] if own.period else None
    if is_next_plan_alone(text, last_year):
        return NamedDocument(newest.id, "")
    rest = without_next_plan(text, last_year)
    return None if rest is None else NamedDocument(newest.id, rest.strip("，, "), firmly=True)


def _of_its_year(text: str, documents: Sequence[DocumentRecord]) -> NamedDocument | None:
    """The only document of whose years one is named; the words stay as they are."""
    for year in years_in(text):
        there = [each.id for each in documents if each.period and each.period[0] <= year <= each.period[1]]
        if len(there) == 1:
            return NamedDocument(there[0], text, firmly=False)
    return None
