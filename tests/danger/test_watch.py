"""What is noticed in a message, and what is not."""

from __future__ import annotations

import pytest

from danger.messages import DOUBTFUL, FITTING, load_messages, texts_of
from danger.replies import Replies
from danger.watch import Level, Watch, shared_watch
from knowledge.encoder.text_encoder import Vectors, shared_encoder
from knowledge.language.languages import ENGLISH, SIMPLIFIED, TRADITIONAL

ACUTE = [  # message, script, the number without which the reply would be wrong
    ("我想自殺", TRADITIONAL, "12356"),
    ("想輕生", TRADITIONAL, "12356"),
    ("不想活了", SIMPLIFIED, "12356"),
    ("活著好累，不想再撐了", TRADITIONAL, "12356"),
    ("老伴走了我也想跟着去", SIMPLIFIED, "12356"),
    ("自 * 杀", SIMPLIFIED, "12356"),
    ("wo bu xiang huo le", SIMPLIFIED, "12356"),
    ("I want to kill myself", ENGLISH, "12356"),
    ("著火了", TRADITIONAL, "119"),
    ("楼下冒烟了", SIMPLIFIED, "119"),
    ("My kitchen is on fire", ENGLISH, "119"),
    ("煤气漏了", SIMPLIFIED, "119"),
    ("老人走失了", SIMPLIFIED, "110"),
    ("小孩不见了", SIMPLIFIED, "110"),
    ("孩子被拐了", SIMPLIFIED, "110"),
    ("my son is missing", ENGLISH, "110"),
    ("老人摔倒起不来", SIMPLIFIED, "120"),
    ("我爸突然昏倒了怎么办", SIMPLIFIED, "120"),
    ("my father is not breathing", ENGLISH, "120"),
    ("孩子误食了洗衣凝珠", SIMPLIFIED, "120"),
    ("电梯里被困", SIMPLIFIED, "119"),
    ("有人掉进河里了", SIMPLIFIED, "119"),
    ("有人要打我", SIMPLIFIED, "110"),
    ("我老公又打我了，我躲在厕所里", SIMPLIFIED, "110"),
    ("有个自称公安的打电话来，要我把钱转到安全账户", SIMPLIFIED, "110"),
    ("救命", SIMPLIFIED, "110"),
    ("help me", ENGLISH, "110"),
]
CALM = [
    "三年前中风过，现在想找康复的地方",
    "小区里装不装报警器",
    "怎么预防火灾",
    "消防培训在哪里报名",
    "累死了",
    "笑死我了",
    "气得想杀人",
    "养老院床位有多少",
    "到2025年要建几个消防站",
    "谢谢，再见",
    "房价要命啊",
    "紫砂壶哪里有卖",
    "how many kindergartens are planned",
    "热水器坏了",
    "老伴走了",
    "she bao ka diu le zen me bu",
    "老头子走了两年了",  # the last three stand in no file that is fitted on
    "冰箱坏了",
    "zhu fang gong ji jin ti qu",
]


@pytest.fixture(scope="module")
def watch() -> Watch:
    """The watch that serves."""
    return shared_watch()


@pytest.mark.parametrize(("text", "script", "number"), ACUTE)
def test_acute_danger_gets_its_number_in_its_script(watch: Watch, text: str, script: str, number: str) -> None:
    """Whatever the words, the script and the disguise."""
    found = watch.assess(text)
    given = [hotline.number for hotline in Replies().hotlines(found.kinds, found.script)]
    assert (found.level, found.script) == (Level.ACUTE, script), found
    assert number in given


@pytest.mark.parametrize("text", CALM)
def test_what_only_sounds_like_it_gets_none(watch: Watch, text: str) -> None:
    """The past, the hypothetical, services and metaphors."""
    assert watch.assess(text).level is Level.NONE


def test_what_is_understood_takes_no_danger_away(watch: Watch) -> None:
    """A published word that turns 自杀 into something else changes nothing; one that reads it out of a slip adds it."""
    assert watch.assess("我想自杀", understood="我想自习").level is Level.ACUTE
    assert watch.assess("嗯那个", understood="我想自杀").level is Level.ACUTE


def test_the_rules_decide_where_vectors_cannot_be_had(watch: Watch) -> None:
    """An encoder that fails silences nobody."""

    def broken(_text: str) -> None:
        raise OSError("no model")

    alone = Watch(encode=broken)  # type: ignore[arg-type]
    assert alone.assess("着火了快来人").level is Level.ACUTE
    assert alone.assess("养老院床位有多少").level is Level.NONE


def test_the_same_words_are_judged_once_unless_that_failed(watch: Watch) -> None:
    """A second look finds the judgement of the first; what failed is tried again."""
    fails, encoded = [True], list[str]()

    def encode(text: str) -> Vectors:
        encoded.append(text)
        if fails[0]:
            raise OSError("not now")
        return shared_encoder().query(text)

    once = Watch(encode=encode)
    assert once.assess("我想自杀").probability is None
    fails[0] = False
    first = once.assess("我想自杀")
    assert first == watch.assess("我想自杀") and first.probability is not None
    assert once.assess("我想自杀") == first and len(encoded) == 2
    assert once.assess("楼下冒烟了").level is Level.ACUTE and len(encoded) == 3


@pytest.mark.slow  # a vector for each of a few hundred messages
def test_soon_after_danger_less_is_enough(watch: Watch) -> None:
    """What would get a quiet line gets the reply within ten minutes."""
    written = [message.text for message in texts_of(load_messages(FITTING), DOUBTFUL)]
    doubtful = [text for text in written if watch.assess(text).level is Level.QUIET]
    assert doubtful, "none of the doubtful messages is doubtful"
    assert all(watch.assess(text, careful=True).level is Level.ACUTE for text in doubtful)


@pytest.mark.parametrize(
    "text", ["", "   ", "？？？", "\ud800", "\0", "1" * 5000, "火" * 5000, "a" * 5000, "救命" * 600]
)
def test_nothing_that_is_typed_breaks_it(watch: Watch, text: str) -> None:
    """Empty, broken and endless messages are assessed."""
    assert watch.assess(text).level in Level


@pytest.mark.parametrize(
    "text",
    [
        "I don't understand",
        "I still don’t understand this.",
        "Sorry, I do not get it",
        "I can't read Chinese",
        "help me understand",
    ],
)
def test_who_does_not_understand_english_answers_is_in_no_danger(watch: Watch, text: str) -> None:
    """Such words and no more; soon after danger they are heard as everything else."""
    assert watch.assess(text).level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "help me",
        "I don't understand he is not breathing",
        "I don't want to live",
        "I can't breathe",
        "help me I can't get out",
    ],
)
def test_what_says_more_is_still_heard(watch: Watch, text: str) -> None:
    """A word beside them is weighed as ever."""
    assert watch.assess(text).level is Level.ACUTE
