"""The menu under the conversation keeps to the platform's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.wechat.menu import Menu, MenuWrong


def test_the_projects_menu_has_the_four_topics() -> None:
    """Each asks something; the link to the plan needs a public address."""
    menu = Menu.load()
    assert {"elderly_care", "childcare", "schooling", "housing", "hot"} <= set(menu.buttons())
    assert all(button.question or button.say for button in menu.buttons().values())
    with_link, without = menu.for_platform("https://plan.example.cn/"), menu.for_platform("")
    views = [b for top in with_link["button"] for b in top["sub_button"] if b["type"] == "view"]
    assert [view["url"] for view in views] == ["https://plan.example.cn/"]
    assert all(b["type"] == "click" for top in without["button"] for b in top["sub_button"])
    assert len(with_link["button"]) <= 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "1 到 3"),
        ("- {name: a, key: a, question: x}\n" * 4, "1 到 3"),
        ("- {key: a, question: x}", "name"),
        ("- {name: 六个汉字太长, key: a, question: x}", "16 字节"),
        ("- {name: a, question: x}", "key"),
        ("- {name: a, key: a}", "二选一"),
        ("- {name: a, key: a, question: x, say: hot}", "二选一"),
        ("- {name: a, key: a, say: cold}", "hot"),
        ("- {name: a, buttons: []}", "1 到 5"),
        ("- {name: a, buttons: [{name: b, buttons: [{name: c, key: c, question: x}]}]}", "只能再分一级"),
        ("- {name: a, key: a, question: x}\n- {name: b, key: a, question: y}", "同一个 key"),
        ("- {name: a, buttons: [{name: " + "长" * 21 + ", key: a, question: x}]}", "60 字节"),
    ],
)
def test_a_menu_that_the_platform_would_refuse(tmp_path: Path, content: str, words: str) -> None:
    """Is refused here, with the entry and the limit."""
    path = tmp_path / "menu.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MenuWrong, match=words):
        Menu.load(path)
