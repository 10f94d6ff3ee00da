"""From a resident's words to ranked commitments and the probability that the first one answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_store
from knowledge.encoder.text_encoder import TextEncoder, Vectors, shared_encoder
from knowledge.groundwork import settings
from knowledge.groundwork.errors import FileUnreadable, StoreUnavailable
from knowledge.language.normalise import Normalizer, Understood
from knowledge.language.question import Question, amount_asked_of, asked_of, read_question, same_words
from knowledge.language.skeleton import Skeletons
from knowledge.published.corrections import (
    AboutQuestion,
    CorrectionSource,
    Fixed,
    Link,
    LiveCorrections,
    Pointer,
    Refusal,
)
from knowledge.search.answerability import Probabilities, Worded
from knowledge.search.finder_models import FinderModels, topic_probabilities
from knowledge.search.finding import CERTAINLY_ANSWERED, OTHER_DISTRICT, Candidate, Finding
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.known import LINKED_TO, OUTSIDE, SILENT, SURE, KnownQuestions
from knowledge.search.matching import LiveQuestions, Match
from knowledge.search.outcome_rows import outcome_row
from knowledge.search.ranking import Ranked, rank, shortlisted
from knowledge.search.reordering import SHOWN, curated_first, plan_before_review, target_before_its_baseline
from knowledge.search.signals import FEATURES, Floats, SignalComputer

ASPECT_FROM = 0.2  # probability of silence from which it is worth asking what is missing
NOTHING_TO_FIND = Probabilities(right=0.0, silent=0.0)
OURSELVES = ("我们", "咱们", "这里", "这边", "本区", "区里")  # who asks so asks of the district, whatever else is named
CERTAINLY_SILENT = Probabilities(right=1.0, silent=SURE)
NOTHING_KNOWN = KnownQuestions()


@dataclass(frozen=True, eq=False)
class ReadQuestion:
    """A question on its way to a finding: how it reads, NLU's view of it, and all candidates as the ranking puts them."""

    understood: Understood
    question: Question
    worded: Worded
    intents: Mapping[str, float]
    ranked: Ranked


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
        # An understood text as a question to this plan.
        self.read: Callable[[str], Question] = partial(
            read_question, places=stored.meta["places"], period=stored.period
        )
        self.computer = computer
        self._skeletons = Skeletons(normalizer.vocabulary)
        self._models = models
        self._known = known
        owners = zip(map(same_words, computer.samples.texts), computer.samples.owners.tolist())
        self._asked_before = dict(reversed(list(owners)))  # asked in a sample's words, nothing has to be guessed
        self._rows = {c.id: row for row, c in enumerate(computer.commitments)}
        linked = {words: owner for words, owner in known.linked.items() if owner in self._rows}
        self._asked_before |= {words: self._rows[owner] for words, owner in linked.items()}
        self.encoder = encoder
        self._follow(corrections or Fixed(), normalizer)

    def _follow(self, corrections: CorrectionSource, normalizer: Normalizer) -> None:
        self.normalizer = normalizer.with_corrections(corrections)
        is_name = self.computer.is_name
        self._published = LiveQuestions(corrections, self.normalizer, self.encoder, self.read, self.by_id, is_name)

    def with_corrections(self, corrections: CorrectionSource) -> Finder:
        """The same knowledge with other corrections; nothing is loaded again."""
        other = copy.copy(self)
        other._follow(corrections, self.normalizer)
        return other

    @property
    def published_state(self) -> tuple[object, ...]:
        """What staff have published, as it is looked up now: as long as these are the same objects, so is what is found."""
        return self._published.state

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
            signals = KeptSignals.load(paths.signals, kept.models.projection)
            normalizer = Normalizer.load(paths)
        except (OSError, ValueError, KeyError, FileUnreadable) as error:
            raise StoreUnavailable(f"{paths.folder}: 向量或模型读不出（{error}） — 运行 make knowledge 重建") from error
        if {kept.fingerprint, signals.fingerprint} != {stored.meta.get("fingerprint")}:
            raise StoreUnavailable(f"{paths.folder}: 模型与知识库不是同一次构建 — 运行 make knowledge 重建")
        computer = SignalComputer(
            stored.commitments,
            signals.vectored,
            normalizer.vocabulary,
            kept.models.projection,
            indexed=signals.indexed,
        )
        return cls(stored, normalizer, computer, kept.models, encoder or shared_encoder(), kept.known, corrections)

    def intents(self, text: str, vector: Vectors) -> dict[str, float]:
        """Intent → probability of an understood question and its vector, as NLU would see it."""
        guessed = self._models.intent_probabilities(self.normalizer.vocabulary.cut(text), vector)
        return self._known.intents.believed(text, guessed)

    def vector_of(self, text: str) -> Vectors:
        """The encoder's unit vector `(384,)` of an understood text."""
        return self.encoder.query(text)

    def likeness(self, vector: Vectors, commitment: Commitment) -> float:
        """The cosine of a text's vector and a commitment's sentence, less the mean over all sentences: about -0.2 to 0.3."""
        return self.computer.quote_likeness(vector, self._rows[commitment.id])

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
        topics = topic_probabilities(self.intents(understood.text, vector))
        return self.computer.features(self.read(understood.text), vector, topics)

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
        if not understood.text or not self.stored.commitments:
            return Finding(understood, self.read(understood.text), (), NOTHING_TO_FIND, intents or {})
        asked = self._asked(understood, intents, vector)
        finding = self._as_ranked(asked)
        for stage in self._STAGES:
            finding = stage(self, asked, finding)
        return replace(finding, took_ms=(perf_counter() - started) * 1000)

    def published_for(self, text: str) -> AboutQuestion | None:
        """What staff published that decides about a message; None where nothing does."""
        understood = self.normalizer.normalise(text)
        if not understood.text:
            return None
        match = self._match(self.read(understood.text), self.encoder.query(understood.text))
        return match.correction if match else None

    def _asked(
        self, understood: Understood, intents: Mapping[str, float] | None, vector: Vectors | None
    ) -> ReadQuestion:
        """The question with all that is worked out of it before anything is decided."""
        question = self.read(understood.text)
        vector = self.encoder.query(understood.text) if vector is None else vector
        view = dict(intents) if intents else self.intents(understood.text, vector)
        features = self.computer.features(question, vector, topic_probabilities(view))
        worded = Worded(self._skeletons.of(question.text), question.text, vector)
        return ReadQuestion(understood, question, worded, view, rank(self._models.ranking, shortlisted(features)))

    def _as_ranked(self, asked: ReadQuestion) -> Finding:
        """The candidates as the ranking puts them, and the label of these very words."""
        ranked = asked.ranked
        found = tuple(
            Candidate(self.computer.commitments[row], float(share), dict(zip(FEATURES, map(float, signals))))
            for row, share, signals in zip(ranked.rows[:SHOWN], ranked.shares, ranked.features)
        )
        odds = Probabilities(right=found[0].probability, silent=0.0)
        known_as = self._known.label(asked.question.text)
        return Finding(asked.understood, asked.question, found, odds, asked.intents, known_as=known_as)

    def _reordered(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """Promise before review, target before its baseline, where the question speaks for it."""
        asks, found = asked.question.asks, finding.candidates
        if "comparison" in asks:
            found = target_before_its_baseline(found, self.stored.commitments)
        elif "future" in asks or (self._is_name(asked) and "past" not in asks):
            found = plan_before_review(found)
        return replace(finding, candidates=found, odds=replace(finding.odds, right=found[0].probability))

    def _with_odds(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """The probabilities that the first candidate answers, that the plan is silent, that it is none of our business."""
        outcomes = self._models.outcomes
        if not outcomes:
            return finding
        wording = outcomes.wording.probability(asked.worded)
        likeness = outcomes.unanswered.likeness(asked.worded.vector)
        elsewhere = self.stored.meta.get("elsewhere", ())
        row = outcome_row(self.computer, asked.ranked, asked.question, wording, likeness, asked.intents, elsewhere)
        odds = outcomes.probabilities(row)
        if self._is_surely_answered(asked):
            odds = Probabilities(odds.right, silent=0.0)
        elif finding.candidates[0].commitment.is_called(asked.question.bare):
            odds = replace(odds, outside=0.0)
        return replace(finding, odds=odds)

    def _with_aspect(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """What is missing, where the plan may be silent."""
        return finding if finding.odds.silence < ASPECT_FROM else replace(finding, aspect=self._aspect(asked))

    def _aspect(self, asked: ReadQuestion) -> str:
        """What a question asks for that a plan may not say; "" where that is not clear."""
        aspect = self._models.aspects.aspect(asked.worded) if self._models.aspects else ""
        return "" if aspect == OTHER_DISTRICT and asked.question.places else aspect

    def _of_here(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """Silent on other districts and cities, however well the question fits a sentence that does not name them."""
        meta = self.stored.meta
        own = [*filter(None, [meta.get("district")]), *OURSELVES]
        name = asked_of(asked.question.text, meta.get("elsewhere", ()), own)
        if not name or name in finding.candidates[0].commitment.quote:
            return finding
        return replace(finding, odds=CERTAINLY_SILENT, aspect=OTHER_DISTRICT)

    def _as_known(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """As somebody labelled these very words, or as the commitment whose sample question they are."""
        words = same_words(asked.question.text)
        if finding.known_as in (SILENT, OUTSIDE):
            aspect = self._known.silent[words] if finding.known_as == SILENT else ""
            return replace(finding, odds=CERTAINLY_SILENT, aspect=aspect)
        if words not in self._asked_before:
            return finding
        found = curated_first(finding.candidates, self.computer.commitments[self._asked_before[words]])
        return replace(finding, candidates=found, odds=CERTAINLY_ANSWERED, aspect="")

    def _as_published(self, asked: ReadQuestion, finding: Finding) -> Finding:
        """As staff published it for these words, or for nearly the same ones."""
        match = self._match(asked.question, asked.worded.vector)
        if match is None:
            return finding
        if isinstance(match.correction, Pointer):
            return replace(finding, odds=CERTAINLY_SILENT, aspect="", known_as=SILENT, pointer=match.correction)
        if isinstance(match.correction, Refusal):
            return self._refused(match.correction, asked, finding)
        found = curated_first(finding.candidates, self.by_id[match.correction.commitment_id])
        return replace(finding, candidates=found, odds=CERTAINLY_ANSWERED, aspect="", known_as=LINKED_TO)

    def _refused(self, refusal: Refusal, asked: ReadQuestion, finding: Finding) -> Finding:
        """Outside, or silent on the aspect that staff named, else on what the question most likely asks for."""
        if refusal.outside:
            return replace(finding, odds=CERTAINLY_SILENT, aspect="", known_as=OUTSIDE)
        aspect = refusal.aspect or self._aspect(asked)
        return replace(finding, odds=CERTAINLY_SILENT, aspect=aspect, known_as=SILENT)

    _STAGES = (
        _reordered,
        _with_odds,
        _with_aspect,
        _of_here,
        _as_known,
        _as_published,
    )  # each changes what the one before found

    def _is_name(self, asked: ReadQuestion) -> bool:
        """Whether the question is nothing but a name of the plan's."""
        return self.computer.is_name(asked.question.bare)

    def _is_surely_answered(self, asked: ReadQuestion) -> bool:
        """Whether all that the plan says on a name is asked for, or its amount, or somebody said that it is answered."""
        has_figure = self.computer.has_figure[asked.ranked.rows[0]]
        amount = has_figure and self.computer.is_name(amount_asked_of(asked.question.bare, self.stored.period))
        return bool(self._is_name(asked) or amount or same_words(asked.question.text) in self._known.answered)

    def _match(self, question: Question, vector: Vectors) -> Match | None:
        """What staff published for a question; nearly the same words give way to what the catalogue knows better."""
        match = self._published.asked(question, vector)
        if match is None or match.is_exact:
            return match
        nearest = self.computer.nearest_sample(vector)
        if nearest is None or nearest[1] <= match.likeness:
            return match
        own = self.by_id[match.correction.commitment_id].quote if isinstance(match.correction, Link) else None
        return match if nearest[0].quote == own else None
