"""`python -m evaluation.same_answers OLD NEW`: every turn whose answer differs between two recordings.

The recordings are those of `python -m evaluation.recorded_answers`. Which step of the dialogue spoke is counted and not
compared: it says how an answer came about, not what it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOW = frozenset(("step",))  # fields that say how an answer came about
SHOWN_CHARS = 60  # of a text that differs
SAME, NOT_READ, DIFFERENT = 0, 1, 2

Recording = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A turn, what was asked in it, and what each recording has that the other has not."""

    id: str
    message: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]

    def line(self) -> str:
        """For a terminal."""
        return f"{self.id} {self.message}: {_short(self.old)} → {_short(self.new)}"


def read_recording(path: Path) -> Recording:
    """Id → turn. Raises `OSError` or `ValueError` if the file cannot be read."""
    lines = path.read_text(encoding="utf-8").splitlines()
    turns = [json.loads(line) for line in lines]
    return {str(turn["id"]): turn for turn in turns}


def differences(old: Recording, new: Recording) -> list[Difference]:
    """In the order of the old recording, then what only the new one has. A turn that one lacks differs in all."""
    found = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, {}), new.get(name, {})
        compared = (before.keys() & after.keys() or before.keys() | after.keys()) - HOW
        changed = [key for key in sorted(compared) if before.get(key) != after.get(key)]
        if changed:
            message = str((before or after).get("message", ""))
            found.append(Difference(name, message, _only(before, changed), _only(after, changed)))
    return found


def steps_of(recording: Recording) -> list[tuple[str, int]]:
    """How often each step of the dialogue spoke, the most frequent first."""
    return Counter(str(turn["step"]) for turn in recording.values() if "step" in turn).most_common()


def _only(turn: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: turn[key] for key in keys if key in turn}


def _short(turn: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {str(value)[:SHOWN_CHARS]}" for key, value in turn.items()) or "–"


def main(arguments: list[str] | None = None) -> int:
    """List them. Exit code 0 if there are none, 2 if there are, 1 if a recording cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.same_answers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args(arguments)
    try:
        old, new = read_recording(options.old), read_recording(options.new)
    except (OSError, ValueError, KeyError) as error:
        print(
            f"错误：{error!r} — 用 python -m evaluation.recorded_answers 录 / record it with that command",
            file=sys.stderr,
        )
        return NOT_READ
    found = differences(old, new)
    for each in found:
        print(each.line())
    for name, times in steps_of(new):
        print(f"  {times:>6}  {name}")
    print(f"答复不同 different: {len(found)}（{len(old)} → {len(new)} 轮 turns）")
    return DIFFERENT if found else SAME


if __name__ == "__main__":
    sys.exit(main())
