"""Numbers read with label, value, unit, year, qualifier and baseline."""

from __future__ import annotations

import pytest

from knowledge.document.figures import Figure, read_figures, read_target


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("到 2025 年，养老机构床位总数增加到 9500 张", Figure("养老机构床位", 9500, "张", 2025, "")),
        ("标准化认知障碍照护床位不少于 550 张", Figure("标准化认知障碍照护床位", 550, "张", None, "不少于")),
        ("社区综合为老服务中心（分中心）增加至 26 家", Figure("社区综合为老服务中心（分中心）", 26, "家", None, "")),
        ("到 2025 年，快递物流业务收入超过 2000 亿元", Figure("快递物流业务收入", 2000, "亿元", 2025, "超过")),
        ("路网密度达到 2.23 公里/平方公里", Figure("路网密度", 2.23, "公里/平方公里", None, "")),
        ("新建改建 30 座城市公园", Figure("新建改建城市公园", 30, "座", None, "")),
        (
            "年均帮助 4000名以上农村富余劳动力实现就业",
            Figure("年均帮助农村富余劳动力实现就业", 4000, "名", None, "以上"),
        ),
    ],
)
def test_figure_is_read_whole(sentence: str, expected: Figure) -> None:
    """Label, value, unit, year and qualifier as the plan prints them."""
    assert read_figures(sentence)[0] == expected


@pytest.mark.parametrize(
    "sentence", ["轨交 17 号线西延伸", "到 2025 年", "“6+365”常年展示", "G50、5G、H3", "15 分钟社区生活圈"]
)
def test_names_and_years_are_not_figures(sentence: str) -> None:
    """Line numbers, years and codes measure nothing."""
    assert read_figures(sentence) == []


def test_shares_are_marked() -> None:
    """A share carries 占比."""
    assert read_figures("养老机构护理型床位占比达到60%")[0].qualifier == "占比"


@pytest.mark.parametrize(
    ("cell", "value", "qualifier"),
    [
        ("8 左右", 8, "左右"),
        ("累计 4000 左右", 4000, "累计左右"),
        ("70 以上", 70, "以上"),
        ("保持郊区领先水平", "保持郊区领先水平", ""),
    ],
)
def test_indicator_targets(cell: str, value: float | str, qualifier: str) -> None:
    """A target cell gives a number with qualifier, or its words."""
    assert read_target(cell) == (value, qualifier)


def test_the_plans_own_baselines_are_linked(commitments: tuple) -> None:
    """8278 → 9500 beds and 13 → 16 万平方米, the two that the plan itself gives for elderly care."""
    links = {
        (c.figures[i].value, old.value) for c in commitments for i, _, old in c.baselines if c.figures[i].year == 2025
    }
    assert {(9500, 8278), (16, 13)} <= links
