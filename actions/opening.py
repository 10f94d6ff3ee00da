"""A responder on a store that was opened: everything around the search that answering a plan needs."""

from __future__ import annotations

from functools import lru_cache

from actions.dialogue.responder import Responder
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.groundwork import settings
from knowledge.published.corrections import CorrectionSource
from knowledge.published.progress import PublishedProgress
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.glossary import Glossary
from knowledge.reply.listing import Subjects
from knowledge.reply.suggest import starting_questions
from knowledge.search.finder import Finder


@lru_cache(maxsize=4)
def _progress_at(url: str, moved_from: str) -> PublishedProgress:
    return PublishedProgress(url, moved_from=moved_from)


def responder_with(finder: Finder, corrections: CorrectionSource, reader_url: str, short_title: str = "") -> Responder:
    """What answers from this store, with what staff publish; `short_title`: instead of the store's own name of it."""
    meta = finder.stored.meta
    commitments = finder.stored.commitments
    composer = Composer(
        short_title or meta["short_title"],
        finder.stored.period,
        reader_url,
        commitments,
        _progress_at(settings.staff_url(), settings.staff_moved_from()),
        corrections,
        Gazetteer.of(meta),
        Glossary.load(settings.GLOSSARY),
        starting_questions(commitments, settings.STARTING_QUESTIONS, len(FOUR_TOPICS)),
    )
    return Responder(finder, composer, Subjects.load(settings.SUBJECTS))
