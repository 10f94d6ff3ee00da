"""「这个规划现在做到了没有」「17号线西延伸通了没有」: whether the plan, the last answer or what is named was done."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, found, silent
from knowledge.language.five_years import five_years_of
from knowledge.language.phrase import Phrase, any_of, maybe, one_of
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide, names_a_term
from knowledge.reply.whether_done import asked_whether_done, asks_whether_done
from knowledge.search.finding import Finding

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
_BEGUN = one_of(
    "通|通车|开|开通|开工|有|建|建好|建成|造|造好|修|修好|修通|到位|落成|装|装好|装上|改|改好|启用|用上|覆盖|够|竣工|搬|拆"
)
_YET = one_of("了没有|了没|了吗|了么|了伐|了嘛")
_PROGRESS = one_of("进展|进度|进展情况|推进情况|完成情况|落实情况|执行情况|最新情况")
_ABOUT_IT = any_of(
    f"{_FILLED}|最新|目前|现在|有什么|有啥|有没有|有|什么|新|怎么样|怎样|如何|情况|到哪了|到哪里了|到哪一步了|到什么程度了"
)


@lru_cache(maxsize=4)
def plan_done_words(name: str) -> tuple[Phrase, Phrase]:
    """Whether a plan with this name was carried out, and how far it is."""
    plan = one_of(f"规划|{name}规划|{name}|规划纲要|纲要")
    return Phrase(_OF_IT, plan, _BY_NOW, _DONE, _OR_NOT, _AFTER), Phrase(_OF_IT, plan, _ABOUT_IT, _PROGRESS, _ABOUT_IT)


_IT = maybe("目标|承诺|计划|这件事|这事|这一条|这条|它")
_IT_DONE = Phrase(_OF_IT, _IT, _BY_NOW, _DONE, _OR_NOT, _AFTER)
_IT_BEGUN = Phrase(_OF_IT, _IT, _BY_NOW, _BEGUN, _YET, _AFTER)
_IT_PROGRESS = Phrase(_OF_IT, _IT, _ABOUT_IT, _PROGRESS, _ABOUT_IT)
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

_SPEAKERS = "我"  # what is done of somebody's own is in no plan


def done_by_now(leaning: Leaning) -> Reply | None:
    """What is known here of what became of it: of the last answer, or of the plan where that is named or nothing was answered."""
    if leaning.is_known:
        return None
    composer = leaning.services.composer
    own = plan_done_words(five_years_of(composer.last_year).name)
    of_the_plan = leaning.says(*own, _PLAN_DONE_IN_ENGLISH)
    if not of_the_plan and not leaning.says(_IT_DONE, _IT_BEGUN, _IT_PROGRESS, _IT_DONE_IN_ENGLISH):
        return None
    if of_the_plan or not leaning.has_subject:
        return Reply(composer.plan_done(leaning.services.today_year), leaning.before.after_other())
    if composer.has_progress(leaning.subject):
        return again(leaning, leaning.subject)
    return silent(leaning, wording.NO_PROGRESS)


def done_by_name(leaning: Leaning) -> Reply | None:
    """What the plan said of the thing that is named, as what was to be done; the answer says that it is no more than that."""
    if leaning.is_known or leaning.is_sample or not asks_whether_done(leaning.text):
        return None
    own = leaning.finding
    if decide(own, may_clarify=False).outcome is Outcome.ANSWERED:
        return found(leaning, own, same=False)
    name = asked_whether_done(leaning.text)
    if not name or _SPEAKERS in name or own.aspect not in ("", "current_status"):
        return None
    named = replace(leaning.services.search.find(name), question=own.question)
    if decide(named, may_clarify=False).outcome is not Outcome.ANSWERED or not _is_called(named, name):
        return None
    return found(leaning, named, same=False)


def _is_called(finding: Finding, name: str) -> bool:
    return names_a_term(finding) or finding.candidates[0].commitment.is_called(name)
