"""How easily a password is guessed, and why.

zxcvbn knows common passwords, names, English, keyboard rows, dates and repeats. Here it learns what people in China
type besides: frequent words and their pinyin (jieba's frequencies, pypinyin's readings), habits, and who the person is.
"""

from __future__ import annotations

import heapq
import re
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

import jieba
import pypinyin
from zxcvbn import matching, zxcvbn

LEAST_GUESSES = 10**10  # zxcvbn's highest score begins here
LOOKED_AT_CHARS = 28  # its time grows steeply with letters written as signs; what comes after makes no password weaker
COMMON_WORDS = 8000
MOST_READINGS = 16  # of a name: 单, 曾, 仇 have several
OURS = ("青浦", "青浦区", "上海", "民生问答", "审核台", "规划", "askqingpu", "review", "admin")
HABITS = (
    *("我爱你", "我爱", "爱你", "我爱中国", "我的密码", "密码", "登录", "管理员", "老婆", "老公", "宝贝", "平安", "发财"),
    *("恭喜发财", "万事如意", "一生一世", "你好", "新年快乐", "生日快乐"),
    *("1314", "520", "5201314", "1314520", "7758521", "168", "666", "888", "8888", "321", "123", "2008", "2024", "2025", "2026"),
)  # fmt: skip
WHY = {
    "common_passwords": "常见的密码 / common passwords",
    "person": "您的名字、用户名或本系统的名字 / your name or that of this system",
    "words": "常用词、它的拼音或数字习惯 / common words, their pinyin or habitual digits",
    "names": "常见的词或人名 / common words or names",
    "keys": "键盘上挨着的键 / keys side by side",
    "repeat": "重复的一段 / repeats",
    "sequence": "abc、123 这样连着的 / sequences such as abc or 123",
    "date": "日期或年份 / dates or years",
    "short": "剩下的太少 / too little else",
}
_KINDS = {"spatial": "keys", "repeat": "repeat", "sequence": "sequence", "date": "date", "regex": "date"}
_DICTIONARIES = {"passwords": "common_passwords", "user_inputs": "person", "chinese": "words", "pinyin": "words"}
_alone = threading.Lock()  # zxcvbn keeps the words about a person in a dictionary of the whole process


def reasons_against(password: str, about: Sequence[str]) -> list[str]:
    """Why a password is guessed too easily, 「中文 / English」 each; [] if it is not. `about`: names of the person."""
    with _alone:
        _teach_chinese()
        found = zxcvbn(password[:LOOKED_AT_CHARS], list(_known_of(about)))
    if found["guesses"] >= LEAST_GUESSES:
        return []
    kinds = dict.fromkeys(kind for match in found["sequence"] for kind in _kinds_of(match))
    return [WHY[kind] for kind in kinds or ("short",)]


def _kinds_of(match: dict[str, object]) -> Iterator[str]:
    pattern = str(match["pattern"])
    if pattern == "dictionary":
        yield _DICTIONARIES.get(str(match["dictionary_name"]), "names")
    elif pattern in _KINDS:
        yield _KINDS[pattern]


def _known_of(about: Sequence[str]) -> Iterator[str]:
    for text in (*about, *OURS):
        for part in (text, *re.split(r"[\s._@-]+", text)):
            yield from (each for each in (part, *_spelled(part)) if len(each) > 1)


def _spelled(text: str) -> Iterator[str]:
    """A name in pinyin: 王芳 is wangfang, fangwang, wangf and wf."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,8}", text):
        return
    readings = pypinyin.pinyin(text, style=pypinyin.Style.NORMAL, heteronym=True)
    for first, *rest in islice(product(*readings), MOST_READINGS):
        given, initials = "".join(rest), "".join(each[0] for each in rest)
        yield from (first + given, given + first, first + initials, first[0] + initials)


@lru_cache(maxsize=1)
def _teach_chinese() -> None:
    """Once a process: it takes a second or two."""
    words = [*HABITS, *_common_words()]
    spelled = list(dict.fromkeys("".join(pypinyin.lazy_pinyin(word)).lower() for word in words))
    matching.add_frequency_lists({"chinese": words, "pinyin": spelled})


def _common_words() -> list[str]:
    with jieba.dt.get_dict_file() as lines:
        counted = (line.split(b" ") for line in lines)
        return [
            word.decode() for _, word in heapq.nlargest(COMMON_WORDS, ((int(each[1]), each[0]) for each in counted))
        ]
