"""Dialogues as their writers labelled them: read with their labels, and what is wrong in them said with its line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evaluation.dialogues import JUDGING
from evaluation.hotline import HOTLINE, load_messages
from evaluation.questions import FROZEN, load_questions
from knowledge.catalogue.written_dialogues import ACTS, QUESTIONS, TRAINING, WrittenTurn, load_dialogues, load_turns
from knowledge.document.plan_text import read_plan, squash
from knowledge.groundwork import settings
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import letters_of

JUDGE = (
    JUDGING,
    *(JUDGING.with_name(f"dialogues_{number}.yml") for number in ("second", "third", "fourth")),
)
MESSAGES = (HOTLINE, *(HOTLINE.with_name(f"{name}.yml") for name in ("hotline_second", "hotline_third", "residents")))
SHORT = 4  # letters: 「养老院」 and the like come from every pen

DIALOGUE = """dialogues:
  - id: d-1
    kind: story
    turns:
      - {say: 我妈八十了, act: tell}
      - say: 有没有人送饭，床位呢
        act: question
        leans: true
        whole: 八十岁的老人有没有人送饭
        answers: [开设 助餐点]
        not: 廉租房
        also: [[床位 总数, 9500 张]]
"""


def write(folder: Path, text: str, name: str = "a.yml") -> Path:
    """A file of dialogues."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_turn_is_read_with_its_labels(tmp_path: Path) -> None:
    """Runs of the plan without its blanks; what a writer left out is empty, and one run instead of a list is none."""
    (dialogue,) = load_dialogues(write(tmp_path, DIALOGUE))
    told, asked = dialogue.turns
    assert (dialogue.id, dialogue.kind) == ("d-1", "story")
    assert told == WrittenTurn("我妈八十了", "tell") and not told.asks
    assert asked.asks and asked.leans and asked.whole == "八十岁的老人有没有人送饭"
    assert (asked.answers, asked.wrong, asked.also) == (("开设助餐点",), (), (("床位总数", "9500张"),))


def test_a_folder_is_read_file_by_file_in_the_order_of_names(tmp_path: Path) -> None:
    """Whatever the disk's own order; an empty one has no dialogue."""
    assert load_dialogues(tmp_path) == []
    write(tmp_path, DIALOGUE.replace("d-1", "d-2"), "b.yml")
    write(tmp_path, DIALOGUE, "a.yml")
    assert [dialogue.id for dialogue in load_dialogues(tmp_path)] == ["d-1", "d-2"]


def test_an_unknown_act_is_told_with_its_line_and_its_mend(tmp_path: Path) -> None:
    """Those that there are."""
    path = write(tmp_path, DIALOGUE.replace("act: question", "act: wonder"))
    with pytest.raises(CatalogueError) as caught:
        load_dialogues(path)
    said = str(caught.value)
    assert f"{path.name}:7: " in said and "'wonder'" in said
    assert " — " in said and all(act in said for act in ACTS)


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(CatalogueError, match=r"no-such\.yml"):
        load_dialogues(tmp_path / "no-such.yml")


@pytest.mark.slow  # reads all training data
def test_the_dialogues_of_the_repository_hold_against_the_plan() -> None:
    """Each run stands in the plan, ids are unique, and who asks nothing has no answers."""
    plan = squash(read_plan(settings.PLAN))
    dialogues = [dialogue for path in (TRAINING, *JUDGE) for dialogue in load_dialogues(path)]
    assert [name for name, count in Counter(each.id for each in dialogues).items() if count > 1] == []
    for turn in [*(turn for dialogue in dialogues for turn in dialogue.turns), *load_turns(QUESTIONS)]:
        runs = (*turn.answers, *(run for each in turn.also for run in each))
        assert turn.asks or not runs, turn.say
        assert [run for run in runs if run not in plan] == [], turn.say


@pytest.mark.slow  # reads all training data
def test_nothing_that_judges_is_learned() -> None:
    """No question of a set that judges is among those that the ranking and the dialogue are fitted on."""
    learned = {letters_of(turn.say) for dialogue in load_dialogues(TRAINING) for turn in dialogue.turns if turn.asks}
    learned |= {letters_of(turn.say) for turn in load_turns(QUESTIONS)}
    judging = [
        turn.say
        for path in JUDGE
        for dialogue in load_dialogues(path)
        for turn in dialogue.turns
        if turn.asks and not turn.leans
    ]
    judging += [message.text for path in MESSAGES for message in load_messages(path)]
    judging += [question.question for question in load_questions(FROZEN) if not question.before]
    assert len(judging) > 1000
    assert [said for said in judging if len(letters_of(said)) > SHORT and letters_of(said) in learned] == []
