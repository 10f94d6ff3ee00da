"""「多少钱一个月」「几点开门」「什么时候」「电话多少」 and nothing more: asked of what was answered or refused before."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.language.phrase import Phrase, any_of, one_of
from knowledge.reply import wording
from knowledge.reply.unsaid import is_held

_AROUND = any_of(
    "请问|我想问|想问|问一下|那么|那|这个|那个|这|它|他们|你们|那里|那边|里面|这种|大概|大约|差不多|一般|现在|具体|一个月|每个月|每月|个月|一年|每年|一天"
    "|一次|一趟|每次|总共|一共|到底|是|要|的|有|知道|晓得|告诉我|给我|呢|啊|呀|吗|么|哦|嘛|伐|吧|，|。|！|？|!|?|,| |so|and|please|then|there|it|exactly|."
)
_WHEN = [f"{until}{when}" for until in ("到", "") for when in ("什么时候", "啥时候", "几时", "何时", "哪一年", "哪年")]
_DONE = ("", "完成", "做完", "做好", "做到", "实现", "达到", "建成", "建好", "建完", "造好", "弄好", "修好")
# What is asked, by its name in `wording.UNSAID` → the words that ask it.
_WORDS = {
    "price": "多少钱|多少块|几块钱|几钱|什么价|啥价|什么价钱|贵不贵|贵吗|贵伐|要不要钱|要钱吗|要钱伐|收不收钱|收不收费|收钱吗|收费吗|要交钱吗|要交费吗|要付钱吗"
    "|交多少钱|付多少钱|怎么收费|怎么收钱|收费标准|收费多少|收费|费用多少|费用|价格多少|价格|免费吗|免不免费|学费多少|房租多少|租金多少"
    "|how much does it cost|how much would it cost|how much is it|how much|what does it cost|what is the price|what's the price|is it free|is it expensive",
    "hour": "几点开门|几点关门|几点到几点|几点钟|几点上班|几点下班|几点开始|几点|开门时间|营业时间|开放时间|服务时间|上班时间|什么时候开门|什么时候关门"
    "|周末开吗|周末开门吗|周末开不开|双休日开吗|礼拜天开吗|星期天开吗|when does it open|when is it open|what time does it open|opening hours|what are the opening hours",
    "date": "|".join(f"{when}{done}" for when in _WHEN for done in _DONE)
    + "|by when|when|which year|by which year|what year|when will that be|when will it be|when will it be done",
    "phone": "电话多少|电话号码多少|电话号码|电话几号|电话|联系电话|联系方式|打什么电话|打哪个电话|怎么联系|怎样联系|号码多少"
    "|phone number|telephone number|what is the phone number|what's the phone number|who can i call|who do i call",
    "address": "在哪里|在哪儿|在哪|在什么地方|在啥地方|哪里|哪儿|什么地方|地址多少|地址在哪里|地址|怎么走|怎么去|坐什么车去|where is it|where|what is the address|what's the address|address",
    "how_to_apply": "怎么申请|怎样申请|如何申请|怎么办理|怎么报名|怎么登记|怎么预约|怎么办手续|什么手续|办什么手续|什么材料|带什么材料|什么证件|在哪里报名|在哪报名|哪里报名"
    "|去哪里报名|去哪报名|到哪里报名|在哪里申请|在哪申请|哪里申请|去哪里申请|到哪里申请|在哪里办|在哪办|哪里办|去哪里办|去哪办|到哪里办|how do i apply|how can i apply|how to apply"
    "|where can i apply|where do i apply|how do i register|where do i register|what papers do i need|which papers do i need",
}
_ASKED = {name: Phrase(_AROUND, one_of(words), _AROUND) for name, words in _WORDS.items()}


def asked_of_it(leaning: Leaning) -> Reply | None:
    """That the plan does not give it, of the passage or of the question refused; what it does give is shown; else of what."""
    what = next((name for name, phrase in _ASKED.items() if leaning.says(phrase)), "")
    if not what or leaning.is_known or leaning.before.told:
        return None
    composer, before = leaning.services.composer, leaning.before
    if before.refused:
        refused = leaning.services.search.find(before.refused)
        return Reply(composer.not_in_plan(refused, what), before)
    if not leaning.has_subject:
        return Reply(composer.clarify_bare(wording.NO_CONTEXT), before.after_clarification())
    if is_held(what, leaning.subject.passage, composer.gazetteer):
        return again(leaning, leaning.subject)
    return silent(leaning, wording.UNSAID_LINE, what)
