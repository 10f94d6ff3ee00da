"""How well masking finds personal data, measured on the lines of `masking_lines*.yml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from conversations.masking import mask

LINES = tuple(Path(__file__).with_name(f"masking_lines{part}.yml") for part in ("", "_fitted", "_unseen"))
NOT_TO_BE_READ = ("strangers", "newcomer", "unseen_one", "unseen_two")  # judge: only their totals are looked at
_PIECE = re.compile(r"\{(\w+)\|([^{}|]+)\}")


@dataclass(frozen=True)
class AnnotatedLine:
    """A line and the (kind, start, end) of the personal data in it."""

    text: str
    pieces: tuple[tuple[str, int, int], ...]


@dataclass
class Score:
    """Counts of one kind. A piece is found if all its characters are masked; a mask is right if it touches a piece."""

    found: int = 0
    missed: list[str] = field(default_factory=list)
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of pieces that were found."""
        return self.found / max(1, self.found + len(self.missed))

    @property
    def precision(self) -> float:
        """Share of masks that are right."""
        return self.right / max(1, self.right + len(self.wrong))


def read_lines(paths: Sequence[Path] = LINES) -> dict[str, list[AnnotatedLine]]:
    """Each set of the files → its lines."""
    sets: dict[str, Sequence[str]] = {}
    for path in paths:
        sets |= YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return {name: [read_line(marked) for marked in lines] for name, lines in sets.items()}


def read_line(marked: str) -> AnnotatedLine:
    """「我叫{name|张三}」 → its text and where the name stands."""
    text, pieces, at = "", [], 0
    for match in _PIECE.finditer(marked):
        text += marked[at : match.start()]
        pieces.append((match.group(1), len(text), len(text) + len(match.group(2))))
        text += match.group(2)
        at = match.end()
    return AnnotatedLine(text + marked[at:], tuple(pieces))


def measure(lines: Sequence[AnnotatedLine]) -> dict[str, Score]:
    """Kind → score, and `all`. A piece masked as another kind counts as found: what matters is that it is gone."""
    scores: dict[str, Score] = defaultdict(Score)
    for line in lines:
        masked = mask(line.text)
        hidden = {i for piece in masked.found for i in range(piece.start, piece.end)}
        for kind, start, end in line.pieces:
            for name in (kind, "all"):
                if hidden.issuperset(range(start, end)):
                    scores[name].found += 1
                else:
                    scores[name].missed.append(f"{line.text} → {masked.text}")
        for piece in masked.found:
            touches = any(piece.start < end and start < piece.end for _, start, end in line.pieces)
            for name in (piece.kind, "all"):
                if touches:
                    scores[name].right += 1
                else:
                    scores[name].wrong.append(f"{line.text} → {masked.text}")
    return dict(scores)


def report(sets: Mapping[str, Sequence[AnnotatedLine]]) -> str:
    """A table for each set, and every miss with its line unless the set judges."""
    parts = []
    for name, lines in sets.items():
        scores = measure(lines)
        parts.append(f"{name}: {len(lines)} 行 / lines\n{'':12}{'recall':>8}{'precision':>11}{'pieces':>8}")
        for kind in sorted(scores, key=lambda k: (k == "all", k)):
            score = scores[kind]
            pieces = score.found + len(score.missed)
            parts.append(f"{kind:12}{score.recall:8.1%}{score.precision:11.1%}{pieces:8}")
        everything = scores["all"]
        if name not in NOT_TO_BE_READ:
            parts += [f"  漏 missed  {text}" for text in everything.missed]
            parts += [f"  误 wrong   {text}" for text in everything.wrong]
        parts.append("")
    return "\n".join(parts)
