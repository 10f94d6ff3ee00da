"""Residents' words as they come: scripts, widths, dialect, pinyin, slips."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.search.finder import Finder


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("養老機構床位有幾多張", "养老机构床位有几多张"),
        ("养 老 床 位", "养老床位"),
        ("ＧＤＰ　２０２５", "gdp 2025"),
        ("养老床位？？？！！！", "养老床位"),
        ("😀公租房😀", "公租房"),
        ("阿拉屋里厢呒没电梯", "我们家里没有电梯"),
        ("小囡放学没人带好伐", "小孩放学没人带好吗"),
        ("啥辰光造好", "什么时候造好"),
        ("养老养老好好好好", "养老养老好"),
        ("床位有10000张", "床位有10000张"),
        ("屋里好装电梯伐", "家里可以装电梯吗"),
        ("积分好抵铜钿伐", "积分可以抵钱吗"),
        ("条件好点伐", "条件好点吗"),
        ("想寻份生活做做", "想找份工作做做"),
        ("市场化怎么搞", "市场化怎么搞"),
    ],
)
def test_certain_changes(finder: Finder, typed: str, understood: str) -> None:
    """What is certain is changed silently."""
    assert finder.normalizer.normalise(typed).text == understood


@pytest.mark.parametrize(
    ("typed", "contains"),
    [
        ("yanglao chuangwei", "养老床位"),
        ("gongzufang", "公租房"),
        ("jiazhuang dianti", "加装电梯"),
        ("kehoufuwu", "课后服务"),
    ],
)
def test_pinyin_is_read_and_reported(finder: Finder, typed: str, contains: str) -> None:
    """Whole pinyin becomes words, and the guess is told."""
    understood = finder.normalizer.normalise(typed)
    assert contains in understood.text
    assert understood.guesses


@pytest.mark.parametrize(
    ("typed", "contains"), [("公组房有多少", "公租房"), ("加装店梯", "加装电梯"), ("课后服物", "课后服务")]
)
def test_slips_are_mended_and_reported(finder: Finder, typed: str, contains: str) -> None:
    """A term misspelt by sound is put right, and the guess is told."""
    understood = finder.normalizer.normalise(typed)
    assert contains in understood.text and understood.guesses


@pytest.mark.parametrize(
    "text",
    [
        "养个娃这么贵，政府帮着省一点不",
        "特级教师正高级教师规划新增多少人",
        "今天天气怎么样",
        "我想问问学校的事情",
        "老人没人照顾怎么办",
        "孩子在哪里上学",
    ],
)
def test_ordinary_words_are_left_alone(finder: Finder, text: str) -> None:
    """Correct Chinese is not "corrected"."""
    assert finder.normalizer.normalise(text) == finder.normalizer.normalise(finder.normalizer.normalise(text).text)
    assert finder.normalizer.normalise(text).text == text


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_anything_can_be_typed(finder: Finder, text: str) -> None:
    """No input breaks the normaliser."""
    assert isinstance(finder.normalizer.normalise(text).text, str)


@pytest.mark.parametrize(
    ("masked", "understood"),
    [
        ("我叫〔姓名〕，电话〔手机号〕，养老院有多少床位", "养老院有多少床位"),
        ("我住在夏阳街道〔住址〕，有托班吗", "我住在夏阳街道，有托班吗"),
        ("我的电话是〔手机号〕", ""),
    ],
)
def test_what_was_masked_means_nothing(finder: Finder, masked: str, understood: str) -> None:
    """Placeholders of personal data and the words that introduce them are left out."""
    assert finder.normalizer.normalise(masked).text == understood
