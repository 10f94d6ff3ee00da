"""What a question asks for that a passage does not hold: a place, a price, a number, a date, an hour, an address …

Read off the words of the question and of the plan's sentence alone, so that it holds for any question: whoever is shown
a passage is told what of the question it leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.language.five_years import NAMES
from knowledge.language.languages import is_english
from knowledge.language.question import Question
from knowledge.reply.gazetteer import TOWN, Gazetteer

_WAITS = (
    "年天遍次趟回圈夜"  # after 「多少」, 「几」: how long or how often something was borne, which no plan is asked for
)
_MEASURES = "个家张套所座条项名户件公万成人辆台处间栋米亩倍"
_PRICE = re.compile(
    r"多少(?:钱|块|元)|几块钱|几钱|什么价|价钱|价位|贵不贵|贵[吗伐么]|要不要钱|要钱[吗伐么]|收不收(?:钱|费)|收(?:钱|费)[吗伐么]"
    r"|几[十百千]?[百千万](?:块|元)?(?=$|[，。？?！!、；呢吧啊吗])"
    r"|(?:收费|费用|学费|房租|租金|价格|月租|押金|票价)(?:是|要|会|大概|标准|每月|一个月|一年)*(?:多少|几|怎么(?:算|收)|贵|高不高|呢|$)"
    r"|how (?:much|expensive)\b[^.?!]{0,60}?\b(?:cost|costs|rent|fee|fees|price|pay|charge|charged|ticket|tuition|month|meal|lunch|dinner|night|day|hour|lesson|is it|are they|to (?:park|stay|live|enter|use|join))\b"
    r"|\b(?:what|how high)\b[^.?!]{0,60}?\b(?:cost|costs|rent|fee|fees|price|prices|tuition)\b|is (?:it|there a) (?:free|fee|charge\b)|how much (?:is|are) (?:it|they|that)"
)
_NUMBER = re.compile(
    rf"(?<!没)(?<!电话)(?<!电话是)(?<!号码是)多少(?![{_WAITS}钱块元])|(?<![哪这那好上前后过第十])几[{_MEASURES}](?!月|小时)|百分之几|几成|(?:占比|比例)(?:是|要|呢|$)"
    r"|how many\b|how much\b|what (?:share|number|percentage)\b"
)
_DATE = re.compile(
    r"什么时候|何时|哪一?年|几时|啥时|啥辰光|到几几年|什么时间|什么日子|几月份|要等多久|还要多久|多久能"
    r"|\bwhen\b(?=[^.?!]{0,60}\b(?:will|does|do|is|are|can|was|did|would)\b)|what year|which year|by what date|how soon|how long until"
)
_DAY = re.compile(r"哪一?天|哪一?日(?!子)|几月几[号日]|几号(?!线|楼|院|店)|(?:what|which) day|exact date|what date")
_HOUR = re.compile(
    r"几点|(?:开门|关门|营业|开放|上班|下班|办公|服务)的?时间|什么时候(?:开门|关门|上班|下班|营业)|(?:周末|双休日|节假日)开"
    r"|what time|opening hours|when do(?:es)?\b[^.?!]{0,60}?\b(?:open|close)\b|when is\b[^.?!]{0,40}?\b(?:open|closed)\b"
)
_ADDRESS = re.compile(
    r"地址|(?:设|开|建|造|放)?在(?:哪里|哪儿|什么地方|哪条路|哪个(?:位置|地方))|怎么走|\bwhere (?:is|are|will|would)\b|\baddress\b"
)
_PHONE = re.compile(
    r"电话(?:是|号码?|多少|几)+|打(?:什么|哪个|啥)电话|联系方式|怎么联系|phone number|telephone|what number|who (?:can|do|should) i call"
)
_HOW = re.compile(
    r"(?:怎么|如何|咋)(?:去)?(?:申请|办理|报名|登记|预约|办手续)|去?哪(?:里|儿|个窗口)(?:去)?(?:申请|办理|报名|登记)"
    r"|(?:什么|哪些|啥)(?:手续|流程)"
    r"|how (?:do|can|to|should|would|does)\b[^.?!]{0,40}\b(?:apply|register|sign up|enrol|enroll|book)\b|where\b[^.?!]{0,40}\b(?:apply|register|sign up)\b"
)
_DOCUMENTS = re.compile(r"(?:什么|哪些|啥)(?:材料|证件|资料)|带(?:什么|哪些|啥)|(?:what|which) (?:documents|papers)")
_WHO = re.compile(
    r"(?:哪个|哪些|什么|啥)(?:部门|单位|科室|机构)(?:来|去)?(?:负责|管|牵头|主管|办|落实|$)|(?:归|由|属)(?:谁|哪个|哪些|什么|啥)(?:部门|单位|人)?(?:来)?(?:负责|管|牵头|主管)"
    r"|谁(?:来)?(?:负责|牵头|主管)|(?:负责|牵头|主管|责任)(?:的)?(?:部门|单位|人)?是(?:谁|哪|什么|啥)"
    r"|who(?: is|'s| are| was| will be)? (?:in charge|responsible)|who (?:runs|leads|manages)|(?:what|which) (?:department|authority|bureau|office)"
)
_AMOUNT_IN_WORDS = re.compile(
    r"(?<![一二两三四五六七八九十百千万])[一二两三四五六七八九十百千万]+(?=[所个家座条套名处])"
)
_HOW_MUCH, _AMOUNT = re.compile("多少|几|how (?:much|high)"), re.compile(r"\d(?:万|亿)?元|免费")
_SITE = re.compile(r"[\u4e00-\u9fff]{2}路|片区|新城|地块")
_TOWNLIKE = re.compile(r"[路村镇街]|片区|新城|周边|地块")
LEAD = "lead"
# What is asked for → how a question asks for it, and how a sentence of the plan would say it. In this order: what was
# read as a price (房租多少) is no number.
_ASKED: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "price": (_PRICE, re.compile(r"\d(?:万|亿)?元|免费|低租金|质价相符")),
    "phone": (_PHONE, re.compile(r"\d{5}")),
    "hour": (_HOUR, re.compile(r"\d[点时]|小时|时段|周末|节假日|双休日|夜间|晚间|错时")),
    "day": (_DAY, re.compile(r"\d月\d+日")),
    "date": (_DATE, re.compile(rf"20\d\d|“(?:{NAMES})”|期间|年底|年内|近期|三年|五年")),
    "number": (_NUMBER, re.compile(rf"\d|{_AMOUNT_IN_WORDS.pattern}")),
    "address": (_ADDRESS, _TOWNLIKE),
    "how_to_apply": (_HOW, re.compile(r"申请|办理|报名|登记|流程|材料")),
    "documents": (_DOCUMENTS, re.compile(r"材料|证件")),
    LEAD: (_WHO, re.compile(r"牵头|责任(?:部门|单位)|由[^，。；]{2,12}(?:负责|承担)")),
}
_OURS = re.compile(
    r"(?:我们|咱们?|阿拉|我家|俺|侬|本)(?:这里|这边|这|那|住)?(?:个|的)?老?(小区|村|镇|街道|居委|社区|楼|弄堂)"
)


@dataclass(frozen=True)
class Unsaid:
    """What is asked for and not held: the places, as the resident calls them, and the others by their names in `wording.UNSAID`."""

    places: tuple[str, ...] = ()
    what: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.what)


def unsaid(question: Question, passages: Sequence[Passage], gazetteer: Gazetteer) -> Unsaid:
    """What a normalised question asks for and none of the passages shown holds.

    A place is held too by the heading under which a passage stands.
    """
    text = squash("".join(passage.text for passage in passages))
    under = text + "".join(f"{passage.section}{passage.heading}" for passage in passages)
    places = places_asked(question, gazetteer, lambda place: not gazetteer.names(under, place))
    named = any(passage.lead for passage in passages)
    left = [what for what in asked_for(question.text) if not _holding(what, question.text).search(text)]
    return Unsaid(places, tuple(what for what in left if not (what == LEAD and named)))


def asked_for(text: str) -> list[str]:
    """What a normalised question asks for, in its order, by its names in `wording.UNSAID`; its words ask for one thing each."""
    rest, found = text.lower(), dict[str, int]()
    for what, (asking, _) in _ASKED.items():
        if match := asking.search(rest):
            found[what] = match.start()
            rest = asking.sub(lambda each: "〇" * len(each[0]), rest)
    if "hour" in found:
        found.pop("date", None)  # 「什么时候开门」 asks for no year
    return sorted(found, key=lambda what: found[what])


def unsaid_anywhere(question: Question, near: Sequence[Passage], gazetteer: Gazetteer) -> tuple[str, ...]:
    """What a refused question asks for, but what one of the passages near it gives: that is not missing in the plan."""
    asked = question.text
    return tuple(what for what in asked_for(asked) if not any(is_held(what, each, gazetteer, asked) for each in near))


def is_held(what: str, passage: Passage, gazetteer: Gazetteer, asked: str = "") -> bool:
    """Whether a sentence of the plan gives what is asked for by this name; for an address it has to name where."""
    text = squash(passage.text)
    if what == "address":
        return bool(_SITE.search(text)) or any(gazetteer.names(text, town) for town in gazetteer.towns)
    return bool(what == LEAD and passage.lead) or bool(_holding(what, asked).search(text))


def _holding(what: str, asked: str) -> re.Pattern[str]:
    """How a sentence would say it: how much is no 「低租金」, which does answer whether it is dear."""
    return _AMOUNT if what == "price" and _HOW_MUCH.search(asked.lower()) else _ASKED[what][1]


def places_asked(
    question: Question,
    gazetteer: Gazetteer,
    wanted: Callable[[str], bool] = lambda place: True,
    *,
    named_only: bool = False,
) -> tuple[str, ...]:
    """The `wanted` ones of the places that are named, in the resident's words.

    Without a name the 「小区」 that is the resident's, unless `named_only`. What stands side by side is one: 「朱家角张马村」.
    In English a place is named as it is spelt: Xujing.
    """
    named = gazetteer.named_in(question.text)
    if not (named or named_only or is_english(question.text)):
        ours = _OURS.search(question.text)
        return tuple(filter(wanted, [f"您的{ours[1]}"] if ours else []))
    told: list[str] = []
    end = -1
    for place in filter(lambda each: wanted(each.name), named):
        if place.start == end and place.kind != TOWN:
            told[-1] += place.name
        elif place.name not in told:
            told.append(place.name)
        end = place.end if place.kind == TOWN else -1
    return tuple(told)


def without_places(text: str, gazetteer: Gazetteer) -> str:
    """A normalised question as one asks it of the whole district: neither of a place that is named nor of 「我们小区」."""
    return _OURS.sub("", gazetteer.without(text), count=1).removeprefix("的")


def asks_the_price(text: str) -> bool:
    """Whether a normalised turn asks what something costs."""
    return bool(_PRICE.search(text))
