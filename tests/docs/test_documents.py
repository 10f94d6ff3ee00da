"""What the documents lead to exists: their links, the paths that they name, the decisions that the index lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DECISIONS = Path("docs/decisions")
DOCUMENTS = [
    *(Path(name) for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md")),
    *sorted(Path("docs").rglob("*.md")),
]
CODE = sorted(
    path for top in Path().iterdir() if (top / "__init__.py").exists() for path in top.rglob("*.py")
)  # the packages; what is installed or generated stands elsewhere
LINK = re.compile(r"\]\((?!\w+:)(?P<path>[^)#\s]+)|\b(?:src|href)=\"(?!\w+:|/)(?P<source>[^\"#]+)\"")
QUOTED = re.compile(r"`(?P<path>[\w.*-]+/[\w./*-]*)")  # also `knowledge/sources/catalogue/*.yml`
GENERATED = ("var/", "models/", "bench/results/", "results/", "widget/node_modules/")
SCHEMA = re.compile(r"\w+/\d+")  # answer/1
INDEXED = re.compile(r"^\| (?P<number>\d{4}) \| \[(?P<title>.+)\]\((?P<file>\S+)\) \| (?P<status>.+) \|$", re.MULTILINE)


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    """Each line with where it stands, `path:number`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        yield f"{path}:{number}", line


def is_ours(path: str) -> bool:
    """Whether it means something in a checkout: it begins with one of its folders, or ends like a file."""
    if path.startswith(GENERATED) or SCHEMA.fullmatch(path):
        return False
    return Path(path.split("/")[0]).exists() or bool(Path(path).suffix)


def stands_here(path: str, beside: Path) -> bool:
    """Whether it is there, from the top or from the folder of what names it; its beginning will do (`docs/decisions/0007`)."""
    plain = path.rstrip("/.")
    return any((top / plain).exists() or any(top.glob(f"{plain}*")) for top in (Path(), beside.parent))


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    """Links and pictures, as they are read from the document's folder."""
    targets = [
        (where, found["path"] or found["source"]) for where, line in lines_of(document) for found in LINK.finditer(line)
    ]
    assert not [f"{where}: {target}" for where, target in targets if not (document.parent / target).exists()]


@pytest.mark.parametrize("files", [DOCUMENTS, CODE], ids=["documents", "code"])
def test_paths_of_the_repository_exist(files: list[Path]) -> None:
    """Those that stand between backticks, in documents, docstrings and comments."""
    assert len(files) > 20
    named = [
        (where, found["path"], file)
        for file in files
        for where, line in lines_of(file)
        for found in QUOTED.finditer(line)
        if is_ours(found["path"])
    ]
    assert len(named) > 20
    assert not [f"{where}: {path}" for where, path, file in named if not stands_here(path, file)]


def test_the_index_lists_the_decisions_as_they_are() -> None:
    """Each file once, in order, with its number and title; what names its successor is not called accepted."""
    listed = [found.groupdict() for found in INDEXED.finditer((DECISIONS / "README.md").read_text(encoding="utf-8"))]
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [entry["file"] for entry in listed] == [file.name for file in files]
    for entry, file in zip(listed, files):
        text = file.read_text(encoding="utf-8")
        assert text.splitlines()[0] == f"# {entry['number']} {entry['title']}" and file.name.startswith(entry["number"])
        successor = re.search(r"^Replaced by (\d{4})\.$", text, re.MULTILINE)
        expected = f"superseded by {successor[1]}" if successor else "accepted"
        assert expected in entry["status"], f"{file}: {entry['status']}"
