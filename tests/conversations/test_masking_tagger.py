"""The tagger beside the rules: what nothing announces, wherever it stands, and nothing twice."""

from __future__ import annotations

import pytest

from conversations.masking import by_rules, mask
from conversations.masking_features import FEATURES, code_of, seen
from conversations.masking_numbers import digits_of
from conversations.masking_tagger import Tagger, tagger


@pytest.mark.parametrize(
    "text",
    [
        "隔壁马晓芸每天拉琴到半夜",
        "我们楼的葛建明又把车停在消防通道上了",
        "押金被隔壁单元钱玉芳收走了",
    ],
)
def test_a_name_that_nothing_announces_is_masked(text: str) -> None:
    """No rule finds it."""
    assert by_rules(digits_of(text)) == []
    assert mask(text).kinds == ("name",) and "〔姓名〕" in mask(text).text


def test_a_name_that_was_found_is_masked_wherever_it_stands() -> None:
    """Where nothing beside it says so, too."""
    masked = mask("我叫葛建明，是我报的修，单子上写的葛建明三个字你们看一下")
    assert "葛建明" not in masked.text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("房东电话150 0000 7731一直不接", "7731"),
        ("打(139)0000-7718", "7718"),
        ("牌照 沪 B - 00R 41 年检", "00R"),
        ("新能源绿牌沪AD 00417充不上电", "00417"),
        ("优待证沪310118T0004172丢了", "0004172"),
    ],
)
def test_numbers_beside_words_and_in_pieces_are_masked(text: str, gone: str) -> None:
    """Spellings that the rules missed."""
    assert gone not in mask(text).text


@pytest.mark.parametrize(
    "text",
    ["隔壁马晓芸每天拉琴到半夜", "我叫葛建明，住在练塘镇东厍村沈家埭46号，13900000124", "押金是钱玉芳收走的"],
)
def test_masking_again_changes_nothing(text: str) -> None:
    """What stands around a placeholder is left to the rules."""
    once = mask(text).text
    assert mask(once).text == once


@pytest.mark.parametrize(
    "text", ["买二手、用再生的人，政府给不给好处", "全科医生 每千人 标准", "公园路100号区政府几点开门"]
)
def test_questions_stay(text: str) -> None:
    """Lists of words before 「…人」, and the address of an office."""
    assert mask(text).text == text


def test_a_feature_in_words_has_the_code_that_is_looked_up() -> None:
    """The file has words, a message is read in codes."""
    looked = seen("我是隔壁马晓芸，住玉兰苑19-2-501", [])
    for number, values in enumerate(looked.features):
        assert [code_of(number, words) for words in values] == looked.codes[number].tolist(), FEATURES[number]


def test_a_tagger_comes_back_from_its_file_as_it_was(tmp_path) -> None:
    """Half the digits of a weight are enough."""
    file = tmp_path / "tagger.npz"
    tagger().save(file)
    text = "隔壁马晓芸每天拉琴到半夜"
    assert list(Tagger.load(file).found(text, [])) == list(tagger().found(text, []))
