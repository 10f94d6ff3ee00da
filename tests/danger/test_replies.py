"""What is said in danger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from danger.errors import WordingWrong
from danger.replies import ANY, KindWording, Replies, check_change, read, shipped
from knowledge.language.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from knowledge.reply.answer import Answer, Outcome

WECHAT_BYTES = 2048
SCRIPTS = (SIMPLIFIED, TRADITIONAL, ENGLISH)
EVERY = [(kind, script) for kind in shipped().kinds for script in SCRIPTS]


@pytest.mark.parametrize(("kind", "script"), EVERY)
def test_a_reply_is_the_numbers_then_what_to_do_and_a_person(kind: str, script: str) -> None:
    """Nothing else: no passage, nothing to ask next, no notice; and it fits into one message of WeChat."""
    answer = Replies().acute([kind], script)
    first = shipped().kinds[kind].numbers[0]
    assert answer.outcome is Outcome.DANGER and answer.danger == kind
    assert first in answer.headline and answer.text.startswith(answer.headline)
    assert [hotline.number for hotline in answer.hotlines] == list(shipped().kinds[kind].numbers)
    assert "12345" in answer.text.splitlines()[-1]
    assert not (answer.citations or answer.related or answer.notice or answer.facts)
    assert not any(word in answer.text for word in ("再见", "规划", "goodbye", "plan"))
    assert len(answer.text.encode()) <= WECHAT_BYTES


@pytest.mark.parametrize("kind", shipped().kinds)
def test_each_script_is_itself(kind: str) -> None:
    """Traditional has no character that only Simplified has; English has no Chinese but the word to reply."""
    traditional = Replies().acute([kind], TRADITIONAL).text
    assert "请" not in traditional and "拨" not in traditional and "請" in traditional
    english = Replies().acute([kind], ENGLISH).text.replace("“人工”", "")
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)


def test_two_kinds_give_the_numbers_of_both() -> None:
    """Who swallowed pills to die needs the ambulance and somebody to talk to."""
    numbers = [hotline.number for hotline in Replies().hotlines(["poisoning", "self_harm"], SIMPLIFIED)]
    assert numbers[0] == "120" and "12356" in numbers


def test_an_unknown_kind_gives_all_three_numbers() -> None:
    """Better three than none."""
    answer = Replies().acute(["no such kind"], SIMPLIFIED)
    assert answer.danger == ANY and [h.number for h in answer.hotlines] == ["110", "119", "120"]


def test_a_doubtful_case_keeps_its_answer_and_gets_a_line() -> None:
    """The quiet line stands last, its numbers as data beside it."""
    answered = Answer("规划写了……", Outcome.ANSWERED, "规划写了……")
    answer = Replies().beside(answered, {"kinds": ["medical"], "script": SIMPLIFIED, "lately": False})
    assert answer.text.startswith(answered.text + "\n") and "120" in answer.text.splitlines()[-1]
    assert answer.outcome is Outcome.ANSWERED and answer.danger == "medical" and answer.hotlines[0].number == "120"


@pytest.mark.parametrize("outcome", [Outcome.CHAT, Outcome.OUT_OF_SCOPE, Outcome.NOT_IN_PLAN, Outcome.CLARIFY])
def test_soon_after_danger_nobody_is_waved_goodbye(outcome: Outcome) -> None:
    """Small talk and refusals become a careful line with the numbers; answers and requests stay, with the line."""
    metadata = {"kinds": ["self_harm"], "script": SIMPLIFIED, "lately": True}
    careful = Replies().beside(Answer("再见，祝您一切都好！", outcome, "再见"), metadata)
    assert "再见" not in careful.text and "12356" in careful.text and careful.outcome is Outcome.CHAT
    kept = Replies().beside(Answer("登记编号 QP1", Outcome.HANDOFF, "登记编号 QP1"), metadata)
    assert kept.outcome is Outcome.HANDOFF and "QP1" in kept.text and "12356" in kept.text


FIRE = shipped().kinds["fire"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(FIRE, numbers=()), "1 到"),
        (replace(FIRE, numbers=("120", "119")), "第一个号码"),
        (replace(FIRE, numbers=("119",)), "不能去掉 120"),
        (replace(FIRE, numbers=("119", "120", "114")), "不认识"),
        (replace(FIRE, zh=()), "zh"),
        (replace(FIRE, zh=("长" * 200,)), "最多"),
        (replace(FIRE, en=("see https://example.org",)), "网址"),
    ],
)
def test_no_wording_takes_the_numbers_away(changed: KindWording, words: str) -> None:
    """Staff may say it better, never switch it off."""
    with pytest.raises(WordingWrong, match=words):
        check_change("fire", changed)


def test_better_words_are_taken() -> None:
    """And said."""
    better = replace(FIRE, zh=("快走，别拿东西。",), numbers=("119", "120", "110"))
    check_change("fire", better)
    answer = Replies({"fire": better}).acute(["fire"], SIMPLIFIED)
    assert "快走，别拿东西。" in answer.text and "110" in answer.text


def test_every_number_names_its_source() -> None:
    """And every number that is given is described."""
    for number, described in shipped().numbers.items():
        assert described.source and described.zh and described.en, number
    used = {number for kind in shipped().kinds.values() for number in kind.numbers}
    assert used <= set(shipped().numbers)


def test_a_faulty_file_is_refused_by_name(tmp_path) -> None:
    """With the field and the mend."""
    path = tmp_path / "replies.yml"
    path.write_text("format: 2\n", encoding="utf-8")
    with pytest.raises(WordingWrong, match="format"):
        read(path)
    path.write_text("format: 1\nnumbers: {}\nkinds: {}\n", encoding="utf-8")
    with pytest.raises(WordingWrong, match="person"):
        read(path)


def test_a_reply_tells_its_language() -> None:
    """English only where the message is."""
    told = [Replies().acute(["fire"], script).language for script in (SIMPLIFIED, TRADITIONAL, ENGLISH)]
    assert told == ["zh", "zh", "en"] and Replies().careful(["fire"], ENGLISH).language == "en"
