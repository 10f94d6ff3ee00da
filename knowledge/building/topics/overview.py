"""What the overview of topics says, and its file `topics.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class IntentExample:
    """A training example: its text, its intent, and its file from the repository's root."""

    text: str
    intent: str
    file: str


@dataclass(frozen=True)
class Measured:
    """A share, 0–1, and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class TopicQuality:
    """One intent out of fold; `topic` is "" where it is none of the plan's. `found` were rightly taken for it."""

    intent: str
    topic: str
    examples: int
    predicted: int
    found: int
    precision: Measured
    recall: Measured
    f1: Measured


@dataclass(frozen=True)
class Confusion:
    """Examples of `intent` that were taken for `taken_for`: how many, and the surest ten."""

    intent: str
    taken_for: str
    count: int
    examples: Sequence[IntentExample]


@dataclass(frozen=True)
class Neighbour:
    """An example near another one, with the cosine of the two."""

    example: IntentExample
    cosine: float


@dataclass(frozen=True)
class WrongWay:
    """An example that was taken for `taken_for` with probability `share`, and most of whose neighbours disagree with it."""

    example: IntentExample
    taken_for: str
    share: float
    neighbours: Sequence[Neighbour]

    @property
    def against(self) -> int:
        """How many of the neighbours carry another label."""
        return sum(near.example.intent != self.example.intent for near in self.neighbours)


@dataclass(frozen=True)
class TopicsOverview:
    """All of it. `wrong_way` holds the strongest; `wrong_way_total` says how many there are."""

    folds: int
    examples: int
    right: int
    topics: Sequence[TopicQuality] = ()
    confusions: Sequence[Confusion] = ()
    wrong_way: Sequence[WrongWay] = ()
    wrong_way_total: int = 0

    def save(self, path: Path) -> None:
        """Write as JSON: the same overview gives the same bytes."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> TopicsOverview | None:
        """Read what `save` wrote; None where there is none, or one that this code cannot read."""
        try:
            return _overview(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _overview(data: Mapping[str, Any]) -> TopicsOverview:
    lists = ("topics", "confusions", "wrong_way")
    return TopicsOverview(
        **{name: value for name, value in data.items() if name not in lists},
        topics=tuple(_quality(each) for each in data["topics"]),
        confusions=tuple(
            Confusion(**{**each, "examples": tuple(IntentExample(**e) for e in each["examples"])})
            for each in data["confusions"]
        ),
        wrong_way=tuple(_wrong_way(each) for each in data["wrong_way"]),
    )


def _quality(data: Mapping[str, Any]) -> TopicQuality:
    return TopicQuality(**{**data, **{name: Measured(**data[name]) for name in ("precision", "recall", "f1")}})


def _wrong_way(data: Mapping[str, Any]) -> WrongWay:
    neighbours = tuple(Neighbour(IntentExample(**each["example"]), each["cosine"]) for each in data["neighbours"])
    return WrongWay(IntentExample(**data["example"]), data["taken_for"], data["share"], neighbours)
