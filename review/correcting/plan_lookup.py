"""The plan beside the correction form: search it, see what an answer would look like, see why a passage won."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from conversations.turns import Turn
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import tidy
from knowledge.groundwork import settings
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.published.corrections import CorrectionSource
from knowledge.reply.answer import Answer
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.search.finder import Finder
from knowledge.search.signals import SIGNALS
from review.correcting.shelved import ShelvedPlans
from wire.trace import TurnCandidate

FOUND = 8
IN_CONTEXT = 3  # of what is found for a follow-up with the words before it
SHOWN_SIGNALS = 5


@dataclass(frozen=True)
class RankedCommitment:
    """A commitment that a search or the bot found: probability among the candidates, and what spoke for it."""

    commitment: Commitment
    probability: float | None  # None where it was not among the candidates
    signals: Sequence[tuple[str, float]] = ()

    @property
    def quote(self) -> str:
        """The plan's sentence, tidied as residents see it."""
        return tidy(self.commitment.quote)


class PlanLookup:
    """The plan as the bot knows it, for staff to look things up. Reads only."""

    def __init__(self, finder: Finder, paths: KnowledgePaths, corrections: CorrectionSource | None = None) -> None:
        self.finder = finder
        self.paths = paths
        self.shelved = ShelvedPlans()
        self._corrections = corrections
        meta = finder.stored.meta
        self.places: Mapping[str, Sequence[str]] = meta["places"]
        self._composer = Composer(
            meta["short_title"],
            finder.stored.period,
            settings.plan_reader_url(),
            finder.stored.commitments,
            corrections=corrections,
            gazetteer=Gazetteer.of(meta),
        )

    @property
    def ids(self) -> Mapping[str, Commitment]:
        """All commitments by id."""
        return self.finder.by_id

    def commitment(self, commitment_id: str) -> Commitment | None:
        """One commitment, of a document on the shelf too; None if it is nowhere (any more)."""
        found = self.finder.by_id.get(commitment_id)
        plan = None if found else self.shelved.of(commitment_id)
        return plan.by_id.get(commitment_id) if plan else found

    def search(self, text: str) -> list[RankedCommitment]:
        """What the bot would find for a question, at most `FOUND`, best first."""
        finding = self.finder.find(text)
        return [
            RankedCommitment(c.commitment, c.probability, self.contributions(c.signals))
            for c in finding.candidates[:FOUND]
        ]

    def in_context(self, turn: Turn, before: Turn | None) -> list[RankedCommitment]:
        """What a turn may have been about: the passages it was answered with, of a follow-up what is found for its words and
        those of the turn `before` that it leaned on, then that turn's passages; then what the bot found for its words alone.
        """
        alone = self.found(turn.candidates)
        if before is None:
            return alone
        asked = " ".join(filter(None, (before.understood or before.question, turn.understood or turn.question)))
        together = self.search(asked)
        known = {each.commitment.id: each for each in (*alone, *together)}
        first = [known.get(name) or self._unranked(name) for name in turn.citations]
        last = [known.get(name) or self._unranked(name) for name in before.citations]
        listed = {each.commitment.id: each for each in (*first, *together[:IN_CONTEXT], *last, *alone) if each}
        return list(listed.values())

    def _unranked(self, commitment_id: str) -> RankedCommitment | None:
        commitment = self.commitment(commitment_id)
        return None if commitment is None else RankedCommitment(commitment, None)

    def preview(self, commitment: Commitment, question: str) -> Answer:
        """The answer that residents would get from this commitment."""
        plan = self.shelved.of(commitment.id)
        composer = plan.composer(self._corrections) if plan else self._composer
        return composer.passage(commitment, question=question, today_year=date.today().year)

    def found(self, candidates: Sequence[TurnCandidate]) -> list[RankedCommitment]:
        """Candidates of the log in their order; those that this plan has not any more are left out.

        The log keeps the signals that are not 0, and not how far each lies below the best of all commitments: that is
        taken from the best of these candidates, among whom the best nearly always is.
        """
        best = {name: max((c.signals.get(name, 0.0) for c in candidates), default=0.0) for name in SIGNALS}
        shown = []
        for candidate in candidates:
            commitment = self.commitment(candidate.commitment_id)
            if commitment is not None:
                signals = {name: candidate.signals.get(name, 0.0) for name in SIGNALS}
                signals |= {f"{name}_below_best": signals[name] - best[name] for name in SIGNALS}
                shown.append(RankedCommitment(commitment, candidate.probability, self.contributions(signals)))
        return shown

    def contributions(self, signals: Mapping[str, float]) -> list[tuple[str, float]]:
        """What each signal added to the ranking's score against an average commitment, strongest first.

        weight × (value - mean) / scale, as the conditional logit of `knowledge/search/ranking.py` adds them up.
        """
        joined: dict[str, float] = {}
        for name, w in self._weights.items():
            if name in signals:
                base = name.removesuffix("_below_best")
                added = w["weight"] * (signals[name] - w["mean"]) / (w["scale"] or 1.0)
                joined[base] = joined.get(base, 0.0) + added
        strongest = sorted(joined.items(), key=lambda pair: -abs(pair[1]))[:SHOWN_SIGNALS]
        return [(name, value) for name, value in strongest if abs(value) >= 0.05]

    @cached_property
    def _weights(self) -> Mapping[str, Mapping[str, float]]:
        data = json.loads(self.paths.ranking.read_text(encoding="utf-8"))
        weights: Mapping[str, Mapping[str, float]] = data["ranking"]
        return weights


SIGNAL_NAMES: Mapping[str, str] = {
    "sample_vector": "像示例问题（句义）",
    "headline_vector": "像要点（句义）",
    "quote_vector": "像原文（句义）",
    "sample_projected": "像示例问题（学过的）",
    "samples_projected": "像各示例问题（学过的）",
    "headline_projected": "像要点（学过的）",
    "quote_projected": "像原文（学过的）",
    "pieces_covered": "问的词，它都有相近的",
    "document_characters": "字词相同",
    "keywords": "关键词",
    "term_named": "说出了名称",
    "topic": "主题",
    "number_asked": "问数字，它有数字",
    "meaning_asked": "问含义，它是解释",
    "past_asked": "问过去，它是基数",
    "past_unasked": "没问过去，它是基数",
    "indicator_asked": "问指标，它是指标",
    "indicator_unasked": "没问指标，它是指标",
    "definition_unasked": "没问含义，它是解释",
    "amount_named": "说出了它的数字",
    "curated": "有人整理过",
}
