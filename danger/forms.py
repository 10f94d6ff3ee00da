"""A message as danger may be hidden in it: its script, and the forms of its text that the rules and the classifier read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pypinyin import Style, lazy_pinyin

from danger.repetition import said_once
from knowledge.language.languages import ENGLISH, MAX_CHARS, SIMPLIFIED, TRADITIONAL, is_english, one_width, segment
from knowledge.language.normalise import without_blanks, written_text
from knowledge.language.script import simplified

_CLAUSE_END = re.compile(r"[，。！？；,.!?;\n…]")
_BURNING = re.compile(r"(?<![名显原土编论卓昭巨专])著(?![名作者述书称])")  # 「著火」: OpenCC leaves 著 alone
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[^\w？！?!，。,]+(?=[\u3400-\u9fff])")


@dataclass(frozen=True)
class Message:
    """A resident's words, cut to `MAX_CHARS`; every form is worked out when it is first asked for."""

    raw: str

    @cached_property
    def said(self) -> str:
        """As typed, what is said over and over once."""
        return said_once(self.raw[:MAX_CHARS])

    @cached_property
    def _one_width(self) -> str:
        return one_width(self.said)

    @cached_property
    def script(self) -> str:
        """`SIMPLIFIED`, `TRADITIONAL` or `ENGLISH`: the one to reply in. Pinyin is Chinese."""
        if is_english(self._one_width):
            return ENGLISH
        return TRADITIONAL if self.written != self._one_width else SIMPLIFIED

    @cached_property
    def written(self) -> str:
        """One width, case and script; signs as they are."""
        return _BURNING.sub("着", simplified(self._one_width))

    @cached_property
    def joined(self) -> str:
        """`written` without blanks, stars and the like between characters."""
        return _SPACED.sub("", self.written).strip()

    @property
    def vector_text(self) -> str:
        """What is encoded: for most messages the same as the normaliser makes of it, so that it is encoded once a turn."""
        return written_text(self.said).strip(" ，")

    @cached_property
    def compact(self) -> str:
        """`written` without anything but letters, digits and characters: 「自 * 杀」 is 「自杀」; words of Latin letters stay apart."""
        pieces = re.findall(r"[\u3400-\u9fff]|[a-z0-9']+", self.written)
        joined = [f" {piece} " if piece[0].isascii() and not piece.isdigit() else piece for piece in pieces]
        return " ".join("".join(joined).split())

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """`written` in its clauses, without blanks beside Chinese."""
        parts = (without_blanks(part) for part in _CLAUSE_END.split(self.written))
        return tuple(part.strip() for part in parts if part.strip())

    @cached_property
    def pinyin(self) -> str:
        """The toneless syllables of `compact`, each between blanks; Latin letters that spell pinyin are read as such."""
        found: list[str] = []
        for piece in re.findall(r"[\u3400-\u9fff]+|[a-z']+|[0-9]+", self.written):
            if piece[0].isascii():
                found += segment(piece) or [piece]
            else:
                found += lazy_pinyin(piece, style=Style.NORMAL)
        return f" {' '.join(found)} "
