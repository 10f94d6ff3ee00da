"""The trained pipeline of `config.yml`, as Rasa runs it."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.agent import Agent

from knowledge.search.finder import Finder

pytestmark = pytest.mark.slow  # the trained model
MODEL = "models/ask-qingpu.tar.gz"


@pytest.fixture(scope="module")
def agent() -> Agent:
    """The model that `make test` has trained, in this process."""
    return Agent.load(MODEL)


def confidences(agent: Agent, text: str) -> dict[str, float]:
    """Intent → confidence."""
    parsed = asyncio.run(agent.parse_message(text))
    return {item["name"]: float(item["confidence"]) for item in parsed["intent_ranking"]}


@pytest.mark.parametrize(
    "text",
    ["到2025年养老床位有多少张", "阿拉老房子呒没电梯", "gongzufang 怎么申请", "谢谢侬", "托班", "一加一等于2000吗"],
)
def test_finder_and_nlu_see_the_same(agent: Agent, finder: Finder, text: str) -> None:
    """The finder's own view, on which its models are fitted, is NLU's within three hundredths: both fits stop early."""
    understood = finder.normalizer.normalise(text).text
    own = finder.intents(understood, finder.encoder.query(understood))
    assert confidences(agent, text) == pytest.approx(own, abs=0.03)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("租房太贵了？", "ask_housing"), ("残疾人呢", "follow_up"), ("残疾人", "ask_other_service"), ("你好", "greet")],
)
def test_the_words_of_an_example_are_believed(agent: Agent, finder: Finder, text: str, intent: str) -> None:
    """At 0.99, first in the ranking, which stays a distribution; the finder says the same."""
    parsed = asyncio.run(agent.parse_message(text))
    assert parsed["intent"]["name"] == parsed["intent_ranking"][0]["name"] == intent
    assert parsed["intent"]["confidence"] == pytest.approx(0.99, abs=0.01)
    assert sum(confidences(agent, text).values()) == pytest.approx(1.0, abs=1e-3)
    assert finder.find(text).known_as == intent


@pytest.mark.parametrize("text", ["。。。", "？？？", "😀", "  ", "…", "\u200b"])
def test_a_message_without_a_word_is_parsed(agent: Agent, text: str) -> None:
    """Rasa's classifier needs features of every message: without any it would fail the turn."""
    assert sum(confidences(agent, text).values()) == pytest.approx(1.0, abs=1e-3)
