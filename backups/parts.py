"""What an installation consists of, by the settings of this process: its databases, its files, its releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine.url import make_url

from backups.manifest import POSTGRESQL, SQLITE
from releases.shelf import Shelf
from settings.bot import DOCUMENTS_DIR, WECHAT_ACCOUNTS_FILE
from settings.conversations import (
    CONVERSATIONS_SECRET,
    CONVERSATIONS_SECRET_FILE,
    CONVERSATIONS_URL,
    TRACKER_DB,
    TRACKER_URL,
)
from settings.review import REVIEW_SOURCES, REVIEW_URL, beside_the_log

CURATED = ("data/nlu", "knowledge/sources")  # what the console's export writes, and what it stands beside
SECRET = "files/conversations.secret"  # noqa: S105 - where it is


@dataclass(frozen=True)
class Store:
    """A database: `console` before `tracker` before `log`, in the order in which their moments are held."""

    name: str
    url: str

    @property
    def kind(self) -> str:
        """`SQLITE` or `POSTGRESQL`."""
        return SQLITE if self.url.startswith("sqlite") else POSTGRESQL

    @property
    def file(self) -> Path:
        """Of an SQLite database."""
        return Path(make_url(self.url).database or "")

    @property
    def path(self) -> str:
        """Where it is in the archive."""
        return f"databases/{self.name}.{'sqlite' if self.kind == SQLITE else 'pgdump'}"


def stores() -> list[Store]:
    """The databases, each once: where the console's tables are in the log's there is no `console`.

    The console follows the log, so its moment is held first: what it has not read yet it reads after a restore.
    """
    log = CONVERSATIONS_URL.read()
    console = REVIEW_URL.read() or beside_the_log(log)
    tracker = TRACKER_URL.read() or f"sqlite:///{TRACKER_DB.read()}"
    named = {log: "log"}
    for url, name in ((tracker, "tracker"), (console, "console")):
        named.setdefault(url, name)
    return sorted((Store(name, url) for url, name in named.items()), key=lambda store: store.name)


def places(releases: bool = True) -> dict[str, Path]:
    """Path in the archive → file here: of what is no database and is there."""
    found = {path: here for path, here in single_files().items() if here.is_file()}
    for folder in CURATED:
        found |= _tree(folder, REVIEW_SOURCES.read() / folder)
    return found | ({**dict(_releases()), **_documents()} if releases else {})


def single_files() -> dict[str, Path]:
    """Path in the archive → where the file is here, or would be."""
    secret = {} if CONVERSATIONS_SECRET.is_set() else {SECRET: CONVERSATIONS_SECRET_FILE.read()}
    return {**secret, "files/wechat-accounts.yml": WECHAT_ACCOUNTS_FILE.read()}


def target_of(path: str) -> Path | None:
    """Where a path of an archive belongs here; None for one that belongs nowhere."""
    if path in single_files():
        return single_files()[path]
    head, _, rest = path.partition("/")
    if head == "releases" and rest:
        return Shelf().folder / rest
    if head == "documents" and rest:
        return DOCUMENTS_DIR.read() / rest
    inside = [folder for folder in CURATED if path.startswith(f"curated/{folder}/")]
    return REVIEW_SOURCES.read() / path.removeprefix("curated/") if inside else None


def _tree(folder: str, here: Path) -> dict[str, Path]:
    files = (path for path in here.rglob("*") if path.is_file() and not path.is_symlink())
    return {f"curated/{folder}/{path.relative_to(here).as_posix()}": path for path in files if _is_source(path)}


def _documents() -> dict[str, Path]:
    """The shelf of documents with their stores, in which nothing changes but by another file."""
    here = DOCUMENTS_DIR.read()
    files = (path for path in here.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {f"documents/{path.relative_to(here).as_posix()}": path for path in files if _is_whole(here, path)}


def _is_whole(here: Path, path: Path) -> bool:
    return not any(part.endswith(".part") for part in path.relative_to(here).parts)


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts and path.suffix != ".part"


def _releases() -> Iterator[tuple[str, Path]]:
    """The release that serves, the one that is tried out, the one before; and what says so."""
    shelf = Shelf()
    rollout = shelf.rollout()
    if rollout is None:
        return
    there = {release.id: release for release in shelf.releases()}
    before = [release for release in rollout.previous if release in there][:1]
    for release in dict.fromkeys((rollout.serving, rollout.candidate, *before)):
        if release in there:
            folder = there[release].folder
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                yield f"releases/{release}/{path.relative_to(folder).as_posix()}", path
    yield f"releases/{shelf.rollout_file.name}", shelf.rollout_file
