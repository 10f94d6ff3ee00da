"""Carrying a decision out on the examples: what has to be added, and what contradicts it and goes.

What agrees with a decision already, wherever it stands, is left alone; so a decision that is carried out once more
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.catalogue.entries import MAX_QUESTION_CHARS, QUESTIONS_PER_ENTRY
from knowledge.catalogue.training_data import INTENT_OF_TOPIC, TOPIC_OF_INTENT
from review.teaching import decisions
from review.teaching.decisions import OUT_OF_SCOPE, StaffDecision
from review.teaching.examples import CATALOGUE, CONTRAST, LINKED, NLU, SAMPLES, SILENT, Example, Examples

ADDED, REMOVED, SET = "added", "removed", "set"
# Turns that lean on the one before: 「高中呢」 is one though 「高中」 is not, so their whole words are compared.
LEANING = ("follow_up", "ask_more", "ask_when", "ask_how_many", "ask_source")
TOO_FEW = (
    "承诺的示例问题会少于 3 个，先给它补一个 / its commitment would have fewer than 3 sample questions: add one first"
)


@dataclass(frozen=True)
class Change:
    """One line that was added, removed or set. `block` names where (`Block.label`); `after` is the example before it;
    `before` what a `set` line held.
    """

    done: str
    file: str
    block: str
    text: str
    after: str = ""
    before: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the database."""
        return asdict(self)


class Placing:
    """Carries decisions out. `plain_of` gives a text as understood; `place_if_silent` (topic, aspect) of a question."""

    def __init__(
        self,
        examples: Examples,
        plain_of: Callable[[str], str],
        place_if_silent: Callable[[str], tuple[str, str]],
    ) -> None:
        self._examples = examples
        self._plain_of = plain_of
        self._place_if_silent = place_if_silent
        self.kept: dict[str, str] = {}  # source → why a contradicting example could not go

    def carry_out(self, decision: StaffDecision, placed: str = "") -> list[Change]:
        """What was changed. `placed` is the block that an earlier export chose for a silent question."""
        here = [each for each in self._examples.same(decision.question) if self._same(each, decision)]
        if decision.kind == decisions.LINK:
            return self._link(decision, here)
        if decision.kind == decisions.SILENT:
            return self._silent(decision, here, placed)
        if decision.kind == decisions.NOT_OURS:
            return self._outside(decision, here)
        if decision.kind == decisions.INTENT:
            return self._intent(decision, here)
        if decision.kind == decisions.UNLINK:
            own = [e for e in here if e.block.kind in SAMPLES and e.block.name == decision.commitment_id]
            return self._remove(decision, own)
        return self._remove(decision, [e for e in here if decision.intent in ("", e.block.intent)])

    def undo(self, change: Change) -> list[Change]:
        """Take a change back, as far as the files still show it."""
        kind, name = change.block.split(":", 1)
        block = self._examples.block(kind, name)
        there = [e for e in self._examples.same(change.text) if e.block.label == change.block and e.text == change.text]
        if change.done == ADDED:
            return [self._take(each) for each in there if not self._examples.must_stay(each)]
        if there or (block is None and kind not in (SILENT, NLU) and name not in self._examples.commitments):
            return []
        if block is None and kind in (CATALOGUE, CONTRAST):
            return []
        return [self._put(kind, name, change.text, change.after)]

    def _same(self, example: Example, decision: StaffDecision) -> bool:
        leans = {example.block.intent in LEANING, decision.intent in LEANING}
        return len(leans) == 1 or self._plain_of(example.text) == self._plain_of(decision.question)

    def _link(self, decision: StaffDecision, here: list[Example]) -> list[Change]:
        commitment = self._examples.commitments[decision.commitment_id]
        intent = INTENT_OF_TOPIC[commitment.topic]
        own = [e for e in here if e.block.kind in SAMPLES and e.block.name == commitment.id]
        against = [
            e for e in here if e not in own and (e.block.intent != intent or e.block.kind not in (NLU, CONTRAST))
        ]
        changes = self._remove(decision, against)
        if own:
            return changes
        entry = self._examples.block(CATALOGUE, commitment.id) if decision.of_edit else None
        room = entry is not None and len(entry.examples) < QUESTIONS_PER_ENTRY[1]
        room = room and len(decision.question) <= MAX_QUESTION_CHARS and decision.source not in self.kept
        kind = CATALOGUE if room else LINKED
        return [*changes, self._put(kind, commitment.id, decision.question)]

    def _silent(self, decision: StaffDecision, here: list[Example], placed: str) -> list[Change]:
        topical = next((e.block.intent for e in here if e.block.kind in (NLU, SILENT) and _topical(e)), "")
        own = [e for e in here if e.block.kind == SILENT and decision.aspect in ("", e.block.name.split("|")[0])]
        against = [e for e in here if e not in own and not (e.block.kind == NLU and _topical(e))]
        if own:
            return self._remove(decision, against)
        aspect, topic = placed.split("|") if placed else ("", "")
        if not placed and not (decision.aspect and topical):
            topic, aspect = self._place_if_silent(decision.question)
        name = f"{decision.aspect or aspect}|{TOPIC_OF_INTENT.get(topical, topic)}"
        return [*self._remove(decision, against), self._put(SILENT, name, decision.question)]

    def _outside(self, decision: StaffDecision, here: list[Example]) -> list[Change]:
        own = [e for e in here if e.block.kind == NLU and e.block.name == OUT_OF_SCOPE]
        changes = self._remove(decision, [e for e in here if e not in own])
        return changes if own else [*changes, self._put(NLU, OUT_OF_SCOPE, decision.question)]

    def _intent(self, decision: StaffDecision, here: list[Example]) -> list[Change]:
        """A question that is known to be answered or not stays so, under its new topic."""
        against = [e for e in here if e.block.intent != decision.intent]
        topic = TOPIC_OF_INTENT.get(decision.intent)
        changes, moved = self._remove(decision, against), False
        for example in against:
            if topic and example.block.kind == SILENT:
                aspect = example.block.name.split("|")[0]
                changes.append(self._put(SILENT, f"{aspect}|{topic}", example.text))
                moved = True
            elif topic and example.block.kind == CONTRAST and self._examples.block(CONTRAST, topic):
                changes.append(self._put(CONTRAST, topic, example.text))
                moved = True
        if moved or len(against) < len(here):
            return changes
        return [*changes, self._put(NLU, decision.intent, decision.question)]

    def _put(self, kind: str, name: str, text: str, after: str = "") -> Change:
        example = self._examples.add(kind, name, text, after)
        return Change(ADDED, example.block.file.name, example.block.label, text)

    def _remove(self, decision: StaffDecision, examples: list[Example]) -> list[Change]:
        changes = []
        for example in examples:
            if self._examples.must_stay(example):
                self.kept[decision.source] = TOO_FEW
            else:
                changes.append(self._take(example))
        return changes

    def _take(self, example: Example) -> Change:
        file, label = example.block.file.name, example.block.label
        return Change(REMOVED, file, label, example.text, self._examples.remove(example))


def _topical(example: Example) -> bool:
    return example.block.intent in TOPIC_OF_INTENT
