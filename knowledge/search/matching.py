"""Which published question a resident's question is: the same words, or nearly the same that ask for the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.encoder.text_encoder import TextEncoder, Vectors, stack_vectors
from knowledge.language.normalise import Normalizer
from knowledge.language.question import Question
from knowledge.published.corrections import (
    AboutQuestion,
    CorrectionSource,
    Link,
    LiveCorrections,
    Pointer,
    today,
)
from knowledge.published.renewing import Renewed

# Cosine from which a question is taken for a published one that asks for the same (`same_demands`), where neither is a
# bare name and no sample question of another sentence is nearer. `python -m evaluation.paraphrases`: of the catalogue's
# 15,171 sample questions 526 ordered pairs are so near, 98.7 % of one sentence (at 0.97 97.1 %, at 0.96 94.8 %).
CLOSE = 0.975
_WHETHER = re.compile(r"有没有|是不是|会不会|能不能|可不可以|要不要|好不好|行不行|不少于|不低于")
_NEGATED = re.compile(r"[不没未无非别勿]")


def same_demands(one: Question, other: Question) -> bool:
    """Whether two questions ask for the same of their subject: aspects, places, years, numbers, and whether negated."""
    return (
        one.asks == other.asks
        and set(one.places) == set(other.places)
        and set(one.years) == set(other.years)
        and set(one.numbers) == set(other.numbers)
        and _is_negated(one.text) == _is_negated(other.text)
    )


def _is_negated(text: str) -> bool:
    return bool(_NEGATED.search(_WHETHER.sub("", text)))


@dataclass(frozen=True)
class Match:
    """A published question that was asked; `likeness` is 1.0 for the same words, else the cosine."""

    correction: AboutQuestion
    likeness: float

    @property
    def is_exact(self) -> bool:
        """Whether it was asked word for word."""
        return self.likeness == 1.0


class PublishedQuestions:
    """The questions of one state of the corrections, as one normaliser reads them. Immutable."""

    def __init__(
        self,
        corrections: LiveCorrections,
        questions: Sequence[Question],
        vectors: Sequence[Vectors],
        known: Collection[str],
        is_name: Callable[[str], bool],
    ) -> None:
        kept = [
            (each, question, vector)
            for each, question, vector in zip(corrections.questions, questions, vectors)
            if question.bare and (not isinstance(each, Link) or each.commitment_id in known)
        ]
        self.corrections = corrections
        self._is_name = is_name
        self._kept = [(each, question) for each, question, _ in kept]
        self._vectors = stack_vectors([vector for _, _, vector in kept])
        self._by_words: dict[str, list[AboutQuestion]] = {}
        for each, question in self._kept:
            self._by_words.setdefault(question.bare, []).append(each)

    def asked(self, question: Question, vector: Vectors) -> Match | None:
        """What was published for a question, the latest of the same words, else the nearest of nearly the same.

        A bare name is only ever meant word for word: 「民心工程」 is not 「民心工程，解释一下」.
        """
        day = today()
        for each in reversed(self._by_words.get(question.bare, ())):
            if _holds(each, day):
                return Match(each, 1.0)
        if not self._kept or self._is_name(question.bare):
            return None
        likeness = self._vectors @ vector
        for row in (-likeness).argsort():
            if likeness[row] < CLOSE:
                return None
            each, published = self._kept[row]
            if _holds(each, day) and same_demands(question, published) and not self._is_name(published.bare):
                return Match(each, min(float(likeness[row]), 0.9999))
        return None


def _holds(each: AboutQuestion, day: date) -> bool:
    return not isinstance(each, Pointer) or each.holds_on(day)


class LiveQuestions:
    """The published questions as a finder looks them up; follows its source. Safe to share between threads.

    `read` reads an understood text. Links to a commitment that is not in `known` (another plan's, or gone since) are left
    out. `is_name` tells whether a text is the name of something in the plan and nothing else.
    """

    def __init__(
        self,
        source: CorrectionSource,
        normalizer: Normalizer,
        encoder: TextEncoder,
        read: Callable[[str], Question],
        known: Collection[str],
        is_name: Callable[[str], bool],
    ) -> None:
        self._source = source
        self._normalizer = normalizer
        self._encoder = encoder
        self._read = read
        self._known = known
        self._is_name = is_name
        self._seen: dict[str, Vectors] = {}
        self._state = Renewed(PublishedQuestions(LiveCorrections(), (), (), known, is_name))

    def asked(self, question: Question, vector: Vectors) -> Match | None:
        """What was published for a question; `vector` is the encoder's `query` vector of its text.

        New questions are encoded in another thread (6 ms each): until that is done, those before count.
        """
        corrections, state = self._source.current(), self._state.value
        if state.corrections is not corrections:
            state = self._state.renew(lambda: self.prepared(corrections))
        return state.asked(question, vector)

    @property
    def state(self) -> tuple[LiveCorrections, PublishedQuestions]:
        """What holds and what is ready to be asked: the same two objects as long as nothing changes."""
        return self._source.current(), self._state.value

    def prepare(self) -> None:
        """Make ready what the source holds now, however long it takes."""
        corrections = self._source.current()
        self._state = Renewed(self.prepared(corrections))

    def prepared(self, corrections: LiveCorrections) -> PublishedQuestions:
        """A state of the corrections, ready to be asked."""
        texts = [self._normalizer.normalise(each.question).text for each in corrections.questions]
        self._seen = {text: self._vector(text) for text in texts}
        questions = [self._read(text) for text in texts]
        vectors = [self._seen[text] for text in texts]
        return PublishedQuestions(corrections, questions, vectors, self._known, self._is_name)

    def _vector(self, text: str) -> Vectors:
        known = self._seen.get(text)
        return self._encoder.query(text) if known is None else known
