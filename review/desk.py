"""What every page works with: settings, databases, accounts' secrets, the plan. Made once, at start."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.notices import NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from conversations.vault import Vault
from knowledge.encoder.text_encoder import Vectors
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths, built_paths, serve_from, using
from knowledge.published.reading import PublishedCorrections
from knowledge.search.finder import Finder
from releases.errors import ReleaseError
from releases.in_use import Held, InUse
from releases.release import Release
from releases.shelf import Shelf
from review.accounts.guessing import Limits
from review.accounts.oidc import Provider
from review.accounts.passwords import AT_ONCE
from review.correcting.plan_lookup import PlanLookup
from review.correcting.publishing import publish_missing
from review.correcting.regression_check import RegressionCheck
from review.database.engine import opened, reading, transaction
from review.errors import NothingThere
from review.inbox.listing import add_search_index
from review.releases import succession
from review.settings import Settings
from review.triage.reader import TriageReader
from review.unanswered.grouping import Grouper

logger = logging.getLogger(__name__)
PAGE_THREADS = 4  # pages wait for the database, which releases the interpreter


class Desk:
    """The console's services. Close it at the end.

    `eager`: the plan is loaded as soon as somebody is signed in, not by the first page that needs it. Where nobody is, it
    is not loaded at all: the console beside a bot takes a tenth of the memory.
    """

    def __init__(
        self, settings: Settings, open_finder: Callable[[], Finder] = Finder.open, *, eager: bool = True
    ) -> None:
        self.settings = settings
        self.engine = opened(settings)
        publish_missing(self.engine)
        self.log = Database(settings.log_url)
        self.log.ensure_ready()
        add_search_index(self.log.engine)
        self.turns = TurnLog(settings.log_url)
        self.requests = RequestBook(settings.log_url)
        self.notices = NoticeBoard(settings.log_url)
        self.triage = TriageReader(self.log.engine, self.engine)
        self.grouper = Grouper(self.log.engine, self.engine, self._vectors_of)
        self.vault = Vault()
        self.shelf = Shelf()
        self._settle_documents()
        self.pool = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self.hashing = ThreadPoolExecutor(
            AT_ONCE, thread_name_prefix="hashing"
        )  # strangers wait here, not before pages
        self.background = ThreadPoolExecutor(1, thread_name_prefix="background")  # reads the log
        self.slow = ThreadPoolExecutor(1, thread_name_prefix="slow")  # groups questions
        self.provider = (
            Provider(settings.oidc, f"{settings.public_url}/sign-in/provider/back") if settings.oidc else None
        )
        self.corrections = PublishedCorrections(settings.url)
        self._open_finder = open_finder
        self.eager = eager
        self._visited = threading.Event()
        self._plans: InUse[PlanLookup] = InUse(self._open_plan, self._serve, reads=READ, warm=0)
        self._plans_started = False
        self._plans_lock = threading.Lock()
        self._regression_check: RegressionCheck | None = None
        self._regression_lock = threading.Lock()

    def _settle_documents(self) -> None:
        """After a switch that somebody ended halfway: the shelf of documents follows the release that serves."""
        try:
            succession.settle(self.shelf)
        except (NothingThere, ReleaseError):
            logger.exception("the shelf of documents does not follow the release that serves")

    def visited(self) -> None:
        """Somebody who is signed in has asked for a page."""
        self._visited.set()

    @property
    def prepares(self) -> bool:
        """Whether what takes seconds is to be ready before a page needs it."""
        return self.eager and self._visited.is_set()

    @property
    def idle(self) -> timedelta:
        """A session without a click ends after."""
        return timedelta(minutes=self.settings.session_idle_minutes)

    @property
    def lifetime(self) -> timedelta:
        """A session ends after."""
        return timedelta(hours=self.settings.session_hours)

    @property
    def limits(self) -> Limits:
        """How many wrong passwords and codes are borne."""
        settings = self.settings
        return Limits(settings.lock_after, settings.lock_network_after, timedelta(minutes=settings.lock_minutes))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The console's tables, to write, in one transaction."""
        with transaction(self.engine) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The console's tables, to read."""
        with reading(self.engine) as session:
            yield session

    @property
    def finder(self) -> Finder:
        """The plan, searched as the bot searches it."""
        return self.plan.finder

    @property
    def plan(self) -> PlanLookup:
        """The plan for looking things up, as the serving release knows it; loaded when first asked for (2 s, 200 MB)."""
        with self._plans_lock:
            if not self._plans_started:
                self._plans.start()
                self._plans_started = True
        return self._plans.serving.value

    @property
    def has_plan(self) -> bool:
        """Whether the plan is loaded."""
        return self._plans_started

    def follow_releases(self) -> None:
        """Look whether another release serves; what is loaded of it takes seconds."""
        if self._plans_started:
            self._plans.follow()

    def _open_plan(self, release: Release | None) -> PlanLookup:
        paths = KnowledgePaths.of(release.knowledge) if release else built_paths()
        with using(paths):
            return PlanLookup(self._open_finder().with_corrections(self.corrections), paths, self.corrections)

    @property
    def regression_check(self) -> RegressionCheck:
        """What a correction has to pass before it goes live, on the plan that serves."""
        finder = self.finder
        with self._regression_lock:
            if self._regression_check is None or self._regression_check.finder is not finder:
                self._regression_check = RegressionCheck(
                    finder, self.settings.regression_questions, self.plan.paths.vectors
                )
            return self._regression_check

    def _serve(self, held: Held[PlanLookup]) -> None:
        serve_from(KnowledgePaths.of(held.release.knowledge) if held.release else None)

    def _vectors_of(self, questions: Sequence[str]) -> Vectors:
        finder = self.finder
        return finder.encoder.queries(
            [finder.normalizer.normalise(question).text or question for question in questions]
        )

    def close(self) -> None:
        """Give threads and connections back."""
        for pool in (self.pool, self.hashing):
            pool.shutdown(wait=True)
        for pool in (self.background, self.slow):
            pool.shutdown(wait=not self.eager, cancel_futures=True)  # who stops the console does not wait for the plan
        self.corrections.close()
        self.turns.close()
        self.requests.close()
        self.notices.close()
        self.log.close()
        self.engine.dispose()
