"""Whether a message asks several things: what speaks for it, and what is found for its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.dialogue.compound import ALWAYS, CompoundModel, PartQuestion, features_of, shipped_compound
from actions.dialogue.conversation import Conversation
from actions.dialogue.parting import parts_of
from evaluation.fit_dialogue.compound import CompoundExample, fit, report
from tests.actions.findings import BEDS, CARE_BEDS, IN_FULL, RENTING, finding, leaning

FIRST = Conversation()


def test_a_later_part_is_found_in_full_where_that_is_surer() -> None:
    """「护理型的呢」 after another part; what by itself is surely silent, or surer alone, stays alone."""
    asked = "床位多少？护理型的几张？"
    whole, one = finding(asked, BEDS), finding("床位多少？", BEDS)
    doubtful = finding("护理型的几张？", RENTING, sure=0.3)
    in_full = finding(IN_FULL, CARE_BEDS, sure=0.9)
    found = parts_of(leaning(asked, whole, one, doubtful, in_full, before=FIRST))
    assert [part.finding.candidates[0].commitment.id for part in found] == ["c-beds", "c-care"]
    silent = finding("护理型的几张？", RENTING, sure=0.05, silent=0.95)
    sure = finding("护理型的几张？", RENTING, sure=0.95)
    for alone in (silent, sure):
        found = parts_of(leaning(asked, whole, one, alone, in_full, before=FIRST))
        assert found[1].finding.candidates[0].commitment.id == "c-rent"


def test_a_message_that_asks_once_has_no_parts() -> None:
    """However long."""
    assert parts_of(leaning("我妈八十了，床位多少？", finding("我妈八十了，床位多少？", BEDS), before=FIRST)) == []


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("床位多少？公租房呢？", "question marks", 2.0),
        ("床位多少", "question marks", 0.0),
        ("啊？" * 9, "question marks", 3.0),
    ],
)
def test_marks_are_counted_as_typed_and_only_so_far(typed: str, name: str, value: float) -> None:
    """The understood text has lost some of them."""
    parts = [
        PartQuestion("床位多少", finding("床位多少", BEDS)),
        PartQuestion("公租房呢", finding("公租房呢", RENTING)),
    ]
    found = features_of(typed, parts, finding("床位多少，公租房呢", BEDS))
    assert found[name] == value and found[ALWAYS] == 1.0
    assert found["other sentences"] == found["other topics"] == 1.0 and found["first of the whole"] == 0.5


def test_what_tells_several_questions_from_one_is_learned() -> None:
    """A made-up rule is found again, and what is printed is of messages that were held out."""
    examples = [
        CompoundExample({ALWAYS: 1.0, "question marks": float(n % 3), "length": (n * 7 % 10) / 10}, n % 3 == 2)
        for n in range(90)
    ]
    model = fit(examples)
    two, one = ({ALWAYS: 1.0, "question marks": marks, "length": 0.5} for marks in (2.0, 1.0))
    assert model.probability(two) > 0.6 > 0.4 > model.probability(one)
    assert "90 条，听出 heard 100.0%，错分 parted wrongly 0.0%" in report(examples)


def test_kept_weights_say_the_same(tmp_path: Path) -> None:
    """Rounded, for people to read; those that ship know every feature."""
    model = CompoundModel({ALWAYS: -1.0, "question marks": 0.5})
    model.save(tmp_path / "kept.json")
    assert CompoundModel.load(tmp_path / "kept.json") == model
    parts = [PartQuestion("床位", finding("床位", BEDS)), PartQuestion("公租房", finding("公租房", RENTING))]
    assert set(shipped_compound().weights) == set(features_of("床位？公租房？", parts, finding("床位", BEDS)))
