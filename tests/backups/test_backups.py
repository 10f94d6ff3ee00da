"""A backup is made while others write, and is the same somewhere else; what is damaged, foreign or would lose something is refused."""

from __future__ import annotations

import io
import json
import shutil
import socket
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from backups.__main__ import main
from backups.parts import stores
from conversations.database import engine_for
from conversations.migrations import bring_up_to_date
from releases.shelf import Shelf
from review.database.migrating import migrate
from settings.review import beside_the_log
from tests.filling import fill, rows_of
from tests.services import Postgres, free_port, postgres

WRITTEN_ALWAYS = 20  # pairs that are there before the backup begins
TOKENS = "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), data TEXT)"
PAIR = (
    "INSERT INTO turn_count (day, channel, topic, outcome, commitment_id, feedback, turns) VALUES ('2026-02-01', :n, 'a', '', '', '', 1)",
    "INSERT INTO turn_count (day, channel, topic, outcome, commitment_id, feedback, turns) VALUES ('2026-02-01', :n, 'b', '', '', '', 1)",
)


@dataclass
class Site:
    """An installation's folder, and what its environment sets."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    log_url: str = ""
    tracker_url: str = ""
    ports: tuple[int, ...] = field(default_factory=lambda: (free_port(), free_port(), free_port()))

    def __post_init__(self) -> None:
        self.log_url = self.log_url or f"sqlite:///{self.folder}/var/conversations.sqlite"

    def enter(self) -> Site:
        """From now on commands are this installation's."""
        places = {
            "CONVERSATIONS_URL": self.log_url,
            "TRACKER_URL": self.tracker_url,
            "TRACKER_DB": f"{self.folder}/var/tracker.sqlite",
            "CONVERSATIONS_SECRET_FILE": f"{self.folder}/var/conversations.secret",
            "WECHAT_ACCOUNTS_FILE": f"{self.folder}/var/wechat-accounts.yml",
            "RELEASES_DIR": f"{self.folder}/var/releases",
            "DOCUMENTS_DIR": f"{self.folder}/var/documents",
            "REVIEW_SOURCES": str(self.folder / "checkout"),
            "BACKUPS_DIR": str(self.folder / "backups"),
            **dict(zip(("BOT_PORT", "ACTIONS_PORT", "REVIEW_PORT"), map(str, self.ports))),
        }
        for name in ("CONVERSATIONS_SECRET", "REVIEW_URL"):
            self.monkeypatch.delenv(name, raising=False)
        for name, value in places.items():
            self.monkeypatch.setenv(name, value)
        return self

    def archive(self, *options: str) -> Path:
        """A backup of it."""
        assert main(["make", *options]) == 0
        (*_, made) = sorted((self.folder / "backups").glob("*.tar.gz"))
        return made

    def files(self) -> Mapping[str, bytes]:
        """Everything in its folder, by path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }

    def rows(self) -> Mapping[str, object]:
        """Everything in its databases."""
        found = {}
        for store in stores():
            engine = engine_for(store.url)
            found[store.name] = rows_of(engine)
            engine.dispose()
        return found


def furnish(site: Site) -> Site:
    """Databases with rows in every table, a secret, corrected files, three releases of which two have served."""
    log = engine_for(site.log_url)
    bring_up_to_date(log)
    own = log if beside_the_log(site.log_url) == site.log_url else engine_for(beside_the_log(site.log_url))
    migrate(own)
    tracker = engine_for(site.tracker_url or f"sqlite:///{site.folder}/var/tracker.sqlite")
    with tracker.execution_options(sqlite_writes=True).begin() as connection:
        connection.execute(text(TOKENS))
    for engine in {log, own, tracker}:
        fill(engine)
        engine.dispose()
    (site.folder / "var").mkdir(exist_ok=True)
    (site.folder / "var" / "conversations.secret").write_text("从前的密钥\n", encoding="utf-8")
    for name in ("data/nlu/topics.yml", "knowledge/sources/catalogue/养老.yml"):
        path = site.folder / "checkout" / name
        path.parent.mkdir(parents=True)
        path.write_text(f"# 改过的 {name}\n", encoding="utf-8")
    document = site.folder / "var" / "documents" / "d-next" / "build" / "knowledge.sqlite"
    document.parent.mkdir(parents=True)
    document.write_bytes(b"a document's store")
    (site.folder / "var" / "documents" / "shelf.json").write_text("{}", encoding="utf-8")
    _shelf(site.folder)
    return site


def _shelf(folder: Path) -> None:
    shelf = Shelf(folder / "var" / "releases")
    for number in ("一", "二", "三"):
        knowledge, model = folder / f"built-{number}", folder / f"model-{number}.tar.gz"
        knowledge.mkdir()
        (knowledge / "knowledge.json").write_text(json.dumps(number), encoding="utf-8")
        with tarfile.open(model, "w:gz") as packed:
            content = json.dumps({"model_id": number}).encode()
            member = tarfile.TarInfo("metadata.json")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
        kept = shelf.keep(knowledge, model, knowledge_version=number, formats={}, made_by="test")
        if number != "三":
            shelf.promote(kept.id, "test")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An installation that has everything."""
    return furnish(Site(tmp_path / "here", monkeypatch)).enter()


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An empty one."""
    (tmp_path / "there").mkdir()
    return Site(tmp_path / "there", monkeypatch)


@pytest.fixture
def writing() -> Iterator[Callable[[str], None]]:
    """Starts somebody who goes on writing pairs, each in one transaction, until the test ends."""
    stop, started = threading.Event(), list[tuple[threading.Thread, Engine]]()

    def start(url: str) -> None:
        engine, enough = engine_for(url), threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                with engine.execution_options(sqlite_writes=True).begin() as connection:
                    for statement in PAIR:
                        connection.execute(text(statement), {"n": str(number)})
                if number >= WRITTEN_ALWAYS:
                    enough.set()

        thread = threading.Thread(target=write)
        started.append((thread, engine))
        thread.start()
        assert enough.wait(60)

    yield start
    stop.set()
    for thread, engine in started:
        thread.join()
        engine.dispose()


def _is_as_it_was_at_one_moment(restored: Mapping[str, object], later: Mapping[str, object]) -> None:
    """Every table is the same, but for pairs written after the moment; no pair is torn, and none of before is missing."""
    counts = [row for row in restored["log"].pop("turn_count") if row["topic"] in "ab"]  # type: ignore[attr-defined]
    now = [row for row in later["log"].pop("turn_count") if row["topic"] in "ab"]  # type: ignore[attr-defined]
    assert restored == later
    numbers = {int(row["channel"]) for row in counts}
    assert len(counts) == 2 * len(numbers) and numbers == set(range(1, len(numbers) + 1))
    assert WRITTEN_ALWAYS <= len(numbers) <= len(now) / 2
    assert [row for row in now if int(row["channel"]) in numbers] == counts


def test_made_while_somebody_writes_and_restored_elsewhere_it_is_the_same(
    here: Site, there: Site, writing: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Log, console and tracker row by row; secret, corrected files, what serves and what served before; nothing else."""
    writing(here.log_url)
    archive = here.archive()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    assert "密钥" in capsys.readouterr().out
    later, shelf = here.rows(), Shelf()
    there.enter()
    assert main(["restore", str(archive)]) == 0
    restored = there.rows()
    assert set(restored) == {"console", "log", "tracker"}
    _is_as_it_was_at_one_moment(restored, later)
    for name in (
        "var/conversations.secret",
        "checkout/data/nlu/topics.yml",
        "checkout/knowledge/sources/catalogue/养老.yml",
    ):
        assert (there.folder / name).read_bytes() == (here.folder / name).read_bytes()
        assert stat.S_IMODE((there.folder / name).stat().st_mode) == 0o600
    rollout = shelf.rollout()
    assert rollout is not None and rollout == Shelf().rollout()
    assert (
        {release.id for release in Shelf().releases()}
        == {rollout.serving, rollout.previous[0]}
        < {release.id for release in shelf.releases()}
    )
    for release in Shelf().releases():
        release.check_files()
    with closing(sqlite3.connect(there.folder / "var" / "tracker.sqlite")) as tracker:
        assert tracker.execute("SELECT count(*) FROM events").fetchone() == (3,)
    assert not list((there.folder / "backups").iterdir())


def test_without_secret_and_releases(here: Site, there: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Who keeps the secret elsewhere is told to put it in place."""
    archive = here.archive("--without-secret", "--without-releases")
    there.enter()
    assert main(["restore", str(archive)]) == 0
    assert "备份里没有密钥" in capsys.readouterr().out
    assert not (there.folder / "var" / "conversations.secret").exists() and not (there.folder / "var/releases").exists()


def _cut(archive: Path, _work: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def _flip(archive: Path, _work: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    archive.write_bytes(content)


def _repack(archive: Path, work: Path, change: Callable[[Path], None]) -> None:
    """The archive unpacked, changed and packed again, manifest first."""
    with tarfile.open(archive) as packed:
        names = packed.getnames()
        packed.extractall(work)
    change(work)
    with tarfile.open(archive, "w:gz") as packed:
        for name in names:
            if (work / name).exists():
                packed.add(work / name, name)
        for path in work.glob("added*"):
            packed.add(path, "../outside" if path.suffix == ".out" else path.name)


def _manifest(work: Path, change: Callable[[dict[str, object]], None]) -> None:
    data = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    change(data)
    (work / "manifest.json").write_text(json.dumps(data), encoding="utf-8")


def _other_content(archive: Path, work: Path) -> None:
    _repack(
        archive,
        work,
        lambda w: (w / "files" / "conversations.secret").write_text("别的密钥", encoding="utf-8") and None,
    )


def _file_missing(archive: Path, work: Path) -> None:
    _repack(archive, work, lambda w: (w / "databases" / "log.sqlite").unlink())


def _file_added(archive: Path, work: Path) -> None:
    _repack(archive, work, lambda w: (w / "added").write_text("x") and None)


def _path_outside(archive: Path, work: Path) -> None:
    def change(w: Path) -> None:
        (w / "added.out").write_text("x")
        entry = {"size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
        _manifest(w, lambda data: data["files"].update({"../outside": entry}))  # type: ignore[attr-defined]

    _repack(archive, work, change)


def _later_format(archive: Path, work: Path) -> None:
    _repack(archive, work, lambda w: _manifest(w, lambda data: data.update(schema="ask-qingpu-backup/9")))


def _later_schema(archive: Path, work: Path) -> None:
    revisions = {"alembic_version": "9999"}
    _repack(
        archive,
        work,
        lambda w: _manifest(w, lambda data: data["databases"]["log"].update(revisions=revisions)),  # type: ignore[index]
    )


def _foreign(archive: Path, work: Path) -> None:
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(__file__, "photos.py")


def _no_archive(archive: Path, _work: Path) -> None:
    archive.write_bytes(b"no archive at all " * 100)


DAMAGES = {
    _cut: "读不完整",
    _flip: "读不完整|SHA-256|清单",
    _other_content: "SHA-256",
    _file_missing: "缺",
    _file_added: "清单之外",
    _path_outside: "清单之外",
    _later_format: "格式",
    _later_schema: "先换成",
    _foreign: "不是本系统的备份",
    _no_archive: "读不完整|不是",
}


def test_what_is_damaged_or_foreign_is_refused_before_anything_is_touched(
    here: Site, there: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Even with `--over`: each is told apart, and the folder is as it was."""
    whole = here.archive()
    there.enter()
    (there.folder / "var").mkdir()
    (there.folder / "var" / "conversations.secret").write_text("留着的", encoding="utf-8")
    before = there.files()
    for damage, said in DAMAGES.items():
        archive = tmp_path / f"{damage.__name__}.tar.gz"
        shutil.copy(whole, archive)
        work = tmp_path / damage.__name__
        work.mkdir()
        damage(archive, work)
        capsys.readouterr()
        assert main(["restore", str(archive), "--over"]) == 1, damage
        told = capsys.readouterr().err
        assert any(part in told for part in said.split("|")), (damage, told)
        assert there.files() == before, damage
    assert main(["restore", str(tmp_path / "none.tar.gz")]) == 1


def test_what_is_here_is_never_lost(here: Site, there: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Data here is replaced only where that is asked for, and is kept aside; an archive of the same files changes none of them."""
    archive = here.archive()
    furnish(there).enter()
    engine = engine_for(there.log_url)
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        connection.execute(text("UPDATE turn SET question = '这里的话'"))
    engine.dispose()
    (there.folder / "var" / "conversations.secret").write_text("这里的密钥\n", encoding="utf-8")
    before = there.files()
    assert main(["restore", str(archive)]) == 1
    assert "--over" in capsys.readouterr().err and there.files() == before
    assert main(["restore", str(archive), "--over"]) == 0
    (aside,) = (there.folder / "backups").iterdir()
    assert (aside / "files" / "conversations.secret").read_text(encoding="utf-8") == "这里的密钥\n"
    assert not (aside / "curated").exists()
    with closing(sqlite3.connect(aside / "databases" / "log.sqlite")) as old:
        assert old.execute("SELECT DISTINCT question FROM turn").fetchall() == [("这里的话",)]
    restored = there.rows()
    here.enter()
    assert restored == here.rows()


def test_a_backup_of_an_earlier_version_takes_the_place_of_all_that_is_here(here: Site, there: Site) -> None:
    """It has no file of the console's: the one that is here goes aside, and does not stand beside another's log."""
    (here.folder / "var" / "conversations-review.sqlite").unlink()
    archive = here.archive()
    furnish(there).enter()
    assert main(["restore", str(archive), "--over"]) == 0
    assert not (there.folder / "var" / "conversations-review.sqlite").exists()
    (aside,) = (there.folder / "backups").iterdir()
    assert (aside / "databases" / "console.sqlite").exists()


def test_a_running_product_is_left_alone(here: Site, there: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that answers, a file that somebody has open: `--over` does not help either."""
    archive = here.archive()
    furnish(there).enter()
    before = there.files()
    for port in there.ports:
        with closing(socket.create_server(("127.0.0.1", port))):
            assert main(["restore", str(archive), "--over"]) == 1
        assert str(port) in capsys.readouterr().err
    engine = engine_for(there.log_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM turn")).all()
        connection.rollback()
        assert main(["restore", str(archive), "--over"]) == 1
    assert "log" in capsys.readouterr().err
    engine.dispose()
    assert {name: content for name, content in there.files().items() if not name.endswith(("-shm", "-wal"))} == before


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own."""
    with postgres() as running:
        yield running


def test_a_server_s_databases_come_back_the_same(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: Callable[[str], None]
) -> None:
    """By pg_dump while somebody writes, into other databases; over them again, with what was there in a schema aside; not while they are used."""
    monkeypatch.setenv("PATH", str(server.programs), prepend=":")
    sites = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        sites.append(Site(tmp_path / name, monkeypatch, server.new_database(), server.new_database()))
    here, there = sites
    furnish(here).enter()
    writing(here.log_url)
    archive = here.archive()
    later = here.rows()
    there.enter()
    assert main(["restore", str(archive)]) == 0
    restored = there.rows()
    assert set(restored) == {"log", "tracker"}
    _is_as_it_was_at_one_moment(restored, later)
    engine = create_engine(there.log_url, future=True)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert main(["restore", str(archive), "--over"]) == 1
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM turn"))
    engine.dispose()
    assert main(["restore", str(archive)]) == 1
    assert main(["restore", str(archive), "--over"]) == 0
    assert len(there.rows()["log"]["turn"]) == 3  # type: ignore[index]
    with engine.connect() as connection:
        (aside,) = connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'"))
        assert connection.scalar(text(f"SELECT count(*) FROM {aside}.turn_count")) >= WRITTEN_ALWAYS
        assert connection.scalar(text(f"SELECT count(*) FROM {aside}.turn")) == 0
    engine.dispose()
    assert there.archive().stat().st_size > 0
