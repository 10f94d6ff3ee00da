"""The inputs of a build, and whether a store was built from exactly these."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.catalogue.store import opened, read_meta
from knowledge.catalogue.written_dialogues import QUESTIONS, TRAINING
from knowledge.groundwork import settings
from knowledge.groundwork.errors import StoreUnavailable

BUILT = (
    "vectors",
    "understood",
    "vocabulary",
    "dialect",
    "ranking",
    "topics",
    "models",
    "signals",
    "spellings",
)  # files beside the store
# The wings whose code takes part in building; what replies are made of and what staff publish changes nothing built.
BUILT_BY = ("building", "search", "catalogue", "language", "document", "encoder", "groundwork")


@dataclass(frozen=True)
class Sources:
    """The inputs of a build. A missing catalogue or NLU folder is allowed: another district's first day."""

    plan: Path = settings.PLAN
    document: Path = settings.DOCUMENT
    catalogue: Path = settings.CATALOGUE
    training: Path = settings.TRAINING
    linked: Path = settings.LINKED  # ids of this plan's commitments: another plan has a file of its own, or none
    mended: Path | None = None  # what a person changed of the proposals of an adopted plan
    lexicon: Path = settings.LEXICON
    nlu: Path = settings.ROOT.parent / "data" / "nlu"
    dialogues: Path = TRAINING
    questions: Path = QUESTIONS
    teacher: Sources | None = None  # the curated plan that a plan without a catalogue learns from

    @classmethod
    def uncurated(cls, plan: Path, document: Path | None = None, catalogue: Path | None = None) -> Sources:
        """Another plan, with `document.yml` under its own name beside it, and no catalogue unless one is given."""
        nowhere = plan.parent / "catalogue"
        return cls(
            plan=plan,
            document=document or plan.with_suffix(".yml"),
            catalogue=catalogue or nowhere,
            linked=nowhere / settings.LINKED.name,
            teacher=cls(),
        )

    def within(self, root: Path) -> Sources:
        """The same files of another checkout."""

        def there(path: Path) -> Path:
            return root / path.relative_to(settings.ROOT.parent)

        return replace(
            self,
            plan=there(self.plan),
            document=there(self.document),
            catalogue=there(self.catalogue),
            training=there(self.training),
            linked=there(self.linked),
            lexicon=there(self.lexicon),
            nlu=there(self.nlu),
            dialogues=there(self.dialogues),
            questions=there(self.questions),
        )

    def files(self) -> Iterator[Path]:
        """Every file that the result depends on, the code of `BUILT_BY` included, in a stable order."""
        yield self.plan
        yield self.document
        if self.linked.parent != self.training:
            yield self.linked
        if self.mended:
            yield self.mended
        for folder in (self.catalogue, self.training, self.lexicon, self.nlu, self.dialogues, self.questions):
            yield from sorted(folder.glob("*.yml"))
        if self.teacher:
            yield from (self.teacher.plan, self.teacher.document, self.teacher.linked)
            yield from sorted(self.teacher.catalogue.glob("*.yml"))
        yield settings.SHIPPED_STARTS
        yield from _code()

    def ground(self) -> Iterator[Path]:
        """Those of them that hold no questions and no words of the region, and are there."""
        lexicon = [path for path in sorted(self.lexicon.glob("*.yml")) if path.name != settings.DIALECT.name]
        mended = [self.mended] if self.mended else []
        for path in (self.plan, self.document, *mended, *lexicon, settings.SHIPPED_STARTS, *_code()):
            if path.exists():
                yield path


def _code() -> Iterator[Path]:
    for wing in BUILT_BY:
        yield from sorted((settings.ROOT / wing).rglob("*.py"))


def fingerprint(sources: Sources) -> str:
    """SHA-256 over names and bytes of all inputs: equal means a rebuild would change nothing."""
    digest = hashlib.sha256()
    for path in sources.files():
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(sources: Sources, paths: settings.KnowledgePaths) -> bool:
    """Whether the store was built from exactly these inputs."""
    try:
        with opened(paths.url) as engine:
            meta = read_meta(engine)
    except StoreUnavailable:
        return False
    return meta.get("fingerprint") == fingerprint(sources) and all(getattr(paths, name).exists() for name in BUILT)
