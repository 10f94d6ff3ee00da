"""Where training examples stand: the blocks of the repository's YAML files, and adding or removing one line of them.

| files | kind | block | what its examples are |
|---|---|---|---|
| `data/nlu/*.yml` | `nlu` | an intent | of that intent |
| `knowledge/sources/training/not_in_plan.yml` | `silent` | aspect and topic | the plan does not answer them |
| `knowledge/sources/training/in_plan_contrast.yml` | `contrast` | topic | sound so, and are answered |
| `knowledge/sources/training/linked_questions.yml` | `linked` | a commitment | staff linked them to it |
| `knowledge/sources/catalogue/*.yml` | `catalogue` | a commitment | its sample questions |
| the same | `voices` | a commitment | messages of others that it answers |
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.entries import QUESTIONS_PER_ENTRY
from knowledge.catalogue.topics import OTHER
from knowledge.catalogue.training_data import INTENT_OF_TOPIC
from knowledge.document.plan_text import squash
from review.teaching.errors import SourcesUnusable
from review.teaching.source_files import SourceFile, SourceLine, SourceTree

NLU, SILENT, CONTRAST, LINKED, CATALOGUE, VOICES = "nlu", "silent", "contrast", "linked", "catalogue", "voices"
SAMPLES = (
    LINKED,
    CATALOGUE,
    VOICES,
)  # kinds whose examples are samples of the commitment that the block is named after
NLU_FOLDER, CATALOGUE_FOLDER = "data/nlu", "knowledge/sources/catalogue"
SILENT_FILE, CONTRAST_FILE = (
    "knowledge/sources/training/not_in_plan.yml",
    "knowledge/sources/training/in_plan_contrast.yml",
)
LINKED_FILE = "knowledge/sources/training/linked_questions.yml"
LINKED_HEADER = ("# Questions that staff linked to a commitment in the review console.", "commitments: []")
_EXAMPLE = re.compile(r"^[^\S\n]*-\s+(\S(?:.*\S)?)\s*$")  # as `knowledge.catalogue.training_data` reads them


@dataclass(eq=False)
class Block:
    """A list of examples. `header` are the lines above it that are its own, the last one right above the first example.

    `intent` is what NLU learns of its examples.
    """

    file: SourceFile
    kind: str
    name: str
    intent: str
    header: list[SourceLine]
    indent: str
    examples: list[Example] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Kind and name, as changes record it."""
        return f"{self.kind}:{self.name}"


@dataclass(eq=False)
class Example:
    """One example; `line` is None where it does not stand on a line of its own."""

    text: str
    block: Block
    line: SourceLine | None


class Examples:
    """Every example of the files. `words_of` gives what two ways of typing one question share."""

    def __init__(self, tree: SourceTree, commitments: Mapping[str, Commitment], words_of: Callable[[str], str]) -> None:
        self._tree = tree
        self._words_of = words_of
        self.commitments = commitments
        self._blocks: dict[str, list[Block]] = defaultdict(list)
        self._by_words: dict[str, list[Example]] = defaultdict(list)
        for block in read_blocks(tree, commitments):
            self._blocks[block.label].append(block)
            for example in block.examples:
                self._by_words[words_of(example.text)].append(example)

    def same(self, text: str) -> list[Example]:
        """The examples that are the same question as `text`, in the files' order."""
        return list(self._by_words.get(self._words_of(text), ()))

    def block(self, kind: str, name: str) -> Block | None:
        """The first block of that name."""
        found = self._blocks.get(f"{kind}:{name}")
        return found[0] if found else None

    def add(self, kind: str, name: str, text: str, after: str = "") -> Example:
        """Add an example at the end of its block, which is made if it is not there; or after the example `after`."""
        block = self.block(kind, name) or self._new_block(kind, name)
        before = next((each for each in block.examples if each.text == after), None) if after else None
        before = before or (block.examples[-1] if block.examples else None)
        above = before.line if before else block.header[-1]
        if above is None:
            raise _not_by_line(block.file)
        shown = text if kind == NLU else quoted(text)
        example = Example(text, block, block.file.insert(above, f"{block.indent}- {shown}")[0])
        block.examples.insert(block.examples.index(before) + 1 if before else 0, example)
        self._by_words[self._words_of(text)].append(example)
        return example

    def remove(self, example: Example) -> str:
        """Take an example out; returns the text of the one before it, "" for the first."""
        block = example.block
        if example.line is None:
            raise _not_by_line(block.file)
        at = block.examples.index(example)
        block.file.remove(example.line)
        block.examples.remove(example)
        self._by_words[self._words_of(example.text)].remove(example)
        if not block.examples and block.kind in (LINKED, SILENT):
            self._drop(block)
        return block.examples[at - 1].text if at else ""

    def texts(self) -> dict[tuple[str, str], list[str]]:
        """(file, block) → its examples in order, to see that the files read back as they were meant."""
        return texts_of(block for blocks in self._blocks.values() for block in blocks)

    def must_stay(self, example: Example) -> bool:
        """Whether its entry of the catalogue would have too few without it."""
        return example.block.kind == CATALOGUE and len(example.block.examples) <= QUESTIONS_PER_ENTRY[0]

    def _drop(self, block: Block) -> None:
        block.file.remove(*block.header)
        self._blocks[block.label].remove(block)
        if block.kind == LINKED and not self._linked():
            top = next(line for line in block.file.lines if line.text.startswith("commitments:"))
            top.text = top.text.replace("commitments:", "commitments: []", 1)

    def _linked(self) -> list[Block]:
        return sorted(
            (block for blocks in self._blocks.values() for block in blocks if block.kind == LINKED),
            key=lambda block: block.name,
        )

    def _new_block(self, kind: str, name: str) -> Block:
        made = {LINKED: self._new_linked, SILENT: self._new_silent, NLU: self._new_intent}[kind](name)
        self._blocks[made.label].append(made)
        return made

    def _new_linked(self, name: str) -> Block:
        """By id among the others."""
        commitment = self.commitments[name]
        file = self._tree.file(LINKED_FILE)
        if not file.lines:
            file.insert(None, *LINKED_HEADER)
        headline = quoted(squash(commitment.headline))
        texts = (f"  - id: {name}", f"    headline: {headline}", "    questions:")
        later = next((block for block in self._linked() if block.name > name), None)
        if later:
            header = file.insert_before(later.header[0], *texts)
        else:
            top = next(line for line in file.lines if line.text.startswith("commitments:"))
            top.text = re.sub(r"^commitments:\s*\[\]", "commitments:", top.text)
            header = file.insert(None, *texts)
        return Block(file, LINKED, name, INTENT_OF_TOPIC[commitment.topic], header, "      ")

    def _new_silent(self, name: str) -> Block:
        aspect, topic = name.split("|")
        file = self._tree.file(SILENT_FILE)
        start = () if file.lines else ("groups:",)
        texts = (f"  - aspect: {aspect}", f"    topic: {topic}", "    questions:")
        header = file.insert(None, *start, *texts)[len(start) :]
        return Block(file, SILENT, name, INTENT_OF_TOPIC[topic], header, "      ")

    def _new_intent(self, name: str) -> Block:
        file = self._tree.file(f"{NLU_FOLDER}/{name}.yml")
        start = () if file.lines else ('version: "3.1"', "", "nlu:")
        header = file.insert(None, *start, f"  - intent: {name}", "    examples: |")[len(start) :]
        return Block(file, NLU, name, name, header, "      ")


def texts_of(blocks: Iterable[Block]) -> dict[tuple[str, str], list[str]]:
    """(file, block) → its examples in order; blocks without any are left out."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for block in blocks:
        found[block.file.name, block.label] += [example.text for example in block.examples]
    return {place: texts for place, texts in found.items() if texts}


def quoted(text: str) -> str:
    """A text as an item of a YAML list: bare where it reads back the same, else in double quotes."""
    try:
        same = YAML(typ="safe").load(f"- {text}\n") == [text]
    except Exception:  # whatever the parser thinks of a resident's words
        same = False
    return text if same and text == text.strip() and "#" not in text else json.dumps(text, ensure_ascii=False)


def read_blocks(tree: SourceTree, commitments: Mapping[str, Commitment]) -> Iterator[Block]:
    """Every block of the files, as they stand in memory. Raises `SourcesUnusable`."""
    curated = {(squash(c.headline), c.title): c for c in commitments.values() if c.curated}
    for name in tree.names(NLU_FOLDER):
        yield from _nlu(tree.file(name))
    for name, kind in ((SILENT_FILE, SILENT), (CONTRAST_FILE, CONTRAST)):
        yield from _groups(tree.file(name), kind)
    yield from _linked(tree.file(LINKED_FILE), commitments)
    for name in tree.names(CATALOGUE_FOLDER):
        yield from _catalogue(tree.file(name), curated)


def entries_of(file: SourceFile, top: str) -> Iterator[dict[str, Any]]:
    """The mappings of the list under a top-level key, each as key → (key node, value node), itself under ""."""
    root = file.compose()
    for key, value in root.value if root is not None else ():
        if key.value == top:
            for item in value.value:
                yield {"": item} | {k.value: (k, v) for k, v in item.value}


def text_of(entry: Mapping[str, Any], key: str, default: str = "") -> str:
    """A plain value of an entry."""
    return str(entry[key][1].value) if key in entry else default


def _nlu(file: SourceFile) -> Iterator[Block]:
    for entry in entries_of(file, "nlu"):
        if "intent" not in entry or "examples" not in entry:
            continue
        key, value = entry["examples"]
        intent = text_of(entry, "intent")
        header = file.lines[entry[""].start_mark.line : value.start_mark.line + 1]
        block = Block(file, NLU, intent, intent, header, " " * (key.start_mark.column + 2))
        for line in file.lines[value.start_mark.line + 1 :]:
            text = line.text
            if text.strip() and len(text) - len(text.lstrip()) <= key.start_mark.column:
                break
            match = _EXAMPLE.match(text.rstrip("\r\n"))
            if match:
                block.examples.append(Example(match[1], block, line))
        yield block


def _groups(file: SourceFile, kind: str) -> Iterator[Block]:
    for entry in entries_of(file, "groups"):
        topic = text_of(entry, "topic", OTHER)
        name = f"{text_of(entry, 'aspect')}|{topic}" if kind == SILENT else topic
        yield _listed(file, kind, name, INTENT_OF_TOPIC.get(topic, ""), entry)


def _linked(file: SourceFile, commitments: Mapping[str, Commitment]) -> Iterator[Block]:
    for entry in entries_of(file, "commitments"):
        commitment = commitments[text_of(entry, "id")]  # `parse` has refused unknown ones
        yield _listed(file, LINKED, commitment.id, INTENT_OF_TOPIC[commitment.topic], entry)


def _catalogue(file: SourceFile, curated: Mapping[tuple[str, str], Commitment]) -> Iterator[Block]:
    for entry in entries_of(file, "commitments"):
        owner = curated.get((squash(text_of(entry, "quote")), text_of(entry, "title").strip()))
        if owner:
            yield _listed(file, CATALOGUE, owner.id, INTENT_OF_TOPIC[owner.topic], entry)
            if "voices" in entry:
                yield _listed(file, VOICES, owner.id, INTENT_OF_TOPIC[owner.topic], entry, "voices")


def _listed(
    file: SourceFile, kind: str, name: str, intent: str, entry: Mapping[str, Any], field: str = "questions"
) -> Block:
    key, value = entry[field]
    header = file.lines[entry[""].start_mark.line : key.start_mark.line + 1]
    items = value.value if isinstance(value.value, list) else []
    by_line = not getattr(value, "flow_style", False)
    indent = " " * (value.start_mark.column if items and by_line else key.start_mark.column + 2)
    block = Block(file, kind, name, intent, header, indent)
    for item in items:
        one_line = by_line and item.end_mark.line == item.start_mark.line
        block.examples.append(
            Example(str(item.value).strip(), block, file.lines[item.start_mark.line] if one_line else None)
        )
    return block


def _not_by_line(file: SourceFile) -> SourcesUnusable:
    what = "例句没有各占一行，不能自动增删"
    return SourcesUnusable(file.path, 0, what, "每个例句一行，以 - 开头，改好再导出")
