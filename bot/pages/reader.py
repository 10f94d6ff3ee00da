"""The plan reader's page: contents, chapters, page marks, passages with addresses, and find-in-plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.pages.library import Library
from bot.pages.looked_for import all_stand, pattern_of
from knowledge.catalogue.commitments import Commitment
from knowledge.document.passages import Passage
from knowledge.document.plan_text import tidy

NO_PLAIN_WORDS: Mapping[str, str] = {}
SHOWN_HEADINGS = 3  # a line of the contents
_NUMBER = re.compile(r"^（[一二三四五六七八九十]+）")
EXCERPT_CHARS = 36  # before and after the first hit


@dataclass(frozen=True)
class Piece:
    """A run of text; `hit` where it is what was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True)
class PlainNote:
    """Staff's line in plain words of a commitment; no words of the plan. `identity` is the address of its passage."""

    identity: str
    title: str
    text: str


@dataclass(frozen=True)
class Sentence:
    """A passage as the page shows it. `identity` is its first address, `anchors` the others."""

    identity: str
    anchors: tuple[str, ...]
    pieces: tuple[Piece, ...]
    new_page: int | None
    row: bool
    plain: tuple[PlainNote, ...] = ()


@dataclass(frozen=True)
class Subsection:
    """Paragraphs under one heading; a paragraph is a list of sentences."""

    heading: str
    paragraphs: list[list[Sentence]] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A section of a chapter; `title` is empty for what stands before the first."""

    identity: str
    title: str
    page: int
    subsections: list[Subsection] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Its headings without their numbers, each once."""
        return list(dict.fromkeys(_NUMBER.sub("", part.heading) for part in self.subsections if part.heading))

    @property
    def about(self) -> str:
        """Its own headings as a title: the plan's text has lost the titles of sections."""
        return _joined(self.headings)


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections."""

    identity: str
    title: str
    page: int
    sections: list[Section] = field(default_factory=list)

    @property
    def about(self) -> str:
        """The first heading of each section; of one section, its headings. The text has lost most chapters' titles."""
        firsts = list(dict.fromkeys(section.headings[0] for section in self.sections if section.headings))
        return _joined(firsts if len(firsts) > 1 else [h for s in self.sections for h in s.headings])


def _joined(headings: Sequence[str]) -> str:
    return "、".join(headings[:SHOWN_HEADINGS]) + ("…" if len(headings) > SHOWN_HEADINGS else "")


@dataclass(frozen=True)
class Hit:
    """A passage that was found: where it stands and the words around the hit; `name` where it is only called so."""

    address: str
    place: str
    page: int
    pieces: tuple[Piece, ...]
    name: str = ""


def find(library: Library, words: Sequence[str], *, near: bool = False) -> list[Hit]:
    """Every passage in which all the words stand, or that residents call so, in the plan's order; none without words.

    `near`: also where a word is written out, as a short name is.
    """
    hits = []
    for passage in library.stored.passages if words else ():
        text = tidy(passage.text)
        stands = all_stand(text, words, near=near)
        name = "" if stands else _name_with(library, passage, words)
        if stands or name:
            place = " ".join(filter(None, (passage.chapter, passage.section, passage.heading)))
            excerpt = _excerpt(text, words, near)
            hits.append(Hit(library.address(passage), place, passage.page, excerpt, name))
    return hits


def _name_with(library: Library, passage: Passage, words: Sequence[str]) -> str:
    """The title of a commitment of the passage whose title or terms hold all the words; "" if there is none."""
    for commitment in library.commitments_of.get(id(passage), ()):
        if all_stand(f"{commitment.title} {' '.join(commitment.terms)}", words):
            return commitment.title
    return ""


def _excerpt(text: str, words: Sequence[str], near: bool) -> tuple[Piece, ...]:
    found = pattern_of(words, near=near).search(text)
    first = found.start() if found else 0
    start, end = max(0, first - EXCERPT_CHARS), first + EXCERPT_CHARS * 2
    run = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return marked(run, words, near=near)


def marked(text: str, words: Sequence[str], *, near: bool = False) -> tuple[Piece, ...]:
    """The text in runs, hits apart. Joined they give the text again."""
    if not words:
        return (Piece(text),)
    pieces, end = [], 0
    for match in pattern_of(words, near=near).finditer(text):
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()]))
        pieces.append(Piece(match.group(), hit=True))
        end = match.end()
    return (*pieces, Piece(text[end:])) if end < len(text) else tuple(pieces)


def plain_of(commitment: Commitment, plain: Mapping[str, str]) -> str:
    """The line in plain words: what staff published since the release (`plain`), else the release's own; "" for none."""
    return plain.get(commitment.id, commitment.plain)


def chapters_of(
    library: Library, words: Sequence[str] = (), plain: Mapping[str, str] = NO_PLAIN_WORDS, *, near: bool = False
) -> list[Chapter]:
    """The whole plan, in order, with hits marked, and what staff explain. `plain`: as of `plain_of`; `near` as of `find`."""
    chapters = []
    page = 0
    for number, (title, group) in enumerate(groupby(library.stored.passages, key=lambda p: p.chapter), start=1):
        passages = list(group)
        chapter = Chapter(f"chapter-{number}", title, passages[0].page)
        for index, (name, members) in enumerate(groupby(passages, key=lambda p: p.section)):
            inside = list(members)
            section = Section(f"chapter-{number}-{index}", name, inside[0].page)
            for heading, run in groupby(inside, key=lambda p: p.heading):
                subsection = Subsection(heading)
                for _, sentences in groupby(run, key=lambda p: (p.line, p.kind == "body")):
                    paragraph = []
                    for passage in sentences:
                        new_page = passage.page if passage.page != page else None
                        page = passage.page
                        paragraph.append(
                            _sentence(library, passage, new_page, marked(tidy(passage.text), words, near=near), plain)
                        )
                    subsection.paragraphs.append(paragraph)
                section.subsections.append(subsection)
            chapter.sections.append(section)
        chapters.append(chapter)
    return chapters


def _sentence(
    library: Library,
    passage: Passage,
    new_page: int | None,
    pieces: tuple[Piece, ...],
    plain: Mapping[str, str],
) -> Sentence:
    commitments = {c.id: c for c in library.commitments_of.get(id(passage), ())}
    identity, *anchors = [*commitments, library.address(passage)]
    told = (PlainNote(c.id, c.title, plain_of(c, plain)) for c in commitments.values() if plain_of(c, plain))
    return Sentence(identity, tuple(anchors), pieces, new_page, passage.kind != "body", tuple(told))
