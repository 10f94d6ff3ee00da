"""The steps of the dialogue in staff's words: which of them spoke in a turn. A test holds them to `actions/dialogue`."""

from __future__ import annotations

from collections.abc import Mapping

STEP_NAMES: Mapping[str, str] = {
    "listed": "列出一个方面的全部",
    "broad": "题目太大，给几个选项",
    "several": "一句话问了几件事，一件一件答",
    "weighed": "当作一个完整的问题",
    "as_it_stands": "有人教过或发布过的原话，或机器命令",
    "named_alone": "开头就用“那……呢”，说出了名称",
    "whole_question": "前面没有答过，当作完整的问题",
    "nothing_named": "没说指哪件事，反问",
    "own_question": "听成追问，其实说出了另一件事",
    "says_it_all": "接着上文问，本身也说全了",
    "source": "再给出处",
    "more": "接着给下一条",
    "review_of_then": "问以前，找到过去几年的总结",
    "figure_of_then": "问原来的数字",
    "deadline": "问时间",
    "amount": "问多少",
    "same_sentence": "同一句原文里的另一件事",
    "place_alone": "换了地方",
    "place_within": "话里带了地方",
    "next_then": "换了一件事，还是问以前",
    "next_object": "换了一件事",
    "nearby": "上一条附近的另一件事",
    "bears_the_name": "同一主题里写着这个词的另一句",
    "same_subject": "合着上文看，还是上一条",
    "joined": "和上文合成一个问题",
    "small_talk": "寒暄",
    "request": "登记",
}
