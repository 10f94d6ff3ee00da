"""Which of a resident's words come back where several questions are answered one by one."""

from __future__ import annotations

import pytest

from knowledge.reply.echo import may_come_back


@pytest.mark.parametrize(
    ("question", "comes_back"),
    [
        ("绿道要修多长", True),
        ("到2025年养老床位有多少张", True),
        ("礼拜天打羽毛球一个钟头收几块", True),
        ("改造的话每平补三千对吧", False),
        ("听说幼儿园都不收钱了吗", False),
        ("是不是已经从60%提高了", False),
        ("confirm they are free of charge", False),
    ],
)
def test_what_claims_something_does_not_come_back(question: str, comes_back: bool) -> None:
    """Numbers but years, hearsay, and what is to be confirmed: in quotation marks they would read as the district's words."""
    assert may_come_back(question) is comes_back
