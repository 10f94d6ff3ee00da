"""A new password is measured, not counted by its signs; what is refused says why, in the person's terms."""

from __future__ import annotations

import pytest

from review.accounts import guessable, passwords
from review.errors import InvalidInput
from tests.review.conftest import PASSWORD, Console

NAMES = ("wang.fang", "王芳")


@pytest.mark.parametrize(
    ("password", "kinds"),
    [
        ("1qaz2wsx3edc", {"common_passwords"}),
        ("p@ssw0rd2025!", {"common_passwords"}),
        ("!@#$%^&*()_+", {"keys"}),
        ("woaini1314woaini", {"words"}),
        ("woaini1314520", {"words"}),
        ("5201314woaini", {"words"}),
        ("Woaizhongguo1949!", {"words"}),
        ("gongxifacai888", {"words"}),
        ("guanliyuan123", {"words"}),
        ("wodemima123456", {"words", "common_passwords"}),
        ("qingpu20252025", {"person", "repeat"}),
        ("Qingpu@2025!!", {"person"}),
        ("shanghai20250101", {"person", "date"}),
        ("wangfang19880101", {"person", "date"}),
        ("WangFang@2025", {"person"}),
        ("fangwang123456", {"person", "common_passwords"}),
        ("我爱你我爱你我爱你我爱你", {"repeat"}),
        ("中华人民共和国万岁万岁万岁", {"words", "repeat"}),
        ("123456123456123456", {"repeat"}),
    ],
)
def test_what_people_here_type_is_refused_and_said_why(password: str, kinds: set[str]) -> None:
    """Common passwords, keyboard rows, pinyin, habitual digits, the person's and the system's names, dates, repeats."""
    assert set(guessable.reasons_against(password, NAMES)) == {guessable.WHY[kind] for kind in kinds}
    with pytest.raises(InvalidInput, match=r"太容易猜到，里面主要是：.* / too easy to guess, it is mostly made of: "):
        passwords.check_new(password, *NAMES)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "三月的油菜花开满了田埂 8", "correct horse battery staple", "xiayutianjidedaisan", "k7#vmQ2!xz9Lw"],
)
def test_a_sentence_that_nobody_expects_is_taken(password: str) -> None:
    """In Chinese, in English, in pinyin; so is what a program made up."""
    passwords.check_new(password, *NAMES)


def test_somebody_elses_name_is_no_reason(console: Console) -> None:
    """The name counts for whom it belongs to, typed by hand or as pinyin in any order."""
    for password in ("zengqiang-8402", "qiangzeng-8402"):
        assert guessable.WHY["person"] in guessable.reasons_against(password, ("zq", "曾强"))
        assert guessable.WHY["person"] not in guessable.reasons_against(password, NAMES)


def test_a_temporary_password_would_do_by_itself() -> None:
    """However it falls."""
    for _ in range(20):
        passwords.check_new(passwords.temporary_password(), *NAMES)


def test_the_page_says_why(console: Console) -> None:
    """In the person's language; the password itself is not repeated, and stays what it was."""
    console.add_account("wang.fang")
    visitor = console.visitor()
    visitor.sign_in("wang.fang", PASSWORD)
    weak = "wangfang1314520"
    for language, wanted in (("zh", "您的名字、用户名"), ("en", "your name or that of this system")):
        visitor.get(f"/language/{language}")
        visitor.get("/account/password")
        reply = visitor.post("/account/password", old=PASSWORD, new=weak, again=weak)
        assert reply.status_code == 422 and wanted in reply.text and weak not in reply.text
    assert console.visitor().sign_in("wang.fang", PASSWORD).status_code == 303
