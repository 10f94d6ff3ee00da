"""Whether a message asks several things: what speaks for it, and what is found for its parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from actions.dialogue.compound import ALWAYS, CompoundModel, PartQuestion, features_of, shipped_compound
from actions.dialogue.conversation import Conversation
from actions.dialogue.parting import parts_of
from evaluation.fit_dialogue.compound import CompoundExample, fit, report
from tests.actions.findings import BEDS, CARE_BEDS, IN_FULL, RENTING, finding, leaning

FIRST = Conversation()
TWO = [
    PartQuestion("床位多少", finding("床位多少", BEDS), asking=0.9, leaning=0.1),
    PartQuestion("公租房呢", finding("公租房呢", RENTING), asking=0.9, leaning=0.6),
]


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


def test_parts_are_cut_where_marks_were_typed() -> None:
    """What is understood has lost its question marks: 「真要有了？票价多少」 would be one question."""
    whole = finding("真要有火车站了，票价多少", BEDS)
    parts = finding("真要有火车站了？", BEDS), finding("票价多少？", RENTING), finding(IN_FULL, RENTING, sure=0.1)
    found = parts_of(leaning("真要有火车站了？票价多少？", whole, *parts, before=FIRST))
    assert [part.question for part in found] == ["真要有火车站了？", "票价多少？"]


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
    found = features_of(typed, TWO, finding("床位多少，公租房呢", BEDS))
    assert found[name] == value and found[ALWAYS] == 1.0
    assert found["other sentences"] == found["other topics"] == 1.0 and found["first of the whole"] == 0.5


def test_what_speaks_for_several_weighs_otherwise_where_a_part_is_refused() -> None:
    """「床位多少？一个月多少钱？」: its first part is answered, and what it costs is not."""
    silent = finding("一个月多少钱", RENTING, sure=0.02, silent=0.97)
    beside = [TWO[0], PartQuestion("一个月多少钱", silent, asking=0.9, leaning=0.6)]
    whole = finding("床位多少，一个月多少钱", BEDS, sure=0.05, silent=0.9)
    refused, answered = (features_of("床位多少？一个月多少钱？", parts, whole) for parts in (beside, TWO))
    for name in ("surest part", "question marks", "last part leans"):
        assert refused[f"{name}, one refused"] == refused[name] != 0.0
        assert answered[f"{name}, one refused"] == 0.0


def test_what_is_gained_by_parting_is_learned() -> None:
    """A made-up rule is found again; what gains nothing teaches nothing, and what is printed is of messages held out."""
    examples = [made_up(n, gain=1.0 if n % 3 == 2 else -1.0) for n in range(90)]
    nothing = [replace(made_up(2), is_several=True, gain=0.0)] * 30
    model = fit([*examples, *nothing])
    two, one = ({ALWAYS: 1.0, "question marks": marks, "length": 0.5} for marks in (2.0, 1.0))
    assert model.probability(two) > 0.8 > 0.4 > model.probability(one)
    assert "90 条，听出 heard 100.0%，错分 parted wrongly 0.0%；得 gained +30.0，失 lost +0.0" in report(examples)


def made_up(n: int, gain: float = 0.0) -> CompoundExample:
    """Several questions where two marks were typed."""
    features = {ALWAYS: 1.0, "question marks": float(n % 3), "length": (n * 7 % 10) / 10}
    return CompoundExample(features, n % 3 == 2, gain)


def test_kept_weights_say_the_same(tmp_path: Path) -> None:
    """Rounded, for people to read; those that ship know every feature."""
    model = CompoundModel({ALWAYS: -1.0, "question marks": 0.5})
    model.save(tmp_path / "kept.json")
    assert CompoundModel.load(tmp_path / "kept.json") == model
    assert set(shipped_compound().weights) == set(features_of("床位？公租房？", TWO, finding("床位", BEDS)))
