"""Numbers of requests: drawn, found again however they are typed, and never taken for somebody's own."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from conversations.masking import mask
from wire.reference import ALPHABET, REFERENCE, as_drawn, new_reference

AT = datetime(2026, 11, 30, 12)
LOOK_LIKE_OTHERS = ("WXJUE", "VXVPK", "8WXSN", "QQ234", "33333", "VX888", "WX2WX")  # 「VX」 and 「WX」 stand for WeChat
ASKED = ("我登记的编号{}到哪一步了", "{}", "编号{}怎么样了", "帮我查一下{}，谢谢", "我是王建国，{}有回音吗")


def test_a_number_is_found_again() -> None:
    """As drawn, from its own letters only."""
    drawn = {new_reference(AT) for _ in range(50)}
    for number in drawn:
        found = REFERENCE.search(f"编号{number.lower()}，")
        assert found and as_drawn(found) == number and set(number[9:]) <= set(ALPHABET)
    assert len(drawn) > 45


@pytest.mark.slow  # masks thousands of lines
@pytest.mark.parametrize("words", ASKED)
def test_no_number_is_masked(words: str) -> None:
    """Whatever its letters look like; one in a hundred held what stands for WeChat. Its neighbours are masked as ever."""
    chance = random.Random(3)
    parts = [*LOOK_LIKE_OTHERS, *("".join(chance.choices(ALPHABET, k=5)) for _ in range(150))]
    for number in (f"QP261130-{part}" for part in parts):
        for typed in (number, number.lower()):
            masked = mask(words.format(typed))
            assert typed in masked.text, masked.text
            assert masked.kinds == (("name",) if "王建国" in words else ())


def test_what_only_resembles_one_is_masked() -> None:
    """A letter more, a digit less, or a handle that is called one."""
    for text in ("我的微信VX261130ABCDE", "加我wx26113-ABCDE"):
        assert mask(text).kinds == ("wechat",), text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我的电话138123-45678", "mobile"),
        ("电话130123-45678找我", "mobile"),  # a day as well
        ("QP 138123 45678", "mobile"),
        ("QP 130123 45678", "mobile"),
        ("QQ 234567-89234", "qq"),
        ("卡号622848-23456", "bank_card"),
    ],
)
def test_numbers_of_a_request_s_shape_are_masked(text: str, kind: str) -> None:
    """Six digits, a dash and five more are somebody's own where no request was ever numbered so."""
    assert mask(text).kinds == (kind,)


@pytest.mark.parametrize("typed", ["261130-WXJUE", "261130-vx888", "qp 261130 wx2wx"])
def test_a_number_in_part_is_not_masked(typed: str) -> None:
    """Without 「QP」, and with blanks."""
    assert mask(f"{typed}怎么样了").kinds == ()
