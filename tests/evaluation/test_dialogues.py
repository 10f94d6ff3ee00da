"""Verdicts on turns of a dialogue, on answers made by hand, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from evaluation.dialogues import JudgedTurn, group_of, main, report_of, verdict
from knowledge.catalogue.written_dialogues import WrittenDialogue, WrittenTurn
from knowledge.reply.answer import Answer, Citation, Outcome

BEDS, RENT, CARE = "养老机构床位总数增加到9500张。", "加大公共租赁住房精准保障力度。", "护理型床位占比达到60%。"


def shown(*quotes: str) -> Answer:
    """An answer that cites these sentences, blanks of the document in them."""
    cited = tuple(Citation("c", " ".join(quote), "", "", "", 1, "", "") for quote in quotes)
    return Answer("", Outcome.ANSWERED, "", citations=cited)


def said(outcome: Outcome) -> Answer:
    """An answer of another kind."""
    return Answer("", outcome, "")


SILENT, OUTSIDE, ASKED_BACK, CHAT = map(
    said, (Outcome.NOT_IN_PLAN, Outcome.OUT_OF_SCOPE, Outcome.CLARIFY, Outcome.CHAT)
)
REGISTERED, FAILED = said(Outcome.HANDOFF), said(Outcome.ERROR)
ASKS = WrittenTurn("床位呢", "question", answers=("床位总数",))
ASKS_BOTH = replace(ASKS, also=(("公共租赁住房",),))
ASKS_FEE = WrittenTurn("收费呢", "question")


@pytest.mark.parametrize(
    ("turn", "answer", "judged"),
    [
        (ASKS, shown(BEDS), "right"),
        (ASKS, shown(BEDS, RENT), "right"),
        (ASKS, shown(RENT, BEDS), "wrong"),
        (ASKS, ASKED_BACK, "offered"),
        (ASKS, SILENT, "refused"),
        (ASKS, OUTSIDE, "refused"),
        (ASKS, CHAT, "odd"),
        (ASKS, FAILED, "odd"),
        (ASKS_BOTH, shown(RENT, BEDS), "right"),
        (ASKS_BOTH, shown(BEDS), "wrong"),
        (ASKS_FEE, shown(BEDS), "wrong"),
        (ASKS_FEE, SILENT, "right"),
        (ASKS_FEE, OUTSIDE, "right"),
        (ASKS_FEE, REGISTERED, "odd"),
        (replace(ASKS, act="correction"), shown(BEDS), "right"),
        (replace(ASKS, act="return"), shown(RENT), "wrong"),
    ],
)
def test_a_question_is_right_by_the_first_passage(turn: WrittenTurn, answer: Answer, judged: str) -> None:
    """Two questions by all passages together; where the plan is silent, a refusal of either kind is right."""
    assert verdict(turn, answer, []) == judged


@pytest.mark.parametrize(
    ("act", "answer", "judged"),
    [
        ("source", shown(BEDS), "right"),
        ("repeat", shown(RENT, BEDS), "right"),
        ("source", shown(RENT), "wrong"),
        ("repeat", SILENT, "odd"),
        ("more", shown(RENT), "right"),
        ("more", shown(BEDS), "wrong"),
        ("more", SILENT, "right"),
        ("more", CHAT, "odd"),
        ("denial", ASKED_BACK, "right"),
        ("denial", CHAT, "right"),
        ("denial", shown(BEDS), "wrong"),
        ("denial", shown(RENT), "odd"),
        ("denial", SILENT, "odd"),
        ("tell", CHAT, "right"),
        ("tell", shown(RENT), "wrong"),
        ("tell", OUTSIDE, "odd"),
        ("thanks", CHAT, "right"),
        ("thanks", SILENT, "odd"),
        ("goodbye", shown(BEDS), "wrong"),
        ("person", REGISTERED, "right"),
        ("complaint", CHAT, "odd"),
        ("off_topic", OUTSIDE, "right"),
        ("off_topic", SILENT, "right"),
        ("off_topic", shown(BEDS), "wrong"),
        ("off_topic", REGISTERED, "odd"),
    ],
)
def test_a_turn_that_asks_nothing_is_right_by_what_it_does(act: str, answer: Answer, judged: str) -> None:
    """After a passage on beds: shown again, another one, none at all."""
    assert verdict(WrittenTurn("…", act), answer, [BEDS]) == judged


def test_turns_are_grouped_by_what_they_do() -> None:
    """Of those that ask: whether the plan answers, and whether a question leans."""
    assert group_of(ASKS) == "question, answered"
    assert group_of(replace(ASKS_FEE, leans=True)) == "question leaning, silent"
    assert group_of(WrittenTurn("不对", "correction", leans=True, answers=("x",))) == "correction, answered"
    assert group_of(WrittenTurn("谢谢", "thanks")) == "thanks"


def judged_turn(turn: WrittenTurn, answer: Answer, judged: str, step: str) -> JudgedTurn:
    """A turn of a dialogue of its own."""
    reply = Reply(answer, Conversation(), step=step)
    return JudgedTurn(WrittenDialogue("d", f"about {step}", (turn,)), turn, reply, judged)


def test_a_report_counts_all_turns_and_each_kind_of_them() -> None:
    """With shares, by act, by kind of dialogue, by step; what did not happen is left out."""
    turns = [
        judged_turn(ASKS, shown(BEDS), "right", "weighed"),
        judged_turn(ASKS, shown(RENT), "wrong", "weighed"),
        judged_turn(ASKS_FEE, SILENT, "right", "joined"),
        judged_turn(WrittenTurn("谢谢", "thanks"), CHAT, "right", "small_talk"),
    ]
    lines = report_of(turns)
    assert lines[0] == "全部 all turns 4：right 3 (75.0%)，wrong 1 (25.0%)"
    assert "  question, answered 2：right 1 (50.0%)，wrong 1 (50.0%)" in lines
    assert "  about joined 1：right 1 (100.0%)" in lines
    assert "  small_talk 1：right 1 (100.0%)" in lines


def test_a_file_that_is_missing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and the file's name."""
    assert main(["--dialogues", "no-such-file.yml"]) == 1
    assert "no-such-file.yml" in capsys.readouterr().err
