"""Which steps an utterance goes through, in order; the first that replies wins.

There is an entry for each action of `domain.yml`. A step that takes an utterance for a question of its own, with
whatever it found for it, hands it to `QUESTION`.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.dialogue.leaning import Leaning
from actions.dialogue.stepping import Step, when
from actions.dialogue.steps.amount import amount
from actions.dialogue.steps.as_it_stands import as_it_stands
from actions.dialogue.steps.beside import nearby, same_sentence
from actions.dialogue.steps.clear_by_itself import own_question, says_it_all
from actions.dialogue.steps.deadline import deadline
from actions.dialogue.steps.first_words import named_alone, whole_question
from actions.dialogue.steps.joined import bears_the_name, joined, same_subject
from actions.dialogue.steps.more import more
from actions.dialogue.steps.next_object import next_object, next_then
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.past import figure_of_then, review_of_then
from actions.dialogue.steps.place import place_alone, place_within
from actions.dialogue.steps.request import request
from actions.dialogue.steps.several import several
from actions.dialogue.steps.small_talk import small_talk
from actions.dialogue.steps.source import source
from actions.dialogue.steps.weighed import weighed
from actions.dialogue.steps.whole_subject import broad, listed


def _leans(leaning: Leaning) -> bool:
    return leaning.points_back and leaning.has_subject and not leaning.is_known


def _leans_on_nothing(leaning: Leaning) -> bool:
    return leaning.points_back and not leaning.has_subject and not leaning.is_known


def _has_no_subject(leaning: Leaning) -> bool:
    return not leaning.has_subject


def _names_nothing(leaning: Leaning) -> bool:
    return not leaning.named


QUESTION: tuple[Step, ...] = (
    listed,  # 养老方面有哪些指标
    broad,  # 住房问题怎么说
    several,  # 新公园弄多少个？绿道又要修多长？
    weighed,  # 养老院床位有多少；replies to all
)

FOLLOW_UP: tuple[Step, ...] = (
    as_it_stands,  # taught or published words, a machine's command
    *when(
        _has_no_subject,
        (
            named_alone,  # 那加装电梯呢
            whole_question,
            nothing_named,  # 那呢；replies to all
        ),
    ),
    own_question,
    says_it_all,  # 之前新增了几所学校
    source,  # 出处在哪
    more,  # 还有呢
    review_of_then,  # 前面五年弄了多少套了
    figure_of_then,  # 原来呢
    deadline,  # 什么时候
    amount,  # 要多少
    *when(_names_nothing, (nothing_named,)),
    same_sentence,  # 那护理型的呢
    place_alone,  # 我们街道也有吗，那徐泾呢
    next_then,  # 原来……，then 那公租房呢
    next_object,  # 那公租房呢
    place_within,  # 加装电梯我们小区呢
    nearby,
    bears_the_name,
    same_subject,
    joined,  # replies to all
)

ENTRIES: Mapping[str, tuple[Step, ...]] = {
    "answer": (*when(_leans, FOLLOW_UP), *when(_leans_on_nothing, (named_alone,)), *QUESTION),
    "follow_up": FOLLOW_UP,
    "chat": (small_talk, *QUESTION),  # 谢谢；谢谢，那公租房呢
    "handoff": (request, *QUESTION),  # 我要投诉；我要投诉公租房太少
}
