"""What one process has loaded of the releases in use. It follows the rollout; whoever is being answered is not disturbed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from releases.errors import ReleaseError
from releases.release import Release
from releases.rollout import Rollout
from releases.shelf import Shelf, fixed_by_environment

logger = logging.getLogger(__name__)
T = TypeVar("T")
FOLLOW_EVERY_S = 1.0  # a switch begins to take effect after at most this, in every process
LENT_S = 600.0  # a release that no session is sent to stays loaded so long after it was asked for last
RETRY_S = 30.0  # a release that could not be loaded is tried again after


@dataclass(frozen=True)
class Held(Generic[T]):
    """A release and what was loaded of it; `release` is None where the environment says what is served."""

    release: Release | None
    value: T

    @property
    def id(self) -> str:
        """The release's id, "" where there is none."""
        return self.release.id if self.release else ""


class InUse(Generic[T]):
    """Loads each release once, in the thread that follows, and switches only when the new one is loaded.

    `load` gets a release, or None for what the environment names; it may take seconds and may raise anything. It is
    given no release that is damaged or written in other formats than this process `reads` (kind → number).
    `switched` is told what serves all other sessions, at the start and after each switch. `warm` releases of those that
    served before stay loaded: going back to them takes no loading. One more is lent to who asks for it by name (staff
    who compare), and dropped `LENT_S` after the last time. Safe between threads.
    """

    def __init__(
        self,
        load: Callable[[Release | None], T],
        switched: Callable[[Held[T]], None] = lambda held: None,
        shelf: Shelf | None = None,
        *,
        reads: Mapping[str, int],
        warm: int = 1,
    ) -> None:
        self._load = load
        self._reads = reads
        self._switched = switched
        self._shelf = shelf or Shelf()
        self._warm = warm
        self._loading = threading.RLock()
        self._held: dict[str, Held[T]] = {}
        self._rollout = Rollout("")
        self._failed: dict[str, float] = {}
        self._lent: tuple[str, float] = ("", 0.0)  # its id, and when it was asked for last
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Held[T]:
        """Load what serves; takes seconds, so not in an event loop. Raises what `load` raises, and `ReleaseError`."""
        rollout = None if fixed_by_environment() else self._shelf.rollout()
        if rollout is None:
            held: Held[T] = Held(None, self._load(None))
        else:
            held = self._open(rollout.serving)
            rollout = Rollout(rollout.serving)  # what is tried out is loaded by the first look
        self._held = {held.id: held}
        self._rollout = rollout or Rollout("")
        self._switched(held)
        return held

    def follow(self) -> None:
        """One look at the rollout; loads what is missing, then switches. Never raises: what serves goes on serving."""
        if fixed_by_environment():
            return
        self._drop_what_was_lent()
        try:
            rollout = self._shelf.rollout()
        except ReleaseError:
            logger.exception("the rollout cannot be read; what serves goes on serving")
            return
        if rollout is None or rollout == self._rollout:
            return
        with self._loading:
            for release_id in rollout.in_use:
                if not self._loaded(release_id):
                    if release_id == rollout.serving:
                        return
                    rollout = Rollout(rollout.serving, previous=rollout.previous)  # nobody is sent to what is not there
            before = self._rollout.serving
            self._rollout = rollout
            keep = {*self._kept(rollout), self._lent[0]}
            self._held = {release_id: held for release_id, held in self._held.items() if release_id in keep}
        if before != rollout.serving:
            logger.info("release %s serves", rollout.serving)
            self._switched(self._held[rollout.serving])

    def follow_on(self) -> None:
        """Keep looking, in a thread of its own, until `stop`."""
        self._thread = threading.Thread(target=self._run, name="releases", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a release that is being loaded is not waited for."""
        self._stop.set()

    def of(self, session: str) -> Held[T]:
        """What answers a session."""
        rollout, held = self._rollout, self._held
        return held.get(rollout.release_of(session)) or held[rollout.serving]

    @property
    def serving(self) -> Held[T]:
        """What answers all sessions but those of a trial."""
        return self._held[self._rollout.serving]

    def named(self, release_id: str) -> Held[T]:
        """The release that a turn began with: loaded if need be (seconds), the serving one if that cannot be.

        One that no session is sent to is lent.
        """
        held = self._held.get(release_id)
        if held is None and not fixed_by_environment():
            with self._loading:
                self._loaded(release_id)
            held = self._held.get(release_id)
        if held is not None and release_id not in self._kept(self._rollout):
            self._lend(release_id)
        return held or self.serving

    def is_loaded(self, release_id: str) -> bool:
        """Whether `named` answers at once."""
        return release_id in self._held or fixed_by_environment()

    @property
    def faults(self) -> list[str]:
        """Releases in use that could not be loaded, each with its mend."""
        return [
            f"版本 {release_id} 载不进来，仍由 {self._rollout.serving} 服务 — 看日志，或退回、重新训练 / release {release_id} cannot be loaded"
            for release_id in self._failed
        ]

    def _kept(self, rollout: Rollout) -> set[str]:
        return {*rollout.in_use, *rollout.previous[: self._warm]}

    def _lend(self, release_id: str) -> None:
        with self._loading:
            before, _ = self._lent
            self._lent = (release_id, time.monotonic())
            if before not in ("", release_id, *self._kept(self._rollout)):
                self._held = {other: held for other, held in self._held.items() if other != before}

    def _drop_what_was_lent(self) -> None:
        release_id, at = self._lent
        if not release_id or time.monotonic() - at < LENT_S:
            return
        with self._loading:
            self._lent = ("", 0.0)
            if release_id not in self._kept(self._rollout):
                self._held = {other: held for other, held in self._held.items() if other != release_id}
                logger.info("release %s is not loaded any more: nobody asked for it lately", release_id)

    def _run(self) -> None:
        while not self._stop.wait(FOLLOW_EVERY_S):
            self.follow()

    def _open(self, release_id: str) -> Held[T]:
        release = self._shelf.release(release_id)
        release.check(self._reads)
        return Held(release, self._load(release))

    def _loaded(self, release_id: str) -> bool:
        if release_id in self._held:
            return True
        if time.monotonic() - self._failed.get(release_id, -RETRY_S) < RETRY_S:
            return False
        started = time.monotonic()
        try:
            held = self._open(release_id)
        except Exception:
            logger.exception("release %s cannot be loaded; %s goes on serving", release_id, self._rollout.serving)
            self._failed[release_id] = time.monotonic()
            return False
        self._failed.pop(release_id, None)
        self._held = {**self._held, release_id: held}
        logger.info("release %s loaded in %.1f s", release_id, time.monotonic() - started)
        return True
