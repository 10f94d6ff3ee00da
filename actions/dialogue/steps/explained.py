"""「看不懂」「什么意思」「再说一遍」 and nothing more: the last reply in plain words, or once more; nothing is registered."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, once_more
from knowledge.language.clauses import clauses_of
from knowledge.language.phrase import Phrase, any_of, one_of
from knowledge.reply import wording

_BEFORE = any_of(
    "你|您|我|我们|他|这个|这些|这句|这段|这话|这|那个|那句|那|上面|刚才|都|太|还是|实在|真|完全|有点|根本|到底|说|讲|写|在|话|请|能不能|能|可以|麻烦|用"
    "|不好意思|对不起|老人|年纪大|是|，|。|！|？|!|?| |sorry|but|still|please|can you|could you|.|,"
)
_AFTER = any_of(
    "你|您|说|讲|在|这|那|这个|那个|给我|我|听|看|吧|吗|呢|啊|呀|么|哦|嘛|的|了|好|行|行吗|可以|能|不能|谢谢|一下|一点|点|话|，|。|！|？|!|?|~| "
    "|this|that|it|the answer|what this means|what that means|what you mean|a word|at all|me|again|.|,"
)
_PUZZLED = Phrase(
    _BEFORE,
    one_of(
        "看不懂|听不懂|没看懂|没听懂|看不明白|听不明白|没看明白|没听明白|没懂|不懂|不明白|弄不懂|搞不懂|勿懂|没搞懂|说人话|讲人话|说大白话|讲大白话"
        "|大白话|什么意思|啥意思|什么个意思|怎么理解|解释一下|解释解释|解释|说简单|讲简单|简单|说通俗|通俗|说明白|讲明白|说清楚|讲清楚|说得简单"
        "|说普通话|i don't understand|i do not understand|i dont understand|i didn't understand|i did not understand|i don't get it|i do not get it"
        "|what does that mean|what does it mean|what does this mean|what do you mean|in plain words|explain|help me understand|i can't read chinese"
        "|i cannot read chinese|i don't read chinese|i don't speak chinese"
    ),
    _AFTER,
)
_ONCE_MORE = Phrase(
    _BEFORE,
    one_of(
        "再说一遍|再讲一遍|再说一次|再讲一次|再来一遍|再念一遍|再读一遍|重说一遍|重讲一遍|重复一遍|重复一下|再重复一遍|听不清|听不清楚"
        "|没听清|没听清楚|没听见|听不见|看不清|没看清|什么来着|say it again|say that again|once more|again please|please repeat|repeat"
    ),
    _AFTER,
)


def explained(leaning: Leaning) -> Reply | None:
    """The passage with its line in plain words first; of another reply, what it comes to; before any, how to ask."""
    wishes = _wishes(leaning)
    return _of_last(leaning, explains=True) if _PUZZLED in wishes else None


def said_again(leaning: Leaning) -> Reply | None:
    """The passage, or whatever else was said, as before; before any reply, how to ask."""
    wishes = _wishes(leaning)
    return _of_last(leaning, explains=False) if wishes and _PUZZLED not in wishes else None


def _wishes(leaning: Leaning) -> list[Phrase]:
    """What it asks for, where it asks for nothing else: as a whole, or each of its clauses; [] otherwise."""
    if leaning.is_known:
        return []
    text = leaning.wordings[0]
    if whole := next(filter(None, map(_wish, leaning.wordings)), None):
        return [whole]
    found = [_wish(clause) for clause in clauses_of(text)]
    return [wish for wish in found if wish] if all(found) else []


def _wish(text: str) -> Phrase | None:
    return next((phrase for phrase in (_PUZZLED, _ONCE_MORE) if phrase.fits(text)), None)


def _of_last(leaning: Leaning, *, explains: bool) -> Reply:
    composer, before = leaning.services.composer, leaning.before
    if before.said:
        plainer = wording.PLAINER.get(before.outcome) if explains else wording.REPEATED
        if plainer:
            return Reply(composer.saying_again(before.said, before.outcome, before.offered, plainer), before)
    elif leaning.has_subject:
        if not explains:
            return once_more(leaning)
        shown = again(leaning, leaning.subject)
        return replace(shown, answer=composer.explaining(shown.answer, leaning.subject))
    return Reply(composer.chat("help"), before.after_other())
