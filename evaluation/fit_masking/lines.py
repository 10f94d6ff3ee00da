"""Lines to fit on: those of the writers with other names in their places, and the project's own, which hold none."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from conversations.masking_persons import is_known_person, is_word, surname_at
from conversations.masking_quality import AnnotatedLine
from evaluation.fit_masking.words import dictionary

_COMMON = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜顾陆金俞钱姚邱倪严"
_RECENT = "子梓浩宇轩涵欣怡雨诗若晨曦一诺依佳俊杰思思琪嘉瑞泽铭睿皓博文雅婷静萱芷沐辰奕语桐悦昕妍可馨"
_OLD = "阿根妹宝金银生龙福林泉英珍娣秀兰凤仙桂花香菊芳云水法祥荣明德贵发才和国建军华红伟强志勇军民新春卫东跃进爱玉美翠琴素娟芬"
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_LATIN = [
    "Anna",
    "Maria",
    "John",
    "David",
    "Ahmed",
    "Fatima",
    "Kim",
    "Lee",
    "Sophie",
    "Marco",
    "Elena",
    "Ivan",
    "Olga",
    "Carlos",
    "Pedro",
    "Thomas",
    "Peter",
    "Julia",
    "Emma",
    "Noah",
    "Nguyen",
    "Tran",
    "Pham",
    "Suzuki",
    "Tanaka",
    "Singh",
    "Kumar",
    "Patel",
    "Smith",
    "Brown",
    "Miller",
    "Wilson",
    "Garcia",
    "Rossi",
    "Muller",
    "Schmidt",
    "Dubois",
    "Martin",
    "Novak",
    "Hassan",
    "Ali",
    "Khan",
    "Park",
    "Choi",
    "Wang",
    "Li",
    "Zhang",
    "Chen",
    "Liu",
    "Lin",
    "Wei",
    "Jun",
    "Xiaoming",
    "Weiguo",
]
_DIALOGUES = ("data/dialogues", "data/questions", "data/turns", "data/nlu")
_SOURCES = ("knowledge/sources/catalogue", "knowledge/sources/training", "knowledge/sources/lexicon")
_LIST_MARK = re.compile(r"^(?:[-\s]*(?:[a-z_]+:\s*)?)*[\"'>|]?|[\"']$")


class Names:
    """Names of people, drawn by chance: as a dictionary has them, and of a surname and characters that are given."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        full = [
            word for word, _, tag in dictionary() if tag == "nr" and 2 <= len(word) <= 3 and surname_at(word, 0) == 1
        ]
        self._full = [word for word in full if not is_known_person(word)]
        self._given = [word[1:] for word in self._full]
        self._surnames = sorted({word[0] for word in self._full})
        self._compound = [
            "欧阳",
            "上官",
            "司马",
            "诸葛",
            "皇甫",
            "慕容",
            "司徒",
            "令狐",
            "夏侯",
            "东方",
            "端木",
            "南宫",
        ]

    def like(self, name: str) -> str:
        """Another name in place of this one, in the same letters and as long as it, mostly."""
        if _LATIN_NAME.fullmatch(name):
            return " ".join(self._chance.sample(_LATIN, name.count(" ") + 1))
        if not _HAN_NAME.fullmatch(name) or surname_at(name, 0) in (0, len(name)):
            return name  # of other peoples, or a surname alone: there is no list of those
        if len(name) == 4 or surname_at(name, 0) == 2:
            return self._chance.choice(self._compound) + self._of(len(name) - 2)
        return self._drawn(len(name))

    def _drawn(self, length: int) -> str:
        if self._chance.random() < 0.35:
            return next(name for name in iter(lambda: self._chance.choice(self._full), "") if len(name) == length)
        surname = self._chance.choice(_COMMON if self._chance.random() < 0.65 else self._surnames)
        return surname + self._of(length - 1)

    def _of(self, length: int) -> str:
        way = self._chance.random()
        if way < 0.35:
            return next(given for given in iter(lambda: self._chance.choice(self._given), "") if len(given) == length)
        if way < 0.9:
            characters = _RECENT if way < 0.6 else _OLD
            return "".join(self._chance.choice(characters) for _ in range(length))
        return "".join(self._chance.choice(self._chance.choice(self._given)) for _ in range(length))


def renamed(line: AnnotatedLine, names: Names, homes: Sequence[str], chance: random.Random) -> AnnotatedLine:
    """The line with other people in it, and some of its homes elsewhere."""
    text, pieces, at = "", [], 0
    for kind, start, end in sorted(line.pieces, key=lambda piece: piece[1]):
        value = line.text[start:end]
        if kind == "name":
            value = names.like(value)
        elif kind == "address":
            value = renumbered(chance.choice(homes) if chance.random() < 0.4 else value, chance)
        text += line.text[at:start]
        pieces.append((kind, len(text), len(text) + len(value)))
        text, at = text + value, end
    return AnnotatedLine(text + line.text[at:], tuple(pieces))


def retyped(line: AnnotatedLine, chance: random.Random) -> AnnotatedLine:
    """The line as somebody types it who leaves signs out or puts blanks for them; what is marked stays as it is."""
    text, moved = "", list[int]()
    way = chance.random()
    inside = {at for _, start, end in line.pieces for at in range(start, end)}
    for at, character in enumerate(line.text):
        moved.append(len(text))
        if character in "，。！？、,!?：:" and at not in inside and way < 0.9:
            text += "" if way < 0.3 else " " if way < 0.6 else chance.choice(("", " ", character))
        else:
            text += character
    moved.append(len(text))
    return AnnotatedLine(text, tuple((kind, moved[start], moved[end]) for kind, start, end in line.pieces))


_CARRIERS = (
    "{name}，{question}", "我是{name}，{question}", "我叫{name} {question}", "{question}。{name}", "{question} {name}", "{question}，{name}，{mobile}",
    "帮{name}问一下{question}", "{name}问{question}", "我妈{name}想问{question}", "{question}？联系人{name}", "{name}{mobile}{question}", "我住{home}，{question}",
    "{home}的，{question}", "{question} 我家{home}", "{question}，{name}，住{home}", "隔壁{name}说{question}是真的吗", "{name}和{name}都来问：{question}",
)  # fmt: skip


def carried(question: str, names: Names, homes: Sequence[str], chance: random.Random) -> AnnotatedLine:
    """A question of the project, beside which somebody says who asks or where that is."""
    text, pieces = "", list[tuple[str, int, int]]()
    for part in re.split(r"(\{\w+\})", chance.choice(_CARRIERS)):
        kind = {"{name}": "name", "{home}": "address", "{mobile}": "mobile"}.get(part)
        value = part
        if part == "{question}":
            value = question
        elif part == "{name}":
            value = names.like(chance.choice(("某某", "某某某", "某某某")).replace("某", "张", 1))
        elif part == "{home}":
            value = renumbered(chance.choice(homes), chance)
        elif part == "{mobile}":
            value = f"139{chance.randint(0, 99_999_999):08}"
        if kind:
            pieces.append((kind, len(text), len(text) + len(value)))
        text += value
    return AnnotatedLine(text, tuple(pieces))


def renumbered(home: str, chance: random.Random) -> str:
    """The same home with other digits."""
    return re.sub("[0-9]", lambda digit: str(chance.randint(1, 9)), home)


def project_lines() -> Iterator[tuple[str, str]]:
    """The project's own lines, which name nobody, and the file that each is of."""
    for folder in (*_DIALOGUES, *_SOURCES, "evaluation"):
        for path in sorted(Path(folder).glob("*.yml")):
            if path.name != "china_places.yml":  # names of cities in a row are nobody's words
                for text in _strings(YAML(typ="safe").load(path.read_text(encoding="utf-8"))):
                    yield text, str(path)
    for path in sorted(Path("danger/messages").glob("*/*")):
        for text in _strings(YAML(typ="safe").load(path.read_text(encoding="utf-8"))):
            yield text, str(path)
    for path in sorted(Path("knowledge/sources/plan").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield line.strip(), str(path)


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        for line in data.splitlines():  # Rasa's examples are one text, a line each
            yield line.removeprefix("- ").strip()
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(key)
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)


def is_chinese(text: str) -> bool:
    """Whether there is something of Chinese in it; ids and headings in English are no residents' words."""
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not is_word(text)
