"""Fits what a turn does, on the dialogues' turns and on single ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from tqdm import tqdm

from actions.dialogue import acts
from actions.dialogue.acts import ActModel, pieces_of
from actions.dialogue.responder import Responder
from evaluation.fit_dialogue.folds import FOLDS, fold_of
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import nlu_examples
from knowledge.catalogue.written_dialogues import QUESTIONS, TURNS, WrittenDialogue, WrittenTurn, load_turns
from knowledge.encoder.many_vectors import query_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.settings import ROOT
from knowledge.language.pieces import PieceModel, each_piece
from knowledge.search.regression import SplitRows, fit_softmax

NLU = ROOT.parent / "data" / "nlu"
SEED = 14
SAMPLES = 2500  # of the catalogue's questions: each a question of its own, as a rule
EXAMPLE_WEIGHT = 0.2  # of an NLU example or a sample beside a turn of a dialogue
FRESH_WEIGHT = 0.4  # of a fresh question that nobody said in a dialogue
ACT_C, VECTOR_SCALE, MIN_COUNT = 5.0, 3.0, 2  # chosen by the log loss out of fold
DROPPED = 0.02  # share of the largest effect below which a piece is left out
ACT_OF_INTENT = {
    **{intent: act for act, intent in acts.SMALL_TALK.items()},
    **{"handoff": acts.PERSON, "complaint": acts.COMPLAINT, "ask_source": acts.SOURCE, "ask_more": acts.MORE},
    **dict.fromkeys(("ask_when", "ask_how_many", "follow_up"), acts.LEANING),
}


@dataclass(frozen=True)
class ActExample:
    """A turn as typed, what it does, the dialogue that it is of (-1: none), and its weight."""

    text: str
    act: str
    dialogue: int = -1
    weight: float = EXAMPLE_WEIGHT


def act_of(turn: WrittenTurn) -> str:
    """What a written turn does: of questions those that lean are told apart."""
    return (acts.LEANING if turn.leans else acts.OWN) if turn.act == "question" else turn.act


class ActFitter:
    """Fits on the dialogues' turns and single ones, fresh questions, NLU's examples and some of the catalogue's samples."""

    def __init__(self, dialogues: Sequence[WrittenDialogue], responder: Responder) -> None:
        finder = responder.finder
        samples = random.Random(SEED).sample(list(finder.computer.samples.texts), SAMPLES)
        voices = [voice for entry in load_catalogue(settings.CATALOGUE) for voice in entry.voices]
        examples = [ActExample(t.say, act_of(t), at, 1.0) for at, d in enumerate(dialogues) for t in d.turns]
        examples += [ActExample(t.say, act_of(t), weight=1.0) for t in load_turns(TURNS)]
        examples += [ActExample(t.say, act_of(t), weight=FRESH_WEIGHT) for t in load_turns(QUESTIONS)]
        examples += [ActExample(e.text, ACT_OF_INTENT[e.label]) for e in nlu_examples(NLU) if e.label in ACT_OF_INTENT]
        self.examples = examples + [ActExample(text, acts.OWN) for text in [*samples, *voices]]
        self.dialogue = np.array([each.dialogue for each in self.examples])
        texts = [finder.normalizer.normalise(each.text).text for each in self.examples]
        with tqdm(total=len(texts), desc="句向量 vectors", unit="句") as progress:
            self.vectors = query_vectors(texts, settings.built_paths(), progress.update)

    def fit(self, chosen: NDArray[np.bool_]) -> ActModel:
        """The model of the chosen examples."""
        rows = np.flatnonzero(chosen)
        counter = TfidfVectorizer(analyzer=each_piece(pieces_of), min_df=MIN_COUNT, sublinear_tf=True)
        characters = counter.fit_transform([self.examples[row].text for row in rows])
        both = hstack([characters, csr_matrix(self.vectors[rows] * VECTOR_SCALE)]).tocsr()
        labels = np.array([self.examples[row].act for row in rows])
        weight = np.array([self.examples[row].weight for row in rows])
        names, coefficients, intercept = fit_softmax(SplitRows(both), labels, weight, ACT_C)
        pieces, vector = coefficients[:, : characters.shape[1]].T, coefficients[:, characters.shape[1] :].T
        model = PieceModel.thinned(counter.get_feature_names_out(), counter.idf_, pieces, intercept, least=DROPPED)
        return ActModel(tuple(map(str, names)), model, (vector * VECTOR_SCALE).astype(np.float32))

    def held_out(self) -> list[ActModel]:
        """For each fold of dialogues the model that was fitted without it, in the order of `fold_of`."""
        return [self.fit(fold_of(self.dialogue) != fold) for fold in tqdm(range(FOLDS), desc="行为 acts", unit="折")]
