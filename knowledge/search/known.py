"""What is known word for word: questions that stand in the training data, with the label that somebody gave them.

A model learns from examples and may still decide otherwise about one of them; a person who taught something expects to
be taken at their word. So the very words of an example are believed before any model, and models are for everything
else. Where several files claim the same words, the first of these wins: a linked question (a person said which passage
answers it), a contrast (it sounds as if the plan were silent, and is answered), a question of `not_in_plan.yml`, an
example of out of scope, a sample question of the catalogue. Of intents the first example wins: `data/nlu/` in name
order, then `knowledge/sources/training/`, then the catalogue. The console's export takes a question from all other places when
it teaches a new label, so that only files edited by hand come to this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.catalogue.linked import LinkedQuestions
from knowledge.catalogue.training_data import TrainingQuestions, with_intents
from knowledge.language.normalise import Normalizer
from knowledge.language.question import same_words

SURE = 0.99  # probability of what is known: no model says more, and the others keep a share to be ranked by
LINKED_TO, SILENT, OUTSIDE = "linked", "silent", "out_of_scope"


@dataclass(frozen=True)
class KnownIntents:
    """Understood texts and the intent that an example gives them.

    `by_text` holds whole texts; `by_words` what is left of them without particles, where all examples agree on it:
    「高中」 is a topic and 「高中呢」 a follow-up.
    """

    by_text: Mapping[str, str] = field(default_factory=dict)
    by_words: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, examples: Iterable[tuple[str, str]]) -> KnownIntents:
        """From (understood text, intent) pairs; of two that claim the same text the first wins."""
        by_text: dict[str, str] = {}
        for text, intent in examples:
            if text:
                by_text.setdefault(text, intent)
        claims: dict[str, set[str]] = {}
        for text, intent in by_text.items():
            claims.setdefault(same_words(text), set()).add(intent)
        return cls(by_text, {words: next(iter(found)) for words, found in claims.items() if len(found) == 1})

    @classmethod
    def from_dict(cls, data: Mapping[str, Mapping[str, str]]) -> KnownIntents:
        """What `as_dict` gave. Raises `KeyError`."""
        return cls(data["by_text"], data["by_words"])

    def as_dict(self) -> dict[str, dict[str, str]]:
        """For JSON."""
        return {"by_text": dict(self.by_text), "by_words": dict(self.by_words)}

    def intent_of(self, text: str) -> str:
        """The intent of an understood text, "" where no example has these words."""
        return self.by_text.get(text) or self.by_words.get(same_words(text), "")

    def believed(self, text: str, intents: Mapping[str, float]) -> dict[str, float]:
        """`intents` with the known one at `SURE` and the others sharing the rest as before; unchanged if none is."""
        known = self.intent_of(text)
        others = sum(share for name, share in intents.items() if name != known)
        if not known or known not in intents or intents[known] >= SURE or others <= 0:
            return dict(intents)
        return {name: SURE if name == known else share * (1 - SURE) / others for name, share in intents.items()}


@dataclass(frozen=True)
class KnownQuestions:
    """What the finder knows word for word, by `question.same_words` of understood texts.

    `linked` gives a commitment's id, `silent` an aspect; `answered` holds contrasts.
    """

    linked: Mapping[str, str] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    silent: Mapping[str, str] = field(default_factory=dict)
    intents: KnownIntents = field(default_factory=KnownIntents)

    def label(self, text: str) -> str:
        """`LINKED_TO`, `SILENT`, or an intent; "" if nobody labelled these words."""
        words = same_words(text)
        if words in self.linked:
            return LINKED_TO
        if words in self.silent and words not in self.answered:
            return SILENT
        return self.intents.intent_of(text)


def known_questions(
    questions: TrainingQuestions, linked: Sequence[LinkedQuestions], normalizer: Normalizer
) -> KnownQuestions:
    """From the questions of a build's sources."""

    def understood(text: str) -> str:
        return normalizer.normalise(text).text

    topical = with_intents([*questions.silent, *questions.contrast, *questions.samples])
    return KnownQuestions(
        {same_words(understood(q)): entry.commitment_id for entry in linked for q in entry.questions},
        frozenset(same_words(understood(e.text)) for e in questions.contrast),
        {same_words(understood(e.text)): e.label for e in reversed(questions.silent)},
        KnownIntents.of((understood(e.text), e.label) for e in [*questions.nlu, *topical]),
    )
