"""From which probability on a message gets the reply or the line: settled on examples judged by models that never read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from danger.classifier import SELF_HARM

# Shares of the near misses, out of fold, that may get the reply to danger, or at least a quiet line. Who is asked once too
# often whether they mean to die is not harmed; who is not asked may be: there more is allowed.
# Of the near misses 7 % got the reply until a hundred and fifty short ones came that fits before had taken for danger.
ACUTE_FALSE, QUIET_FALSE = 0.08, 0.09
SELF_HARM_FALSE, SELF_HARM_QUIET_FALSE = 0.10, 0.12


@dataclass(frozen=True)
class OutOfFold:
    """Examples and their P(acute) by models fitted without them, in one order.

    `told` is an acute message's first kind, `judged` the kind that the classifier clearly sees in any ("" where none is
    clear), `place` where everyday talk stands ("" of all else), `written` whether it was written for danger.
    """

    probabilities: NDArray[np.float64]
    danger: NDArray[np.int64]
    written: NDArray[np.bool_]
    place: NDArray[np.str_]
    told: NDArray[np.str_]
    judged: NDArray[np.str_]

    @property
    def near_misses(self) -> NDArray[np.bool_]:
        """Which are calm and were written to sound like danger."""
        return self.written & (self.danger == 0)

    @property
    def places(self) -> list[str]:
        """Where there is everyday talk, by name."""
        return sorted(set(map(str, self.place)) - {""})

    def reached(self, level: str, thresholds: Mapping[str, float]) -> NDArray[np.bool_]:
        """Which get at least `level` (`acute`, `quiet`) by the classifier alone."""
        of_each = np.where(self.judged == SELF_HARM, thresholds[f"{level} {SELF_HARM}"], thresholds[level])
        return np.asarray(self.probabilities >= of_each)


def thresholds_of(examples: OutOfFold) -> dict[str, float]:
    """The probabilities from which near misses get a reply or a line as rarely as is wanted, by their kind."""
    own = examples.judged == SELF_HARM

    def at(rows: NDArray[np.bool_], share: float) -> float:
        return float(np.quantile(examples.probabilities[rows], 1 - share))

    found: dict[str, float] = {}
    for level, share, own_share in (
        ("acute", ACUTE_FALSE, SELF_HARM_FALSE),
        ("quiet", QUIET_FALSE, SELF_HARM_QUIET_FALSE),
    ):
        found[level] = at(examples.near_misses & ~own, share)
        found[f"{level} {SELF_HARM}"] = min(found[level], at(examples.near_misses & own, own_share))
    return found


def shares_at(examples: OutOfFold, thresholds: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """What gets the reply and what any number: shares of the acute by kind, of the near misses, and of each place's talk."""
    acute, quiet = (examples.reached(level, thresholds) for level in ("acute", "quiet"))
    rows = {"acute": examples.danger == 1, "near misses": examples.near_misses}
    rows |= {f"acute {kind}": examples.told == kind for kind in sorted(set(map(str, examples.told)) - {""})}
    rows |= {f"talk {place}": examples.place == place for place in examples.places}
    rows["questions"] = ~examples.written & (examples.place == "")
    return {name: (float(acute[of].mean()), float(quiet[of].mean())) for name, of in rows.items() if of.any()}
