"""The steps of the dialogue in staff's words: which of them spoke in a turn. A test holds them to `actions/dialogue`."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.turns import LOOKED_UP, PAUSED

STEP_NAMES: Mapping[str, str] = {
    "as_it_stands": "有人教过或发布过的原话，或机器命令",
    "chosen": "按编号选了给出的一项",
    "none_of_these": "给出的都不是，登记",
    "listed": "列出一个方面的全部",
    "broad": "题目太大，给几个选项",
    "several": "一句话问了几件事，一件一件答",
    "weighed": "当作一个完整的问题",
    "small_talk": "寒暄",
    "bare_word": "只有一个词，看它指哪些",
    "taught_talk": "教过的寒暄或登记",
    "request": "登记",
    "heard": "只是说说情况，先听着",
    "denied": "说不是这个，给别的选项",
    "repeated": "请再说一遍",
    "source": "再给出处",
    "more": "接着给下一条",
    "not_in_passage": "问的上一条里没有写",
    "same_passage": "问的就在上一条里",
    "place_alone": "只说了一个地方",
    "at_a_place": "换了地方",
    "figure_of_then": "问原来的数字",
    "review_of_then": "问以前，找到过去几年的总结",
    "same_sentence": "同一句原文里的另一件事",
    "nearby": "上一条附近的另一件事",
    "next_object": "换了一件事，问法照旧",
    "next_alone": "换了一件事",
    "named_alone": "用“那……呢”说出了名称",
    "bears_the_name": "同一主题里写着这个词的另一句",
    "joined": "和上一条的标题合成一个问题",
    "with_question": "和上一个问题合成一个问题",
    "in_full": "接着问：照补全了的问句找",
    "likeliest_in_context": "照补全了的问句和原话一起找，最像的一条",
    "second_in_context": "照补全了的问句和原话一起找，第二像的",
    "third_in_context": "照补全了的问句和原话一起找，第三像的",
    "with_story": "和前面说的情况合成一个问题",
    "corrected": "改口，问的是另一件事",
    "corrected_of_subject": "改口，还是上一件事",
    "returned": "回到前面说过的一件事",
    "returned_with": "回到前面的一件事，再问别的",
    "calculated": "按原文的数字算",
    "explained": "看不懂，用平常话再说",
    "said_again": "没听清，再说一遍",
    "asked_of_it": "只问价钱、时间、电话、地址或怎么办：是上一件事的",
    "next_plan": "问下一个五年的规划",
    "introduced": "只说出一份文件的名称，介绍它",
    "done_by_now": "问现在做到了没有",
    "done_by_name": "问说出来的一件事做到了没有",
    "meaning": "问规划里一个词的意思",
    "counted": "只问一共多少：是上一件事的",
    "nothing_named": "没说指哪件事，反问",
    PAUSED: "停答，只回复公告",
    LOOKED_UP: "查登记到哪一步了",
}
EARLIER_STEP = "以前的版本里的一步"  # of turns that an older release answered
# What these steps answer is whole by itself; what any other answers was understood through the turns before it.
OF_ITS_OWN = frozenset(
    (
        "as_it_stands",
        "listed",
        "broad",
        "several",
        "weighed",
        "small_talk",
        "bare_word",
        "taught_talk",
        "request",
        "heard",
        "next_plan",
        "done_by_name",
        "meaning",
        PAUSED,
        LOOKED_UP,
    )
)
LEANING_STEPS = frozenset(STEP_NAMES) - OF_ITS_OWN


def step_name(step: str | None) -> str:
    """A step in staff's words, "" for none."""
    return STEP_NAMES.get(step, EARLIER_STEP) if step else ""
