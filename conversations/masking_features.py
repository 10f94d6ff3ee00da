"""What the tagger sees of a text: its tokens, and at each token what stands there and around it.

A token is a Chinese character, a run of digits, a word of Latin letters, a sign, or a whole number that the rules have
found: so a telephone number is one step away from the name beside it, however it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from conversations.masking_lexical import lexical_reader
from conversations.masking_likely import begins_names, given_likelihood
from conversations.masking_persons import is_everyday, is_known_person, is_word, surname_at

_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+(?:['’\-][A-Za-z]+)*|[ \t\r\n]+|.", re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NONE = ""  # beyond the ends
_FAR = 12  # tokens within which a number ahead, and what follows it, is seen
_CUES = {
    "kin": "父|母|爸|妈|爹|娘|爷|奶|公|婆|夫|妻|儿|女|孙|哥|弟|姐|妹|姑|姨|舅|叔|伯|嫂|侄|囡|娃|老公|老婆|老伴|丈夫|爱人|太太|先生|儿子|女儿|孙子|孙女|外孙|外甥|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|媳妇|女婿|岳父|岳母|孩子|小孩|宝宝|老大|老二|阿姨|阿婆|阿爷|爷叔|阿哥|阿姐|阿弟|阿妹|前夫|前妻|亲家|弟媳|表哥|表弟|表姐|表妹|堂哥|堂弟|堂姐|堂妹|闺女|男友|女友|对象|大伯|老头子|老太婆|老太|老人",
    "role": "邻居|隔壁|楼上|楼下|对门|房东|租客|房客|室友|同学|同事|朋友|老板|老板娘|老师|师傅|护工|保姆|中介|医生|护士|户主|业主|村民|居民|队长|组长|书记|主任|校长|院长|经理|科长|店主|司机|工友|老乡|学生|病人|患者|家属|被告|原告|工头|包工头|负责人|联系人|申请人|收件人|投诉人|代办人|监护人|当事人|证人|法人|战友|同桌|姐妹|兄弟|伙伴|网格员|志愿者|楼组长|志愿兵|机主|车主|狗主人",
    "say": "叫|是|姓|名|我|找|让|请|给|替|帮|和|跟|与|同|问|对|把|被|由|为|属|系|喊|名字|名叫|我叫|姓名|大名|小名|本名|真名|落款|署名|签名|抬头|此致|敬礼|谢谢|户名|开户名|写的",
    "title": "女士|先生|同志|师傅|老师|阿姨|小姐|医生|主任|书记|同学|小朋友|叔叔|奶奶|爷爷|老人|本人|一家|家|夫妇|夫妻|父子|母女|收|敬上|留",
    "does": "说|讲|住|在|今年|现年|现在|已经|去年|昨天|前天|的|家|和|跟|把|被|要|想|也|都|又|就|电话|手机|身份证|男|女|是|有|没|不|走|来|去|欠|打|骂|天天|老是|老|一直|总是|打电话|出生|户口|病|瘫|死|过世|去世|走失|失踪|借|拿|骗|偷|收|开|给|报名|申请|咨询|问|投诉|举报|反映",
    "of_home": "住|家|住在|家住|家在|地址|门牌|门牌号|户口|户籍|户口在|租|租在|租的|房子|房子在|老家|寄到|送到|搬到|现住|暂住|居住|老宅|老房子|屋里|屋里厢|住址|住所|产证|房号|地点|收货",
}
_CUE_OF = {word: kind for kind, words in _CUES.items() for word in words.split("|")}
_LONGEST_CUE = max(map(len, _CUE_OF))
_CUE_BEGINS = frozenset(cue[0] for cue in _CUE_OF)


@dataclass(frozen=True)
class Token:
    """Where it stands in the text, and how it is written: digits as their number, a found number as its kind."""

    start: int
    end: int
    form: str

    @property
    def is_edge(self) -> bool:
        """Whether no name and no home begins or ends with it: a blank or a sign."""
        return len(self.form) == 1 and not _HAN.match(self.form) and not self.form.isalnum()


@dataclass(frozen=True)
class SeenText:
    """The tokens of a text, and what is seen of each: by the letters of `FEATURES`."""

    tokens: Sequence[Token]
    views: Mapping[str, Sequence[str]]

    @property
    def features(self) -> list[list[str]]:
        """What each of `FEATURES` is at each token, in words: (features, tokens)."""
        shifted = (self._shifted(parts) for parts in _PARTS)
        return [list(map(BETWEEN.join, zip(*values))) for values in shifted]

    def _shifted(self, parts: Sequence[tuple[str, int]]) -> list[list[str]]:
        count = len(self.tokens)
        return [_padded(self.views[name])[_EDGE + step : _EDGE + step + count] for name, step in parts]

    @property
    def codes(self) -> NDArray[np.uint64]:
        """The same as numbers, as `code_of` gives them for the words: (features, tokens)."""
        coded = np.array([[_code(value) for value in _padded(self.views[name])] for name in VIEWS], np.uint64)
        steps = np.arange(len(self.tokens))
        parts = coded[_VIEW_OF_PART[:, :, None], _STEP_OF_PART[:, :, None] + steps]
        return np.asarray((parts * _FACTORS[:, :, None]).sum(axis=1, dtype=np.uint64))


def code_of(number: int, words: str) -> int | None:
    """The code of what feature `number` is in words; None where these are not so many parts as it has."""
    values = words.split(BETWEEN)
    if len(values) != len(_PARTS[number]):
        return None
    factors = _FACTORS[number].tolist()
    return sum(_code(value) * factor for value, factor in zip(values, factors)) % 2**64


@lru_cache(maxsize=50_000)
def _code(value: str) -> int:
    return int.from_bytes(blake2b(value.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _padded(values: Sequence[str]) -> list[str]:
    return [*["^"] * _EDGE, *values, *["$"] * _EDGE]


def seen(text: str, numbers: Sequence[tuple[int, int, str]]) -> SeenText:
    """`text` as `digits_of` gives it; `numbers` are start, end and kind of what the rules have found, in order."""
    tokens = _tokens(text, numbers)
    return SeenText(tokens, _views(text, tokens) if tokens else {})


def _tokens(text: str, numbers: Sequence[tuple[int, int, str]]) -> list[Token]:
    found, at = list[Token](), 0
    for start, end, kind in [*numbers, (len(text), len(text), "")]:
        for match in _TOKEN.finditer(text, at, start):
            found.append(Token(match.start(), match.end(), _form(match.group())))
        if end > start:
            found.append(Token(start, end, f"<{kind}>"))
        at = end
    return found


def _form(written: str) -> str:
    first = written[0]
    if first.isdigit():
        return f"<{min(len(written), 5)}>"
    if first.isascii() and first.isalpha():
        if written[1:].islower():
            return "<Aa>" if first.isupper() else "<aa>"
        return "<A>" if len(written) == 1 else "<AA>"
    return "_" if first.isspace() else first


def _steps(shares: Sequence[float], starts: Sequence[int]) -> list[str]:
    return [str(bisect_right(_OF_SHARE, shares[at])) for at in starts]


_OF_SHARE = (0.002, 0.01, 0.05, 0.15, 0.35, 0.6, 0.85, 0.97)
_OF_LIKELIHOOD = (-4.0, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5)


# What a feature is made of: letters name what `_views` gives, each with the token it is of, counted from the one at hand.
# c how it is written; k its lexical class; b, g how likely a name begins, goes on; p a place; t its sort; s its surname;
# f, h how often it is the first, the second of a given name; w, v whether two, three characters from here are a word;
# n whether somebody known begins here; q, r the cue that ends, begins here; d, u tokens since and until a sign;
# m the digits ahead and what follows them; o the digits behind and what followed them; M, O how far those are.
FEATURES: tuple[str, ...] = (
    "c0", "c-1", "c1", "c-2", "c2", "c-1 c0", "c0 c1", "c-2 c-1", "c1 c2", "c-3 c-2 c-1", "c2 c3", "c3 c4", "c-3 c-2",
    "k0", "k-1", "k1", "k-2", "k2", "k3", "k-1 k0", "k0 k1",
    "b0", "g0", "b-1", "b-2", "g-1", "g1", "g2", "b1", "b0 g1 g2", "b-1 g0 g1", "b-2 g-1 g0", "p0", "p-1", "p1",
    "t-1 t0 t1", "t0 t1 t2 t3", "t-2 t-1 t0",
    "s0", "s0 f1 h2", "s-1 f0 h1", "s-2 f-1 h0", "s0 h1", "s-1 h0", "f0", "h0",
    "s0 w0 w1 v0", "s-1 w-1 w0 v-1", "s-2 w-2 w-1 v-2", "w-1 w0", "w-2 w-1 w0 w1",
    "s0 w-1 w0 w1 w2", "s-1 w-2 w-1 w0 w1", "s-2 w-3 w-2 w-1 w0", "n0 s0", "n-1 s-1", "n-2 s-2",
    "q-1", "q-2", "q-3", "q-1 s0", "q-2 s-1", "q-3 s-2", "q-1 b0", "q-2 g0", "q-3 g0",
    "r1", "r2", "r3", "r2 s-1", "r3 s0", "r1 s-2", "r2 g1", "r1 g0",
    "d0", "u0", "d0 s0", "u0 s0", "u0 s-1", "u0 s-2", "d0 u0 s0", "d0 u0 s-1", "d0 u0 s-2",
    "m0", "o0", "M0 c0", "m0 O0", "c0 t-1 t1",
)  # fmt: skip
_PARTS = tuple(tuple((part[0], int(part[1:])) for part in feature.split()) for feature in FEATURES)
_EDGE = 4  # tokens beyond the ends that features ask for
BETWEEN = "|"  # the parts of a feature in words
VIEWS = "ckbgptsfhwvnqrdumoMO"
_MOST_PARTS = max(map(len, _PARTS))
_VIEW_OF_PART = np.array([[VIEWS.index(name) for name, _ in (*p, *p[:1] * (_MOST_PARTS - len(p)))] for p in _PARTS])
_STEP_OF_PART = np.array([[_EDGE + step for _, step in (*p, *p[:1] * (_MOST_PARTS - len(p)))] for p in _PARTS])
# What a part is multiplied with: another odd number for each part of each feature, none where a feature has no such part.
_FACTORS = np.array(
    [
        [_code(f"{number} {place}") | 1 if place < len(parts) else 0 for place in range(_MOST_PARTS)]
        for number, parts in enumerate(_PARTS)
    ],
    np.uint64,
)


def _views(text: str, tokens: Sequence[Token]) -> dict[str, list[str]]:
    """What `FEATURES` is made of, by letter."""
    read = lexical_reader().read(text)
    starts = [token.start for token in tokens]
    forms = [token.form for token in tokens]
    sorts = [_sort_of(form) for form in forms]
    cue_ends, cue_begins = _cues(forms)
    since, until = _borders(sorts)
    ahead, behind = _digits(forms, sorts)
    return {
        "c": forms,
        "k": [read.classes[at] for at in starts],
        "b": _steps(read.name_begins, starts),
        "g": _steps(read.name_goes_on, starts),
        "p": _steps(read.place, starts),
        "t": sorts,
        "s": [_surname(text, at) for at in starts],
        "f": [_given(form, 0) for form in forms],
        "h": [_given(form, 1) for form in forms],
        "w": ["1" if is_word(text[at : at + 2]) else "0" for at in starts],
        "v": ["1" if is_word(text[at : at + 3]) else "0" for at in starts],
        "n": [
            "1" if is_known_person(text[at : at + 3]) or is_known_person(text[at : at + 2]) else "0" for at in starts
        ],
        "q": cue_ends,
        "r": cue_begins,
        "d": since,
        "u": until,
        "m": ahead,
        "o": behind,
        "M": [value[:1] for value in ahead],
        "O": [value[:1] for value in behind],
    }


def _cues(forms: Sequence[str]) -> tuple[list[str], list[str]]:
    """The kind of the longest cue that ends at each token, and of the longest that begins there."""
    ends, begins = [_NONE] * len(forms), [_NONE] * len(forms)
    for first, form in enumerate(forms):
        if form in _CUE_BEGINS:
            for length in range(1, min(_LONGEST_CUE, len(forms) - first) + 1):
                kind = _CUE_OF.get("".join(forms[first : first + length]))
                if kind:
                    begins[first] = kind
                    ends[first + length - 1] = ends[first + length - 1] or kind
    return ends, begins


def _borders(sorts: Sequence[str]) -> tuple[list[str], list[str]]:
    """How many tokens since and until a sign or an end, at most 5."""
    return _since(sorts), _since(sorts[::-1])[::-1]


def _since(sorts: Sequence[str]) -> list[str]:
    passed, found = 0, list[str]()
    for sort in sorts:
        found.append(str(min(passed, 5)))
        passed = 0 if sort == "s" else passed + 1
    return found


def _digits(forms: Sequence[str], sorts: Sequence[str]) -> tuple[list[str], list[str]]:
    """How far the next digits are, with what follows them; and how far back the last ones, with what followed."""
    count = len(forms)
    ahead, behind = [_NONE] * count, [_NONE] * count
    what = [_NONE] * count
    for at in (at for at in range(count) if sorts[at] == "d"):
        after = at + 2 if at + 2 < count and forms[at + 1] == "_" else at + 1
        what[at] = forms[after] if after < count else _NONE
        for step in range(1, min(_FAR, count - at - 1) + 1):
            behind[at + step] = f"{_near(step)}{what[at]}"  # a later run of digits writes over it
    for at in (at for at in reversed(range(count)) if sorts[at] == "d"):
        for step in range(1, min(_FAR, at) + 1):
            ahead[at - step] = f"{_near(step)}{what[at]}"
    return ahead, behind


def _near(distance: int) -> str:
    return str(distance) if distance < 4 else "4" if distance < 7 else "7"


def _sort_of(form: str) -> str:
    if len(form) > 1:
        return "d" if form[1].isdigit() else "l" if form[1] in "Aa" else "m"
    return "h" if _HAN.match(form) else "s"


@lru_cache(maxsize=20_000)
def _given(form: str, place: int) -> str:
    return str(bisect_right(_OF_LIKELIHOOD, given_likelihood(form, place))) if _HAN.match(form) else "-"


_COMMONEST = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜顾陆金俞钱姚邱倪严"
)


def _surname(text: str, at: int) -> str:
    end = surname_at(text, at)
    if end == at:
        return "R" if begins_names(text[at]) else "-"
    if end == at + 2:
        return "C"
    return ("E" if is_everyday(text[at]) else "S") + ("1" if text[at] in _COMMONEST else "2")
