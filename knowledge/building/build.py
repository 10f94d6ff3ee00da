"""`python -m knowledge build`: plan + catalogue → store, vectors, vocabulary, models.

Everything is derived in a side folder and moved into place at the end, so a build that fails leaves
the knowledge that serves untouched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.building.asked import HeldOutIntents
from knowledge.building.fitting import fit_models, fitted_computer
from knowledge.building.kept_fits import TAKEN_OVER, BuildBefore, KeptFits, ground_of
from knowledge.building.parsed import Parsed, parse, training_questions
from knowledge.building.read_questions import ReadText, read_texts
from knowledge.building.sources import BUILT, Sources, fingerprint
from knowledge.building.starts import BuildStarts, load_starts, save_starts
from knowledge.building.teacher import as_if_uncurated, recentred
from knowledge.building.topics.measuring import measure_topics
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import SCHEMA_VERSION, opened, write_store
from knowledge.catalogue.training_data import TrainingQuestions
from knowledge.document.documents import Document
from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.encoder.many_vectors import encode_many
from knowledge.encoder.text_encoder import Vectors, prepared, text_key
from knowledge.encoder.vectors import load_vectors, save_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.progress_bar import leaving_out, progress_of
from knowledge.language.normalise import Dialect, Normalizer, save_understood
from knowledge.language.vocabulary import Vocabulary
from knowledge.reply.suggest import SuggestionIndex, keep_spellings
from knowledge.search.finder_models import vectored
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.known import known_questions
from knowledge.search.signals import SignalComputer, vector_text


def as_taught(sources: Sources, parsed: Parsed) -> Parsed:
    """What the models are fitted on: the plan itself, or its teacher as if nobody had curated it."""
    if not sources.teacher or any(commitment.questions for commitment in parsed.commitments):
        return parsed
    teacher = parse(sources.teacher)
    topic_words, _ = load_mapping(sources.lexicon / "topics.yml")
    plain = as_if_uncurated(teacher.passages, teacher.commitments, teacher.document, topic_words)
    return replace(teacher, commitments=plain)


def build(
    sources: Sources,
    paths: settings.KnowledgePaths,
    *,
    keep_fits: bool = False,
    starts_to: Path | None = None,
    quiet: bool = False,
) -> int:
    """Build everything; returns the number of commitments. Raises `KnowledgeError` before touching the old store.

    The fits begin where `SHIPPED_STARTS` says; where they are to be kept as such (`starts_to`), they begin with nothing.
    `keep_fits`: where only a few questions have changed since the last whole build, what it fitted is taken over.
    """
    mark = fingerprint(
        sources
    )  # of what is read from here on: an input that changes meanwhile asks for a build of its own
    parsed = parse(sources)
    document, passages, commitments = parsed.document, parsed.passages, parsed.commitments
    learned = as_taught(sources, parsed)
    is_taught = learned is not parsed
    questions = training_questions(sources, learned)
    ground = ground_of(sources.ground(), commitments)
    before = BuildBefore.to_take_over(paths, ground, questions) if keep_fits and not (is_taught or starts_to) else None
    if before and not quiet:
        print(_taken_over(before.fits.changed(questions)), flush=True)
    with _side_folder(paths.folder) as side, leaving_out(TAKEN_OVER if before else ()):
        vocabulary = _vocabulary(passages, commitments, questions)
        vocabulary.save(side.vocabulary)
        shutil.copyfile(sources.lexicon / "dialect.yml", side.dialect)
        normalizer = Normalizer(vocabulary, Dialect.load(sources.lexicon / "dialect.yml"))
        asked = questions.texts
        heard = before.understood(vocabulary, side.dialect) if before else {}
        read = read_texts(asked, normalizer.knowing(heard), with_skeletons=before is None, quiet=quiet)
        known = {text: each.understood for text, each in zip(asked, read)}
        save_understood(known, side.understood)
        texts = _texts_to_encode([*commitments, *learned.commitments], read)  # each once, where both are the same
        vectors = _vectors(texts, paths.vectors, quiet=quiet)
        save_vectors(vectors, side.vectors)
        index = vectored(learned.commitments, normalizer.knowing(known), vectors)
        starts = BuildStarts() if starts_to else load_starts(settings.SHIPPED_STARTS)
        intents: HeldOutIntents | None
        if before:
            computer = SignalComputer(
                commitments, index, vocabulary, before.models.projection, place_names=document.place_names
            )
            models, intents = before.refitted(questions, read, vectors, starts.intents, quiet=quiet)
            before.fits.after(mark, questions, intents).save(side.fits)
        else:
            computer = fitted_computer(
                learned.commitments,
                index,
                vocabulary,
                unheard=is_taught,
                place_names=learned.document.place_names,
                starts=starts.space,
                quiet=quiet,
            )
            fitted = fit_models(learned.document, computer, questions, read, vectors, starts=starts, quiet=quiet)
            models, intents = fitted.models, fitted.intents
            if intents and not is_taught:
                KeptFits.of(mark, ground, questions, intents).save(side.fits)
        if starts_to:
            save_starts(starts, index.samples.texts, starts_to)
        if is_taught:
            own = vectored(commitments, normalizer, vectors)
            models = replace(models, projection=recentred(models.projection, own))
            computer = SignalComputer(commitments, own, vocabulary, models.projection)
        measure_topics(intents, quiet=quiet).save(side.topics)
        taught = known_questions(questions, parsed.linked, normalizer.knowing(known))
        if is_taught:
            taught = replace(taught, answered=frozenset())  # by the teacher, not by this plan
        KeptModels(mark, models, taught).save(side.models)
        KeptSignals.of(mark, computer).save(side.signals)
        voices = sorted({voice for entry in parsed.catalogue for voice in entry.voices})
        keep_spellings(SuggestionIndex(commitments, voices), side.spellings)
        side.ranking.write_text(models.report(), encoding="utf-8")
        local = paths.url.startswith("sqlite:///")
        url = f"sqlite:///{side.folder}/knowledge.sqlite" if local else paths.url
        with opened(url) as engine:
            write_store(engine, passages, commitments, _meta(mark, document, voices))
        paths.fits.unlink(missing_ok=True)  # before the models that it is of
        for name in (*BUILT, *(("fits",) if side.fits.exists() else ())):
            getattr(side, name).replace(getattr(paths, name))
        (paths.folder / "models.joblib").unlink(missing_ok=True)  # of builds before there were formats
        if local:  # last: until the store is there, what was built counts as out of date
            (side.folder / "knowledge.sqlite").replace(paths.url.removeprefix("sqlite:///"))
    return len(commitments)


def _meta(mark: str, document: Document, voices: Sequence[str]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "fingerprint": mark,
        "title": document.title,
        "short_title": document.short_title,
        "district": document.district,
        "period": list(document.period) if document.period else None,
        "baseline_year": document.baseline_year,
        "elsewhere": list(document.elsewhere),
        "voices": list(voices),
        "places": {name: list(aliases) for name, aliases in document.places.items()},
    }


def _taken_over(changed: int) -> str:
    return (
        f"自上次整次拟合以来问句只变了 {changed} 条：空间、排序、问法和可答性沿用那次的，意图重新拟合"
        f" / {changed} questions changed since the last whole build: its fits are taken over, intents are fitted anew"
    )


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
    known = _vectors_of(cache)
    if any(key not in known for key in texts):
        known |= _vectors_of(settings.SHIPPED_VECTORS)
    missing = [key for key in texts if key not in known]
    found = {key: known[key] for key in texts if key in known}
    if missing:
        with progress_of("vectors", len(missing), unit="句", quiet=quiet) as progress:
            made = encode_many([texts[key] for key in missing], prepared(cache.parent), progress)
        found.update(zip(missing, made))
        save_vectors(known | found, cache)  # kept even if the build fails later: keyed by text, they are never wrong
    return dict(sorted(found.items()))
