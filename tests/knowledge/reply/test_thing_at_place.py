"""Whether a thing is at a place: read off short questions only, and never held against a passage that speaks of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.language.question import read_question
from knowledge.reply import wording
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer, Localities
from knowledge.reply.thing_at_place import speaks_of, thing_at_place
from knowledge.search.known import LINKED_TO
from tests.actions.findings import CANTEENS, RENTING, commitment, finding

PLACES = {"练塘镇": ("练塘",)}
KNOWN = Gazetteer(PLACES, Localities({"章堰村": "village"}))


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("章堰村有没有养老院", "养老院"),
        ("请问练塘以后会不会造医院", "医院"),
        ("练塘镇上有一家超市吗", "超市"),
        ("章堰村养老院有没有", "养老院"),
        ("有没有养老院", ""),
        ("章堰村有什么", ""),
        ("章堰村有哪些安排", ""),
        ("练塘的火车站什么时候通车", ""),
        ("我家住章堰村，老人没人管，想问问附近有没有可以托一托的地方", ""),
    ],
)
def test_the_thing_is_read_off_a_short_question(text: str, thing: str) -> None:
    """Of a place that is named; a description is no thing."""
    assert thing_at_place(read_question(text, PLACES), KNOWN) == thing


STATION = commitment("c-rail", "建成章堰村田园综合体", text="打造民宿，建成章堰村田园综合体。", heading="（二）产业")


def test_a_passage_on_the_place_alone_says_that_it_does_not_speak_of_the_thing() -> None:
    """First of all; not where it does, by its sample questions too, nor where staff linked it."""
    composer = Composer("规划", None, "http://x", (STATION, CANTEENS), gazetteer=KNOWN)
    line = wording.ONLY_THE_PLACE.zh.format(places="章堰村", thing="幼儿园", hotlines=wording.HOTLINES.zh)
    asked = finding("章堰村有没有幼儿园", STATION)
    assert composer.answered(asked, today_year=2024).text.startswith(line)
    for other in (
        replace(asked, known_as=LINKED_TO),
        finding("章堰村有没有民宿", STATION),
        finding("章堰村有没有幼儿园", replace(STATION, questions=("村里幼儿园在哪",))),
        finding("章堰村有没有幼儿园", RENTING),
    ):
        assert "没有写“" not in composer.answered(other, today_year=2024).text
    assert speaks_of(STATION, "民宿") and not speaks_of(STATION, "医院")
