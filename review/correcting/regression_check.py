"""Before a correction goes live: which questions that are answered right now it would break. Nothing is asked twice for nothing.

Only questions that it could touch are answered, before and after: for a link or a pointer those of nearly the same words,
for a word those whose text it changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.encoder.vectors import load_vectors
from knowledge.language.question import bare_text
from knowledge.published.corrections import AboutQuestion, LiveCorrections, Word
from knowledge.search.finder import Finder
from knowledge.search.matching import CLOSE
from review.correcting.doubts import doubts_about
from review.correcting.objections import ELSEWHERE, Broken, Doubt, Objections
from review.correcting.regression_questions import (
    RegressionQuestion,
    RegressionQuestions,
    Teller,
    Told,
    dialogue_questions,
    frozen_questions,
    sample_questions,
)
from review.correcting.word_rules import check_word
from review.errors import InvalidInput

MOST_SAMPLES = (
    20  # sample questions that a word may change: one that stands in more is a word of the plan's own subjects
)
MOST_SHOWN = 30


class RegressionCheck:
    """Checks corrections against one plan. Safe to share between threads; the first check encodes the regression questions."""

    def __init__(self, finder: Finder, frozen: Path, vectors: Path) -> None:
        self.finder = finder
        self._vectors = vectors
        self._frozen = frozen
        self._lock = threading.Lock()
        self._questions: RegressionQuestions | None = None
        self._teller = Teller()

    @property
    def is_ready(self) -> bool:
        """Whether `prepare` is done."""
        return self._questions is not None

    def prepare(self) -> RegressionQuestions:
        """Read and encode the frozen questions and the dialogue's examples (some seconds, once)."""
        with self._lock:
            if self._questions is None:
                questions = [*frozen_questions(self._frozen), *dialogue_questions()]
                made = load_vectors(self._vectors) if self._vectors.exists() else {}
                self._questions = RegressionQuestions(self.finder.trying(LiveCorrections()), questions, made)
            return self._questions

    def objections_to(
        self,
        new: AboutQuestion | Word,
        live: LiveCorrections,
        corrections: Sequence[RegressionQuestion],
        *,
        leans: bool = False,
    ) -> Objections:
        """What a correction would break, at most `MOST_SHOWN`, and why a second person should look at it.

        `live` is what holds now, `corrections` are the approved ones as questions that must stay right. `leans` says
        that its question was said as a follow-up. Raises `InvalidInput` for a word that must not go live whatever it
        breaks.
        """
        before = self.finder.trying(live)
        if isinstance(new, Word):
            check_word(self.finder, new, live.words)
            after = self.finder.trying(replace(live, words=(*live.words, new)))
            touched: Iterable[RegressionQuestion] = self._changed(new, before, after, corrections)
            doubts = []
        else:
            after = self.finder.trying(replace(live, questions=(*live.questions, new)))
            touched = self._near(new, before, corrections)
            doubts = doubts_about(new, before, self._teller, leans=leans)
        breaks, elsewhere = self._compared(before, after, dict.fromkeys(touched))
        return Objections(breaks, [*doubts, *elsewhere])

    def _compared(
        self, before: Finder, after: Finder, questions: Iterable[RegressionQuestion]
    ) -> tuple[list[Broken], list[Doubt]]:
        """(questions that are right before and not after, those that another commitment would answer)."""
        broken: list[Broken] = []
        elsewhere: list[Doubt] = []
        for question in questions:
            now = self._teller.told(before, question)
            if len(broken) == MOST_SHOWN or not self._teller.is_right(question, now):
                continue
            then = self._teller.told(after, question)
            if not self._teller.is_right(question, then) or _is_taken_away(question, now, then):
                broken.append(Broken(question.question, question.origin, now.summary, then.summary))
            elif now.commitment_id != then.commitment_id and len(elsewhere) < MOST_SHOWN:
                elsewhere.append(Doubt(ELSEWHERE, question.question, now.summary, then.summary))
        return broken, elsewhere

    def _near(
        self, new: AboutQuestion, finder: Finder, corrections: Sequence[RegressionQuestion]
    ) -> Iterator[RegressionQuestion]:
        """Regression questions of the same words or nearly so, and the sample question of the same words."""
        text = finder.normalizer.normalise(new.question).text
        bare, vector = bare_text(text), finder.encoder.query(text)
        if not bare:
            raise InvalidInput("问题里没有实在的内容 / the question says nothing")
        regression = self.prepare()
        yield from regression.of_words(bare)
        yield from regression.near(vector, CLOSE)
        for each in corrections:
            its = finder.normalizer.normalise(each.question).text
            if bare_text(its) == bare or finder.encoder.query(its) @ vector >= CLOSE:
                yield each
        owner = finder.sample_owner(text)
        if owner:
            yield from sample_questions(finder, [(text, owner.id)])

    def _changed(
        self, new: Word, before: Finder, after: Finder, corrections: Sequence[RegressionQuestion]
    ) -> list[RegressionQuestion]:
        """Regression questions and sample questions that would be read otherwise. Raises `InvalidInput` if those are too many."""
        word = self.finder.normalizer.written(new.word).strip(" ，")

        def is_changed(question: str) -> bool:
            if word not in before.normalizer.written(question):
                return False
            return before.normalizer.normalise(question) != after.normalizer.normalise(question)

        samples = [
            (question, c.id)
            for c in self.finder.stored.commitments
            for question in c.questions
            if word in question.lower() and is_changed(question)
        ]
        if len(samples) > MOST_SAMPLES:
            examples = "；".join(f"“{question}”" for question, _ in samples[:3])
            raise InvalidInput(
                f"这个词会改掉 {len(samples)} 个示例问题，例如{examples}。请写得更具体 / it would change {len(samples)} sample questions: be more specific"
            )
        changed = [each for each in (*self.prepare().questions, *corrections) if is_changed(each.question)]
        return [*changed, *sample_questions(self.finder, samples)]


def _is_taken_away(question: RegressionQuestion, now: Told, then: Told) -> bool:
    """Whether the commitment that a person named answers now and another would, be it one of the same sentence.

    Commitments are compared, not words in quotes: 9500 beds and the share of nursing beds stand in one sentence.
    """
    named = question.commitment_id
    return bool(named) and now.commitment_id == named != then.commitment_id
