"""「9500张床做到了没有」「17号线西延伸通了没有」「有什么最新进展」: whether what a plan promised was done, which no plan says.

Read off a question's words alone. 「快通了吗」「以后就不用排队了吗」 ask what is to come.
"""

from __future__ import annotations

import re

_REACHED = "做到|完成|实现|落实|兑现|达到|达标|办到|做好|做成|达成|落地|做完|建好|建成|建完|造好|造完|修好|修通|修完|竣工|落成|到位"
_BEGUN = (
    "开通|通车|通|开工|动工|开建|开业|开门|开放|开|启用|启动|投用|用上|装好|装上|装|改好|改完|改造|改|拆完|拆|搬完|搬|解决|覆盖到?|有|够|增加到?|增加"
    "|建|造|修|升级|扩建|迁建|搬迁|提升|引进|成立|办|推行|推广|推进|开展|实施|普及|多"
)
_GOING_ON = "推进|进行|开展|实施|建设|执行|推广|做|建|造|搞|弄|办|修|改"
_YET = "了没有|了没|了吗|了么|了伐|了嘛|了哇"
_HOW_FAR = "没有|没|得怎么样|得怎样|得如何|情况怎么样|情况如何|情况|到什么程度|到哪一步"
_PROGRESS = r"(?:最新|目前|现在)?的?(?:进展|进度|推进情况|完成情况|落实情况|执行情况)"
_END = r"[啊呀呢哦嘛，。？！?!,.\s]*$"
_BETWEEN = r"(?:现在|目前|如今|到底|已经|都|究竟|全部|全|真的|真){0,3}"
_DONE = re.compile(
    rf"{_BETWEEN}(?:(?:{_REACHED})(?:[\d.%个张家套所公里万]*)(?:{_YET}|{_HOW_FAR})|(?:{_BEGUN})(?:[\d.%个张家套所公里万]*)(?:{_YET})"
    rf"|(?:有没有|是不是|是否){_BETWEEN}(?:{_REACHED})了?(?:[吗么])?|(?:{_REACHED})没(?:{_REACHED})|(?:{_GOING_ON})(?:得怎么样|得怎样|得如何|到哪一步|到什么程度)了?"
    rf"|(?:有什么|有没有|有啥|有)?{_PROGRESS}(?:怎么样|怎样|如何|到哪了|到哪里了|到哪一步了|呢|吗|是什么)?){_END}"
)
_TO_COME = re.compile(r"要|会|将|快|马上|能|可以|不用|打算|准备|以后|将来|才|的时候")
_LEFT = re.compile(r"(?:现在|目前|如今|到底|已经|都|有没有|是不是|是否|的|，|,|\s){1,6}$")
_DONE_IN_ENGLISH = re.compile(
    r"^(?:so|and|but|well|then|please|tell me|do you know|if|whether|,|\s){0,8}(?:"
    r"(?:was|were|has|have|had)\b(?!.*\bplanned\b).*\b(?:achieved|reached|met|fulfilled|completed|finished|built|done|opened|implemented|delivered"
    r"|reali[sz]ed|carried out|extended|installed|renovated|expanded|met|kept|come true|happened)\b"
    r"|(?:is|are)\b.*\b(?:achieved|finished|completed|done|open|built|ready|running|there|met)\b.*\b(?:yet|already|now|by now)\b"
    r"|(?:is|are)\b.*\b(?:achieved|finished|completed)\b"
    r"|did\b.*\b(?:happen|open|succeed|achieve|reach|meet|finish|complete|build|get built|come true|keep)\b"
    r"|(?:what is|what's|any|how is|latest|what)?.*\b(?:progress|latest status)\b)",
    re.IGNORECASE,
)


def asks_whether_done(text: str) -> bool:
    """Whether a normalised question asks if something was done."""
    return _done_in(text) is not None or bool(_DONE_IN_ENGLISH.search(text))


def asked_whether_done(text: str) -> str:
    """What of: 「17号线西延伸」; "" where nothing is named, or in English, where the whole question says it."""
    match = _done_in(text)
    return _LEFT.sub("", text[: match.start()]) if match else ""


def _done_in(text: str) -> re.Match[str] | None:
    match = _DONE.search(text)
    if match is None:
        return None
    clause = re.split("[，。？！,.?!]", text[: match.start()])[-1]
    return None if _TO_COME.search(clause) and not re.search(_PROGRESS, match.group()) else match
