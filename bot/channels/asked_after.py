"""「我登记的编号……到哪一步了」: a message that asks how a request stands, told by its words, and the reply.

It is looked for before Rasa, which knows neither the book of requests nor who asks; whatever else is said with a number is
the dialogue's. Nothing here speaks of the plan.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence

from bot.channels.registered import LookupLimited, RequestLookup, RequestStanding
from conversations.errors import ConversationsError
from knowledge.language.languages import ENGLISH
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.sentence import day_words, said
from wire.message import MAX_MESSAGE_CHARS
from wire.reference import REFERENCE, as_drawn
from wire.reply_day import SHANGHAI

logger = logging.getLogger(__name__)
MOST_BESIDE = 60  # characters beside a number, or in a sentence that asks: who says more tells something
SHOWN_CHARS = 40  # of what was registered, to tell one from another
_TELLS_MORE = re.compile("投诉|举报|补充|人工|再说|COMPLAIN|PERSON")
_MATTER = re.compile(
    "(?<!失业)(?<!婚姻)(?<!结婚)(?<!离婚)(?<!居住)(?<!户口)(?<!户籍)(?<!房产)(?<!产权)(?<!入学)(?<!入园)(?<!证)"
    "(?:登记|反映|投诉|提交|转人工|找人工)(?:上去)?(?:的|过的?|了的?)"
    "(?!电话|热线|渠道|方式|流程|办法|地址|地方|部门|条件|材料|独居|老人|居民|家庭|户|车|房|孩子|学生|企业|人)"
    "|我提的?(?:建议|意见)|(?:我|俺|阿拉)的?(?:那个?)?(?:登记|投诉|建议|意见|工单|单子|编号)|登记的?编号|工单|登记号"
)
_ASKED = (
    "什么时候|什么时间|几时|啥时|啥辰光|多久|多长时间|几天|哪天|哪一?步|到哪|进度|进展|结果|怎么样|怎样|咋样|回复|答复|回音"
    "|消息|下文|处理(?:了|好|完|到|得)|有没有人|有人(?:管|理|处理|看)|没人|办(?:好|完|得)|解决(?:了|没|好)|查"
)
_STANDING = re.compile(_ASKED)
_BY_ITSELF = re.compile(  # right after a registration: 「多久有回音」
    "(?:那么?|请问|我想问一?下?|问一下|到底|究竟)*(?:你们|工作人员|政府|上面|人家)?(?:大概|一般)?(?:要|得)?"
    "(?:什么时候|几时|啥时候|啥辰光|多久|多长时间|几天|哪天)(?:之?内|以后)?(?:才?能|才?会|才|给|可以)?(?:有|给|收到)?(?:我)?"
    "(?:个)?(?:人)?(?:回复|答复|回音|消息|回我|回电话?|打电话|联系|处理|结果)(?:给|好|完)?(?:我)?"
)
_TAIL = re.compile(r"[\s啊呀呢吗嘛的了吧呐哦？?。.！!，,]+")
_OURS = re.compile(
    "我(?:在?(?:这里|这儿|你们这里|你们那里|你这里))?(?:刚才|刚刚|上次|上回|前几天|前两天|昨天|之前|以前|上周|上个?月)?登记(?:的|过的)"
    "(?:那?[个件])?(?:事|问题|情况|编号)|登记的?编号|(?:我|俺)的?编号|登记号"
)
_ENGLISH = re.compile(
    r"\b(?:my|the)\s+(?:request|complaint|suggestion|ticket|case|reference(?:\s+number)?)\b.{0,40}"
    r"\b(?:stand|status|answered|reply|replied|progress|news|dealt|handled|going|when)\b"
    r"|\b(?:status|progress|news|reply|answer)\s+(?:of|on|about|to)\s+(?:my|the)\s+(?:request|complaint|suggestion|ticket|case)\b"
    r"|\bwhen\b.{0,30}\b(?:reply|answer|hear back)\b.{0,20}\b(?:my|the)\s+(?:request|complaint|suggestion|ticket|case)\b",
    re.IGNORECASE,
)


def number_in(text: str) -> str:
    """The number of a request that a message names, as it was given; "" for none, or where something else is told with it.

    However it is typed: in full width, in small letters, without 「QP」, with blanks or none.
    """
    plain = unicodedata.normalize("NFKC", text[:MAX_MESSAGE_CHARS]).upper()
    found = REFERENCE.search(plain)
    if found is None or len(plain) - len(found[0]) > MOST_BESIDE or _TELLS_MORE.search(plain):
        return ""
    return as_drawn(found)


def asks_after_own(text: str) -> bool:
    """Whether a message asks how something stands that this conversation may have registered."""
    if len(text) > MOST_BESIDE:
        return False
    bare = _TAIL.sub("", text)
    matter = _MATTER.search(text)
    return bool((matter and _STANDING.search(text)) or _BY_ITSELF.fullmatch(bare) or _ENGLISH.search(text))


def means_our_requests(text: str) -> bool:
    """Whether it can only mean what is registered here, whoever asks: then the number is what is missing."""
    return bool((_OURS.search(text) and _STANDING.search(text)) or _ENGLISH.search(text))


def may_ask_after(text: str) -> bool:
    """Whether `told_of_request` may have a reply to a message."""
    return bool(number_in(text)) or asks_after_own(text)


async def told_of_request(lookup: RequestLookup, text: str, session: str, network: str, language: str) -> Answer | None:
    """The reply to a message that asks how a request stands; None where it means something else. Never raises."""
    reference = number_in(text)
    try:
        if reference:
            return _named(await lookup.named(reference, session, network), reference, language)
        own = await lookup.own(session)
    except LookupLimited as refused:
        return said(wording.TRIED_TOO_OFTEN, Outcome.CHAT, language, minutes=-(-refused.seconds // 60))
    except ConversationsError:
        logger.exception("the book of requests could not be asked")
        return said(wording.BOOK_CLOSED, Outcome.CHAT, language) if reference or means_our_requests(text) else None
    if own:
        return _answer([standing_words(each, language) for each in own], language)
    return said(wording.WHICH_NUMBER, Outcome.CHAT, language) if means_our_requests(text) else None


def standing_words(standing: RequestStanding, language: str) -> str:
    """A request's number, day, state, by when a reply is expected, and to its own resident what it is about."""
    registered = day_words(standing.registered_at.astimezone(SHANGHAI).date(), language)
    parts = [wording.STANDING.of(language, reference=standing.reference, day=registered)]
    parts.append(wording.STANDINGS[standing.status].of(language))
    if standing.overdue and standing.reply_by:
        parts.append(wording.REPLY_OVERDUE.of(language, day=day_words(standing.reply_by, language)))
    elif standing.reply_by:
        parts.append(wording.REPLY_EXPECTED.of(language, day=day_words(standing.reply_by, language)))
    if standing.text:
        parts.append(wording.STANDING_TEXT.of(language, text=_shortened(standing.text)))
    return (" " if language == ENGLISH else "").join(parts)


def _named(standing: RequestStanding | None, reference: str, language: str) -> Answer:
    if standing is None:
        return said(wording.NO_SUCH_REQUEST, Outcome.CHAT, language, reference=reference)
    return _answer([standing_words(standing, language)], language)


def _answer(lines: Sequence[str], language: str) -> Answer:
    return Answer("\n".join(lines), Outcome.CHAT, lines[0], language=language)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARS else f"{line[:SHOWN_CHARS]}…"
