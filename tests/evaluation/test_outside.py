"""Messages that are none of our business: kept apart from what is learned, and seldom shown a passage."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from conversations.export import RULES
from evaluation.in_process import InProcess
from evaluation.outside import OUTSIDE, RepliedMessage, main, messages_of, report_of
from knowledge.catalogue.training_data import nlu_examples
from knowledge.language.question import letters_of
from knowledge.reply.answer import Outcome


def test_no_message_that_judges_is_learned() -> None:
    """What judges stands in no NLU file, in no wording of it."""
    learned = {letters_of(example.text) for example in nlu_examples(Path("data/nlu"))}
    assert [m for m in messages_of(OUTSIDE) if letters_of(m) in learned] == []


def test_every_intent_has_the_action() -> None:
    """The rules send each intent of the domain to the one action that there is: what is answered in one process is so of all."""
    domain, rules = (YAML(typ="safe").load(path) for path in (Path("domain.yml"), RULES))
    intents = {each if isinstance(each, str) else next(iter(each)) for each in domain["intents"]}
    steps = [tuple(next(iter(step.values())) for step in rule["steps"]) for rule in rules["rules"]]
    assert sorted(steps) == sorted((intent, "action_answer") for intent in intents)
    assert domain["actions"] == ["action_answer"]


def test_everyday_talk_is_seldom_shown_a_passage(bot: InProcess) -> None:
    """At most 6 % of what judges: what is reached (docs/quality.md) and a margin."""
    asked = [RepliedMessage(message, bot.ask([message])) for message in messages_of(OUTSIDE)]
    shown = [each.message for each in asked if each.shown]
    assert len(shown) <= 0.06 * len(asked), shown


def test_a_question_of_ours_is_answered_also_after_another(bot: InProcess) -> None:
    """A question is shown its passage, and a follow-up leans on it."""
    first = bot.ask(["喘息服务是什么"])
    assert first.answer.outcome is Outcome.ANSWERED
    source = bot.ask(["喘息服务是什么", "出处在哪"])
    assert source.answer.citations[0].quote == first.answer.citations[0].quote


def test_a_report_counts_and_lists_what_was_shown(bot: InProcess) -> None:
    """Of two messages the one that was shown a passage is listed, with that passage."""
    asked = [RepliedMessage(message, bot.ask([message])) for message in ("喘息服务是什么", "讲个笑话")]
    lines = report_of("x", asked, listed=True).splitlines()
    assert "1/2 = 50.0%" in lines[0]
    assert len(lines) == 2 and "喘息服务是什么" in lines[1]


def test_a_file_that_is_missing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and the file's name."""
    assert main(["--messages", "no-such-file.txt", "--no-sets"]) == 1
    assert "no-such-file.txt" in capsys.readouterr().err
