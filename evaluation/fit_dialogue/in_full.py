"""Fits where a question in full lies, on the turns that lean and were put in full as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.dialogue.in_full import PARTS, InFullModel
from actions.dialogue.responder import Responder
from evaluation.fit_dialogue.folds import fold_of
from evaluation.fit_dialogue.reading import answering, by_quote
from knowledge.catalogue.written_dialogues import WrittenDialogue, WrittenTurn
from knowledge.encoder.text_encoder import DIMENSIONS, Vectors
from knowledge.search.finder import Finder

PENALTY = 3.0  # of the ridge: flat between 1 and 5 out of fold


@dataclass(frozen=True)
class InFullExample:
    """The parts' vectors of a turn that leans, that of the question in full, and its dialogue."""

    parts: tuple[Vectors | None, ...]
    whole: Vectors
    dialogue: int


class ContextReader:
    """Reads dialogues without replying: what was asked, told and answered before is known from what was written."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._by_quote = by_quote(responder.finder)

    def read(self, at: int, dialogue: WrittenDialogue) -> Iterator[InFullExample]:
        """The turns that lean on others."""
        finder, before = self._responder.finder, Conversation()
        for turn in dialogue.turns:
            said, _ = as_nlu_hears(finder, turn.say)
            if turn.leans and turn.whole and (before.commitment_id or before.told):
                parts = self._responder.leaning(said, before).parts_in_full
                yield InFullExample(parts, finder.vector_of(finder.normalizer.normalise(turn.whole).text), at)
            text = said.understood.text if said.understood else turn.say
            before = self._after(turn, text, before, finder)

    def _after(self, turn: WrittenTurn, text: str, before: Conversation, finder: Finder) -> Conversation:
        if turn.act == "tell":
            return before.hearing(text)
        meant = answering(turn, self._by_quote)
        if not turn.asks or meant is None:
            return before.after_other()
        question = f"{before.question}，{text}" if turn.leans and before.question else text
        return before.about(meant.id, meant.topic, question, same=turn.leans)


def fit(examples: Sequence[InFullExample], chosen: NDArray[np.bool_]) -> InFullModel:
    """The model of the chosen examples."""
    rows = [example for example, is_chosen in zip(examples, chosen) if is_chosen]
    return fit_in_full([each.parts for each in rows], np.stack([each.whole for each in rows]), PENALTY)


def fit_in_full(parts: Sequence[Sequence[Vectors | None]], wholes: Vectors, penalty: float) -> InFullModel:
    """By ridge regression from the parts of each question to its vector in full, `(n, 384)`.

    What is penalised is how far each map is from a mere share of its part, the best of which are found first.
    """
    mean = wholes.mean(axis=0).astype(np.float64)
    rows = np.array([[np.zeros(DIMENSIONS) if part is None else part - mean for part in each] for each in parts])
    wanted = wholes - mean
    by_part = rows.transpose(1, 0, 2).reshape(len(PARTS), -1)
    shares = np.linalg.lstsq(by_part @ by_part.T, by_part @ wanted.ravel(), rcond=None)[0]
    flat = rows.reshape(len(rows), -1)
    left = wanted - np.tensordot(shares, rows, axes=(0, 1))
    rest = flat.T @ np.linalg.solve(flat @ flat.T + penalty * np.eye(len(flat)), left)
    maps = rest.reshape(len(PARTS), DIMENSIONS, DIMENSIONS) + shares[:, None, None] * np.eye(DIMENSIONS)
    return InFullModel(mean.astype(np.float32), maps.astype(np.float32))


def folds_of(examples: Sequence[InFullExample]) -> NDArray[np.int64]:
    """The fold of each example's dialogue."""
    return fold_of(np.array([each.dialogue for each in examples]))


def likeness(model: InFullModel, examples: Sequence[InFullExample]) -> float:
    """The mean cosine of what is predicted and the question in full."""
    return float(np.mean([model.vector(each.parts) @ each.whole for each in examples]))
