"""The words that count in one plan: for word cutting, pinyin and typing errors. Derived at build time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from knowledge.groundwork import formats
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.language.dictionary import WordCutter
from knowledge.language.sounds import syllables

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
MAX_TERM_CHARS = 10
FORMAT = formats.VOCABULARY


@dataclass(frozen=True)
class WorkedOut:
    """What every process would work out of a vocabulary at its start, by jieba and pypinyin of these versions."""

    weights: dict[str, int]
    total: int
    spelt: dict[str, str]  # each word's syllables, with blanks between them

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> WorkedOut:
        """Worked out now."""
        cutter = vocabulary.tokenizer
        words = sorted({*vocabulary.counts, *vocabulary.terms})
        return cls(dict(sorted(cutter.weights.items())), cutter.total, {w: " ".join(syllables(w)) for w in words})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> WorkedOut | None:
        """What `as_json` gave, None where other versions gave it."""
        return cls(data["weights"], data["total"], data["spelt"]) if data["by"] == _versions() else None

    def as_json(self) -> dict[str, Any]:
        """With the versions that it holds for."""
        return {"by": _versions(), "weights": self.weights, "total": self.total, "spelt": self.spelt}


def _versions() -> list[str]:
    return [version(name) for name in ("jieba", "pypinyin")]


@dataclass(frozen=True)
class Vocabulary:
    """`counts` of words in the plan and in residents' questions; `terms` name things in the plan."""

    counts: dict[str, int]
    terms: tuple[str, ...]
    worked_out: WorkedOut | None = field(default=None, compare=False, repr=False)

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
        worked_out = WorkedOut.from_json(data["worked_out"]) if "worked_out" in data else None  # none in earlier builds
        return cls(data["counts"], tuple(data["terms"]), worked_out)

    def save(self, path: Path) -> None:
        """Write as JSON with sorted keys: the same vocabulary gives the same bytes."""
        worked_out = (self.worked_out or WorkedOut.of(self)).as_json()
        write_json(path, FORMAT, {"counts": self.counts, "terms": list(self.terms), "worked_out": worked_out})

    @cached_property
    def tokenizer(self) -> WordCutter:
        """jieba with the plan's terms as user words."""
        known = self.worked_out
        return WordCutter(self.terms, (known.weights, known.total) if known else None)

    def syllables_of(self, word: str) -> tuple[str, ...]:
        """As `sounds.syllables`, without working it out again for a word of this vocabulary."""
        spelt = self.worked_out and self.worked_out.spelt.get(word)
        return tuple(spelt.split(" ")) if spelt else syllables(word)

    def cut(self, text: str) -> list[str]:
        """Words for keyword search and intents: terms are cut once more inside, so that parts match too."""
        return [word.strip() for word in self.tokenizer.cut_for_search(text) if word.strip()]

    def is_common_word(self, word: str) -> bool:
        """Whether jieba's general dictionary or the plan knows the word."""
        return bool(self.tokenizer.FREQ.get(word)) or word in self.counts
