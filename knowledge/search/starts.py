"""Where the descent of a regression begins: at the weights of an earlier build, so that only the rest of the way is left.

The loss has one minimum, so where a descent begins changes how long it takes and not where it ends. Weights are kept by
the name of their column: words come and go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.groundwork.kept_files import Plain
from knowledge.search.folds import text_keys
from knowledge.search.plain_parts import FittedRegression

Floats = NDArray[np.float64]
WHOLE = -1  # the fit on all rows; 0 and more are those that hold a fold out


@dataclass(frozen=True)
class Start:
    """Coefficients `(outputs, columns)` of rows as they are given, and intercepts `(outputs,)`."""

    coefficients: Floats
    intercepts: Floats


@dataclass(frozen=True)
class KeptWeights:
    """Of one model: the keys of its columns `(columns,)` ascending, its classes, and by fold what `Start` has, coarsely."""

    keys: NDArray[np.uint32]
    classes: tuple[str, ...]
    coefficients: Mapping[int, NDArray[np.float16]]
    intercepts: Mapping[int, NDArray[np.float16]]

    def plain(self) -> Plain:
        """As arrays and names."""
        arrays: dict[str, NDArray[np.uint32] | NDArray[np.float16]] = {"keys": self.keys}
        arrays |= {f"coefficients{fold}": each for fold, each in self.coefficients.items()}
        arrays |= {f"intercepts{fold}": each for fold, each in self.intercepts.items()}
        return Plain({"classes": list(self.classes), "folds": sorted(self.coefficients)}, arrays)

    @classmethod
    def of(cls, plain: Plain) -> KeptWeights:
        """What `plain` gave."""
        folds = plain.about["folds"]
        coefficients = {fold: plain.arrays[f"coefficients{fold}"] for fold in folds}
        intercepts = {fold: plain.arrays[f"intercepts{fold}"] for fold in folds}
        return cls(plain.arrays["keys"], tuple(plain.about["classes"]), coefficients, intercepts)


class Starts:
    """The starts of all fits of one model, and where they ended."""

    def __init__(self, kept: KeptWeights | None = None) -> None:
        self._kept = kept
        self._keys: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._ended: dict[int, FittedRegression] = {}

    def name_columns(self, names: Sequence[str]) -> None:
        """Say what the columns of the rows are, before anything is fitted on them."""
        self._keys = text_keys(names)

    def of(self, fold: int, classes: Sequence[object]) -> Start | None:
        """Where the fit that holds `fold` out begins; None where there was none. What is new begins at 0."""
        kept = self._kept
        if kept is None or fold not in kept.coefficients or not len(self._keys):
            return None
        at = np.searchsorted(kept.keys, self._keys).clip(max=len(kept.keys) - 1)
        known = kept.keys[at] == self._keys
        outputs = [str(name) for name in classes] if len(classes) > 2 else [kept.classes[-1]]
        row_of = {name: row for row, name in enumerate(kept.classes if len(kept.classes) > 2 else kept.classes[-1:])}
        start = Start(np.zeros((len(outputs), len(self._keys))), np.zeros(len(outputs)))
        for row, name in enumerate(outputs):
            if name in row_of:
                start.coefficients[row, known] = kept.coefficients[fold][row_of[name], at[known]]
                start.intercepts[row] = kept.intercepts[fold][row_of[name]]
        return start

    def end(self, fold: int, model: FittedRegression) -> None:
        """Where the fit that holds `fold` out has ended."""
        self._ended[fold] = model

    def kept(self) -> KeptWeights | None:
        """What later builds can start from; None where nothing was fitted, or where a fold knows not all classes."""
        models = self._ended
        if WHOLE not in models or any(len(m.classes_) != len(models[WHOLE].classes_) for m in models.values()):
            return None
        order = np.argsort(self._keys, kind="stable")
        return KeptWeights(
            self._keys[order],
            tuple(str(name) for name in models[WHOLE].classes_),
            {fold: model.coef_[:, order].astype(np.float16) for fold, model in models.items()},
            {fold: model.intercept_.astype(np.float16) for fold, model in models.items()},
        )
