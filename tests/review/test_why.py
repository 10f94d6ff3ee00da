"""The sentence that says why a turn was answered so agrees with the rule that decides; and what a follow-up leaned on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from knowledge.reply.decide import COST_OTHER_SHOWN, COST_REFUSED, COST_SILENT_SHOWN
from review.inbox.why import SENTENCES, always_shown_below, leaned_on, needed, why
from tests.review.turns import NOON, turn
from wire.trace import TurnCandidate

AMONG_MANY = [TurnCandidate("c-1", 0.3), TurnCandidate("c-2", 0.25)]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("shown", {"answerable": 0.55, "silence": 0.4}),
        ("shown_always", {"answerable": 0.3, "silence": 0.05}),
        ("shown_though", {"answerable": 0.1, "silence": 0.5, "step": "bare_word"}),
        ("shown_against_all", {"answerable": 0.1, "silence": 0.9, "step": "bare_word"}),
        ("shown_against_all", {"answerable": 0.1, "silence": 0.9, "step": "a_step_of_old"}),
        ("silent", {"outcome": "not_in_plan", "answerable": 0.2, "silence": 0.5}),
        ("silent_surely", {"outcome": "not_in_plan", "answerable": 0.2, "silence": 0.7}),
        ("outside", {"outcome": "out_of_scope", "answerable": 0.1, "silence": 0.5, "intents": {"out_of_scope": 0.9}}),
        (
            "outside_surely",
            {"outcome": "out_of_scope", "answerable": 0.1, "silence": 0.8, "intents": {"out_of_scope": 0.9}},
        ),
        ("silent_surely", {"outcome": "out_of_scope", "answerable": 0.1, "silence": 0.8}),
        ("refused_though", {"outcome": "not_in_plan", "answerable": 0.9, "silence": 0.1, "step": "not_in_passage"}),
        ("offered", {"outcome": "clarify", "answerable": 0.5, "candidates": AMONG_MANY, "step": "weighed"}),
        (
            "step",
            {"outcome": "clarify", "answerable": 0.5, "candidates": [TurnCandidate("c-1", 0.9)], "step": "denied"},
        ),
        ("danger", {"outcome": "danger", "danger": "fire", "answerable": None}),
        ("paused", {"outcome": "error", "step": "paused", "answerable": None}),
        ("failed", {"outcome": "error", "answerable": None}),
        ("too_long", {"outcome": "out_of_scope", "answerable": None, "intents": {}}),
        ("taught", {"step": "as_it_stands"}),
        ("step", {"outcome": "chat", "step": "small_talk", "answerable": None}),
        ("unknown", {"outcome": "chat", "answerable": None}),
    ],
)
def test_each_way_to_an_outcome_has_its_sentence(name: str, changes: dict[str, Any]) -> None:
    """Every gap of the sentence is filled."""
    found = why(turn(1, **changes))
    assert found.sentence == SENTENCES[name]
    said = found.sentence.format(**found.values, step=found.step)
    assert "{" not in said and "：。" not in said and ">100%" not in said and not re.search("[a-z]_[a-z]", said)


@pytest.mark.parametrize("silence", [0.0, 0.3, 0.375, 0.5, 0.55])
def test_the_threshold_is_where_showing_costs_as_much_as_refusing(silence: float) -> None:
    """A little above it showing is cheaper, a little below refusing is; where any passage is shown it is 0."""
    for answerable, shown in ((needed(silence) + 0.01, True), (needed(silence) - 0.01, False)):
        if answerable < 0:
            continue
        cost = COST_SILENT_SHOWN * silence + COST_OTHER_SHOWN * (1 - silence - answerable)
        assert (cost < COST_REFUSED * (1 - silence)) is shown


def test_a_passage_is_always_shown_where_no_threshold_is_left() -> None:
    """Just below that silence nothing is needed, just above it something is."""
    assert needed(always_shown_below() - 0.001) == 0.0 < needed(always_shown_below() + 0.001)


def test_a_follow_up_names_the_turn_it_leaned_on() -> None:
    """The one with its passage, else the latest that had any; nothing where ten minutes lie between, or it stood alone."""
    beds = turn(1, session="s", citations=["c-1"])
    schools = turn(2, "学校呢", session="s", citations=["c-2"])
    back = turn(3, "回到床位", session="s", citations=["c-1"], step="returned")
    more = turn(4, "多少钱", "not_in_plan", session="s", step="not_in_passage")
    late = turn(5, "那呢", session="s", step="next_object", asked_at=NOON + timedelta(hours=1))
    turns = [beds, schools, back, more, late]
    assert [leaned_on(turns, at) for at in range(5)] == [None, None, beds, back, None]
