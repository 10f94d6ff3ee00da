"""`python -m knowledge adopt`: a file → its text, a report, proposals to mend, and a store that answers.

All of it is made in a folder beside the one that is asked for, and put in its place at the end: a file that cannot be
used changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.adopting.drafting import document_yaml, draft_of
from knowledge.adopting.folder import DOCUMENT, LIST, MENDED, REPORT, REPORT_DATA, STORE, TABLE, TEXT
from knowledge.adopting.proposals import as_csv, as_yaml, proposals_of
from knowledge.adopting.report import Report, report_of
from knowledge.adopting.store import build_of_other_plan
from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.document.adopted import is_adopted, lines_of, written
from knowledge.document.documents import Document, load_document
from knowledge.document.files.apart import read_apart
from knowledge.document.files.pieces import ReadFile
from knowledge.groundwork.errors import CatalogueError, PlanUnreadable
from knowledge.groundwork.settings import KnowledgePaths, built_paths


@dataclass(frozen=True)
class Adoption:
    """What is to be adopted. `mended` are the proposals as a person gave them back."""

    file: Path
    folder: Path
    document: Path | None = None
    mended: Path | None = None
    store: bool = True


def adopt(wanted: Adoption, *, quiet: bool = False) -> Report:
    """Make everything; returns the report. Raises `KnowledgeError` with one line, and has changed nothing then."""
    read = _read(wanted.file)
    document = load_document(wanted.document) if wanted.document else draft_of(read, wanted.file)
    with _side_folder(wanted.folder) as side:
        report, sources = _prepared(wanted, read, document, side)
        if wanted.store:
            paths = KnowledgePaths.of(side / STORE)
            _with_known_vectors(paths, wanted.folder / STORE)
            build_of_other_plan(sources, paths, quiet=quiet)
        elif (wanted.folder / STORE).exists():
            (wanted.folder / STORE).rename(side / STORE)
    return report


def _read(file: Path) -> ReadFile:
    """A file of any kind; one that adopting wrote, and a person mended, as it stands."""
    if file.is_file():
        with file.open("rb") as opened:
            head = opened.read(64)
        if is_adopted(head.decode("utf-8", "replace")):
            return _adopted(file)
    return read_apart(file)


def _adopted(file: Path) -> ReadFile:
    try:
        lines = lines_of(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise PlanUnreadable(f"{file}: 不是 UTF-8 编码 — 用记事本另存为 UTF-8") from None
    except PlanUnreadable as error:
        raise PlanUnreadable(f"{file}: {error}") from None
    pieces = tuple(each.piece for each in lines)
    pages = {piece.page for piece in pieces}
    return ReadFile("改过的文本", "", len(pages), "文本里写的", pieces)


def _prepared(wanted: Adoption, read: ReadFile, document: Document, side: Path) -> tuple[Report, Sources]:
    """Text, document, proposals and report in the side folder; nothing that takes long."""
    (side / TEXT).write_text(written(read), encoding="utf-8")
    own = wanted.document.read_bytes() if wanted.document else document_yaml(document)
    (side / DOCUMENT).write_bytes(own)
    mended = None
    if wanted.mended:
        if not wanted.mended.is_file():
            raise CatalogueError(wanted.mended, 0, "没有这个文件", "改正 --mended 的路径")
        mended = side / (MENDED + wanted.mended.suffix.lower())
        shutil.copyfile(wanted.mended, mended)
    sources = replace(Sources.uncurated(side / TEXT, side / DOCUMENT), mended=mended)
    commitments = parse(sources).commitments
    if not commitments:
        raise PlanUnreadable(f"{wanted.file}: 没有读到一条承诺 — 看看是不是规划，或者只有图片")
    proposals = proposals_of(commitments)
    report = report_of(read, document, proposals)
    (side / TABLE).write_bytes(as_csv(proposals))
    (side / LIST).write_bytes(as_yaml(proposals))
    (side / REPORT).write_text(report.page(), encoding="utf-8")
    (side / REPORT_DATA).write_bytes(report.data())
    return report, sources


def _with_known_vectors(paths: KnowledgePaths, before: Path) -> None:
    """The encoder and the vectors that exist already, here or where the product builds: keyed by text, never wrong."""
    paths.folder.mkdir(parents=True)
    for folder in (built_paths().folder, before):
        for path in (*folder.glob("e5-*"), folder / paths.vectors.name):
            if path.is_file():
                shutil.copyfile(path, paths.folder / path.name)


@contextmanager
def _side_folder(folder: Path) -> Iterator[Path]:
    """A folder that takes the place of `folder` where all went well."""
    side, old = folder.with_name(folder.name + ".adopting"), folder.with_name(folder.name + ".before")
    shutil.rmtree(side, ignore_errors=True)
    side.mkdir(parents=True)
    try:
        yield side
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        side.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(side, ignore_errors=True)
