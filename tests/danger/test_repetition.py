"""What is said over and over is heard once."""

from __future__ import annotations

import pytest

from danger.repetition import said_once
from danger.watch import Level, Watch, shared_watch
from knowledge.language.languages import MAX_CHARS

HARMLESS = [
    "How many beds will there be? ",
    "养老院床位有多少？",
    "几点开门",
    "Is there a kindergarten near Zhaoxiang station? ",
    "绣球花什么时候开，",
]


@pytest.fixture(scope="module")
def watch() -> Watch:
    """The watch that serves."""
    return shared_watch()


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("有多少床位" * 40, "有多少床位"),
        ("How many beds? " * 9 + "How man", "How many beds?"),  # cut off where a message may be no longer
        ("你好。床位有几张？床位有几张！床位有几张，急用", "你好。床位有几张？急用"),
        ("救命救命救命", "救命救命救命"),  # short: a word by itself
        ("哈哈哈哈", "哈哈哈哈"),
        ("先去医院，再去学校，最后去图书馆，一共多少路", "先去医院，再去学校，最后去图书馆，一共多少路"),
        ("这个床位那个床位，这个要钱，那个不要钱，到底多少", "这个床位那个床位，这个要钱，那个不要钱，到底多少"),
        ("", ""),
        ("？" * 50, "？"),
    ],
)
def test_only_what_is_said_again_falls_away(text: str, once: str) -> None:
    """Whole messages that repeat, and clauses that come back; nothing of a message that says each thing once or twice."""
    assert said_once(text) == once


@pytest.mark.parametrize("unit", HARMLESS)
@pytest.mark.parametrize("times", [3, 12, 36])
def test_a_harmless_question_asked_over_and_over_stays_harmless(watch: Watch, unit: str, times: int) -> None:
    """Thirty times the same is no danger, nor half doubtful."""
    assert watch.assess((unit * times)[:MAX_CHARS]).level is Level.NONE


@pytest.mark.parametrize("cry", ["救命！", "着火了快来人，", "I want to die. "])
def test_a_cry_over_and_over_stays_a_cry(watch: Watch, cry: str) -> None:
    """However often."""
    assert watch.assess((cry * 60)[:MAX_CHARS]).level is Level.ACUTE


def test_danger_between_repetitions_is_heard(watch: Watch) -> None:
    """Nothing that is said once is lost."""
    assert watch.assess("床位有几张？" * 20 + "我不想活了。" + "床位有几张？" * 20).level is Level.ACUTE
