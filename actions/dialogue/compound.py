"""Whether a message asks several things: a logistic regression over what its parts find, fitted by `evaluation.fit_dialogue`.

A story asks with three clauses and means one thing; 「绿道修多长？公园几个？」 means two. Each feature has one weight, in
`compound.json`, for people to read. Docs: decisions/0057.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from actions.dialogue.odds import log_odds
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.reply.decide import decide
from knowledge.reply.judging import REFUSALS
from knowledge.search.finding import Finding

FILE = Path(__file__).with_name("compound.json")
FORMAT = 1
ALWAYS = "always"  # the feature that is always 1
MOST_MARKS, HUNDRED = 3, 100
OTHERWISE = (
    ALWAYS,
    "surest part",
    "next part",
    "whole",
    "question marks",
    "goes on",
    "other sentences",
    "length of the first",
    "length of the last",
    "earlier parts ask",
    "last part leans",
)
_GOES_ON = re.compile("还有|另外|再问|再有|再就是|再讲|再说|顺便|第二|二来|二是|以及|对了|也")
_MARK = re.compile("[?？]")


@dataclass(frozen=True)
class PartQuestion:
    """One of the questions of a message, and what is found for it: alone, or after the part before it, whichever is surer.

    `asking` and `leaning` are probabilities of what it does by itself: asks, and asks of what was said before.
    """

    question: str
    finding: Finding
    asking: float
    leaning: float


def features_of(typed: str, parts: Sequence[PartQuestion], whole: Finding) -> dict[str, float]:
    """Feature → value, of a message as typed with at least two parts and what is found for all of it."""
    found = [part.finding for part in parts]
    sure = sorted((log_odds(each.answerable) for each in found), reverse=True)
    first = [each.candidates[0].commitment for each in found if each.candidates]
    of_whole = whole.candidates[0].commitment.quote if whole.candidates else ""
    refused = any(decide(each, may_clarify=False).outcome in REFUSALS for each in found)
    several = {
        ALWAYS: 1.0,
        "surest part": sure[0],
        "next part": sure[1],
        "whole": log_odds(whole.answerable),
        "share of the whole": whole.candidates[0].probability if whole.candidates else 0.0,
        "question marks": float(min(len(_MARK.findall(typed)), MOST_MARKS)),
        "goes on": float(any(_GOES_ON.match(part.question) for part in parts[1:])),
        "length of the first": len(parts[0].question) / HUNDRED,
        "length of the last": len(parts[-1].question) / HUNDRED,
        "length": len(typed) / HUNDRED,
        "parts": float(len(parts)),
        "other sentences": float(len({each.quote for each in first}) > 1),
        "other topics": float(len({each.topic for each in first}) > 1),
        "first of the whole": sum(each.quote == of_whole for each in first) / len(parts),
        "silence": max(each.odds.silent for each in found),
        "outside": max(each.odds.outside for each in found),
        "earlier parts ask": min(log_odds(part.asking) for part in parts[:-1]),
        "last part asks": log_odds(parts[-1].asking),
        "last part leans": log_odds(parts[-1].leaning),
    }
    # Where a part is refused, what speaks for several questions weighs otherwise.
    return several | {f"{name}, one refused": value * refused for name, value in several.items() if name in OTHERWISE}


@dataclass(frozen=True)
class CompoundModel:
    """Feature → weight."""

    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """That each part is meant as a question."""
        return float(1 / (1 + np.exp(-sum(self.weights.get(name, 0.0) * value for name, value in features.items()))))

    def save(self, path: Path) -> None:
        """As JSON, for people to read."""
        write_json(path, FORMAT, {"weights": {name: round(weight, 4) for name, weight in self.weights.items()}})

    @classmethod
    def load(cls, path: Path) -> CompoundModel:
        """Raises `FileUnreadable`."""
        return cls(read_json(path, FORMAT)["weights"])


@lru_cache(maxsize=1)
def shipped_compound() -> CompoundModel:
    """The model of this folder, loaded at first use. Raises `FileUnreadable`."""
    return CompoundModel.load(FILE)
