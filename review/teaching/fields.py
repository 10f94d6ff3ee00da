"""Single values of the files: a word of the dialect lexicon; title, audience and plain words of a catalogue entry."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.language.normalise import Dialect, plain_text
from review.teaching.decisions import FieldEdit
from review.teaching.errors import SourcesUnusable
from review.teaching.examples import CATALOGUE, CATALOGUE_FOLDER, entries_of, quoted, text_of
from review.teaching.placing import ADDED, REMOVED, SET, Change
from review.teaching.source_files import SourceFile, SourceTree

DIALECT_FILE = "knowledge/sources/lexicon/dialect.yml"
_NO_DIALECT = Dialect({}, {})


class Words:
    """The `words` of the dialect lexicon."""

    def __init__(self, tree: SourceTree) -> None:
        self._file = tree.file(DIALECT_FILE)

    def dialect(self) -> Dialect:
        """The lexicon as it stands in memory."""
        data = self._data()
        return Dialect(
            dict(data.get("words") or {}), dict(data.get("endings") or {}), tuple(data.get("verbs_after_may") or ())
        )

    def put(self, word: str, means: str) -> list[Change]:
        """Say that residents say `word` for `means`; a word that is there gets the new meaning."""
        word = plain_text(word, _NO_DIALECT) or word  # as it is read: simplified, lower case
        found = self._pairs().get(word)
        if found is None:
            last = list(self._pairs().values())[-1:]
            above = self._file.lines[last[0][1].end_mark.line] if last else self._top()
            self._file.insert(above, f"  {_key(word)}: {quoted(means)}")
            return [Change(ADDED, DIALECT_FILE, "words", word)]
        before = str(found[1].value)
        if before == means:
            return []
        _replace(self._file, found[1], quoted(means))
        return [Change(SET, DIALECT_FILE, "words", word, before=before)]

    def undo(self, change: Change) -> list[Change]:
        """Take it out again, or give it its old meaning."""
        found = self._pairs().get(change.text)
        if found is None:
            return []
        if change.done == SET:
            return self.put(change.text, change.before)
        self._file.remove(self._file.lines[found[0].start_mark.line])
        return [Change(REMOVED, DIALECT_FILE, "words", change.text)]

    def _data(self) -> dict[str, Any]:
        self._file.compose()  # says where it cannot be read
        return YAML(typ="safe").load(self._file.content.decode("utf-8")) or {}

    def _pairs(self) -> dict[str, tuple[Any, Any]]:
        root = self._file.compose()
        for key, value in root.value if root is not None else ():
            if key.value == "words" and not isinstance(value.value, str):
                return {str(k.value): (k, v) for k, v in value.value}
        return {}

    def _top(self) -> Any:
        top = next((line for line in self._file.lines if re.match(r"words:\s*$", line.text)), None)
        return top or self._file.insert(None, "words:")[0]


class Fields:
    """Titles, audiences and lines in plain words of the catalogue's entries."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree

    def put(self, edit: FieldEdit, commitment: Commitment) -> list[Change]:
        """Write an edited title or audience into the commitment's entry. Raises `SourcesUnusable`."""
        found = self._entry_of(commitment)
        return self._set(*found, edit, commitment.id) if found else []

    def put_plain(self, text: str, commitment: Commitment) -> list[Change]:
        """Write a line in plain words into the commitment's entry, "" takes it out. Raises `SourcesUnusable`."""
        found = self._entry_of(commitment)
        if not found:
            return []
        file, entry = found
        label, new = f"{CATALOGUE}:{commitment.id}", f"plain: {quoted(text)}"
        old = entry["plain"][1] if "plain" in entry else None
        if old is None:
            if not text:
                return []
            file.insert(file.lines[entry["title"][1].end_mark.line], f"    {new}")
            return [Change(ADDED, file.name, label, new)]
        before = _shown(file, old)
        if str(old.value).strip() == text:
            return []
        if text:
            _replace(file, old, quoted(text))
            return [Change(SET, file.name, label, new, before=before)]
        file.remove(file.lines[old.start_mark.line])
        return [Change(REMOVED, file.name, label, f"plain: {before}")]

    def _entry_of(self, commitment: Commitment) -> tuple[SourceFile, dict[str, Any]] | None:
        found = [
            (file, entry)
            for file in map(self._tree.file, self._tree.names(CATALOGUE_FOLDER))
            for entry in entries_of(file, "commitments")
            if squash(text_of(entry, "quote")) == squash(commitment.headline)
        ]
        if len(found) > 1:  # the same words as another kind of commitment
            found = [(file, entry) for file, entry in found if text_of(entry, "title").strip() == commitment.title]
        return found[0] if found else None

    def _set(self, file: SourceFile, entry: dict[str, Any], edit: FieldEdit, commitment_id: str) -> list[Change]:
        key = "title" if edit.title else "audience"
        new = quoted(edit.title) if edit.title else _in_brackets(edit.audience)
        old = entry[key][1] if key in entry else None
        if old is None:
            file.insert(file.lines[entry["title"][1].end_mark.line], f"    audience: {new}")
            before = ""
        else:
            before = _shown(file, old)
            if before == new or (edit.title and str(old.value) == edit.title):
                return []
            _replace(file, old, new)
        return [Change(SET, file.name, f"{CATALOGUE}:{commitment_id}", f"{key}: {new}", before=before)]


def _key(word: str) -> str:
    return word if re.fullmatch(r"[\u4e00-\u9fff]+", word) else json.dumps(word, ensure_ascii=False)


def _in_brackets(values: Sequence[str]) -> str:
    shown = [
        v if re.fullmatch(r"[\w\u4e00-\u9fff]+", v) and not v.isdecimal() else json.dumps(v, ensure_ascii=False)
        for v in values
    ]
    return f"[{', '.join(shown)}]"


def _shown(file: SourceFile, node: Any) -> str:
    if node.start_mark.line != node.end_mark.line:
        what = "这个值写了几行，不能自动改"
        raise SourcesUnusable(file.path, node.start_mark.line + 1, what, "写成一行，改好再导出")
    return file.lines[node.start_mark.line].text[node.start_mark.column : node.end_mark.column]


def _replace(file: SourceFile, node: Any, new: str) -> None:
    _shown(file, node)
    line = file.lines[node.start_mark.line]
    line.text = line.text[: node.start_mark.column] + new + line.text[node.end_mark.column :]
