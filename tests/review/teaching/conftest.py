"""A copy of the repository's files in a git repository of its own, and a console's database beside it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from knowledge.catalogue.commitments import Commitment
from knowledge.groundwork.curated_yaml import composed_once
from knowledge.search.finder import Finder
from review.accounts import book
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.commitments import staff_lines
from review.commitments.editing import edit, edited
from review.commitments.staff_lines import StaffLine
from review.correcting.corrections import Correction, record
from review.correcting.deciding import decide
from review.correcting.publishing import PLAIN
from review.database.engine import engine_for, migrate, reading, transaction
from review.database.work import CorrectionRow
from review.teaching.export import Exported, export_corrections
from tests.review.conftest import PASSWORD, SETUP

ROOT = Path(__file__).resolve().parents[3]
COPIED = (
    "data/nlu",
    "knowledge/sources/training",
    "knowledge/sources/catalogue",
    "knowledge/sources/lexicon",
    "knowledge/sources/plan",
    "evaluation",
)


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


@dataclass
class Desk:
    """Staff at work on one checkout."""

    root: Path
    engine: Engine
    finder: Finder

    def correct(self, question: str = "", *, by: str = "wangfang", **fields: Any) -> int:
        """An approved correction; its id."""
        if fields.get("kind") == "pointer":
            fields |= {
                "text": "请打 12345",
                "url": "https://www.shqp.gov.cn/",
                "expires_on": date.today() + timedelta(30),
            }
        with transaction(self.engine) as session:
            correction = Correction(question=question, **fields)
            return int(record(session, Actor(None, by), correction, self.finder.by_id, is_to_wait=False).id)

    def withdraw(self, correction_id: int, *, by: str = "wangfang") -> None:
        """Take an approved correction back."""
        with transaction(self.engine) as session:
            row = session.get(CorrectionRow, correction_id)
            decide(session, Actor(None, by), row.id, row.version, "withdrawn", two_people=False)

    def edit(self, commitment_id: str, *, by: str = "wangfang", **changes: Any) -> None:
        """Change title, audience or questions of a commitment; `questions` is a function of the present ones."""
        commitment = self.finder.by_id[commitment_id]
        with transaction(self.engine) as session:
            now = edited(session, commitment)
            questions = changes.get("questions", list)(list(now.questions))
            title, audience = changes.get("title", now.title), changes.get("audience", now.audience)
            edit(session, Actor(None, by), commitment, title, audience, questions, now.version)

    def say_plainly(self, commitment: Commitment, text: str, *, by: str = "wangfang") -> int:
        """An approved line in plain words; its id."""
        with transaction(self.engine) as session:
            line = StaffLine(PLAIN, commitment.id, text, before=commitment.plain)
            return int(staff_lines.record(session, Actor(None, by), line, approves=True).id)

    def take_line_back(self, line_id: int, *, by: str = "wangfang") -> None:
        """Withdraw an approved line."""
        with transaction(self.engine) as session:
            staff_lines.decide(session, Actor(None, by), line_id, 1, "withdrawn", two_people=False)

    def export(self, **options: Any) -> Exported:
        """Export with a session that reads, as the command does."""
        with reading(self.engine) as session:
            return export_corrections(session, self.root, open_finder=lambda: self.finder, **options)

    def files(self) -> dict[str, bytes]:
        """Every file of the checkout."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }

    def text(self, name: str) -> str:
        """A file of the checkout."""
        return (self.root / name).read_text(encoding="utf-8")

    def git(self, *arguments: str) -> str:
        """What a git command prints."""
        return git(self.root, *arguments)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files, committed to a git repository of their own."""
    root = tmp_path_factory.mktemp("sources")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "-c", "user.name=Author", "-c", "user.email=author@example.org", "commit", "-q", "-m", "As it was")
    return root


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A console's database with two people."""
    path = tmp_path_factory.mktemp("console") / "console.sqlite"
    engine = engine_for(f"sqlite:///{path}")
    migrate(engine)
    with transaction(engine) as session:
        book.make_account(session, SETUP, "wangfang", "王芳", Role.EDITOR, PASSWORD, temporary=False)
        book.make_account(session, SETUP, "liming", "李明", Role.EDITOR, PASSWORD, temporary=False)
    engine.dispose()
    return path


@pytest.fixture(scope="module", autouse=True)
def composed_for_all() -> Iterator[None]:
    """The nodes of a file that no test has changed are the same for all tests."""
    with composed_once():
        yield


@pytest.fixture
def desk(sources: Path, tables: Path, tmp_path: Path, finder: Finder) -> Desk:
    """A checkout and a console of their own."""
    shutil.copytree(sources, tmp_path / "checkout")
    shutil.copy(tables, tmp_path / "console.sqlite")
    return Desk(tmp_path / "checkout", engine_for(f"sqlite:///{tmp_path}/console.sqlite"), finder)


@pytest.fixture
def commitment_of(finder: Finder) -> Callable[..., Any]:
    """A commitment by a condition on it."""

    def choose(**wanted: Any) -> Any:
        return next(
            c
            for c in finder.stored.commitments
            if all(getattr(c, name) == value for name, value in wanted.items() if name != "questions")
            and len(c.questions) in wanted.get("questions", range(1000))
        )

    return choose
