"""`python -m evaluation.fit_dialogue`: fits what the dialogue decides by, and says how well it does.

It learns from `data/dialogues/`, and what a turn does from `data/turns/` as well.

Four models: what a turn does (`actions/dialogue/acts.npz`), where its question in full lies (`in_full.npz`), whether it asks
several things (`compound.json`), then which reading of it holds (`choice.json`). The choice is fitted on the first two out
of fold, and every figure that is printed is of dialogues that nothing was fitted on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from actions.answering import responder_of
from actions.dialogue import acts, choosing, compound, in_full
from actions.dialogue.in_full import InFullModel
from actions.dialogue.responder import Responder
from evaluation.fit_dialogue import compound as compounds
from evaluation.fit_dialogue.acts import ActFitter
from evaluation.fit_dialogue.choice import fit_choice, held_out_choice, report
from evaluation.fit_dialogue.folds import FOLDS
from evaluation.fit_dialogue.in_full import ContextReader, InFullExample, fit, folds_of, likeness
from evaluation.fit_dialogue.reading import Reader, ReadTurn
from evaluation.in_process import told_why
from knowledge.catalogue.written_dialogues import QUESTIONS, TRAINING, WrittenDialogue, load_dialogues, load_turns
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.parallel import in_processes

PART = 24  # dialogues that a process reads at once


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
    models = fitter.held_out()
    examples = _examples(dialogues, responder)
    in_fulls = [
        fit(examples, folds_of(examples) != fold) for fold in tqdm(range(FOLDS), desc="全问 in full", unit="折")
    ]
    print(_likeness_held_out(in_fulls, examples))
    parted = _compound_examples(dialogues, responder)
    print(compounds.report(parted))
    compounds.fit(parted).save(compound.FILE)
    responder.services = replace(responder.services, compound=compound.CompoundModel.load(compound.FILE))
    reader = Reader(responder)

    def read(start: int, stop: int) -> list[ReadTurn]:
        part = range(start, stop)
        return [
            turn for at in part for turn in reader.read(at, dialogues[at], models[at % FOLDS], in_fulls[at % FOLDS])
        ]

    with tqdm(total=len(dialogues), desc="对话 dialogues", unit="段") as progress:
        turns = list(in_processes(read, len(dialogues), progress.update, part=PART))
    print("\n".join(report(held_out_choice(turns))))
    fitter.fit(np.ones(len(fitter.examples), bool)).save(acts.FILE)
    fit(examples, np.ones(len(examples), bool)).save(in_full.FILE)
    fit_choice(turns).save(choosing.FILE)
    return 0


def _examples(dialogues: Sequence[WrittenDialogue], responder: Responder) -> list[InFullExample]:
    """The turns of all dialogues that lean and were put in full."""
    reader = ContextReader(responder)

    def read(start: int, stop: int) -> list[InFullExample]:
        return [each for at in range(start, stop) for each in reader.read(at, dialogues[at])]

    with tqdm(total=len(dialogues), desc="上下文 contexts", unit="段") as progress:
        return list(in_processes(read, len(dialogues), progress.update, part=PART))


def _compound_examples(dialogues: Sequence[WrittenDialogue], responder: Responder) -> list[compounds.CompoundExample]:
    """First messages that have parts."""
    first = [*load_turns(QUESTIONS), *(dialogue.turns[0] for dialogue in dialogues)]

    def read(start: int, stop: int) -> list[compounds.CompoundExample]:
        return list(compounds.examples_of(responder, first[start:stop]))

    with tqdm(total=len(first), desc="几个问题 compound", unit="条") as progress:
        return list(in_processes(read, len(first), progress.update, part=PART))


def _likeness_held_out(models: Sequence[InFullModel], examples: Sequence[InFullExample]) -> str:
    """One line: how near predictions come to questions that their model has not seen."""
    folds = folds_of(examples)
    near = [
        likeness(model, [each for each, own in zip(examples, folds) if own == at]) for at, model in enumerate(models)
    ]
    return f"全问的向量，留出的对话 question in full, held out: {len(examples)} 句，余弦 cosine {np.mean(near):.4f}"


if __name__ == "__main__":
    sys.exit(main())
