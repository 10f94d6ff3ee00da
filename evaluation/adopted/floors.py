"""What an adopted plan has to reach before it may take the place of the plan in use: one table (docs/decisions/0059).

Of two plans the answers to no question can be compared, so that these are absolute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUESTIONS, SILENT, RIGHT, HELPED, WRONG, HEADLINES = "questions", "silent", "right", "helped", "wrong", "headlines"


@dataclass(frozen=True)
class Floor:
    """A figure of the evaluation and what it has to be: at least `bound`, or at most where `is_ceiling`."""

    name: str
    bound: float
    is_share: bool = True
    is_ceiling: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value <= self.bound if self.is_ceiling else value >= self.bound


FLOORS: Sequence[Floor] = (
    Floor(QUESTIONS, 30, is_share=False),  # fewer say nothing: of 30 one is three points
    Floor(SILENT, 5, is_share=False),  # that it refuses what it does not say is seen on nothing else
    Floor(RIGHT, 0.5),
    Floor(HELPED, 0.7),
    Floor(WRONG, 0.1, is_ceiling=True),
    Floor(HEADLINES, 0.9),  # a store that does not find its own words is built wrongly
)


def against_floors(figures: Mapping[str, float]) -> list[dict[str, Any]]:
    """Each floor with the value that came, and whether it holds, in the table's order."""
    return [
        {
            "name": floor.name,
            "bound": floor.bound,
            "value": round(figures[floor.name], 4),
            "is_share": floor.is_share,
            "is_ceiling": floor.is_ceiling,
            "holds": floor.holds(round(figures[floor.name], 4)),
        }
        for floor in FLOORS
    ]
