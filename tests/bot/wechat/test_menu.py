"""The menu under the conversation keeps to the platform's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.wechat.__main__ import main
from bot.channels.wechat.menu import Menu, MenuWrong
from tests.bot.wechat.test_envelope import KEY
from wechat_sim.envelope import PlatformAccount
from wechat_sim.platform import FakePlatform


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


def test_the_command_publishes_the_menu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To the platform of each account, or says what is wrong and ends with 1."""
    fake = FakePlatform(PlatformAccount("wx1", "tok3n", secret="s3cret")).start()
    settings = {
        "WECHAT_APP_ID": "wx1",
        "WECHAT_TOKEN": "tok3n",
        "WECHAT_AES_KEY": KEY,
        "WECHAT_APP_SECRET": "s3cret",
        "WECHAT_API_URL": fake.url,
        "CONVERSATIONS_URL": f"sqlite:///{tmp_path}/c.sqlite",
        "CONVERSATIONS_SECRET": "only-for-this-test",
        "PLAN_READER_URL": "https://plan.example.cn/plan",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    try:
        assert main(["menu", "publish"]) == 0
        assert fake.menus == [Menu.load().for_platform("https://plan.example.cn/plan")]
        assert main(["menu", "publish", "--account", "nobody"]) == 1
        fake.faults.append(48001)
        assert main(["menu", "publish", "--account", "main"]) == 1
        assert "48001" in capsys.readouterr().err
        assert main(["menu", "show"]) == 0 and "养老托育" in capsys.readouterr().out
        assert main(["accounts"]) == 0
        listed = capsys.readouterr().out
        assert "/webhooks/wechat/callback/main" in listed and "s3cret" not in listed and "tok3n" not in listed
        monkeypatch.setenv("WECHAT_TOKEN", "")
        assert main(["accounts"]) == 1
    finally:
        fake.stop()
