"""What is said in danger: numbers first, then what to do now, in the script of the message. Wording: `replies.yml`.

Staff may put other words in place of a kind's (`danger.published`); what is left out, unreadable or worse than nothing
falls back to the file, so that no kind is ever without its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from opencc import OpenCC

from danger.errors import WordingWrong
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.language.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL
from knowledge.reply.answer import Answer, Hotline, Outcome

FILE = Path(__file__).with_name("replies.yml")
FORMAT = 1
NOTICED = "danger"  # metadata of a message: what the channel noticed in it, see `Replies.beside`
ANY = "danger"  # the kind that stands for all where a message does not say which
MAX_LINES, MIN_LINES = 4, 1
MAX_LINE_CHARS = (
    120  # a line is read in panic; with four lines and all numbers a reply stays within WeChat's 2,048 bytes
)
MAX_ENGLISH_CHARS = 200
MAX_NUMBERS = 4
_NUMBER = re.compile(r"\d{3,12}")
_FIRST = {SIMPLIFIED: "请马上拨打 {number}（{name}）。", ENGLISH: "Call {number} now ({name})."}
_ALSO = {SIMPLIFIED: "也可以拨打：{numbers}。", ENGLISH: "You can also call: {numbers}."}
_PAIR = {SIMPLIFIED: "{number}（{name}）", ENGLISH: "{number} ({name})"}
_BETWEEN = {SIMPLIFIED: "、", ENGLISH: ", "}
_QUIET = {
    SIMPLIFIED: "如果您或身边的人现在有危险，请马上拨打 {numbers}。",
    ENGLISH: "If you or somebody near you is in danger now, please call {numbers}.",
}


@dataclass(frozen=True)
class KindWording:
    """One kind of danger: its names, its numbers (the most urgent first), and what to do now, a sentence a line."""

    zh_name: str
    en_name: str
    numbers: tuple[str, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True)
class NumberWording:
    """What answers at a number, where that is published, and whether it answers day and night."""

    zh: str
    en: str
    source: str
    all_day: bool


@dataclass(frozen=True)
class Wording:
    """All that can be said. `person` and `careful` are one sentence in `zh` and in `en`."""

    numbers: Mapping[str, NumberWording]
    kinds: Mapping[str, KindWording]
    person: Mapping[str, str]
    careful: Mapping[str, str]


@lru_cache(maxsize=1)
def shipped() -> Wording:
    """The wording of the file. Raises `WordingWrong` naming the field."""
    return read(FILE)


def read(path: Path) -> Wording:
    """A wording file. Raises `WordingWrong` naming the field, `CatalogueError` where it is no YAML."""
    data, _ = load_mapping(path)
    if data.get("format") != FORMAT:
        raise WordingWrong(f"{path.name}: format 是 {data.get('format')!r} — 这个版本只读 {FORMAT}")
    try:
        numbers = {
            str(number): NumberWording(str(n["zh"]), str(n["en"]), str(n["source"]), bool(n["all_day"]))
            for number, n in data["numbers"].items()
        }
        kinds = {str(name): _kind(each) for name, each in data["kinds"].items()}
        person, careful = ({k: str(data[name][k]) for k in ("zh", "en")} for name in ("person", "careful"))
    except (KeyError, TypeError) as error:
        raise WordingWrong(f"{path.name}: 少了 {error} — 对照 docs/danger.md 补上") from None
    wording = Wording(numbers, kinds, person, careful)
    for name, each in kinds.items():
        check(name, each, wording)
    if ANY not in kinds:
        raise WordingWrong(f"{path.name}: kinds 里少了 {ANY} — 它用在说不清的危险上")
    return wording


def _kind(data: Mapping[str, Any]) -> KindWording:
    lines = {script: tuple(str(line).strip() for line in data[script]) for script in ("zh", "en")}
    numbers = tuple(str(number) for number in data["numbers"])
    return KindWording(str(data["zh_name"]), str(data["en_name"]), numbers, lines["zh"], lines["en"])


def check(name: str, kind: KindWording, known: Wording) -> None:
    """Raise `WordingWrong` for a reply that could hurt: no number, an unknown one, no or too long sentences."""
    if not 1 <= len(kind.numbers) <= MAX_NUMBERS or len(set(kind.numbers)) != len(kind.numbers):
        raise WordingWrong(f"{name}: 要有 1 到 {MAX_NUMBERS} 个不同的号码，现在是 {len(kind.numbers)} 个")
    for number in kind.numbers:
        if not _NUMBER.fullmatch(number) or number not in known.numbers:
            raise WordingWrong(f"{name}: 号码 {number!r} 不认识 — 先在 numbers 里写上它的名称和来源")
    for script, limit in (("zh", MAX_LINE_CHARS), ("en", MAX_ENGLISH_CHARS)):
        lines = kind.zh if script == "zh" else kind.en
        if not MIN_LINES <= len(lines) <= MAX_LINES:
            raise WordingWrong(f"{name}.{script}: 要有 {MIN_LINES} 到 {MAX_LINES} 句，现在是 {len(lines)} 句")
        for line in lines:
            if not 0 < len(line) <= limit:
                raise WordingWrong(f"{name}.{script}: 一句最多 {limit} 字，“{line[:12]}…”有 {len(line)} 字")
            if re.search(r"[<>]|https?:", line):
                raise WordingWrong(f"{name}.{script}: 不能有网址或尖括号 — 只写现在该怎么做")


def check_change(name: str, kind: KindWording) -> None:
    """As `check`, for what staff put in place of the file's: its first number stays the first, none of the file's is lost.

    Raises `WordingWrong`: a reply may be worded better, never switched off.
    """
    original = shipped().kinds.get(name)
    if original is None:
        raise WordingWrong(f"没有“{name}”这一种危险 — 可以改的是 {'、'.join(shipped().kinds)}")
    check(name, kind, shipped())
    if kind.numbers[0] != original.numbers[0]:
        raise WordingWrong(f"{original.zh_name}: 第一个号码必须是 {original.numbers[0]}")
    lost = [number for number in original.numbers if number not in kind.numbers]
    if lost:
        raise WordingWrong(f"{original.zh_name}: 不能去掉 {'、'.join(lost)}")


class Replies:
    """Composes replies. `changed` are the kinds that staff have worded anew, see `danger.published`."""

    def __init__(self, changed: Mapping[str, KindWording] | None = None) -> None:
        self._wording = shipped()
        self._kinds = {**self._wording.kinds, **(changed or {})}

    def acute(self, kinds: Sequence[str], script: str) -> Answer:
        """The whole reply to acute danger; `kinds` likeliest first."""
        kinds = self._known(kinds)
        first = self._kinds[kinds[0]]
        lines = [*self._number_lines(kinds, script), *(first.en if script == ENGLISH else first.zh)]
        lines.append(self._wording.person["en" if script == ENGLISH else "zh"])
        return self._answer(lines, kinds, script)

    def careful(self, kinds: Sequence[str], script: str) -> Answer:
        """The reply within ten minutes after acute danger, to what asks nothing of the plan."""
        kinds = self._known(kinds)
        language = "en" if script == ENGLISH else "zh"
        opening = self._wording.careful[language]
        lines = [opening, *self._number_lines(kinds, script), self._wording.person[language]]
        return replace(self._answer(lines, kinds, script), outcome=Outcome.CHAT)

    def beside(self, answer: Answer, metadata: Mapping[str, Any]) -> Answer:
        """A normal answer with a quiet line under it, in a doubtful case or soon after acute danger.

        `metadata` is what a channel noticed: `kinds`, `script`, and whether danger was acute `lately`. Then what asks
        nothing of the plan (small talk, a refusal) is answered by `careful` alone: no goodbye, no list of topics. So is a
        doubtful case that is only told: nobody who may be in danger is told to take their time.
        """
        kinds, script = [str(kind) for kind in metadata.get("kinds") or ()], str(metadata.get("script") or SIMPLIFIED)
        lately = metadata.get("lately") and answer.outcome not in (Outcome.ANSWERED, Outcome.HANDOFF, Outcome.ERROR)
        if lately or answer.outcome is Outcome.CHAT:
            return self.careful(kinds, script)
        line, kind = self.quiet_line(kinds, script), self._known(kinds)[0]
        return replace(answer, text=f"{answer.text}\n{line}", danger=kind, hotlines=self.hotlines(kinds, script))

    def quiet_line(self, kinds: Sequence[str], script: str) -> str:
        """One line for the end of a normal answer."""
        plain = ENGLISH if script == ENGLISH else SIMPLIFIED
        line = _QUIET[plain].format(numbers=self._numbers(self.hotlines(kinds, script), plain))
        return to_script(line, script)

    def hotlines(self, kinds: Sequence[str], script: str) -> tuple[Hotline, ...]:
        """The numbers of all `kinds`, the first kind's first, each once, at most `MAX_NUMBERS`."""
        numbers = dict.fromkeys(n for kind in self._known(kinds) for n in self._kinds[kind].numbers)
        known = self._wording.numbers
        return tuple(
            Hotline(n, known[n].en if script == ENGLISH else to_script(known[n].zh, script))
            for n in list(numbers)[:MAX_NUMBERS]
        )

    def _known(self, kinds: Sequence[str]) -> list[str]:
        return [kind for kind in kinds if kind in self._kinds] or [ANY]

    def _number_lines(self, kinds: Sequence[str], script: str) -> list[str]:
        plain = ENGLISH if script == ENGLISH else SIMPLIFIED
        first, *others = self.hotlines(kinds, plain)
        lines = [_FIRST[plain].format(number=first.number, name=first.name)]
        if others:
            lines.append(_ALSO[plain].format(numbers=self._numbers(others, plain)))
        return lines

    @staticmethod
    def _numbers(hotlines: Sequence[Hotline], plain: str) -> str:
        return _BETWEEN[plain].join(_PAIR[plain].format(number=h.number, name=h.name) for h in hotlines)

    def _answer(self, lines: Sequence[str], kinds: Sequence[str], script: str) -> Answer:
        lines = [to_script(line, script) for line in lines]
        hotlines = self.hotlines(kinds, script)
        language = ENGLISH if script == ENGLISH else CHINESE
        text = "\n".join(lines)
        return Answer(text, Outcome.DANGER, lines[0], danger=kinds[0], hotlines=hotlines, language=language)


@lru_cache(maxsize=1)
def _traditional() -> OpenCC:
    return OpenCC("s2tw")  # 吃藥, where s2t has 喫藥


def to_script(text: str, script: str) -> str:
    """Simplified Chinese in the script that is wanted; English stays."""
    return str(_traditional().convert(text)) if script == TRADITIONAL else text
