"""What two documents say on the same things, as it was found when one of them came to the shelf: pairs of commitments' ids."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import read_json, write_json

FORMAT = 1
_OWN = "own"  # of the plan in use, in the name of a file
Pairs = Sequence[tuple[str, str]]


def write_pairs(folder: Path, documents: tuple[str, str], pairs: Pairs) -> None:
    """Keep the pairs of two documents, by their ids, in place of what was kept of them."""
    forward, backward = _file(folder, documents), _file(folder, (documents[1], documents[0]))
    forward.parent.mkdir(parents=True, exist_ok=True)
    side = forward.with_name(f"{forward.name}.part")
    write_json(side, FORMAT, {"pairs": [list(pair) for pair in pairs]})
    side.replace(forward)
    backward.unlink(missing_ok=True)


def read_pairs(folder: Path, documents: tuple[str, str]) -> Pairs | None:
    """The pairs of two documents, the first one's id first; None where nobody compared them."""
    for file, is_turned in ((_file(folder, documents), False), (_file(folder, (documents[1], documents[0])), True)):
        try:
            kept = read_json(file, FORMAT)["pairs"]
        except (FileUnreadable, KeyError):
            continue
        return tuple((b, a) if is_turned else (a, b) for a, b in kept)
    return None


def forget_pairs(folder: Path, document_id: str) -> None:
    """Those of a document with any other."""
    for file in (folder / "pairs").glob("*.json"):
        if document_id in file.stem.split("--"):
            file.unlink(missing_ok=True)


def _file(folder: Path, documents: tuple[str, str]) -> Path:
    return folder / "pairs" / ("--".join(each or _OWN for each in documents) + ".json")
