"""Where all fits of a build begin: the weights of an earlier one, which the repository brings along (decisions/0060)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from knowledge.building.contrast import FittedMaps, SpaceStarts
from knowledge.groundwork import formats
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays
from knowledge.search.folds import text_keys
from knowledge.search.starts import KeptWeights, Starts

FORMAT = formats.STARTS
_MAPS = ("basis", "down", "up", "passage_down", "passage_up")


@dataclass(frozen=True)
class BuildStarts:
    """Of the space, the intents and the wording; empty ones begin where nothing is known."""

    space: SpaceStarts = field(default_factory=SpaceStarts)
    intents: Starts = field(default_factory=Starts)
    wording: Starts = field(default_factory=Starts)


def load_starts(path: Path) -> BuildStarts:
    """What `save_starts` kept; empty where there is nothing that this code can read: fits then take longer, no more."""
    try:
        plain = read_arrays(path, FORMAT)
    except FileUnreadable:
        return BuildStarts()
    intents, wording = (Starts(KeptWeights.of(plain.part(name))) for name in ("intents", "wording"))
    return BuildStarts(_space(plain.part("space")), intents, wording)


def save_starts(starts: BuildStarts, samples: tuple[str, ...], path: Path) -> None:
    """Keep where the fits ended, of which the space knows `samples`. Raises `ValueError` where nothing was fitted."""
    intents, wording = starts.intents.kept(), starts.wording.kept()
    if not (intents and wording and starts.space.ended):
        raise ValueError("nothing was fitted that a later build could begin with")
    parts = {"space": _plain_space(starts.space, samples), "intents": intents.plain(), "wording": wording.plain()}
    write_arrays(path, FORMAT, Plain.joined(parts), compressed=True)


def _plain_space(space: SpaceStarts, samples: tuple[str, ...]) -> Plain:
    arrays = {
        f"{name}{fold}": array.astype(np.float16)
        for fold, ended in space.ended.items()
        for name, array in zip(_MAPS, (ended.basis, *ended.maps))
    }
    return Plain({"folds": sorted(space.ended)}, {**arrays, "known": np.unique(text_keys(samples))})


def _space(plain: Plain) -> SpaceStarts:
    kept = {}
    for fold in plain.about["folds"]:
        basis, *maps = (plain.arrays[f"{name}{fold}"].astype(np.float32) for name in _MAPS)
        kept[fold] = FittedMaps(basis, maps)
    return SpaceStarts(kept, plain.arrays["known"])
