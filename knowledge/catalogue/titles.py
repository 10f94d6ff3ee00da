"""What a sentence of the plan is about, in a few characters, and for whom: for commitments that nobody curated.

A title is the verb and its object, or what is counted: 「推广家庭医生签约服务」, 「养老机构床位总数」; never the time or the
manner that a sentence opens with (「到2025年」, 「进一步」).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import jieba

from knowledge.document.figures import read_figures
from knowledge.document.plan_text import squash

MAX_TITLE_CHARS = 16
MIN_TITLE_CHARS = 4
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)|〔[^〔〕]*〕")
_NUMBER = re.compile(r"^(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d{1,3}[.．、](?!\d)|（\d+）|[①-⑳])")
_TIME = re.compile(
    r"^(?:力争|争取|确保|计划|预计)?(?:到|至|截至|在)?(?:20\d\d年(?:—20\d\d年)?(?:上半年|下半年|三季度|年?底|年?末|初)?(?:以?前|之前)?"
    r"|“十[一二三四五六七]五”(?:时期|期间|期末|末期|末)?|规划期(?:内|末)|(?:未来|今后)[一二三四五六七八九十\d]+年(?:内|间)?)(?:全区|全市|全县|本区|本市)?(?:，|内)?"
)
_MANNER = re.compile(
    r"^(?:进一步|积极|大力|切实|深入|稳步|持续|着力|不断|有效|科学|充分|全面|有序|扎实|统筹|继续|加速|主动|逐步|重点|努力|同时|其中|此外|以及|并且|并|要|应|对标|坚持以)(?=[\u4e00-\u9fff]{4})"
)
_CIRCUMSTANCE = re.compile(
    r"^(?:以|按照|按|根据|围绕|依托|通过|结合|针对|坚持|原则上|在.{2,}(?:下|上|中|内|方面|基础)$|为.{2,}$|随着|面向.{2,12}$|立足|聚焦.{2,8}$|对于|对.{2,}$|遵循)"
)
_VERB = re.compile(
    r"推进|推动|推广|推行|建设|建立|建成|新建|加强|加快|加大|完善|健全|落实|实施|开展|扩大|增加|提高|提升|优化|鼓励|支持|引进|引导|发展|深化|打造|构建|探索|制定|出台"
    r"|规划|培育|强化|促进|保障|保护|改造|创建|创新|争取|实现|启动|整治|配备|组建|拓展|畅通|夯实|巩固|解决|布局|提供|设立|设置|开设|开办|新增|新辟|筹集|修订|调整|缩小|降低|减轻|规范|推出|举办|组织|给予|取消|统一|纳入|建有|覆盖"
)
_BETWEEN_CLAUSES = "，。；：！？"
_JOINTS = ("以及", "和", "与", "及", "、", "或", "并")
_TAIL = (
    *("的", "和", "及", "或", "、", "了", "在", "将", "等", "以", "并", "把", "向", "从", "达到", "达", "至", "到"),
    *("不低于", "不少于", "超过"),
)
_NO_END = frozenset(
    [
        "的",
        "和",
        "与",
        "及",
        "或",
        "以及",
        "、",
        "了",
        "在",
        "对",
        "为",
        "将",
        "等",
        "以",
        "并",
        "并且",
        "把",
        "向",
        "从",
        "达到",
        "达",
        "至",
        "到",
        "不低于",
        "不少于",
        "超过",
    ]
)
_AUDIENCES: Mapping[str, re.Pattern[str]] = {
    "老年人": re.compile(r"老年|老人|养老|长者|高龄|失智|失能|敬老|为老"),
    "年轻父母": re.compile(r"托育|托班|托位|婴幼儿|3岁以下|三岁以下|母婴"),
    "家长": re.compile(r"幼儿园|学前|中小学|小学|儿童|课后服务|少年宫|家长"),
    "学生": re.compile(r"学生|学校|义务教育|高中|职业教育|中小学|学位"),
    "残疾人": re.compile(r"残疾|残障|无障碍"),
    "困难家庭": re.compile(r"低保|低收入|困难群众|困难家庭|特困|救助|五保"),
    "求职者": re.compile(r"就业|失业|求职|职业技能|创业"),
    "退役军人": re.compile(r"退役军人|优抚|军属|双拥"),
    "新市民": re.compile(r"新市民|外来务工|来沪人员|农民工|流动人口|异地务工"),
    "租客": re.compile(r"租赁住房|公租房|廉租|租房|人才公寓"),
    "病人": re.compile(r"医院|医疗|卫生服务|全科|家庭医生|康复|病床|门诊|医保"),
    "孕产妇": re.compile(r"孕产|生育|妇幼|产假"),
    "农民": re.compile(r"农民|农户|农业|农村|乡村振兴"),
    "企业": re.compile(r"企业|营商|小微|产业园|招商"),
    "通勤者": re.compile(r"公交|轨道交通|地铁|通勤|换乘"),
}
EVERYBODY = "居民"
MAX_AUDIENCES = 3


def title_of(sentence: str) -> str:
    """The verb and its object, or what is counted, in at most `MAX_TITLE_CHARS`."""
    clauses = _clauses(sentence)
    if not clauses:
        return squash(sentence)[:MAX_TITLE_CHARS]
    chosen = next((c for c in clauses if _VERB.match(c)), "")
    counted = next((c for c in clauses if read_figures(c)), "")
    if counted and (not chosen or clauses.index(counted) < clauses.index(chosen)):
        return _counted_title(counted)
    chosen = chosen or next((c for c in clauses if _VERB.search(c)), clauses[0])
    return _cut(chosen)


def _clauses(sentence: str) -> list[str]:
    """The clauses that say something, without the number, the time and the manner before them."""
    text = _NUMBER.sub("", _BRACKETS.sub("", squash(sentence)))
    found = []
    for clause in _parts(text):
        plain = _stripped(clause)
        if len(plain) >= MIN_TITLE_CHARS:
            found.append(plain)
    telling = [clause for clause in found if not _CIRCUMSTANCE.match(clause)]
    return telling or found


def _parts(text: str) -> list[str]:
    """What stands between the clauses' punctuation, that within quotation marks left alone."""
    parts, end, quoted = [], len(text), False  # quoted: the next quotation mark closes
    for at in range(len(text) - 1, -1, -1):
        if text[at] in "“”":
            quoted = text[at] == "”"
        elif text[at] in _BETWEEN_CLAUSES and not quoted:
            parts.append(text[at + 1 : end])
            end = at
    return [text[:end], *reversed(parts)]


def _without_tail(clause: str) -> str:
    """Without the words at its end after which something has to follow."""
    while tail := next((word for word in _TAIL if clause.endswith(word)), ""):
        clause = clause.removesuffix(tail)
    return clause


def _stripped(clause: str) -> str:
    """A clause without the time and the manner that it opens with."""
    before = ""
    while clause != before:
        before = clause
        clause = _MANNER.sub("", _TIME.sub("", clause)).lstrip("、")
    return clause


def _counted_title(clause: str) -> str:
    """What a clause counts, with the verb if that fits: 「养老机构床位总数」, 「新增公共租赁住房」."""
    figure = read_figures(clause)[0]
    before, _, after = clause.partition(figure.printed_value + figure.unit)
    if len(re.sub(r"左右|以上|以下|以内|余|多", "", after)) >= 2:
        return _cut(_stripped(figure.label))
    whole = _without_tail(_stripped(before))
    if MIN_TITLE_CHARS <= len(whole) <= MAX_TITLE_CHARS and not _VERB.fullmatch(whole):
        return whole
    return _cut(figure.label if len(figure.label) >= MIN_TITLE_CHARS else clause)


def _cut(clause: str) -> str:
    """A clause at its full length where that fits, else up to the end of a word or the first of several things."""
    if len(clause) <= MAX_TITLE_CHARS:
        return _without_tail(clause) or clause
    words: list[str] = []
    for word in jieba.cut(clause):
        if sum(map(len, words)) + len(word) > MAX_TITLE_CHARS:
            break
        words.append(word)
    while words and words[-1] in _NO_END:
        words.pop()
    whole_words = "".join(words) or clause[:MAX_TITLE_CHARS]
    joints = [clause.rfind(joint, MIN_TITLE_CHARS + 2, MAX_TITLE_CHARS + 1) for joint in _JOINTS]
    joint = max(joints)
    splits = joint >= MIN_TITLE_CHARS + 2 and _splits_objects(clause, joint)
    shorter = clause[:joint] if splits else whole_words
    if shorter.count("“") > shorter.count("”"):
        shorter = shorter[: shorter.rindex("“")] if shorter.rindex("“") >= MIN_TITLE_CHARS else shorter.replace("“", "")
    return _without_tail(shorter) or clause[:MAX_TITLE_CHARS]


def _splits_objects(clause: str, joint: int) -> bool:
    """Whether what stands before a joint is whole by itself: a verb and something behind it."""
    if clause[joint] == "并":
        return True
    verb = _VERB.match(clause)
    return verb is not None and joint - verb.end() >= 4


def audiences_of(sentence: str, heading: str = "") -> tuple[str, ...]:
    """Whom a sentence concerns, those that it names most often first; its heading decides where it names nobody."""
    for text in (sentence, heading):
        counts = {name: len(pattern.findall(text)) for name, pattern in _AUDIENCES.items()}
        named = sorted((name for name in counts if counts[name]), key=lambda name: -counts[name])
        if named:
            return tuple(named[:MAX_AUDIENCES])
    return (EVERYBODY,)
