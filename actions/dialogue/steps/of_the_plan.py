"""「这个规划现在做到了没有」「十五五怎么说」: of the plan itself, or whether the last answer was done."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.language.phrase import Phrase, any_of, maybe, one_of
from knowledge.reply import wording

_FILLED = "请问|我想问|想问|问一下|我|你|你们|您|那么|那|就|又|，|。|？|！|?|!| |的|了|呢|吗|啊|呀|吧|么|哦|嘛|说|知道|不知道|晓得"
_OF_IT = any_of(f"{_FILLED}|这个|这份|这些|那个|那些|青浦区|青浦|区里|政府|上面|里面|里|写|定|讲|都|全|当时")
_BY_NOW = any_of(
    f"{_FILLED}|现在|如今|目前|到现在|到今天|到底|都|已经|真|有没有|是不是|究竟|后来|最后|写|定|里|里面|上|五年|五年里|全|当时"
)
_DONE = one_of("做到|完成|实现|落实|兑现|达到|办到|做好|做成|达成|落地|做完")
# What makes it a question of what was done, and not of how much is to be reached (「目标达到多少」).
_OR_NOT = one_of(
    "了没有|没有|了没|没|了吗|吗|了么|了伐|伐|得怎么样|得怎样|得如何|怎么样|如何|情况|了多少|了几成|了哪些|到什么程度|到哪一步"
)
_AFTER = any_of(f"{_FILLED}|怎么样|如何|现在|目前")
_PLAN_DONE = Phrase(_OF_IT, one_of("规划|十四五规划|十四五|规划纲要|纲要"), _BY_NOW, _DONE, _OR_NOT, _AFTER)
_IT_DONE = Phrase(_OF_IT, maybe("目标|承诺|计划|这件事|这事|这一条|这条|它"), _BY_NOW, _DONE, _OR_NOT, _AFTER)
_NEXT_PLAN = Phrase(
    any_of(f"{_FILLED}|现在|目前|青浦区|青浦|区里|有|有没有|关于|对|在"),
    one_of(
        "十五五|下一个五年|下个五年|下一个规划|下个规划|新的规划|新规划|2026年到2030年|2026到2030|2026-2030|2026—2030"
    ),
    maybe("规划纲要|规划|计划|纲要"),
    any_of(
        f"{_FILLED}|里|里面|上|怎么|怎么样|写|讲|有|有没有|什么|哪些|啥|安排|打算|内容|是|如何|出来|出|没有|没|什么时候|会|要|期间|对|关于"
    ),
)
_FILLED_IN_ENGLISH = any_of(
    "so|and|but|then|yet|now|already|please|tell me|do you know|all of|by now|so far|about|what|how| |,|?|.|!"
)
_PLAN_DONE_IN_ENGLISH = Phrase(
    _FILLED_IN_ENGLISH,
    one_of("was|has|is|were|did"),
    any_of(" |all|been|really"),
    one_of("the plan|this plan|that plan|the five-year plan|the five year plan"),
    any_of(" |all|been|ever|really"),
    one_of("carried out|achieved|fulfilled|implemented|completed|finished|done"),
    _FILLED_IN_ENGLISH,
)
_IT_DONE_IN_ENGLISH = Phrase(
    _FILLED_IN_ENGLISH,
    one_of(
        "was it|has it been|is it|did it|was this|was that|has this been|has that been|have they|did they|was the target|were they"
    ),
    any_of(" |all|been|ever|really|do|done"),
    one_of(
        "achieved|done|do it|do this|do that|reached|carried out|implemented|completed|finished|happen|done it|built it|build it|met"
    ),
    _FILLED_IN_ENGLISH,
)
_NEXT_PLAN_IN_ENGLISH = Phrase(
    _FILLED_IN_ENGLISH,
    any_of(" |is there|has|does|do you have|the|a|say"),
    one_of(
        "next plan|next five-year plan|next five year plan|15th five-year plan|15th five year plan|fifteenth five-year plan|new plan|new five-year plan"
    ),
    any_of(" |say|come out|out|when|ready|will"),
    _FILLED_IN_ENGLISH,
)


def next_plan(leaning: Leaning) -> Reply | None:
    """The plan after this one is not here; which one is."""
    if leaning.is_known or not leaning.says(_NEXT_PLAN, _NEXT_PLAN_IN_ENGLISH):
        return None
    return Reply(leaning.services.composer.next_plan(), leaning.before.after_other())


def done_by_now(leaning: Leaning) -> Reply | None:
    """What is known here of what became of it: of the last answer, or of the plan where that is named or nothing was answered."""
    if leaning.is_known:
        return None
    of_the_plan = leaning.says(_PLAN_DONE, _PLAN_DONE_IN_ENGLISH)
    if not of_the_plan and not leaning.says(_IT_DONE, _IT_DONE_IN_ENGLISH):
        return None
    if of_the_plan or not leaning.has_subject:
        return Reply(leaning.services.composer.plan_done(leaning.services.today_year), leaning.before.after_other())
    if leaning.services.composer.has_progress(leaning.subject):
        return again(leaning, leaning.subject)
    return silent(leaning, wording.NO_PROGRESS)
