"""What of a question in English is known in Chinese, and what two searches for the same come to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.document.passages import Passage
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import read_question
from knowledge.reply.english_words import EnglishWords, both
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.unsaid import unsaid
from tests.actions.findings import BEDS, CANTEENS, CARE_BEDS, PLACES, finding, leaning

WORDS = EnglishWords.load()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Will hospitals open geriatric wards?", "医院老年病科有没有"),
        ("How many nursing-home beds are there?", "养老院床位有多少"),
        ("Any nurseries for toddlers?", "托育点两三岁小孩托班有没有"),
        ("What about parking in old neighbourhoods?", "停车老小区有没有"),
        ("New parks in Huaxin?", "新建公园华新有没有"),
        ("Renovated children's hospitals", "改造儿童医院有没有"),
        ("How much does an elevator cost?", "电梯多少钱多少"),
    ],
)
def test_known_words_are_put_side_by_side(question: str, text: str) -> None:
    """The longest first, whatever their endings; what asks comes last; 「parking」 is no park."""
    glossed = WORDS.gloss(question)
    assert glossed is not None and glossed.text == text


def test_how_much_of_it_is_known() -> None:
    """Of the words that name something; nothing known is nothing to search for."""
    all_known, half = WORDS.gloss("Are there beds for people with dementia?"), WORDS.gloss("beds for zebras")
    assert all_known is not None and half is not None
    assert half.known == 0.5 < all_known.known
    assert WORDS.gloss("Who won the zebra race?") is None and EnglishWords().gloss("beds") is None


def test_who_asks_is_no_word_that_joins() -> None:
    """「who」 at the beginning asks for somebody."""
    asking, joining = WORDS.gloss("Who looks after orphans?"), WORDS.gloss("help for farmers who build houses")
    assert asking is not None and joining is not None
    assert asking.text.endswith("谁") and "谁" not in joining.text


def test_both_searches_count() -> None:
    """The shares together; the same sentence found twice is as sure as the surer search, another one a little less."""
    own, glossed = finding("beds", BEDS, CANTEENS, sure=0.6), finding("床位", BEDS, sure=0.9)
    together = both(own, glossed, 1.0)
    assert together.candidates[0].commitment is BEDS and together.odds.right == 0.9
    other = both(finding("beds", CARE_BEDS, CANTEENS, sure=0.6), finding("助餐", CANTEENS, sure=0.9), 1.0)
    assert other.candidates[0].commitment is CANTEENS and 0.6 < other.odds.right < 0.9
    assert both(own, finding("床位"), 1.0).candidates[0].commitment is BEDS


def test_silence_needs_no_second_word() -> None:
    """What no plan says stays unsaid where words are unknown; where both searches hear it, it is none the less our business."""
    silent = replace(finding("beds fee", BEDS, silent=0.9), aspect="fee")
    answered = finding("床位", BEDS, sure=0.9)
    assert both(silent, answered, 0.5) is silent
    assert not both(silent, answered, 1.0).aspect
    outside = replace(silent, odds=replace(silent.odds, outside=0.9))
    heard = both(outside, replace(answered, aspect="fee", odds=replace(answered.odds, silent=0.7)), 1.0)
    assert heard.odds.silent == 0.9 and heard.odds.outside == 0.0 and heard.aspect == "fee"


def test_a_turn_in_english_is_searched_for_twice() -> None:
    """And one in Chinese once."""
    asked = leaning("How many nursing home beds?")
    english = replace(asked.services, english=WORDS, composer=asked.services.composer.speaking("en"))
    assert replace(asked, services=english).finding.candidates == ()
    assert asked.services.search.searched[-2:] == ["How many nursing home beds?", "养老院床位有多少"]
    chinese = leaning("养老院有几张床")
    assert replace(chinese, services=replace(chinese.services, english=WORDS)).finding is not None
    assert chinese.services.search.searched == ["养老院有几张床"]


@pytest.mark.parametrize("text", ["words: 5", "words:\n  bed: 床\nways_of_asking:\n  how many:"])
def test_a_faulty_file_says_what(tmp_path: Path, text: str) -> None:
    """File and line; without a file nothing is known."""
    (tmp_path / "e.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"e\.yml:\d"):
        EnglishWords.load(tmp_path / "e.yml")
    assert EnglishWords.load(tmp_path / "none.yml") == EnglishWords()


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How much is the rent of public rental housing?", "price"),
        ("What is the monthly fee of a nursery?", "price"),
        ("What time do parks open?", "hour"),
        ("What is the phone number of the clinic?", "phone"),
        ("How do I apply for public housing?", "how_to_apply"),
        ("How many beds will there be?", "number"),
        ("How much waste will be recycled?", "number"),
    ],
)
def test_what_is_left_unsaid_is_heard_in_english_too(question: str, left: str) -> None:
    """A price, hours, a number to call, how to apply, an amount."""
    passage = Passage("加大公共租赁住房精准保障力度", 1, 1, "", "", "", "body", "plan")
    found = unsaid(read_question(question, PLACES), [passage], Gazetteer(PLACES))
    assert (found.places, found.what) == ((), (left,))
