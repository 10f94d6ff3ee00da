"""`python -m knowledge build`: plan + catalogue → store, vectors, vocabulary, models.

Everything is derived in a side folder and moved into place at the end, so a build that fails leaves
the knowledge that serves untouched.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.building.fitting import fit_models, fitted_computer
from knowledge.building.read_questions import ReadText, read_texts
from knowledge.building.teacher import as_if_uncurated, recentred
from knowledge.building.topics.measuring import measure_topics
from knowledge.catalogue.commitments import Commitment, assemble
from knowledge.catalogue.entries import CatalogueEntry, load_catalogue
from knowledge.catalogue.linked import LinkedQuestions, load_linked, with_linked
from knowledge.catalogue.mended import load_mended, with_mended
from knowledge.catalogue.store import SCHEMA_VERSION, opened, read_meta, write_store
from knowledge.catalogue.training_data import TrainingQuestions
from knowledge.catalogue.written_dialogues import QUESTIONS, TRAINING
from knowledge.document.documents import Document, load_document
from knowledge.document.other_places import other_places
from knowledge.document.passages import Passage, passages_of
from knowledge.document.plan_text import squash
from knowledge.encoder.many_vectors import encode_many
from knowledge.encoder.text_encoder import Vectors, prepared, text_key
from knowledge.encoder.vectors import load_vectors, save_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.progress_bar import progress_of
from knowledge.language.normalise import Dialect, Normalizer, save_understood
from knowledge.language.vocabulary import Vocabulary
from knowledge.reply.suggest import SuggestionIndex, keep_spellings
from knowledge.search.finder_models import vectored
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.known import known_questions
from knowledge.search.signals import SignalComputer, vector_text

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
    from knowledge.groundwork.errors import StoreUnavailable

    try:
        with opened(paths.url) as engine:
            meta = read_meta(engine)
    except StoreUnavailable:
        return False
    return meta.get("fingerprint") == fingerprint(sources) and all(getattr(paths, name).exists() for name in BUILT)


@dataclass(frozen=True)
class Parsed:
    """The plan, its catalogue and what the two give."""

    document: Document
    passages: Sequence[Passage]
    catalogue: Sequence[CatalogueEntry]
    linked: Sequence[LinkedQuestions]
    commitments: Sequence[Commitment]


def parse(sources: Sources) -> Parsed:
    """The plan and its catalogue, checked. Raises a `KnowledgeError` that says file, line and mend."""
    document = (
        load_document(sources.document) if sources.document.exists() else Document(sources.plan.stem, sources.plan.stem)
    )
    if not document.elsewhere:
        document = replace(document, elsewhere=other_places(document.title, document.district, document.source))
    passages = passages_of(sources.plan, document)
    catalogue = load_catalogue(sources.catalogue)
    topic_words, _ = load_mapping(sources.lexicon / "topics.yml")
    linked = load_linked(sources.linked)
    found = assemble(passages, catalogue, document, topic_words)
    commitments = with_linked(with_mended(found, load_mended(sources.mended)), linked)
    return Parsed(document, passages, catalogue, linked, commitments)


def as_taught(sources: Sources, parsed: Parsed) -> Parsed:
    """What the models are fitted on: the plan itself, or its teacher as if nobody had curated it."""
    if not sources.teacher or any(commitment.questions for commitment in parsed.commitments):
        return parsed
    teacher = parse(sources.teacher)
    topic_words, _ = load_mapping(sources.lexicon / "topics.yml")
    plain = as_if_uncurated(teacher.passages, teacher.commitments, teacher.document, topic_words)
    return replace(teacher, commitments=plain)


def training_questions(sources: Sources, parsed: Parsed) -> TrainingQuestions:
    """Every question that the models are fitted on. Raises `CatalogueError`."""
    files = parsed.catalogue, parsed.linked
    folders = sources.training, sources.nlu, sources.dialogues, sources.questions
    return TrainingQuestions.read(parsed.commitments, *files, *folders)


def build(sources: Sources, paths: settings.KnowledgePaths, *, quiet: bool = False) -> int:
    """Build everything; returns the number of commitments. Raises `KnowledgeError` before touching the old store."""
    mark = fingerprint(
        sources
    )  # of what is read from here on: an input that changes meanwhile asks for a build of its own
    parsed = parse(sources)
    document, passages, commitments = parsed.document, parsed.passages, parsed.commitments
    learned = as_taught(sources, parsed)
    is_taught = learned is not parsed
    questions = training_questions(sources, learned)
    with _side_folder(paths.folder) as side:
        vocabulary = _vocabulary(passages, commitments, questions)
        vocabulary.save(side.vocabulary)
        shutil.copyfile(sources.lexicon / "dialect.yml", side.dialect)
        normalizer = Normalizer(vocabulary, Dialect.load(sources.lexicon / "dialect.yml"))
        asked = questions.texts
        read = read_texts(asked, normalizer, quiet=quiet)
        known = {text: each.understood for text, each in zip(asked, read)}
        save_understood(known, side.understood)
        texts = _texts_to_encode([*commitments, *learned.commitments], read)  # each once, where both are the same
        vectors = _vectors(texts, paths.vectors, quiet=quiet)
        save_vectors(vectors, side.vectors)
        index = vectored(learned.commitments, normalizer.knowing(known), vectors)
        computer = fitted_computer(learned.commitments, index, vocabulary, unheard=is_taught, quiet=quiet)
        fitted = fit_models(learned.document, computer, questions, read, vectors, quiet=quiet)
        models = fitted.models
        if is_taught:
            own = vectored(commitments, normalizer, vectors)
            models = replace(models, projection=recentred(models.projection, own))
            computer = SignalComputer(commitments, own, vocabulary, models.projection)
        measure_topics(fitted.intents, quiet=quiet).save(side.topics)
        taught = known_questions(questions, parsed.linked, normalizer.knowing(known))
        if is_taught:
            taught = replace(taught, answered=frozenset())  # by the teacher, not by this plan
        KeptModels(mark, models, taught).save(side.models)
        KeptSignals.of(mark, computer).save(side.signals)
        voices = sorted({voice for entry in parsed.catalogue for voice in entry.voices})
        keep_spellings(SuggestionIndex(commitments, voices), side.spellings)
        side.ranking.write_text(models.report(), encoding="utf-8")
        meta = {
            "schema_version": SCHEMA_VERSION,
            "fingerprint": mark,
            "title": document.title,
            "short_title": document.short_title,
            "district": document.district,
            "period": list(document.period) if document.period else None,
            "baseline_year": document.baseline_year,
            "elsewhere": list(document.elsewhere),
            "voices": voices,
            "places": {name: list(aliases) for name, aliases in document.places.items()},
        }
        local = paths.url.startswith("sqlite:///")
        url = f"sqlite:///{side.folder}/knowledge.sqlite" if local else paths.url
        with opened(url) as engine:
            write_store(engine, passages, commitments, meta)
        for name in BUILT:
            getattr(side, name).replace(getattr(paths, name))
        (paths.folder / "models.joblib").unlink(missing_ok=True)  # of builds before there were formats
        if local:  # last: until the store is there, what was built counts as out of date
            (side.folder / "knowledge.sqlite").replace(paths.url.removeprefix("sqlite:///"))
    return len(commitments)


@contextmanager
def _side_folder(folder: Path) -> Iterator[settings.KnowledgePaths]:
    side = folder.with_name(folder.name + ".building")
    shutil.rmtree(side, ignore_errors=True)
    side.mkdir(parents=True)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield settings.KnowledgePaths("", side)
    finally:
        shutil.rmtree(side, ignore_errors=True)


def _vocabulary(
    passages: Sequence[Passage], commitments: Sequence[Commitment], questions: TrainingQuestions
) -> Vocabulary:
    terms = [term for c in commitments if c.curated or c.kind == "definition" for term in (c.title, *c.terms)]
    return Vocabulary.derive([p.text for p in passages] + [e.text for e in questions.examples], terms)


def _texts_to_encode(commitments: Sequence[Commitment], read: Sequence[ReadText]) -> dict[str, tuple[str, str]]:
    wanted = [("passage", vector_text(c)) for c in commitments] + [("passage", squash(c.quote)) for c in commitments]
    wanted += [("query", each.text) for each in read]
    return {text_key(role, text): (role, text) for role, text in wanted}


def _vectors_of(path: Path) -> dict[str, Vectors]:
    """The vectors of a file; none where there are none that this code can read."""
    try:
        return load_vectors(path)
    except FileUnreadable:
        return {}


def _vectors(texts: dict[str, tuple[str, str]], cache: Path, *, quiet: bool) -> dict[str, Vectors]:
    known = _vectors_of(settings.SHIPPED_VECTORS) | _vectors_of(cache)
    missing = [key for key in texts if key not in known]
    found = {key: known[key] for key in texts if key in known}
    if missing:
        with progress_of("vectors", len(missing), unit="句", quiet=quiet) as progress:
            made = encode_many([texts[key] for key in missing], prepared(cache.parent), progress)
        found.update(zip(missing, made))
        save_vectors(known | found, cache)  # kept even if the build fails later: keyed by text, they are never wrong
    return dict(sorted(found.items()))
