"""What NLU keeps in Rasa's model, read and written: its regression of intents, and the examples that it knows.

Here and not beside the components: it is plain numbers and names. Rasa's own files in the archive are Rasa's, JSON too.
"""

from __future__ import annotations

from pathlib import Path

from knowledge.groundwork import formats
from knowledge.groundwork.kept_files import read_arrays, read_json, write_arrays, write_json
from knowledge.search.known import KnownIntents
from knowledge.search.plain_parts import FittedRegression, KeptRegression, plain_regression, regression_of

FORMAT = formats.NLU
_REGRESSION, _KNOWN = "regression.npz", "known.json"


def save_regression(model: FittedRegression, folder: Path) -> None:
    """Keep a fitted regression in a component's folder."""
    write_arrays(folder / _REGRESSION, FORMAT, plain_regression(model))


def load_regression(folder: Path) -> KeptRegression:
    """What `save_regression` kept. Raises `FileUnreadable`."""
    return regression_of(read_arrays(folder / _REGRESSION, FORMAT))


def save_known(known: KnownIntents, folder: Path) -> None:
    """Keep the known examples in a component's folder."""
    write_json(folder / _KNOWN, FORMAT, known.as_dict())


def load_known(folder: Path) -> KnownIntents:
    """What `save_known` kept. Raises `FileUnreadable`."""
    return KnownIntents.from_dict(read_json(folder / _KNOWN, FORMAT))
