"""「十五五规划里养老怎么说」「2026年以后怎么办」「规划到期了后来呢」: of the plan after this one, which is not here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.language.five_years import FiveYears, five_years_after
from knowledge.language.phrase import Phrase, any_of, anything, maybe, one_of
from knowledge.reply.listing import items_of
from knowledge.search.finding import Finding

_FILLED = "请问|我想问|想问|问一下|我|你|你们|您|那么|那|就|又|，|。|！|？|!|?| |的|了|呢|吗|啊|呀|吧|么|哦|嘛|说|知道|不知道|晓得"
_FILLED_IN_ENGLISH = any_of(
    "so|and|but|then|yet|now|already|please|tell me|do you know|all of|by now|so far|about|what|how| |,|?|.|!"
)
_FROM = re.compile(
    r"(20\d\d)年?底?(?:以后|之后|往后|起(?!码)|开始|后面|后(?!年))|\b(?:after|from|beyond|since) (20\d\d)\b"
)


@dataclass(frozen=True)
class NextWords:
    """How the plan after one is asked of: in words that ask of nothing else, and how it is named among other words."""

    alone: Phrase
    alone_in_english: Phrase
    named: re.Pattern[str]
    over: re.Pattern[str]


def next_words(after: FiveYears) -> NextWords:
    """The words for one plan, as that which comes after another."""
    name, first, last = after.name, after.first, after.last
    alone = Phrase(
        any_of(f"{_FILLED}|现在|目前|青浦区|青浦|区里|有|有没有|关于|对|在"),
        one_of(
            f"{name}|下一个五年|下个五年|下一个规划|下个规划|新的规划|新规划|{first}年到{last}年|{first}到{last}|{first}-{last}|{first}—{last}"
        ),
        maybe("规划纲要|规划|计划|纲要"),
        any_of(
            f"{_FILLED}|里|里面|上|怎么|怎么样|写|讲|有|有没有|什么|哪些|啥|安排|打算|内容|是|如何|出来|出|没有|没|什么时候|会|要|期间|对|关于"
        ),
    )
    ordinals = after.in_english.split("|")
    numbered = "|".join(f"{each} five{joint}year plan" for each in ordinals for joint in "- ")
    in_english = Phrase(
        _FILLED_IN_ENGLISH,
        any_of(" |is there|has|does|do you have|the|a|say"),
        one_of(f"next plan|next five-year plan|next five year plan|{numbered}|new plan|new five-year plan"),
        any_of(" |say|come out|out|when|ready|will"),
        _FILLED_IN_ENGLISH,
    )
    years = "|".join(str(year) for year in range(first, last + 1))
    # 「新规划的公园」 is a park of this one.
    named = re.compile(
        rf"[“”\"]{{0,2}}{name}[“”\"]{{0,2}}|第{after.count}个五年|下一?个五年|下一?(?:个|轮|份)(?:五年)?(?:规划|计划)|新一轮(?:五年)?规划|新的?五年(?:规划|计划)"
        rf"|新的?规划(?=里|上|中|怎么|咋|有没有|什么时候|出来|出了|呢|对|$)|(?:{years})年?的?新?规划"
        rf"|{first}年?(?:到|至|-|—|~|～){last}年?"
        rf"|\b(?:{after.in_english}|next|new) five[- ]year plan\b|\bnext plan\b"
    )
    before = after.before.name
    over = re.compile(
        rf"(?:规划|纲要|{before})(?:期|的时间)?(?:已经|都|不是|要是|如果)?(?:到期|结束|期满|过期|过|完)(?:了|以后|之后|后)?[，,]?(?:那|后来|然后|接下来|以后|之后|怎么办|咋办|怎么样|呢|下面|还)"
    )
    return NextWords(alone, in_english, named, over)


# Of the plans whose successor is one of these; a plan that ends later has no successor that anybody speaks of yet.
_WORDS = {number: next_words(FiveYears(number)) for number in (15, 16, 17)}


def _after(last_year: int | None) -> NextWords:
    return _WORDS.get(five_years_after(last_year).number, _WORDS[max(_WORDS)])


_AROUND = any_of(
    f"{_FILLED}|规划纲要|规划|计划|纲要|期间|里面|里|上面|中|对|关于|有关|在|方面|青浦区|青浦|区里|有没有|有什么|有哪些|有|什么|哪些|会|要|将|打算|安排|内容|是|怎么说|怎么写"
    "|怎么讲|怎么定|怎么安排|怎么规定|怎么办|怎么样|怎么弄|怎么|怎样|如何|咋办|咋说|还|提到|提|写|讲|以后|之后|后来|接下来|然后|都|又|到期|了|“|”|、"
)
_TOPIC = Phrase(_AROUND, *anything("of"), _AROUND)
_TOPIC_IN_ENGLISH = re.compile(r"\b(?:about|on|for|regarding) (.+)$", re.IGNORECASE)
_WITHIN = re.compile(r"^(?:规划纲要|规划|计划|纲要|期间)?(?:里面|里|上面|上(?!学|海|班|车|网)|中(?![考小医学]))?")
TOPIC_CHARS = 2  # less is a particle


def next_plan(leaning: Leaning) -> Reply | None:
    """The plan after this one is not here; which one is, and what it says on what is named."""
    if leaning.is_known or leaning.is_sample:
        return None
    composer, after = leaning.services.composer, leaning.before.after_other()
    words = _after(composer.last_year)
    if leaning.says(words.alone, words.alone_in_english):
        return Reply(composer.next_plan(), after)
    rest = without_next_plan(leaning.text, composer.last_year)
    if rest is None:
        return None
    topic = _topic_in(rest)
    if not topic:
        return Reply(composer.next_plan(), after)
    finding = leaning.services.search.find(topic)
    return Reply(composer.next_plan(finding, _subject_of(leaning, finding)), after)


def is_next_plan_alone(text: str, last_year: int | None) -> bool:
    """Whether words ask of the plan after one that ends in `last_year`, and of nothing in it."""
    words = _after(last_year)
    return bool(words.alone.fits(text) or words.alone_in_english.fits(text.lower()))


def without_next_plan(text: str, last_year: int | None) -> str | None:
    """What is left of an understood text without the words that name the time after this plan; None where none do."""
    words = _after(last_year)
    for pattern in (words.named, words.over):
        if pattern.search(text):
            return _WITHIN.sub("", pattern.sub("", text))
    for match in _FROM.finditer(text):
        if last_year and int(match[1] or match[2]) >= last_year:
            return text.replace(match.group(), "")
    return None


def _topic_in(rest: str) -> str:
    if match := _TOPIC_IN_ENGLISH.search(rest):
        return match[1].rstrip("?.! ")
    read = _TOPIC.read(rest)
    topic = read["of"] if read else ""
    return topic if len(topic) >= TOPIC_CHARS else ""


def _subject_of(leaning: Leaning, finding: Finding) -> str:
    """The broad subject that is named, if this plan has a list on it."""
    subject = leaning.services.subjects.named_only(finding.question)
    return subject.name if subject and items_of(subject, leaning.services.commitments) else ""
