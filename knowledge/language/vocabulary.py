"""The words that count in one plan: for word cutting, pinyin and typing errors. Derived at build time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.groundwork import formats
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.language.dictionary import WordCutter

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
MAX_TERM_CHARS = 10
FORMAT = formats.VOCABULARY


@dataclass(frozen=True)
class Vocabulary:
    """`counts` of words in the plan and in residents' questions; `terms` name things in the plan."""

    counts: dict[str, int]
    terms: tuple[str, ...]

    @classmethod
    def derive(cls, texts: Iterable[str], terms: Iterable[str]) -> Vocabulary:
        """Count the words of `texts` (cut by jieba with `terms` as user words)."""
        kept = tuple(sorted({t for t in terms if 2 <= len(t) <= MAX_TERM_CHARS and _CHINESE.fullmatch(t)}))
        cutter = WordCutter(kept)
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(word for word in cutter.lcut(text) if _CHINESE.fullmatch(word))
        counts.update(dict.fromkeys(kept, 1))
        return cls(dict(sorted(counts.items())), kept)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read what `save` wrote. Raises `FileUnreadable`."""
        data = read_json(path, FORMAT)
        return cls(data["counts"], tuple(data["terms"]))

    def save(self, path: Path) -> None:
        """Write as JSON with sorted keys: the same vocabulary gives the same bytes."""
        write_json(path, FORMAT, {"counts": self.counts, "terms": list(self.terms)})

    @cached_property
    def tokenizer(self) -> WordCutter:
        """jieba with the plan's terms as user words."""
        return WordCutter(self.terms)

    def cut(self, text: str) -> list[str]:
        """Words for keyword search and intents: terms are cut once more inside, so that parts match too."""
        return [word.strip() for word in self.tokenizer.cut_for_search(text) if word.strip()]

    def is_common_word(self, word: str) -> bool:
        """Whether jieba's general dictionary or the plan knows the word."""
        return bool(self.tokenizer.FREQ.get(word)) or word in self.counts
