"""What the dialogue decides by is learned: a made-up rule is found, and figures are of dialogues that nothing saw."""

from __future__ import annotations

import random

import numpy as np
import pytest

from actions.dialogue import acts
from evaluation.fit_dialogue.acts import ACT_OF_INTENT, act_of
from evaluation.fit_dialogue.choice import fit_choice, held_out_choice, report
from evaluation.fit_dialogue.folds import FOLDS, fold_of
from evaluation.fit_dialogue.reading import ReadOption, ReadTurn
from knowledge.catalogue.written_dialogues import ACTS, WrittenTurn

TURN = WrittenTurn("…", "question", answers=("x",))


def option(name: str, right: bool, **features: float) -> ReadOption:
    """An option that shows a passage if it is a question."""
    return ReadOption(name, {f"is {name}": 1.0, **features}, name == "question", right, risky=False)


def by_a_rule(number: int, *, noise: float = 0.0) -> ReadTurn:
    """A turn that is a question where more asks in it than tells, whatever the third number says."""
    chance = random.Random(number)
    asks, tells, other = chance.uniform(-3, 3), chance.uniform(-3, 3), chance.uniform(-3, 3)
    is_question = (asks > tells) ^ (chance.random() < noise)
    heard = option("heard", not is_question, tells=tells, other=chance.uniform(-3, 3))
    return ReadTurn(number, TURN, [heard, option("question", is_question, asks=asks, other=other)])


def share_right(turns: list[ReadTurn]) -> float:
    """Of 400 other turns, by the weights fitted on these."""
    model = fit_choice(turns)
    return float(np.mean([model.choose(each.options).right for each in [by_a_rule(n) for n in range(1000, 1400)]]))


def test_a_rule_is_learned_from_turns_that_keep_it() -> None:
    """What speaks for each reading gets its weight, what says nothing next to none, and unseen turns are read by it."""
    turns = [by_a_rule(number) for number in range(400)]
    weights = fit_choice(turns).weights
    assert weights["asks"] > 0.5 and weights["tells"] > 0.5
    assert weights["asks"] == pytest.approx(weights["tells"], rel=0.2)
    assert abs(weights["other"]) < 0.1 * weights["asks"]
    assert share_right(turns) >= 0.97


def test_a_rule_is_learned_though_one_turn_in_ten_breaks_it() -> None:
    """Weights are smaller where less is sure."""
    broken = [by_a_rule(number, noise=0.1) for number in range(400)]
    assert share_right(broken) >= 0.93
    assert fit_choice(broken).weights["asks"] < fit_choice([by_a_rule(n) for n in range(400)]).weights["asks"]


def test_turns_that_nothing_can_be_learned_from_change_nothing() -> None:
    """Where no option is right, or each is."""
    turns = [by_a_rule(number) for number in range(50)]
    hopeless = ReadTurn(90, TURN, [option("heard", False, asks=9.0), option("question", False)])
    easy = ReadTurn(91, TURN, [option("heard", True, asks=-9.0), option("question", True)])
    assert fit_choice([*turns, hopeless, easy]).weights == fit_choice(turns).weights
    assert (hopeless.could_be, easy.could_be) == (False, True)


def test_several_right_options_share_what_is_right() -> None:
    """Neither is pushed below the other for it."""
    turns = [
        ReadTurn(n, TURN, [option("joined", True), option("next_alone", True), option("heard", False)])
        for n in range(40)
    ]
    weights = fit_choice(turns).weights
    assert weights["is joined"] == pytest.approx(weights["is next_alone"], abs=1e-3)
    assert weights["is joined"] > 0 > weights["is heard"]


def test_every_turn_is_judged_by_weights_that_never_saw_its_dialogue() -> None:
    """A name that one dialogue alone has is worth nothing there."""
    turns = [
        ReadTurn(n, TURN, [option("heard", False), option("question", True, **{f"only in {n}": 5.0})])
        if n % 2
        else ReadTurn(n, TURN, [option("question", False, **{f"only in {n}": 5.0}), option("heard", True)])
        for n in range(4 * FOLDS)
    ]
    chosen = held_out_choice(turns)
    assert sorted(read.dialogue for read, _ in chosen) == list(range(4 * FOLDS))
    assert np.mean([picked.right for _, picked in chosen]) <= 0.75
    seen = fit_choice(turns)
    assert all(seen.choose(read.options).right for read in turns)


def test_a_dialogue_stays_in_one_fold() -> None:
    """What is of no dialogue is in none: it is always learned from."""
    dialogue = np.array([0, 0, 1, FOLDS, FOLDS + 1, -1])
    assert fold_of(dialogue).tolist() == [0, 0, 1, 0, 1, -1]


def test_what_a_written_turn_does_is_an_act_that_is_learned() -> None:
    """Questions that lean are told apart; so are the intents of NLU's examples that tell an act."""
    assert act_of(TURN) == acts.OWN and act_of(WrittenTurn("那呢", "question", leans=True)) == acts.LEANING
    learned = {act_of(WrittenTurn("…", act)) for act in ACTS}
    assert learned | set(ACT_OF_INTENT.values()) | {acts.LEANING} == set(acts.ACTS)


def test_a_report_tells_what_is_right_what_could_be_and_what_is_shown_wrongly() -> None:
    """Of all turns and of each kind."""
    right, wrong = option("heard", True), option("question", False)
    told = WrittenTurn("…", "tell")
    chosen = [
        (ReadTurn(0, TURN, [right, wrong]), right),
        (ReadTurn(1, TURN, [right, wrong]), wrong),
        (ReadTurn(2, told, [option("heard", False)]), option("heard", False)),
    ]
    lines = report(chosen)
    assert "全部 all 3：对 right 33.3%，有对的选项 could be 66.7%，错误出示 wrong 33.3%" in lines
    assert "question, answered 2：对 right 50.0%，有对的选项 could be 100.0%，错误出示 wrong 50.0%" in lines
    assert "tell 1：对 right 0.0%，有对的选项 could be 0.0%，错误出示 wrong 0.0%" in lines
