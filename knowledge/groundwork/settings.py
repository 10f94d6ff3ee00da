"""Where the knowledge lives, each path set by an environment variable.

| variable | default | meaning |
|---|---|---|
| `KNOWLEDGE_URL` | `sqlite:///var/knowledge/knowledge.sqlite` | SQLAlchemy URL of the store |
| `KNOWLEDGE_DIR` | `var/knowledge` | folder of what is derived beside it: vectors, vocabulary, ranking |
| `PLAN_READER_URL` | `http://127.0.0.1:5005/plan`, the port from `BOT_PORT` | public address of the plan reader, used in citations |
| `PROGRESS_URL` | `REVIEW_URL`, else `CONVERSATIONS_URL`, else `sqlite:///var/conversations.sqlite` | database in which staff publish progress and corrections |
| `STAFF_CORRECTIONS` | `on` | `off`: answers as the release alone gives them, without published corrections (evaluation) |
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "sources"
PLAN = SOURCES / "plan" / "qingpu-14th-five-year-plan.txt"
DOCUMENT = SOURCES / "plan" / "document.yml"
CATALOGUE = SOURCES / "catalogue"
TRAINING = SOURCES / "training"
LINKED = TRAINING / "linked_questions.yml"
LEXICON = SOURCES / "lexicon"
DIALECT = LEXICON / "dialect.yml"
SUBJECTS = LEXICON / "subjects.yml"
STARTING_QUESTIONS = LEXICON / "starting_questions.yml"


@dataclass(frozen=True)
class KnowledgePaths:
    """The store's URL and the folder of derived files."""

    url: str
    folder: Path

    @property
    def vectors(self) -> Path:
        """Vectors by text key, an `.npz`."""
        return self.folder / "vectors.npz"

    @property
    def vocabulary(self) -> Path:
        """Words and terms, JSON."""
        return self.folder / "vocabulary.json"

    @property
    def dialect(self) -> Path:
        """The words of the region as they were at the build, YAML."""
        return self.folder / "dialect.yml"

    @property
    def understood(self) -> Path:
        """The repository's own questions as the normaliser understood them, JSON."""
        return self.folder / "understood.json"

    @property
    def ranking(self) -> Path:
        """The fitted weights as people read them, JSON."""
        return self.folder / "ranking.json"

    @property
    def models(self) -> Path:
        """The fitted models as the process loads them, an `.npz`."""
        return self.folder / "models.npz"

    @property
    def topics(self) -> Path:
        """How well topics and intents are told apart, JSON."""
        return self.folder / "topics.json"

    @classmethod
    def of(cls, folder: Path) -> KnowledgePaths:
        """A folder with its store inside, as every kept release is."""
        return cls(f"sqlite:///{folder}/knowledge.sqlite", folder)


_chosen: ContextVar[KnowledgePaths | None] = ContextVar("knowledge paths", default=None)
_served: KnowledgePaths | None = None


def knowledge_paths() -> KnowledgePaths:
    """Those of `using`, else what this process serves (`serve_from`), else what the environment sets, or the defaults."""
    return _chosen.get() or _served or built_paths()


def built_paths() -> KnowledgePaths:
    """Where builds go: the paths that the environment sets, or the defaults."""
    folder = Path(os.environ.get("KNOWLEDGE_DIR") or "var/knowledge")
    return KnowledgePaths(os.environ.get("KNOWLEDGE_URL") or f"sqlite:///{folder}/knowledge.sqlite", folder)


@contextmanager
def using(paths: KnowledgePaths) -> Iterator[None]:
    """Within this block, in this thread or task, the knowledge is another: while one of several releases is loaded or asked."""
    token = _chosen.set(paths)
    try:
        yield
    finally:
        _chosen.reset(token)


def serve_from(paths: KnowledgePaths | None) -> None:
    """From now on this process serves these; None: what the environment sets."""
    global _served
    _served = paths


def plan_reader_url() -> str:
    """Address of the plan reader without a trailing slash."""
    local = f"http://127.0.0.1:{os.environ.get('BOT_PORT', '5005')}/plan"
    return os.environ.get("PLAN_READER_URL", local).rstrip("/")


def staff_url() -> str:
    """Where staff publish progress and corrections."""
    names = ("PROGRESS_URL", "REVIEW_URL", "CONVERSATIONS_URL")
    return next(filter(None, map(os.environ.get, names)), "sqlite:///var/conversations.sqlite")


def live_corrections_wanted() -> bool:
    """Whether published corrections count in this process."""
    return os.environ.get("STAFF_CORRECTIONS", "on") != "off"
