"""What commitments said that a rebuilt document has no more: so that what staff recorded of them can be placed again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from knowledge.groundwork.errors import FileUnreadable, KnowledgeError
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.shelf.stored import read_shelved

FORMAT = 1


def note_gone(folder: Path, document_id: str, before: KnowledgePaths, after: KnowledgePaths) -> None:
    """Write down the headlines of the commitments that only the older of two builds of a document has."""
    try:
        older, newer = (read_shelved(paths, document_id).commitments for paths in (before, after))
    except KnowledgeError:
        return  # a store that cannot be read any more keeps nobody from a new one
    there = {commitment.id for commitment in newer}
    gone = {each.id: each.headline for each in older if each.id not in there}
    kept = {name: words for name, words in words_gone(folder).items() if name not in there}
    side = _file(folder).with_name("gone.json.part")
    write_json(side, FORMAT, {"gone": {**kept, **gone}})
    side.replace(_file(folder))


def words_gone(folder: Path) -> Mapping[str, str]:
    """Commitment → its headline, of all that are gone from any document of the shelf."""
    try:
        gone: Mapping[str, str] = read_json(_file(folder), FORMAT)["gone"]
    except (FileUnreadable, KeyError):
        return {}
    return gone


def _file(folder: Path) -> Path:
    return folder / "gone.json"
