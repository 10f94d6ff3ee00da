"""Which sample questions a person would ask at a counter: in plain words, of one thing, no table, no riddle, no dialect.

Sample questions are written to be understood, so that some are as officials, readers of the plan or whole villages speak.
Those are for the search; on a button stands what anybody would say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# The table of indicators, the plan as a text, its set phrases and formulas, and riddles on them (「是哪三种权」).
_OFFICIAL = re.compile(
    r"指标|约束性|预期性|那一?[项行条]|单位和数|定的[是多几什]|定了什么|怎么说的|怎么[讲提]的?$|一说|写没写|写的|摆在|规划[里对讲有上中把怎]|规划$|占比|比重|含义|定义|口径|适配性|发展型"
    r"|均等化|同质化|体系|机制|格局|模式|基本管理单元|管资本|控规|修编|容积率|备案|规范性|公建民营|统筹|效能|赋能|代表[啥什]|总体目标|目标是[什啥]|什么安排|什么态度|定位|口号|属于什么|叫什么|利用率|分担率|漏损率|密度|放在什么|哪个时期|什么计划|表格|第几行|那张表"
    r"|哪[一两三四五六七八九十几](?:[个条种项类座]|$)|哪[两三四五][^个条]?$|是哪[^里个些家]|什么叫|是什么意思|啥意思|指[什哪啥]|是指|分别|[A-Za-z]{2,}(?<!AED)(?<!APP)(?<!App)(?<!GDP)|\d\+|\+\d|[“「][^“”「」]{1,24}[”」]"
)
_DIALECT = re.compile(
    r"伐|[哦喔哇]$|啥|辰光|阿拉|侬|老早|轧|呒|勿|囡|弗|搿|伲|嘎|搞不搞|造不造|一歇|交关|么$|咋|咱|俺|额"
)
_TALK = re.compile(r"[，,；：]|规划")  # a story before it, or the plan as a text


def oddness(question: str) -> int:
    """0 for what anybody would ask; 1 in dialect or with more around it, 3 and above for officials' words."""
    return 3 * bool(_OFFICIAL.search(question)) + bool(_DIALECT.search(question)) + bool(_TALK.search(question))


def is_plain(question: str) -> bool:
    """Whether anybody would say it so."""
    return oddness(question) < 3


def plainest(questions: Sequence[str]) -> str:
    """The first of the least odd; "" without any."""
    return min(questions, key=oddness, default="")
