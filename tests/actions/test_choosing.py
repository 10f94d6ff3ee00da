"""Which reading holds: weights, their file, and what they make of options."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from actions.dialogue import choosing
from actions.dialogue.choosing import ChoiceModel, shipped_choice
from actions.dialogue.entries import READINGS
from actions.dialogue.stepping import QUESTION
from knowledge.groundwork.errors import FileUnreadable


@dataclass(frozen=True)
class Choice:
    """Something to choose."""

    features: Mapping[str, float]
    risky: bool = False


ASKS, TELLS, UNKNOWN = Choice({"asking": 1.0, "long": 0.5}), Choice({"telling": 1.0}), Choice({"nobody knows": 9.0})


def test_the_higher_weight_wins() -> None:
    """By a softmax of weight times value; what has no weight says nothing."""
    model = ChoiceModel({"asking": 1.0, "long": 2.0, "telling": 0.5})
    assert model.choose([TELLS, ASKS, UNKNOWN]) is ASKS
    assert ChoiceModel({"telling": 3.0}).choose([ASKS, TELLS]) is TELLS
    asks, tells, unknown = model.probabilities([ASKS, TELLS, UNKNOWN])
    assert asks + tells + unknown == pytest.approx(1)
    assert asks / tells == pytest.approx(math.exp(1.5)) and tells / unknown == pytest.approx(math.exp(0.5))


def test_where_nothing_speaks_for_either_the_first_is_chosen() -> None:
    """So that the same turn is always read the same; numbers beyond any are no trouble."""
    assert ChoiceModel({}).choose([TELLS, ASKS]) is TELLS
    assert ChoiceModel({"asking": 1e6}).probabilities([TELLS, ASKS]) == [0.0, 1.0]
    assert ChoiceModel({"asking": -1e6}).probabilities([ASKS]) == [1.0]


@pytest.mark.parametrize(("likely", "chosen"), [(0.5, "other"), (0.59, "other"), (0.61, "passage"), (0.9, "passage")])
def test_a_passage_is_shown_where_it_is_worth_its_risk(likely: float, chosen: str) -> None:
    """With probability p it is worth p - (1 - p) / 2, another reply that is right otherwise 1 - p: p has to be above three fifths."""
    passage, told, other = Choice({"passage": 1.0}, risky=True), Choice({"passage": 1.0}), Choice({})
    model = ChoiceModel({"passage": math.log(likely / (1 - likely))})
    assert model.choose([other, passage]) is {"passage": passage, "other": other}[chosen]
    assert model.choose([told, other]) is told  # what risks nothing


def test_kept_weights_are_for_people_to_read(tmp_path: Path) -> None:
    """By name, to four digits, in the same bytes each time; another format is refused."""
    path = tmp_path / "choice.json"
    model = ChoiceModel({"telling": 0.123456, "asking": -2.0})
    model.save(path)
    first = path.read_bytes()
    assert ChoiceModel.load(path) == ChoiceModel({"asking": -2.0, "telling": 0.1235})
    ChoiceModel.load(path).save(path)
    assert path.read_bytes() == first
    path.write_text(json.dumps({"format": choosing.FORMAT + 1, "weights": {}}), encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"choice\.json"):
        ChoiceModel.load(path)


def test_every_weight_of_the_folder_is_of_a_reading_that_there_is() -> None:
    """A file that was fitted before a step was renamed would leave that step without a voice."""
    readings = {step.__name__ for step in READINGS} | {QUESTION}
    named = {name.removeprefix("is ") for name in shipped_choice().weights if name.startswith("is ")}
    assert named <= readings | {"several", "listed", "broad"}
    assert readings - named <= SELDOM


SELDOM = {"with_story"}  # of the dialogues that it is fitted on too few have one
