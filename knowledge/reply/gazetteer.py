"""The places of a district that residents name: its streets and towns, former towns, villages, estates, roads.

Some are known (`document.yml`, `knowledge/sources/localities.yml`), others show by how they are called: 「佳乐苑」「盈港路」.
What only says of which kind a place is (农村, 老小区, 友好社区) is no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.clauses import CLAUSE_END
from knowledge.language.dictionary import shared_dictionary
from knowledge.language.languages import is_english
from knowledge.language.sounds import syllables_and_letters

LOCALITIES = settings.SOURCES / "localities.yml"  # read as answers are made, no part of what is built
TOWN, ESTATE, VILLAGE, OTHER = "town", "estate", "village", "other"  # kinds of places
ORDINARY_FROM = (
    100  # times that jieba's authors met a word, from which it is one that everybody uses: 林家 99, 养老 651
)
REMEMBERED = 256  # texts whose places are known
NAME_CHARS = 3  # of a name that shows by its form alone: what is longer is nearly always a part of a sentence
LOOK_BACK = 8  # characters before its ending in which a name and the words before it are looked for
_LISTS = {"former_towns": OTHER, "villages": VILLAGE, "estates": ESTATE, "landmarks": OTHER, "roads": OTHER}
_OTHER_WORDS = "other_words"
_NOT_HAN = re.compile("[^\u4e00-\u9fff]")
# What a name may end in. Estates are called after ordinary words too (幸福小区, 光明新村); a village, a road … of an
# ordinary word (养老社区, 道路) is none, unless it is a known one.
_ENDINGS = re.compile(
    "(?P<estate>新村|花苑|家苑|佳苑|雅苑|名苑|小区|公寓|花园|华城|华庭|名邸|苑)"
    "|(?P<community>社区)"
    "|(?P<village>村)(?![庄级镇容落务民居委医支卫小规办干子“])"
    "|(?P<road>公路|大道|路)(?![灯面况程由线网径障费子数理过])"
)
_NO_VILLAGE = "庄级镇容落务"  # after 「村」, whatever stands before it: 「南新村庄」
# Whatever stands before a name and is no part of it, as long as a name is left.
_BEFORE_A_NAME = re.compile(
    "^.*(?:请问|想问|问问|问下|一下|我们|你们|他们|我家|我妈|我爸|家里|老家|咱们|阿拉|住在|听说|听讲|关于|就是|除了|以后|将来|后来|现在|今年|明年|时候|时间|什么|怎么"
    "|为啥|隔壁|附近|旁边|如果|但是|因为|所以|还有|那么|区里|镇里|镇上|市里|政府|老人|孩子|小孩|[我在住问那这到给帮和跟与的是去有像从离往把让对说叫咱走])(?=..)"
)
_NEVER_IN_A_NAME = re.compile(
    "[的了在到得们我你他她它您侬伊这那哪啥是有不没就都也要会能可把被让给从向对跟与及或等吗呢吧啊么之去来进走跑造租住做送搬多少几个条些种里外后再又还只很最着过额想讲停绕抢兜归何无算]"
    "|(?<!^)[和上下]|[回式时夜]$"
)
# Kinds of estates, villages and roads, no names: residents say them of any.
_KIND = re.compile(
    "[老旧农乡各每别全整古渔雨]|城中|厂中|夹心|样板|特色|新建|新型|住宅|居住|经济|正规|智能|智慧|安静|开放|封闭|敞开|动迁|拆迁|安置|商品|高档|别墅|美丽|多层|高层|高压"
    "|人才|租赁|长租|青年|城镇|普通|一般|物业|电梯|停车|保障|廉租|公租|共有|示范|友好|养老|完整|宜居|口袋|屋顶|自然|行政|本|小镇|隔壁|自己|阿拉|娘家|婆家|推荐|缓解|大居|开源"
    "|因为|好多|大片|空壳|撤并|违建|开厂|四好|街心|六一|十三五|老年|学生|职工|员工|白领|蓝领|单身|酒店|医养|空中|百姓|秘密|中心|小区|公寓|花园|社区|[镇村区县市道路新名容]$"
)
_KIND_OF_ROAD = re.compile(
    "[道马馬铁线思出问修一水陆电网迷大小高新断窄弯烂土石过门前内车绿破封黑活挖通改扫堵占挡熟生快慢险正套心远半引站次一二两三四五六七八九十]$|断头|机耕|田埂|省|沿|林荫|高架"
)


@dataclass(frozen=True)
class NamedPlace:
    """A place that stands in a text from `start` to `end`, as it is called there, and its kind."""

    start: int
    end: int
    name: str
    kind: str


@dataclass(frozen=True)
class Localities:
    """Known names below the towns, each with its kind, and longer words that hold one and mean something else.

    `spelt` has names, towns' too, that Latin letters write otherwise than a dictionary of sounds would: 重固 is Chonggu.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    other_words: tuple[str, ...] = ()
    spelt: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, district: str) -> Localities:
        """Those of a district; none without a file, or where the file is another district's. Raises `CatalogueError`."""
        if not path.exists():
            return cls()
        data, lines = load_mapping(path)
        if not district or data.get("district") != district:
            return cls()
        kinds: dict[str, str] = {}
        for key, kind in _LISTS.items():
            kinds |= dict.fromkeys(_names(path, data.get(key), lines.get(key, 1)), kind)
        spelt = data.get("spelt") or {}
        if not isinstance(spelt, dict) or not all(isinstance(each, str) for each in spelt.values()):
            raise CatalogueError(
                path, lines.get("spelt", 1), f"不是地名的拼法：{spelt!r}", "写成 spelt: {重固: Chonggu}"
            )
        return cls(kinds, tuple(_names(path, data.get(_OTHER_WORDS), lines.get(_OTHER_WORDS, 1))), spelt)


@dataclass(frozen=True)
class Gazetteer:
    """`towns` maps official names to short ones; `district` is no place within itself."""

    towns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    localities: Localities = field(default_factory=Localities)
    district: str = ""

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> Gazetteer:
        """Of the plan that a store's `meta` tells of. Raises `CatalogueError` for a file that cannot be read."""
        district = str(meta.get("district") or "")
        return cls(meta.get("places") or {}, Localities.load(LOCALITIES, district), district)

    def named_in(self, text: str) -> Sequence[NamedPlace]:
        """The places named in a normalised text, in its order; of two that overlap the longer one."""
        return self._remembered(text)

    @cached_property
    def _remembered(self) -> Callable[[str], Sequence[NamedPlace]]:
        """What was named in the texts of the last turns: several steps ask."""
        return lru_cache(maxsize=REMEMBERED)(self._named_in)

    def _named_in(self, text: str) -> Sequence[NamedPlace]:
        if is_english(text):
            return tuple(self._spelt_in(text))
        known = [*self._known_in(text)]
        found = sorted([*known, *self._formed_in(text, known)], key=lambda each: each.start - each.end)
        kept: list[NamedPlace] = []
        for each in found:
            if all(each.end <= other.start or other.end <= each.start for other in kept):
                kept.append(each)
        return tuple(sorted((each for each in kept if each.kind), key=lambda each: each.start))

    def is_a_name(self, text: str) -> bool:
        """Whether a text is the name of a place and nothing else."""
        return any(each.name == text for each in self.named_in(text))

    def names(self, text: str, place: str) -> bool:
        """Whether a text, without blanks, names a place by any of its names: 章堰村 by 章堰 too, 环城 not by 环城水系."""
        for word in self.localities.other_words:
            text = text.replace(word, "")
        for official, short in self.towns.items():
            if place in (official, *short, *map(self._spelt, short)):
                return any(name in text for name in (official, *short))
        spelt = (name for name in self.localities.kinds if self._spelt(name) == place)
        return any(name in text for name in (place, _stem(place), *spelt))

    def without(self, text: str) -> str:
        """A question as one asks it of the whole district: without the places that its clauses begin with.

        An estate is any estate then, a village any village. The text itself where there is none, or where a place stands
        elsewhere in a clause: 「儿童医院会造在徐泾吗」 asks for nothing without it.
        """
        if is_english(text):
            return self._without_spelt(text)
        named, said, end = self.named_in(text), list[str](), 0
        for each in named:
            clause = CLAUSE_END.split(text[end : each.start])[-1]
            if not _INTRODUCED.fullmatch(clause):
                return text
            said += [text[end : each.start], _ANY.get(each.kind, "")]
            end = each.end
        return "".join([*said, text[end:]]).removeprefix("的")

    def _spelt(self, place: str) -> str:
        return self.localities.spelt.get(place) or _spelt(place)

    def _without_spelt(self, text: str) -> str:
        """In English a place follows its preposition: "a nursery in Xujing town"; the text itself where one stands otherwise."""
        for each in reversed(self._spelt_in(text)):
            before, after = _IN_ENGLISH.search(text[: each.start]), _KIND_IN_ENGLISH.match(text[each.end :])
            if not before or not after:
                return text
            text = f"{text[: before.start()].rstrip(' ,')}{text[each.end + after.end() :]}"
        return text

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """All known names, each with its kind; "" where it is no place."""
        aliases = [alias for official, short in self.towns.items() for alias in (official, *short)]
        others = dict.fromkeys(self.localities.other_words, "")
        return {**others, **self.localities.kinds, **dict.fromkeys(aliases, TOWN)}

    def _known_in(self, text: str) -> Iterator[NamedPlace]:
        for name, kind in self._known.items():
            start = text.find(name)
            while start >= 0:
                end = start + len(name)
                if kind == OTHER and text[end : end + 1] == "镇":  # 「商榻镇」
                    end += 1
                if not (name.endswith("村") and text[end : end + 1] in tuple(_NO_VILLAGE)):
                    yield NamedPlace(start, end, text[start:end], kind)
                start = text.find(name, end)

    def _formed_in(self, text: str, known: Sequence[NamedPlace]) -> Iterator[NamedPlace]:
        named = [each for each in known if each.kind]
        for match in _ENDINGS.finditer(text):
            kind, at = str(match.lastgroup), match.start()
            if any(each.end == match.end() for each in named):
                continue
            start = self._start_of_name(text, at, kind, named)
            if start is None and match[0] == "新村":  # 「北新村」 is the village of 北新
                kind, start = "village", self._start_of_name(text, at + 1, "village", named)
            if start is not None:
                yield NamedPlace(start, match.end(), text[start : match.end()], _KIND_OF[kind])

    def _start_of_name(self, text: str, end: int, kind: str, named: Sequence[NamedPlace]) -> int | None:
        """Where the name begins that ends before what it is the name of; None if there is none."""
        before = next((each for each in named if each.end == end), None)
        if before:  # 「凤溪社区」, but not 「练塘镇社区食堂」
            is_one = before.kind != TOWN or text[end : end + 2] not in _OF_ANY_TOWN
            return before.start if is_one and not before.name.endswith(_ENDED) else None
        first = max([end - LOOK_BACK, 0, *(each.end for each in named if each.end <= end - 2)])
        name = _BEFORE_A_NAME.sub("", _NOT_HAN.split(text[first:end])[-1])
        if self.district:
            name = name.removeprefix(f"{self.district}区").removeprefix(self.district)
        if not 2 <= len(name) <= NAME_CHARS or _NEVER_IN_A_NAME.search(name) or _KIND.search(name):
            return None
        if kind == "road" and _KIND_OF_ROAD.search(name):
            return None
        return None if _is_ordinary(name, kind) else end - len(name)

    def _spelt_in(self, text: str) -> list[NamedPlace]:
        """In English a place is named as it is spelt: Xujing."""
        spelt = {self._spelt(name).lower(): (name, kind) for name, kind in self._known.items() if kind}
        words = re.finditer("[a-z]+", text.lower())
        found = [(word, *spelt[word[0]]) for word in words if word[0] in spelt]
        return [NamedPlace(*word.span(), self._spelt(name), kind) for word, name, kind in found]


_KIND_OF = {"estate": ESTATE, "community": ESTATE, "village": VILLAGE, "road": OTHER}
_OF_ANY_TOWN = ("社区", "小区", "村里", "村")  # of which every town has some
# What may stand before a place at the beginning of a clause.
_INTRODUCED = re.compile("(?:请问|想问|问问|问下|一下|想知道|那么|那|听说|我们|咱们|阿拉|[我家人住在是和与及、的])*")
_ENDED = ("路", "道", "镇", "村", "区")  # of a known name that is no name of something else
_IN_ENGLISH = re.compile(r"\b(?:in|at|near|around|of|for) $", re.IGNORECASE)
_KIND_IN_ENGLISH = re.compile(r"(?: (?:town|village|subdistrict|street))?(?![\w-])", re.IGNORECASE)
_OF_A_FAMILY = re.compile("[^我你他她咱大国公人老自全各农安当作专一]家[浜庄圩宅埭角荡湾]?")  # 李家村, 王家浜村
_NAMES_NOTHING = tuple("tvdrcmpf")  # jieba's parts of speech of words after which no estate is called: 昨天, 请问
_ANY = {ESTATE: "小区", VILLAGE: "村里"}  # what is asked of any of its kind


def _names(path: Path, listed: object, line: int) -> list[str]:
    items = [] if listed is None else listed
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise CatalogueError(path, line, f"不是地名的列表：{items!r}", "写成 [凤溪, 商榻]，或一行几个，用逗号隔开")
    return [name.strip() for item in items for name in item.split(",") if name.strip()]


def _stem(place: str) -> str:
    """「章堰村」 → 「章堰」; what is left has to be a name by itself."""
    stem = re.sub("(?:新村|小区|社区|村|镇)$", "", place)
    return stem if len(stem) >= 2 else place


def _is_ordinary(name: str, kind: str) -> bool:
    """Whether a name is, or has at an end, a word that everybody uses; estates are called after some: 幸福, 光明."""
    if kind == "village" and _OF_A_FAMILY.fullmatch(name):
        return False
    words = shared_dictionary()
    if kind == "estate" and len(name) == 2:
        return words.get(name, "")[:1] in _NAMES_NOTHING
    parts = {name[:2], *(name[at:] for at in range(len(name) - 1))}
    return any((words.count(part) or 0) > ORDINARY_FROM for part in parts)


@lru_cache(maxsize=512)
def _spelt(place: str) -> str:
    return "".join(syllables_and_letters(place)).capitalize()
