"""The tables of the dialogue: the ways in which a turn may be read, and the steps that a question of its own goes through.

A turn is read in every way of `READINGS`; which holds is chosen by a fitted model (`choosing.py`). Before that come the
steps of `CERTAIN`, which are never in doubt; the first that replies wins.
"""

from __future__ import annotations

from actions.dialogue.stepping import Step
from actions.dialogue.steps.as_it_stands import as_it_stands
from actions.dialogue.steps.asked_of_it import asked_of_it
from actions.dialogue.steps.bare_word import bare_word
from actions.dialogue.steps.beside import nearby, same_sentence
from actions.dialogue.steps.calculated import calculated
from actions.dialogue.steps.chosen import chosen
from actions.dialogue.steps.corrected import corrected, corrected_of_subject
from actions.dialogue.steps.counted import counted
from actions.dialogue.steps.denied import denied
from actions.dialogue.steps.explained import explained, said_again
from actions.dialogue.steps.first_words import named_alone
from actions.dialogue.steps.heard import heard
from actions.dialogue.steps.in_context import in_full, likeliest_in_context, second_in_context, third_in_context
from actions.dialogue.steps.joined import bears_the_name, joined
from actions.dialogue.steps.meaning import meaning
from actions.dialogue.steps.more import more
from actions.dialogue.steps.next_object import next_alone, next_object
from actions.dialogue.steps.next_plan import next_plan
from actions.dialogue.steps.none_of_these import none_of_these
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.of_the_plan import done_by_name, done_by_now
from actions.dialogue.steps.past import figure_of_then, review_of_then
from actions.dialogue.steps.place import at_a_place, place_alone
from actions.dialogue.steps.repeated import repeated
from actions.dialogue.steps.request import request
from actions.dialogue.steps.returned import returned, returned_with
from actions.dialogue.steps.same_passage import not_in_passage, same_passage
from actions.dialogue.steps.several import several
from actions.dialogue.steps.small_talk import small_talk
from actions.dialogue.steps.source import source
from actions.dialogue.steps.taught_talk import taught_talk
from actions.dialogue.steps.weighed import weighed
from actions.dialogue.steps.whole_subject import broad, listed
from actions.dialogue.steps.with_story import with_question, with_story

CERTAIN: tuple[Step, ...] = (
    taught_talk,  # 谢谢
    chosen,  # 第二个
    none_of_these,  # 都不是
    explained,  # 看不懂
    said_again,  # 听不清
    meaning,  # 公租房是什么意思
    next_plan,  # 十五五怎么说
    done_by_now,  # 这个规划现在做到了没有
    done_by_name,  # 17号线西延伸通了没有
    asked_of_it,  # 多少钱一个月
    counted,  # 一共有几张
    as_it_stands,  # taught or published words, a machine's command
    calculated,  # 两个加起来多少
    listed,  # 养老方面有哪些指标
    broad,  # 住房问题怎么说
    bare_word,  # 房子
    place_alone,  # 我们小区也有吗
    nothing_named,  # 那呢
)

QUESTION: tuple[Step, ...] = (
    listed,  # 养老方面有哪些指标
    broad,  # 住房问题怎么说
    several,  # 新公园弄多少个？绿道又要修多长？
    weighed,  # 养老院床位有多少；replies to all
)

READINGS: tuple[Step, ...] = (
    small_talk,  # 谢谢
    request,  # 我要投诉
    heard,  # 我妈八十了
    denied,  # 不是这个
    repeated,  # 再说一遍
    source,  # 出处在哪
    more,  # 还有呢
    not_in_passage,  # 要多少钱
    same_passage,  # 什么时候
    at_a_place,  # 我们街道的养老床位也有吗
    figure_of_then,  # 原来呢
    review_of_then,  # 前面五年弄了多少套了
    same_sentence,  # 那护理型的呢
    nearby,
    next_object,  # 那公租房呢
    next_alone,
    named_alone,
    bears_the_name,
    joined,
    with_question,
    in_full,  # 小一点的孩子呢
    likeliest_in_context,
    second_in_context,
    third_in_context,
    with_story,  # 有没有人能替替我
    corrected,  # 我问的是接送
    corrected_of_subject,  # 我是说护理型的
    returned,  # 回到刚才床位的事
    returned_with,
)
