"""The written messages: enough of them, none in two places, and how well they are noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from danger.classifier import Classifier
from danger.errors import DangerError, ModelUnreadable
from danger.measuring import assess_all, false_alarms, quality_of
from danger.messages import ACUTE, CALM, FINAL, FITTING, HELD_BACK, SECOND_FINAL, load_messages, texts_of
from danger.replies import ANY, shipped
from danger.watch import shared_watch
from evaluation.questions import DEV, FROZEN, load_questions

ENOUGH = 600
OUTSIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "off-topic-real.txt"


@pytest.mark.slow  # reads all messages
def test_there_are_enough_and_every_kind_is_told_of() -> None:
    """Six hundred of danger and as many near misses at least, a part of both held back."""
    fitting, held_back = load_messages(FITTING), load_messages(HELD_BACK)
    for level in (ACUTE, CALM):
        assert len(texts_of(fitting, level)) >= ENOUGH and len(texts_of(held_back, level)) >= ENOUGH / 2
    for messages in (fitting, held_back):
        assert {kind for m in messages for kind in m.kinds} | {ANY} == set(shipped().kinds)


@pytest.mark.slow  # reads all messages
def test_what_judges_is_not_what_was_fitted_on() -> None:
    """No text stands in both, blanks and signs aside; none twice."""

    def plain(text: str) -> str:
        return re.sub(r"[\W_]+", "", text).lower()

    fitting = {plain(m.text) for m in load_messages(FITTING)}
    for folder in (HELD_BACK, FINAL, SECOND_FINAL):
        assert not fitting & {plain(m.text) for m in load_messages(folder)}


def test_a_message_without_its_kind_is_refused(tmp_path: Path) -> None:
    """With the file and the text."""
    (tmp_path / "a.yml").write_text("level: acute\nmessages:\n- text: 着火了\n", encoding="utf-8")
    with pytest.raises(DangerError, match="着火了"):
        load_messages(tmp_path)


# What was measured (docs/quality.md), less two standard deviations of a set of this size.
ACUTE_FROM, NUMBERED_FROM, PRECISION_FROM = 0.92, 0.92, 0.90
ALARMED_TO = 0.09
STRANGERS_FROM, STRANGERS_ALARMED_TO = 0.87, 0.11  # 92.9 and 5.9 %, 84 messages each


def no_progress(_done: int) -> None:
    """Nobody watches."""


@pytest.mark.slow  # a vector for each of some thousand messages
def test_danger_is_noticed_in_messages_that_were_held_back() -> None:
    """The shares of docs/quality.md, less what chance takes from a set of this size."""
    messages = load_messages(HELD_BACK)
    quality = quality_of(messages, assess_all(messages, shared_watch().assess, no_progress))
    assert quality.acute.share >= ACUTE_FROM and quality.numbered.share >= NUMBERED_FROM, quality
    assert quality.alarmed.share <= ALARMED_TO and quality.precision.share >= PRECISION_FROM, quality


@pytest.mark.slow  # a vector for each of 168 messages
def test_danger_is_noticed_in_the_words_of_strangers_to_the_project() -> None:
    """Of the set whose writers knew nothing of it: a small one, so chance takes more."""
    messages = load_messages(SECOND_FINAL)
    quality = quality_of(messages, assess_all(messages, shared_watch().assess, no_progress))
    assert quality.acute.share >= STRANGERS_FROM and quality.alarmed.share <= STRANGERS_ALARMED_TO, quality


def own_questions() -> list[str]:
    """The project's frozen and tuning questions."""
    return [q.question for path in (FROZEN, DEV) for q in load_questions(path)]


def outside_messages() -> list[str]:
    """What people asked a travel assistant: it stands beside the repository, not in it."""
    if not OUTSIDE.exists():
        pytest.skip("the messages from outside are not on this machine")
    return [line for line in OUTSIDE.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.slow
@pytest.mark.parametrize("read", [own_questions, outside_messages])
def test_no_more_than_one_question_in_a_hundred_raises_an_alarm(read: Callable[[], list[str]]) -> None:
    """Neither among those that the project was written for, nor among others."""
    texts = read()
    found = false_alarms(texts, shared_watch().assess, no_progress)
    assert found["numbers"]["share"] <= 0.01, json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("harm", ["missing", "cut", "other format"])
def test_a_damaged_classifier_says_what_to_do(tmp_path: Path, harm: str) -> None:
    """Missing, cut short, or of another format: the message names the file and the mend."""
    import numpy as np

    path = tmp_path / "classifier.npz"
    if harm == "cut":
        from danger.classifier import FILE

        path.write_bytes(FILE.read_bytes()[:5000])
    elif harm == "other format":
        np.savez(path, about=np.frombuffer(json.dumps({"format": 99}).encode(), np.uint8))
    with pytest.raises(ModelUnreadable, match=r"classifier\.npz.*danger fit"):
        Classifier.load(path)
