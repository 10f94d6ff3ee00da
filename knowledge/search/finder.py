"""From a resident's words to ranked commitments and the probability that the first one answers."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_store
from knowledge.encoder.text_encoder import TextEncoder, Vectors, shared_encoder
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.errors import FileUnreadable, StoreUnavailable
from knowledge.language.normalise import Normalizer, Understood
from knowledge.language.question import Question, amount_asked_of, read_question, same_words
from knowledge.language.skeleton import Skeletons
from knowledge.published.corrections import CorrectionSource, Fixed, LiveCorrections, Pointer
from knowledge.search.answerability import Probabilities, Worded
from knowledge.search.finder_models import FinderModels, signal_computer, topic_probabilities
from knowledge.search.finding import Candidate, Finding
from knowledge.search.kept_models import KeptModels
from knowledge.search.known import LINKED_TO, OUTSIDE, SILENT, SURE, KnownQuestions
from knowledge.search.matching import LiveQuestions, Match
from knowledge.search.outcome_rows import outcome_row
from knowledge.search.ranking import rank, shortlisted
from knowledge.search.signals import FEATURES, Floats, SignalComputer

ASPECT_FROM = 0.2  # probability of silence from which it is worth asking what is missing
CURATED = 0.99  # probability of a commitment when one of its own sample questions is asked word for word
REVIEW_SHARE = 0.15  # probability from which what the plan promises is shown before what it says of the past
CERTAINLY_ANSWERED = Probabilities(right=CURATED, silent=0.0)
CERTAINLY_SILENT = Probabilities(right=1.0, silent=SURE)
NOTHING_KNOWN = KnownQuestions()
SHOWN = 10  # candidates in a finding: enough for buttons, review and reports


class Finder:
    """Holds the knowledge in memory. Build it once; `find` is thread-safe and does no I/O of its own.

    `corrections` is what staff publish beside this knowledge: none unless given.
    """

    def __init__(
        self,
        stored: StoredKnowledge,
        normalizer: Normalizer,
        computer: SignalComputer,
        models: FinderModels,
        encoder: TextEncoder,
        known: KnownQuestions = NOTHING_KNOWN,
        corrections: CorrectionSource | None = None,
    ) -> None:
        self.stored = stored
        self.by_id = {c.id: c for c in stored.commitments}
        self.computer = computer
        self._skeletons = Skeletons(normalizer.vocabulary)
        self._models = models
        self._known = known
        owners = zip(map(same_words, computer.samples.texts), computer.samples.owners.tolist())
        self._asked_before = dict(reversed(list(owners)))  # asked in a sample's words, nothing has to be guessed
        rows = {c.id: row for row, c in enumerate(computer.commitments)}
        self._asked_before |= {words: rows[owner] for words, owner in known.linked.items() if owner in rows}
        self.encoder = encoder
        self._follow(corrections or Fixed(), normalizer)

    def _follow(self, corrections: CorrectionSource, normalizer: Normalizer) -> None:
        self.normalizer = normalizer.with_corrections(corrections)
        places, is_name = self.stored.meta["places"], self.computer.is_name
        self._published = LiveQuestions(corrections, self.normalizer, self.encoder, places, self.by_id, is_name)

    def with_corrections(self, corrections: CorrectionSource) -> Finder:
        """The same knowledge with other corrections; nothing is loaded again."""
        other = copy.copy(self)
        other._follow(corrections, self.normalizer)
        return other

    def trying(self, corrections: LiveCorrections) -> Finder:
        """The same knowledge as it would answer with these corrections, ready at once."""
        other = self.with_corrections(Fixed(corrections))
        other._published.prepare()
        return other

    def sample_owner(self, text: str) -> Commitment | None:
        """The commitment whose sample question an understood text is, word for word."""
        row = self._asked_before.get(same_words(text))
        return None if row is None else self.computer.commitments[row]

    @classmethod
    def open(
        cls,
        paths: settings.KnowledgePaths | None = None,
        encoder: TextEncoder | None = None,
        corrections: CorrectionSource | None = None,
    ) -> Finder:
        """Load what `build` made. Raises `StoreUnavailable` if a part is missing or of another build."""
        paths = paths or settings.knowledge_paths()
        with opened(paths.url) as engine:
            stored = read_store(engine)
        try:
            kept = KeptModels.load(paths.models)
            normalizer = Normalizer.load(paths)
            vectors = load_vectors(paths.vectors)
        except (OSError, ValueError, KeyError, FileUnreadable) as error:
            raise StoreUnavailable(f"{paths.folder}: 向量或模型读不出（{error}） — 运行 make knowledge 重建") from error
        if kept.fingerprint != stored.meta.get("fingerprint"):
            raise StoreUnavailable(f"{paths.folder}: 模型与知识库不是同一次构建 — 运行 make knowledge 重建")
        try:
            computer = signal_computer(stored.commitments, normalizer, vectors)
        except KeyError as error:
            raise StoreUnavailable(f"{paths.folder}: 词典改过，知识库还没有重建 — 运行 make knowledge") from error
        return cls(stored, normalizer, computer, kept.models, encoder or shared_encoder(), kept.known, corrections)

    def intents(self, text: str, vector: Vectors) -> dict[str, float]:
        """Intent → probability of an understood question and its vector, as NLU would see it."""
        guessed = self._models.intent_probabilities(self.normalizer.vocabulary.cut(text), vector)
        return self._known.intents.believed(text, guessed)

    def place_if_silent(self, text: str) -> tuple[str, str]:
        """(topic, aspect) of a question on which the plan is silent, the likeliest however unlikely; "" unknown."""
        understood = self.normalizer.normalise(text).text
        vector = self.encoder.query(understood)
        topics = topic_probabilities(self.intents(understood, vector))
        worded = Worded(self._skeletons.of(understood), understood, vector)
        aspects = self._models.aspects
        return max(topics, key=lambda topic: topics[topic]), aspects.likeliest(worded)[0] if aspects else ""

    def features(self, text: str) -> Floats:
        """The ranking's features of a question for every commitment, `(commitments, len(FEATURES))`."""
        understood = self.normalizer.normalise(text)
        vector = self.encoder.query(understood.text)
        question = read_question(understood.text, self.stored.meta["places"])
        return self.computer.features(question, vector, topic_probabilities(self.intents(understood.text, vector)))

    def find(
        self,
        text: str,
        *,
        intents: Mapping[str, float] | None = None,
        vector: Vectors | None = None,
        understood: Understood | None = None,
    ) -> Finding:
        """Rank all commitments for a question.

        `intents`, `vector` and `understood` spare the work where NLU has done it already; the vector
        must be the encoder's `query` vector of `understood.text`.
        """
        started = perf_counter()
        understood = understood or self.normalizer.normalise(text)
        question = read_question(understood.text, self.stored.meta["places"])
        if not understood.text or not self.stored.commitments:
            return Finding(understood, question, (), Probabilities(right=0.0, silent=0.0), intents or {})
        if vector is None:
            vector = self.encoder.query(understood.text)
        view = dict(intents) if intents else self.intents(understood.text, vector)
        words, known_as = same_words(question.text), self._known.label(question.text)
        features = self.computer.features(question, vector, topic_probabilities(view))
        ranked = rank(self._models.ranking, shortlisted(features))
        found = tuple(
            Candidate(self.computer.commitments[row], float(share), dict(zip(FEATURES, map(float, signals))))
            for row, share, signals in zip(ranked.rows[:SHOWN], ranked.shares, ranked.features)
        )
        figure = self.computer.has_figure[ranked.rows[0]] and self.computer.is_name(amount_asked_of(question.bare))
        named = self.computer.is_name(question.bare)
        if "comparison" in question.asks:
            found = _target_before_its_baseline(found, self.stored.commitments)
        elif "future" in question.asks or (named and "past" not in question.asks):
            found = _plan_before_review(found)
        odds, aspect = Probabilities(right=found[0].probability, silent=0.0), ""
        outcomes, aspects = self._models.outcomes, self._models.aspects
        if outcomes:
            worded = Worded(self._skeletons.of(question.text), question.text, vector)
            wording = outcomes.wording.probability(worded)
            likeness = outcomes.unanswered.likeness(vector)
            elsewhere = self.stored.meta.get("elsewhere", ())
            row = outcome_row(self.computer, ranked, question, wording, likeness, view, elsewhere)
            odds = outcomes.probabilities(row)
            if named or figure or words in self._known.answered:
                odds = Probabilities(odds.right, silent=0.0)  # whatever the plan says on it is asked for, or its amount
            elif found[0].commitment.is_called(question.bare):
                odds = replace(odds, outside=0.0)
            if aspects and odds.silence >= ASPECT_FROM:
                aspect = aspects.aspect(worded)
                if aspect == "other_district" and question.places:
                    aspect = ""
        if known_as in (SILENT, OUTSIDE):
            odds, aspect = CERTAINLY_SILENT, self._known.silent[words] if known_as == SILENT else ""
        elif words in self._asked_before:
            found = self._curated_first(found, self.computer.commitments[self._asked_before[words]])
            odds, aspect = CERTAINLY_ANSWERED, ""
        finding = Finding(understood, question, found, odds, view, aspect, known_as=known_as)
        finding = self._as_published(finding, self._match(question, vector))
        return replace(finding, took_ms=(perf_counter() - started) * 1000)

    def _match(self, question: Question, vector: Vectors) -> Match | None:
        """What staff published for a question; nearly the same words give way to what the catalogue knows better."""
        match = self._published.asked(question, vector)
        if match is None or match.is_exact:
            return match
        nearest = self.computer.nearest_sample(vector)
        if nearest is None or nearest[1] <= match.likeness:
            return match
        own = None if isinstance(match.correction, Pointer) else self.by_id[match.correction.commitment_id].quote
        return match if nearest[0].quote == own else None

    def _as_published(self, finding: Finding, match: Match | None) -> Finding:
        if match is None:
            return finding
        if isinstance(match.correction, Pointer):
            return replace(finding, odds=CERTAINLY_SILENT, aspect="", known_as=SILENT, pointer=match.correction)
        found = self._curated_first(finding.candidates, self.by_id[match.correction.commitment_id])
        return replace(finding, candidates=found, odds=CERTAINLY_ANSWERED, aspect="", known_as=LINKED_TO)

    @staticmethod
    def _curated_first(found: tuple[Candidate, ...], commitment: Commitment) -> tuple[Candidate, ...]:
        own = next((c for c in found if c.commitment.id == commitment.id), None)
        signals = own.signals if own else found[0].signals
        rest = tuple(replace(c, probability=c.probability * (1 - CURATED)) for c in found if c is not own)
        return (Candidate(commitment, CURATED, signals), *rest)[:SHOWN]


def _plan_before_review(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The future is asked for, or nothing but a name: the review of the last years gives way to a likely promise."""
    if found[0].commitment.kind != "baseline":
        return found
    promised = next((c for c in found if c.commitment.kind in ("target", "action", "indicator")), None)
    if promised is None or promised.probability < REVIEW_SHARE:
        return found
    ahead = replace(promised, probability=found[0].probability)
    return (ahead, *(c for c in found if c is not promised))


def _target_before_its_baseline(
    found: tuple[Candidate, ...], commitments: Sequence[Commitment]
) -> tuple[Candidate, ...]:
    """Asked how much more it becomes: where the figure of then comes first, the target that is compared with it does."""
    first = found[0]
    if first.commitment.kind != "baseline":
        return found
    by_id = {c.commitment.id: c for c in found}
    for target in commitments:
        if any(identifier == first.commitment.id for _, identifier, _ in target.baselines) and target.curated:
            moved = by_id.get(target.id) or Candidate(target, 0.0, first.signals)
            ahead = Candidate(moved.commitment, first.probability, moved.signals)
            return (ahead, *(c for c in found if c.commitment.id != target.id))
    return found
