"""An utterance and what it leans on: all that the steps of a turn share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from actions.dialogue.acts import ASKING, CORRECTION, LEANING, RETURN
from actions.dialogue.conversation import Conversation, EarlierSubject
from actions.dialogue.nearness import near
from actions.dialogue.pointing import (
    ends_in_a_place,
    is_here,
    meant_in,
    named_in,
    names_the_first,
    points_at_the_past,
    points_back,
    without_speaker,
)
from actions.dialogue.reply import Reply
from actions.dialogue.services import Services
from actions.dialogue.utterance import Utterance
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import INTENT_OF_TOPIC
from knowledge.encoder.text_encoder import Vectors
from knowledge.language.clauses import asks, clauses_of
from knowledge.language.languages import ENGLISH
from knowledge.language.phrase import Phrase, as_typed
from knowledge.reply.decide import OUTCOME_KNOWN, is_command, names_a_term
from knowledge.reply.english_words import both
from knowledge.search.finding import CERTAINLY_ANSWERED, Candidate, Finding

FOLLOW_UP = "follow_up"  # the intent of words that lean on the last answer and say no more of how
ASKED_OF_THE_NEXT = {
    "past": "原来有多少",
    "how_many": "有多少",
    "what_is": "是什么意思",
}  # aspect → how it is put into words
LEANS = (LEANING, CORRECTION, RETURN)  # acts of a turn that needs the one before it
SURELY = 0.5  # probability of an act from which it is no other
UNLIKELY = 0.02  # probability of an act below which nothing is searched for on its account
READINGS = 3  # of the question before, offered where its answer was denied
ALONE_SHARE = 0.25  # of the turn by itself, beside what is found in full: chosen on data/dialogues, held out
NEAR_INTENT = 0.9  # of the subject's topic, where words are searched for together with the subject


@dataclass(frozen=True, eq=False)
class Leaning:
    """One utterance in its conversation. What steps need of it is worked out once, when the first of them asks.

    `kind` is the intent that brought it here. `question` replies to what a step takes for a question of its own:
    `finding` is then the given one (`taken_for`).
    """

    utterance: Utterance
    before: Conversation
    services: Services
    question: Callable[[Leaning], Reply]
    kind: str = FOLLOW_UP
    taken_for: Finding | None = None

    def as_question(self, finding: Finding) -> Reply:
        """The reply to what was found, as to a question of its own."""
        return self.question(replace(self, taken_for=finding))

    @cached_property
    def finding(self) -> Finding:
        """What is found for the utterance by itself; in English also by those of its words that are known in Chinese."""
        said, search = self.utterance, self.services.search
        if self.taken_for:
            return self.taken_for
        own = search.find(said.text, intents=said.intents or None, vector=said.vector, understood=said.understood)
        return self._with_known_words(own, said.text)

    def found_for(self, text: str) -> Finding:
        """What is found for other words by themselves, in English as for an utterance."""
        return self._with_known_words(self.services.search.find(text), text)

    def _with_known_words(self, own: Finding, text: str) -> Finding:
        if self.services.composer.language != ENGLISH or own.known_as:
            return own
        glossed = self.services.english.gloss(text)
        return both(own, self.services.search.find(glossed.text), glossed.known) if glossed else own

    @property
    def text(self) -> str:
        """The utterance as understood."""
        return self.finding.understood.text

    @cached_property
    def wordings(self) -> tuple[str, str]:
        """The utterance as understood and as typed, both in lower case: what is meant for Chinese bends English (don't)."""
        return self.text.lower(), as_typed(self.utterance.text.lower())

    def says(self, *phrases: Phrase) -> bool:
        """Whether it is, in one of its wordings, one of these phrases and nothing more."""
        return any(phrase.fits(wording) for phrase in phrases for wording in self.wordings)

    @cached_property
    def acts(self) -> Mapping[str, float]:
        """Act → probability that this is what it does; what was taken for a question is one."""
        return self.services.acts.read(self.utterance.text, self.vector)

    @cached_property
    def vector(self) -> Vectors:
        """The unit vector `(384,)` of it as understood."""
        known = self.utterance.vector
        return self.services.search.vector_of(self.text) if known is None else known

    @cached_property
    def asking(self) -> float:
        """The probability that it asks, in whatever way."""
        return sum(self.acts.get(act, 0.0) for act in ASKING)

    def may_be(self, *named: str, likely: float | None = None) -> bool:
        """Whether it may be one of these acts, at least with the probability `likely`: what cannot be is not searched for."""
        return sum(self.acts.get(act, 0.0) for act in named) >= (UNLIKELY if likely is None else likely)

    @property
    def may_lean(self) -> bool:
        """Whether there is an answer before, and it may be meant of that."""
        return self.has_subject and self.may_be(*LEANS)

    @property
    def only_returns(self) -> bool:
        """Whether it surely goes back to an earlier subject and asks nothing of it: 「回到刚才床位的事」."""
        return self.may_be(RETURN, likely=SURELY) and not self.asks_anywhere

    @property
    def is_known(self) -> bool:
        """Whether somebody gave these very words a label: then nothing is weighed."""
        return self.finding.known_as in OUTCOME_KNOWN

    @property
    def is_sample(self) -> bool:
        """Whether these are the very words of a sample question: a question of its own wherever it is asked."""
        return self.finding.odds == CERTAINLY_ANSWERED

    @property
    def is_command(self) -> bool:
        """Whether it was written for a machine."""
        return is_command(self.utterance.text)

    @property
    def points_back(self) -> bool:
        """Whether it sounds as if it leaned on the last answer."""
        return points_back(self.text)

    @property
    def has_subject(self) -> bool:
        """Whether there is an answer before to lean on."""
        return self.before.commitment_id in self.services.search.by_id

    @property
    def subject(self) -> Commitment:
        """What the last answer was about. Raises `KeyError` without one."""
        return self.services.search.by_id[self.before.commitment_id]

    @cached_property
    def in_context(self) -> Finding:
        """The finding, as of words that lean on an answer if there is one: our business, however they sound."""
        return self.finding.leaning() if self.has_subject else self.finding

    @property
    def names_a_term(self) -> bool:
        """Whether it names what the first passage found for it is about."""
        return names_a_term(self.finding)

    @property
    def asks_of_then(self) -> bool:
        """Whether it asks how the subject stood before, and names nothing else."""
        return points_at_the_past(self.text, self.services.composer.period) and not self.names_a_term

    @cached_property
    def named(self) -> str:
        """What is left of it without the words that only point."""
        return named_in(self.text)

    @cached_property
    def named_alone(self) -> Finding:
        """What is found for what it names, as for a question that leans on nothing."""
        return self.services.search.find(self.named)

    @cached_property
    def next_name(self) -> str:
        """What it names as the next object, without who speaks."""
        return without_speaker(self.named)

    @cached_property
    def asked(self) -> Finding:
        """What is found for the next object, asked the same as the subject was."""
        return self._leaning_find(self.next_name + ASKED_OF_THE_NEXT.get(self.before.aspect, ""))

    @cached_property
    def alone(self) -> Finding:
        """What is found for the next object and nothing asked of it."""
        return self._leaning_find(self.next_name) if self.before.aspect in ASKED_OF_THE_NEXT else self.asked

    @cached_property
    def beside(self) -> tuple[Candidate, ...]:
        """Of that, what stands near the subject in the plan; () if none is likely."""
        return near(self.alone, self.subject)

    @cached_property
    def joined(self) -> Finding:
        """What is found for the subject and the next object together."""
        return self.with_subject(self._with_the_subject)

    @property
    def _with_the_subject(self) -> str:
        return f"{self.subject.title}{self.next_name}"

    @cached_property
    def meant_words(self) -> str:
        """What it says last where it says two things, "" otherwise."""
        return meant_in(self.text)

    @cached_property
    def meant(self) -> Finding:
        """What is found for that alone."""
        return self.services.search.find(self.meant_words)

    @cached_property
    def meant_of_subject(self) -> Finding:
        """What is found for that and the subject together."""
        return self.with_subject(f"{self.subject.title}{named_in(self.meant_words)}")

    @cached_property
    def with_told(self) -> Finding:
        """What is found for it with all that was told before it."""
        return self._leaning_find(self._after_what_was_told)

    @cached_property
    def with_question(self) -> Finding:
        """What is found for the question before and it in one."""
        return self._leaning_find(self._after_the_question)

    @property
    def _after_what_was_told(self) -> str:
        return "，".join([*self.before.told, self.text])

    @property
    def _after_the_question(self) -> str:
        return f"{self.before.question}，{self.text}"

    @property
    def in_one(self) -> Finding:
        """What is found for all in one: with the question before, else with what was told, else by itself."""
        if self.before.question:
            return self.with_question
        return self.with_told if self.before.told else self.finding

    @cached_property
    def earlier(self) -> EarlierSubject | None:
        """The subject before the last one to which the words come nearest: the first if they say so, else by what they find."""
        by_id, found = self.services.search.by_id, self.before.earlier
        there = [each for each in found if each.commitment_id in by_id]
        if not there or names_the_first(self.text):
            return there[-1] if there else None
        shared = [len(set(self.text) & set(each.question + by_id[each.commitment_id].title)) for each in there]
        scores = [self.likely_alone(by_id[e.commitment_id].quote) + 0.1 * n for e, n in zip(there, shared)]
        return there[scores.index(max(scores))]

    def likely_alone(self, quote: str) -> float:
        """The probability among the candidates, for the utterance by itself, of the first that stands in a sentence; 0 if none."""
        return self._shares_alone.get(quote, 0.0)

    def likely_in_full(self, quote: str) -> float:
        """The same for the question in full."""
        return self._shares_in_full.get(quote, 0.0)

    @cached_property
    def _shares_alone(self) -> Mapping[str, float]:
        return _shares(self.finding)

    @cached_property
    def _shares_in_full(self) -> Mapping[str, float]:
        return _shares(self.in_full)

    @cached_property
    def parts_in_full(self) -> tuple[Vectors | None, ...]:
        """Unit vectors `(384,)` of what its question in full is predicted from, one for each of `in_full.PARTS`; None: not there."""
        before, vector_of = self.before, self.services.search.vector_of
        wordings = (
            self._after_the_question if before.question else "",
            self._with_the_subject if self.has_subject else "",
            self._after_what_was_told if before.told else "",
        )
        return (self.vector, *(vector_of(wording) if wording else None for wording in wordings))

    @cached_property
    def in_full(self) -> Finding:
        """What is found for its words where its question in full lies."""
        return self.find_in_full(self.finding, self.parts_in_full).leaning()

    def find_in_full(self, alone: Finding, parts: Sequence[Vectors | None]) -> Finding:
        """What is found for words that were searched for `alone`, where the question in full lies that has these `parts`."""
        vector, understood = self.services.in_full.vector(parts), alone.understood
        return self.services.search.find(understood.text, vector=vector, understood=understood)

    @cached_property
    def pooled(self) -> tuple[Candidate, ...]:
        """One candidate for each sentence that is found in full or alone, with its mean share of both, the likeliest first."""
        first: dict[str, Candidate] = {}
        shares: dict[str, float] = {}
        for finding, weight in ((self.in_full, 1 - ALONE_SHARE), (self.finding, ALONE_SHARE)):
            for candidate in finding.one_of_each_sentence():
                quote = candidate.commitment.quote
                first.setdefault(quote, candidate)
                shares[quote] = shares.get(quote, 0.0) + candidate.probability * weight
        likeliest = sorted(first, key=lambda quote: -shares[quote])
        return tuple(replace(first[quote], probability=shares[quote]) for quote in likeliest)

    @cached_property
    def of_earlier(self) -> Finding:
        """What is found for that earlier subject and what it names. Raises `AttributeError` without one."""
        assert self.earlier is not None
        title = self.services.search.by_id[self.earlier.commitment_id].title
        return self._leaning_find(f"{title}{self.named}")

    @cached_property
    def other_readings(self) -> tuple[Commitment, ...]:
        """What else the question before may have meant, one for each sentence."""
        if not self.before.question:
            return ()
        found = [c.commitment for c in self.services.search.find(self.before.question).one_of_each_sentence()]
        return tuple(c for c in found if c.quote != self.subject.quote)[:READINGS]

    @property
    def asks(self) -> frozenset[str]:
        """What it asks for besides its subject, as `knowledge.language.question` names it."""
        return self.finding.question.asks

    @cached_property
    def ends_asking(self) -> bool:
        """Whether its last clause asks something."""
        return self._clauses_that_ask[-1:] == [True]

    @cached_property
    def asks_anywhere(self) -> bool:
        """Whether one of its clauses asks something."""
        return any(self._clauses_that_ask)

    @cached_property
    def _clauses_that_ask(self) -> list[bool]:
        return [asks(clause) for clause in clauses_of(self.text)]

    @property
    def is_a_place(self) -> bool:
        """Whether nothing but a place within the district is named, or pointed at."""
        name = self.next_name
        return is_here(name) or self.services.composer.gazetteer.is_a_name(name)

    @property
    def names_a_place(self) -> bool:
        """Whether it names or points at such a place, among other words too."""
        return self.is_a_place or bool(self.finding.question.places) or ends_in_a_place(self.next_name)

    def with_subject(self, words: str) -> Finding:
        """What is found for words that were joined with the subject's, near its topic."""
        return self._leaning_find(words, {INTENT_OF_TOPIC.get(self.subject.topic, ""): NEAR_INTENT})

    def of_subject_then(self) -> Finding:
        """What is found when it is asked how much there was of the subject before."""
        return self._leaning_find(f"原来{self.subject.title}有多少")

    def _leaning_find(self, words: str, intents: dict[str, float] | None = None) -> Finding:
        return self.services.search.find(words, intents=intents).leaning()


def _shares(finding: Finding) -> Mapping[str, float]:
    """Sentence → the share among the candidates of the first that stands in it."""
    return {c.commitment.quote: c.probability for c in finding.one_of_each_sentence()}
