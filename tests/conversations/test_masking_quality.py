"""How much personal data masking finds, and that it leaves residents' questions alone."""

from __future__ import annotations

from zlib import crc32

import pytest

from conversations.masking import PLACEHOLDERS, by_rules, mask
from conversations.masking_numbers import digits_of
from conversations.masking_quality import Score, measure, read_line, read_lines, report
from evaluation.fit_masking.lines import project_lines

FLOORS = {
    "tuned": (0.99, 0.99),
    "held_out": (0.97, 0.99),
    "fresh": (0.97, 0.99),
    "wider": (0.99, 0.99),
    "strangers_seen": (0.99, 0.99),
    "strangers": (0.95, 0.97),
    "newcomer_seen": (0.97, 0.99),
    "newcomer": (0.87, 0.99),
    "writer_one": (0.96, 0.96),
    "writer_two": (0.91, 0.95),
    "writer_three": (0.93, 0.96),
    "unseen_one": (0.96, 0.96),
    "unseen_two": (0.85, 0.93),
}  # recall, precision: just under what was measured


def test_the_set_is_large_and_covers_every_kind() -> None:
    """At least 300 lines, a third of them without personal data, each kind several times."""
    lines = [line for part in read_lines().values() for line in part]
    kinds = [kind for line in lines for kind, _, _ in line.pieces]
    assert len(lines) >= 300 and len({line.text for line in lines}) == len(lines)
    assert sum(not line.pieces for line in lines) >= 100
    assert set(kinds) == set(PLACEHOLDERS) and all(kinds.count(kind) >= 8 for kind in PLACEHOLDERS)


@pytest.mark.parametrize("part", FLOORS)
def test_recall_and_precision_do_not_fall(part: str) -> None:
    """On the lines that the rules were written with, and on those that were only measured."""
    lines = read_lines()[part]
    score = measure(lines)["all"]
    recall, precision = FLOORS[part]
    assert score.recall >= recall and score.precision >= precision, report({part: lines})


def test_the_measure_sees_misses_and_false_masks() -> None:
    """Half a number is a miss, a mask on nothing is wrong."""
    lines = [read_line("打{mobile|13800001234}和{name|某某某}"), read_line("打13800001234")]
    scores = measure(lines)
    assert scores["all"].found == 1 and len(scores["all"].missed) == 1
    assert scores["mobile"].right == 1 and len(scores["mobile"].wrong) == 1
    assert Score().recall == 0.0


OF_OTHERS = (
    "danger/",
    "data/dialogues/",
    "data/questions/",
    "data/turns/",
)  # the fit looks at these as well; minutes more
NAMED = sorted(
    ["刘大强", "张根宝", "陆佳怡", "城中新村12号楼", "顾", "贾樟柯"]
)  # what lines of the sets give: made up, rightly masked; a film-maker whom the dictionary does not know
WRONG = ["柯基"]  # a breed of dogs, taken for somebody


TAGGED_OF = 4  # the tagger takes a second for 500 lines: it reads one in so many, its own fit reads them all


@pytest.mark.slow  # masks every line of the project
def test_no_question_and_no_passage_of_the_project_is_masked() -> None:
    """Some 30,000 lines, of which a few name somebody and one says where somebody lives."""
    lines = {text for text, file in project_lines() if not file.startswith(OF_OTHERS)}
    assert len(lines) > 10_000
    named = [line for line in lines if any(each in line for each in (*NAMED, *WRONG))]
    found = [piece.value for line in named for piece in mask(line).found]
    assert sorted(found) == sorted([*NAMED, *WRONG])
    others = sorted(lines.difference(named))
    by_rule = {line: by_rules(digits_of(line)) for line in others}
    assert [line for line, pieces in by_rule.items() if pieces] == []
    assert [line for line in others if crc32(line.encode()) % TAGGED_OF == 0 and mask(line).found] == []


@pytest.mark.parametrize(
    "text",
    [
        "我喜欢周杰伦",
        "老公高血压怎么办",
        "我儿子高考",
        "我妈白天一个人",
        "老公房装电梯",
        "王先生说可以",
        "楼下王阿婆哭了一个礼拜",
        "金牛座今年运气好伐",
        "安卓手机老是断",
        "阿是就让伊烂脱",
        "公园路100号是区政府吗",
    ],
)
def test_what_only_looks_like_a_person_stays(text: str) -> None:
    """Words after kin, people of the newspapers, a surname with a title, an office's address."""
    assert mask(text).text == text
