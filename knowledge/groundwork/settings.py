"""Where the knowledge lives: the files of this checkout, and the paths that the environment sets (docs/settings.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from settings.bot import BOT_PORT, KNOWLEDGE_DIR, KNOWLEDGE_URL, PLAN_READER_URL, PROGRESS_URL, STAFF_CORRECTIONS
from settings.conversations import CONVERSATIONS_URL
from settings.review import REVIEW_URL, beside_the_log

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
GLOSSARY = SOURCES / "glossary.yml"  # read as answers are made, no part of what is built
STARTING_QUESTIONS = LEXICON / "starting_questions.yml"
SHIPPED_VECTORS = SOURCES / "vectors.npz"  # of the texts above, so that a first build need not encode them
SHIPPED_STARTS = SOURCES / "starts.npz"  # where the fits of a build begin


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
    def fits(self) -> Path:
        """What the models were fitted on, an `.npz`: for the next build, no process that serves reads it."""
        return self.folder / "fits.npz"

    @property
    def signals(self) -> Path:
        """What is looked up for each question, an `.npz`."""
        return self.folder / "signals.npz"

    @property
    def topics(self) -> Path:
        """How well topics and intents are told apart, JSON."""
        return self.folder / "topics.json"

    @property
    def spellings(self) -> Path:
        """How the questions are spelt that are offered while a resident types, JSON."""
        return self.folder / "spellings.json"

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
    folder = KNOWLEDGE_DIR.read()
    return KnowledgePaths(KNOWLEDGE_URL.read() or f"sqlite:///{folder}/knowledge.sqlite", folder)


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
    return PLAN_READER_URL.read() or f"http://127.0.0.1:{BOT_PORT.read()}/plan"


def staff_url() -> str:
    """Where staff publish progress and corrections."""
    return PROGRESS_URL.read() or REVIEW_URL.read() or beside_the_log(CONVERSATIONS_URL.read())


def staff_moved_from() -> str:
    """Where they published before that place was there; "" where it cannot have moved."""
    return "" if PROGRESS_URL.is_set() or REVIEW_URL.is_set() else CONVERSATIONS_URL.read()


def live_corrections_wanted() -> bool:
    """Whether published corrections count in this process."""
    return STAFF_CORRECTIONS.read()
