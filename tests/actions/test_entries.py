"""The tables of the dialogue, how their steps take turns, and what each turn may be read as."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import CERTAIN, QUESTION, READINGS
from actions.dialogue.options import Option
from actions.dialogue.stepping import QUESTION as A_QUESTION
from actions.dialogue.stepping import NoStepReplied, first_reply, options
from actions.dialogue.steps.more import more
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.source import source
from actions.trace import trace_of
from knowledge.reply.answer import Outcome
from tests.actions.findings import ABOUT_BEDS, CARE_BEDS, RENTING, FakeSearch, finding, leaning

NO_SUBJECT = Conversation()


def read_as(found: list[Option]) -> dict[str, Outcome]:
    """Reading → what it leads to."""
    return {reading.name: reading.reply.answer.outcome for option in found for reading in option.readings}


def test_the_first_step_that_replies_wins_and_is_named() -> None:
    """With the turn's own finding where it names none; a table that leaves something unanswered says so."""
    asked = leaning("出处在哪", before=NO_SUBJECT)
    reply = first_reply((more, source, nothing_named, *QUESTION), asked)
    assert (reply.step, reply.finding) == ("weighed", asked.finding)
    assert first_reply((more, source), leaning("出处在哪")).step == "more"
    with pytest.raises(NoStepReplied, match="more"):
        first_reply((more,), asked)


def test_the_trace_names_the_step_that_spoke() -> None:
    """For the log; where the action failed there is none to name."""
    reply = first_reply((source,), leaning("出处在哪"))
    assert trace_of(reply.finding, "k", 1.0, reply.step).as_metadata()["step"] == "source"
    assert "step" not in trace_of(None, "k", 1.0).as_metadata()


@pytest.mark.parametrize("before", [NO_SUBJECT, ABOUT_BEDS, Conversation(told=("我妈八十了",), clarified=True)])
@pytest.mark.parametrize("text", ["", "那呢", "天气", "/restart", "第二个", "都不是"])
def test_every_turn_may_be_read_as_a_question_of_its_own(before: Conversation, text: str) -> None:
    """So nothing is left unanswered, least of all nothing; it is recorded under the step of the question that replied."""
    (question,) = [each for each in options(READINGS, QUESTION, leaning(text, before=before)) if _is_a_question(each)]
    reply = next(reading.reply for reading in question.readings if reading.name == A_QUESTION)
    assert reply.step in {step.__name__ for step in QUESTION} and reply.answer.text


def _is_a_question(option: Option) -> bool:
    return any(reading.name == A_QUESTION for reading in option.readings)


def test_a_reading_is_recorded_under_the_step_that_replied() -> None:
    """All but a question of its own."""
    for option in options(READINGS, QUESTION, leaning("那公租房呢", finding("公租房", RENTING))):
        for reading in option.readings:
            assert reading.reply.step == reading.name or reading.name == A_QUESTION


def test_the_name_of_a_step_says_which_it_is() -> None:
    """One name, one step, short enough for the log, and none is called as the reading of a question is."""
    steps = {step for table in (CERTAIN, QUESTION, READINGS) for step in table}
    names = [step.__name__ for step in steps]
    assert len(set(names)) == len(names) and A_QUESTION not in names
    assert max(map(len, names)) <= 32


def test_a_turn_in_the_middle_of_a_subject_is_read_in_every_way() -> None:
    """Each step that takes it for something has its reading; those that can take it for nothing have none."""
    asked = leaning(
        "那护理型的呢", finding("护理型", CARE_BEDS), finding("养老床位护理型", CARE_BEDS), finding("养老床位有多少，那护理型的呢", CARE_BEDS)
    )  # fmt: skip
    found = read_as(options(READINGS, QUESTION, asked))
    answered = ("same_sentence", "nearby", "next_object", "next_alone", "joined", "with_question")
    assert {found[name] for name in (*answered, "source", "repeated", "same_passage")} == {Outcome.ANSWERED}
    assert found["small_talk"] is Outcome.CHAT and not {"request", "heard"} & set(found)
    assert not set(found) & {"with_story", "returned", "figure_of_then", "at_a_place", "corrected", "nothing_named"}


def test_first_words_lean_on_nothing() -> None:
    """Without an answer before, a turn asks, is small talk, or names its object; it tells or requests only if it sounds like that."""
    found = options(READINGS, QUESTION, leaning("那公租房呢", finding("公租房", RENTING), before=NO_SUBJECT))
    assert set(read_as(found)) == {A_QUESTION, "small_talk", "named_alone"}


def test_what_leans_is_searched_for_once_whoever_asks() -> None:
    """The searches of a turn are shared by its readings."""
    asked = leaning("那公租房呢", finding("公租房", RENTING))
    search = asked.services.search
    assert isinstance(search, FakeSearch) and search.searched == []
    options(READINGS, QUESTION, asked)
    assert sorted(search.searched) == sorted(set(search.searched))
    assert {"那公租房呢", "公租房", "养老床位公租房", "养老床位有多少，那公租房呢"} <= set(search.searched)


def test_the_step_that_the_documentation_shows_is_a_real_one() -> None:
    """Word for word, so that nobody learns from what is gone."""
    page = Path("docs/extending.md").read_text(encoding="utf-8")
    shown = page.split("```python\n")[1].split("```")[0]
    assert shown.strip() in Path("actions/dialogue/steps/with_story.py").read_text(encoding="utf-8")
