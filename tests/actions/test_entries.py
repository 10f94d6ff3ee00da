"""The table of the dialogue's steps, and how they take turns."""

from __future__ import annotations

from inspect import unwrap
from pathlib import Path

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import ENTRIES, QUESTION
from actions.dialogue.stepping import NoStepReplied, Step, first_reply, when
from actions.dialogue.steps.more import more
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.source import source
from actions.trace import trace_of
from tests.actions.findings import ABOUT_BEDS, RENTING, FakeSearch, finding, leaning

NO_SUBJECT = Conversation()


def test_the_first_step_that_replies_wins_and_is_named() -> None:
    """With the turn's own finding where it names none; a table that leaves something unanswered says so."""
    asked = leaning("出处在哪", kind="ask_source")
    reply = first_reply((more, source, nothing_named), asked)
    assert (reply.step, reply.finding) == ("source", asked.finding)
    with pytest.raises(NoStepReplied, match="more"):
        first_reply((more,), asked)


def test_the_trace_names_the_step_that_spoke() -> None:
    """For the log; where the action failed there is none to name."""
    reply = first_reply(ENTRIES["follow_up"], leaning("出处在哪", kind="ask_source"))
    assert trace_of(reply.finding, "k", 1.0, reply.step).as_metadata()["step"] == "source"
    assert "step" not in trace_of(None, "k", 1.0).as_metadata()


def test_steps_under_a_condition_keep_their_names() -> None:
    """They speak where it is met only."""
    asked = leaning("出处在哪", kind="ask_source")
    assert first_reply(when(lambda _: True, (source,)), asked).step == "source"
    assert first_reply((*when(lambda _: False, (source,)), nothing_named), asked).step == "nothing_named"


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("before", [NO_SUBJECT, ABOUT_BEDS])
@pytest.mark.parametrize("text", ["", "那呢", "天气", "/restart"])
def test_every_table_ends_in_a_step_that_replies_to_all(entry: str, before: Conversation, text: str) -> None:
    """Nothing is left unanswered, least of all nothing."""
    assert first_reply(ENTRIES[entry], leaning(text, before=before, kind="thanks")).step


def test_the_name_of_a_step_says_which_it_is() -> None:
    """One name, one step, short enough for the log; those of a question are the same in every entry."""
    steps: dict[str, set[Step]] = {}
    for table in (*ENTRIES.values(), QUESTION):
        for step in table:
            steps.setdefault(step.__name__, set()).add(unwrap(step))
    assert all(len(each) == 1 for each in steps.values())
    assert max(map(len, steps)) <= 32


def test_what_leans_is_searched_for_once_whoever_asks() -> None:
    """The searches of a turn are shared by its steps, and none is made that no step needs."""
    asked = leaning("那公租房呢", finding("公租房", RENTING, named=3))
    search = asked.services.search
    assert isinstance(search, FakeSearch) and search.searched == []
    first_reply(ENTRIES["follow_up"], asked)
    assert search.searched == ["那公租房呢", "公租房"]


def test_a_question_that_points_at_an_answer_is_a_follow_up_also_as_an_answer() -> None:
    """And without an answer before it, what it names is the question."""
    found = finding("公租房", RENTING, named=3)
    assert first_reply(ENTRIES["answer"], leaning("那公租房呢", found)).step == "next_object"
    assert first_reply(ENTRIES["answer"], leaning("那公租房呢", found, before=NO_SUBJECT)).step == "named_alone"
    assert first_reply(ENTRIES["answer"], leaning("公租房", found)).step == "weighed"


def test_the_step_that_the_documentation_shows_is_a_real_one() -> None:
    """Word for word, so that nobody learns from what is gone."""
    shown = Path("docs/extending.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    assert shown.strip() in Path("actions/dialogue/steps/amount.py").read_text(encoding="utf-8")
