"""`python -m evaluation.fit_dialogue`: fits what the dialogue decides by, and says how well it does.

It learns from `data/dialogues/`, and what a turn does from `data/turns/` as well.

Two models: what a turn does (`actions/dialogue/acts.npz`), then which reading of it holds (`actions/dialogue/choice.json`).
The choice is fitted on acts out of fold, and every figure that is printed is of dialogues that nothing was fitted on. A turn
is read in the context that right replies to the turns before it would have left.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from tqdm import tqdm

from actions.answering import responder_of
from actions.asking import as_nlu_hears
from actions.dialogue import acts, choosing
from actions.dialogue.acts import ActModel, pieces_of
from actions.dialogue.choosing import ChoiceModel
from actions.dialogue.conversation import Conversation
from actions.dialogue.options import QUESTION, Option
from actions.dialogue.responder import Responder
from evaluation.dialogues import group_of, verdict
from evaluation.in_process import told_why
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import nlu_examples
from knowledge.catalogue.written_dialogues import (
    QUESTIONS,
    TRAINING,
    TURNS,
    WrittenDialogue,
    WrittenTurn,
    load_dialogues,
    load_turns,
)
from knowledge.document.plan_text import squash
from knowledge.encoder.many_vectors import query_vectors
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.parallel import in_processes
from knowledge.groundwork.settings import ROOT
from knowledge.language.pieces import PieceModel, each_piece
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import OFFERED
from knowledge.search.regression import SplitRows, fit_softmax

NLU = ROOT.parent / "data" / "nlu"
FOLDS = 5
SEED = 14
PART = 24  # dialogues that a process reads at once
SAMPLES = 2500  # of the catalogue's questions: each a question of its own, as a rule
EXAMPLE_WEIGHT = 0.2  # of an NLU example or a sample beside a turn of a dialogue
FRESH_WEIGHT = 0.4  # of a fresh question that nobody said in a dialogue
ACT_C, VECTOR_SCALE, MIN_COUNT = 5.0, 3.0, 2  # chosen by the log loss out of fold
DROPPED = 0.02  # share of the largest effect below which a piece is left out
PENALTY = 0.003  # L2 of the choice, per turn; flat between 0.001 and 0.01 out of fold
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


def fold_of(dialogue: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fold of each dialogue's number; -1 where it is of no dialogue."""
    return np.where(dialogue >= 0, dialogue % FOLDS, -1)


@dataclass(frozen=True)
class ReadOption:
    """What is needed of an option to choose among them and to judge the choice."""

    name: str
    features: Mapping[str, float]
    shown: bool  # a passage
    right: bool
    risky: bool  # as the choice takes it


@dataclass(frozen=True)
class ReadTurn:
    """A written turn with the options that it gave."""

    dialogue: int
    turn: WrittenTurn
    options: Sequence[ReadOption]

    @property
    def could_be(self) -> bool:
        """Whether one of them is right."""
        return any(option.right for option in self.options)


class Reader:
    """Reads dialogues turn by turn, each in the context that right replies would have left."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._by_quote: dict[str, Commitment] = {}
        for commitment in responder.finder.by_id.values():
            self._by_quote.setdefault(squash(commitment.quote), commitment)

    def read(self, at: int, dialogue: WrittenDialogue, model: ActModel) -> Iterator[ReadTurn]:
        """Every turn with its options; `model` says what it does."""
        responder = self._responder
        responder.services = replace(responder.services, acts=model)
        finder, before, last = responder.finder, Conversation(), list[str]()
        for turn in dialogue.turns:
            said, intent = as_nlu_hears(finder, turn.say)
            options = responder.options(said, before, intent)
            verdicts = [verdict(turn, option.reply.answer, last) for option in options]
            right = _right(turn, options, verdicts)
            yield ReadTurn(at, turn, [_read(option, bool(each)) for option, each in zip(options, right)])
            before = self._after(turn, before, options, right)
            if right.any() and (shown := options[int(np.argmax(right))].reply.answer).outcome is Outcome.ANSWERED:
                last = [squash(citation.quote) for citation in shown.citations]
            elif turn.answers:
                last = [quote for quote in self._by_quote if turn.answers[0] in quote][:1]

    def _after(
        self, turn: WrittenTurn, before: Conversation, options: Sequence[Option], right: NDArray[np.bool_]
    ) -> Conversation:
        """The context after a right reply, though none of the options may be one."""
        if right.any():
            return options[int(np.argmax(right))].reply.conversation
        meant = next((c for quote, c in self._by_quote.items() if any(run in quote for run in turn.answers)), None)
        if meant is not None:
            return before.about(
                meant.id,
                meant.topic,
                turn.whole or self._responder.finder.normalizer.normalise(turn.say).text,
                same=turn.leans,
            )
        return before.after_other()


def _read(option: Option, right: bool) -> ReadOption:
    shown = option.reply.answer.outcome is Outcome.ANSWERED
    return ReadOption(option.name, option.features, shown, right, option.risky)


# Of turns that ask nothing, the reading that is wanted; others may say the same and are not meant.
WANTED: Mapping[str, Sequence[str]] = {
    acts.TELL: ("heard",),
    acts.DENIAL: ("denied",),
    acts.SOURCE: ("source",),
    acts.REPEAT: ("repeated",),
    acts.MORE: ("more",),
    acts.OFF_TOPIC: ("question",),
    **dict.fromkeys(("thanks", "greeting", "goodbye"), ("small_talk",)),
    **dict.fromkeys((acts.PERSON, acts.COMPLAINT), ("request",)),
}
NOT_WANTED = ("repeated", "source", "more")  # readings that are not meant where something is asked


def _right(turn: WrittenTurn, options: Sequence[Option], verdicts: Sequence[str]) -> NDArray[np.bool_]:
    """Which options are right: of those that show the right sentence the ones whose own clause answers, if any does."""
    wanted = WANTED.get(turn.act, ())
    if len(options) == 1:  # nothing is chosen
        return np.array([_is_right(turn, options[0], verdicts[0])])
    meant = [
        any(r.name in wanted for r in o.readings) if wanted else any(r.name not in NOT_WANTED for r in o.readings)
        for o in options
    ]
    right = np.array([_is_right(turn, o, v) and m for o, v, m in zip(options, verdicts, meant)])
    exact = right & np.array([any(run in squash(o.reply.answer.headline) for run in turn.answers) for o in options])
    if turn.asks and not turn.answers and turn.leans:
        exact = right & np.array([o.name != QUESTION for o in options])
    return exact if exact.any() else right


def _is_right(turn: WrittenTurn, option: Option, judged: str) -> bool:
    """Whether a reply is what was wanted, or offers it."""
    finding = option.reply.finding
    if judged != "offered" or finding is None:
        return judged == "right"
    offered = [squash(candidate.commitment.quote) for candidate in finding.candidates[:OFFERED]]
    return any(run in quote for run in turn.answers for quote in offered)


def fit_choice(turns: Sequence[ReadTurn], penalty: float = PENALTY) -> ChoiceModel:
    """Weights under which the right options are the most probable, of all turns that have one."""
    usable = [each for each in turns if each.could_be and not all(option.right for option in each.options)]
    names = sorted({name for each in usable for option in each.options for name in option.features})
    place = {name: column for column, name in enumerate(names)}
    sizes = [len(each.options) for each in usable]
    table = np.zeros((sum(sizes), len(names)))
    for row, option in enumerate(option for each in usable for option in each.options):
        for name, value in option.features.items():
            table[row, place[name]] = value
    scale = np.maximum(np.sqrt((table**2).mean(axis=0)), 1e-6)
    rows = table / scale
    right = np.array([option.right for each in usable for option in each.options])
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        utilities = rows @ weights
        utilities -= np.maximum.reduceat(utilities, starts)[owner]
        shares = np.exp(utilities)
        among_right = np.where(right, shares, 0.0)
        totals, rights = np.add.reduceat(shares, starts), np.add.reduceat(among_right, starts)
        gradient = rows.T @ (shares / totals[owner] - among_right / rights[owner])
        value = float(np.log(totals / rights).sum())
        n = len(usable)
        return value / n + penalty * float(weights @ weights), np.asarray(gradient / n + 2 * penalty * weights)

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return ChoiceModel(dict(zip(names, (found.x / scale).tolist())))


def held_out_choice(turns: Sequence[ReadTurn]) -> list[tuple[ReadTurn, ReadOption]]:
    """Each turn with what is chosen by weights that never saw its dialogue."""
    chosen = []
    folds = np.array([each.dialogue for each in turns]) % FOLDS
    for fold in range(FOLDS):
        model = fit_choice([each for each, own in zip(turns, folds) if own != fold])
        chosen += [(each, model.choose(each.options)) for each, own in zip(turns, folds) if own == fold]
    return chosen


def main(arguments: list[str] | None = None) -> int:
    """Writes both files. Exit code 1 if the knowledge is not built or a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.fit_dialogue", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--dialogues", type=Path, default=TRAINING, help="对话 / the dialogues")
    options = parser.parse_args(arguments)
    try:
        dialogues, responder = load_dialogues(options.dialogues), responder_of(None)
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    fitter = ActFitter(dialogues, responder)
    models, reader = fitter.held_out(), Reader(responder)

    def read(start: int, stop: int) -> list[ReadTurn]:
        part = range(start, stop)
        return [turn for at in part for turn in reader.read(at, dialogues[at], models[at % FOLDS])]

    with tqdm(total=len(dialogues), desc="对话 dialogues", unit="段") as progress:
        turns = list(in_processes(read, len(dialogues), progress.update, part=PART))
    print("\n".join(report(held_out_choice(turns))))
    fitter.fit(np.ones(len(fitter.examples), bool)).save(acts.FILE)
    fit_choice(turns).save(choosing.FILE)
    return 0


def report(chosen: Sequence[tuple[ReadTurn, ReadOption]]) -> list[str]:
    """Lines: the share right of all turns, and of each kind how many are, how many could be, and how many show a passage."""
    groups: dict[str, list[tuple[ReadTurn, ReadOption]]] = {"全部 all": list(chosen)}
    for read, option in chosen:
        groups.setdefault(group_of(read.turn), []).append((read, option))
    return [_line(name, found) for name, found in sorted(groups.items())]


def _line(name: str, found: Sequence[tuple[ReadTurn, ReadOption]]) -> str:
    n = len(found)
    right = sum(option.right for _, option in found) / n
    could = sum(read.could_be for read, _ in found) / n
    wrong = sum(option.shown and not option.right for _, option in found) / n
    return f"{name} {n}：对 right {right:.1%}，有对的选项 could be {could:.1%}，错误出示 wrong {wrong:.1%}"


if __name__ == "__main__":
    sys.exit(main())
