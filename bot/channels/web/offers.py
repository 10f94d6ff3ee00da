"""Questions to offer: while a resident types, and before the first word."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalogue.store import opened, read_meta, read_store
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.reply.suggest import Suggestion, SuggestionIndex, kept_spellings, starting_questions

HOT = 6  # as many as fit a phone below the greeting


class Offers:
    """The suggestion index of the store in use, made at start and again when the store was rebuilt."""

    def __init__(self) -> None:
        self._index: SuggestionIndex | None = None
        self._starting: Sequence[str] = ()
        self._fingerprint: object = None
        self._named: tuple[object, str] = (None, "")  # where a store is, and its plan's short title

    def refresh(self) -> None:
        """Read the store if it is another one; slow, for a thread. What there was stays if the store cannot be read."""
        paths = settings.knowledge_paths()
        try:
            with opened(paths.url) as engine:
                meta = read_meta(engine)
                fingerprint = meta.get("fingerprint")
                if fingerprint == self._fingerprint:
                    return
                commitments = read_store(engine).commitments
        except KnowledgeError:
            return
        self._index = SuggestionIndex(commitments, meta.get("voices") or (), kept_spellings(paths.spellings))
        self._starting = starting_questions(commitments, settings.STARTING_QUESTIONS, HOT)
        self._named = (paths, str(meta.get("short_title") or ""))
        self._fingerprint = fingerprint

    @property
    def plan(self) -> str:
        """The short title of the plan in use, at once after a switch: one small read. "" if the store cannot be read."""
        paths = settings.knowledge_paths()
        if paths != self._named[0]:
            try:
                with opened(paths.url) as engine:
                    self._named = (paths, str(read_meta(engine).get("short_title") or ""))
            except KnowledgeError:
                return ""
        return self._named[1]

    def suggest(self, typed: str) -> list[Suggestion]:
        """At most five questions for what was typed."""
        return self._index.suggest(typed) if self._index else []

    def hot(self, asked: Sequence[str]) -> tuple[list[str], str]:
        """Questions for the most asked commitments, filled up with curated ones; and which of the two they are."""
        if self._index is None:
            return [], "curated"
        found = [s.question for s in map(self._index.question_of, asked) if s]
        rest = [q for q in self._starting if self._index.commitment_of(q) not in asked]
        return [*found, *rest][:HOT], "asked" if found else "curated"
