"""The bot that is asked in the tests' own process."""

from __future__ import annotations

import pytest

from actions.dialogue.responder import Responder
from evaluation.in_process import InProcess
from knowledge.groundwork import settings
from knowledge.reply.compose import Composer
from knowledge.reply.listing import Subjects
from knowledge.search.finder import Finder


@pytest.fixture(scope="session")
def bot(finder: Finder) -> InProcess:
    """The dialogue on the real knowledge."""
    meta = finder.stored.meta
    composer = Composer(meta["short_title"], tuple(meta["period"]), "http://x/plan", finder.stored.commitments)
    return InProcess(Responder(finder, composer, Subjects.load(settings.SUBJECTS)))
