"""Personal data → placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import masking
from conversations.masking import mask


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("电话13812345678谢谢", "电话〔手机号〕谢谢"),
        ("138-1234-5678", "〔手机号〕"),
        ("１３８１２３４５６７８", "〔手机号〕"),
        ("一三八一二三四五六七八", "〔手机号〕"),
        ("+86 138 1234 5678", "〔手机号〕"),
        ("021-59721234转802", "〔电话号码〕"),
        ("身份证110101199003070353", "身份证〔身份证号〕"),
        ("卡号6222 0212 3456 7890 123", "卡号〔银行卡号〕"),
        ("a.b@example.com", "〔邮箱〕"),
        ("车牌沪A12345和沪AD12345", "车牌〔车牌号〕和〔车牌号〕"),
        ("加微信 abc_12345", "加微信 〔微信号〕"),
        ("QQ：123456789", "QQ：〔QQ号〕"),
        ("我叫张三，今年80", "我叫〔姓名〕，今年80"),
        ("我是王小明，住在盈港路100弄5号201室", "我是〔姓名〕，住在〔住址〕"),
        ("我住在夏阳街道公园路301弄5号201室，有助餐点吗", "我住在夏阳街道〔住址〕，有助餐点吗"),
    ],
)
def test_personal_data_is_masked(typed: str, masked: str) -> None:
    """What kind it was stays readable, and the rest of the words."""
    assert mask(typed).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "到2025年养老床位达到9500张吗",
        "8278张床位变成9500张",
        "2021年到2025年",
        "打12345有用吗，120呢",
        "20250101之前能建好吗",
        "投资59721234元",
        "我是高中生",
        "我是徐泾的",
        "我是华新镇人",
        "曹盈路33号的行政服务中心几点开门",
        "邮编201700",
        "新增15.5万个岗位",
    ],
)
def test_ordinary_questions_are_left_alone(text: str) -> None:
    """The plan's numbers, hotlines, years, offices and towns."""
    assert mask(text).text == text


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\ufe0f", "\u3164", "\u2800", "\x00", "\x7f"]
)
@pytest.mark.parametrize(
    "said", ["电话13812345678谢谢", "我叫李建国，今年80", "邮箱ab@qq.com", "住盈港路100弄5号201室", "护照E12345678"]
)
def test_what_is_invisible_hides_nothing(said: str, hidden: str) -> None:
    """Between any two characters; what stands outside the piece stays as it was typed."""
    parted = hidden.join(said)
    masked = mask(parted)
    assert masked.kinds == mask(said).kinds and masked.text.replace(hidden, "") == mask(said).text
    assert all(parted[piece.start : piece.end] == piece.value for piece in masked.found)


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text: str) -> None:
    """Placeholders are no personal data; spans lie in the original, in order, apart from each other."""
    once = mask(text)
    assert mask(once.text).text == once.text
    assert all(text[f.start : f.end] == f.value for f in once.found)
    assert all(a.end <= b.start for a, b in zip(once.found, once.found[1:]))


def test_what_is_harmless_is_looked_at_once_and_what_is_personal_is_remembered_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The channel and the log mask the same words one after the other; of texts a bounded number is known."""
    looked_at: list[str] = []
    find = masking._pieces
    monkeypatch.setattr(masking, "_pieces", lambda plain: looked_at.append(plain) or find(plain))
    monkeypatch.setattr(masking, "_harmless", {})
    personal, harmless = "我叫张小明，电话13812345678", "养老院床位有多少"
    assert [mask(harmless).text for _ in range(3)] == [harmless] * 3 and looked_at == [harmless]
    assert len({mask(personal).text for _ in range(3)}) == 1 and len(looked_at) == 4
    for number in range(masking.REMEMBERED + 3):
        mask(f"第{number}条")
    assert len(masking._harmless) == masking.REMEMBERED and personal not in masking._harmless
    mask(harmless)
    assert looked_at[-1] == harmless  # the oldest made room
