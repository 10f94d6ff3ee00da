"""How one setting is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import bot, conversations, review
from settings.errors import SettingWrong
from settings.kinds import TEXT, whole
from settings.setting import Setting, _warn_of_older_name


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Setting[int]:
    """A setting with an older name, neither of them set."""
    setting = Setting("SOME_TRIES", whole(1, 9), 5, "几次", "how many", ("review",), formerly=("SOME",))
    for name in (setting.name, *setting.formerly):
        monkeypatch.delenv(name, raising=False)
    _warn_of_older_name.cache_clear()
    return setting


def test_a_value_is_read_when_it_is_asked_for(tries: Setting[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither at import nor once for all; empty and blank are as good as unset."""
    assert tries.read() == 5 and not tries.is_set()
    monkeypatch.setenv(tries.name, "7")
    assert tries.read() == 7 and tries.is_set()
    for nothing in ("", "  "):
        monkeypatch.setenv(tries.name, nothing)
        assert tries.read() == 5 and not tries.is_set()


def test_an_older_name_holds_with_a_warning(
    tries: Setting[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once, with both names; the name itself wins."""
    monkeypatch.setenv("SOME", "3")
    assert tries.read() == 3 == tries.read() and tries.is_set()
    assert len(caplog.records) == 1 and "SOME 改名为 SOME_TRIES" in caplog.text
    monkeypatch.setenv("SOME_TRIES", "4")
    assert tries.read() == 4


def test_the_console_s_lock_is_still_set_by_its_older_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has REVIEW_LOCK_AFTER set need not hurry."""
    monkeypatch.setenv("REVIEW_LOCK_AFTER", "9")
    assert review.REVIEW_LOCK_AFTER_TRIES.read() == 9


@pytest.mark.parametrize(
    ("setting", "given", "allowed"),
    [
        (bot.BOT_PORT, "http", "1 到 65535 的整数"),
        (bot.BOT_PORT, "70000", "a whole number from 1 to 65535"),
        (bot.TURN_DEADLINE_S, "nan", "数字，至少 1"),
        (bot.TURN_DEADLINE_S, "0", "数字，至少 1"),
        (bot.LOG_LEVEL, "LOUD", "DEBUG、INFO"),
        (bot.WEB_ORIGINS, "https://a.cn,*", "https://www.example.gov.cn"),
        (bot.WEB_MESSAGES_PER_MINUTE, "1.5", "整数，至少 1"),
        (bot.DANGER_WEBHOOK_URL, "ftp://a.cn", "http:// 或 https:// 开头"),
        (bot.STAFF_CORRECTIONS, "maybe", "1 或 0"),
        (conversations.CONVERSATIONS_KEEP_DAYS, "many", "例如 CONVERSATIONS_KEEP_DAYS=180"),
        (review.REVIEW_JOB_NICENESS, "20", "0 到 19 的整数"),
        (review.REVIEW_TWO_PEOPLE, "2", "1 或 0"),
    ],
    ids=lambda value: value.name if isinstance(value, Setting) else None,
)
def test_a_wrong_value_is_refused_with_its_mend(
    setting: Setting[object], given: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which variable, what stands there, what is allowed."""
    monkeypatch.setenv(setting.name, given)
    with pytest.raises(SettingWrong) as refused:
        setting.read()
    said = str(refused.value)
    assert setting.name in said and repr(given) in said and allowed in said


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the message nor in its cause."""
    secret = Setting("SOME_SECRET", whole(1), 1, "密钥", "a key", ("bot",), secret=True)
    monkeypatch.setenv(secret.name, "s3cret")
    with pytest.raises(SettingWrong) as refused:
        secret.read()
    assert "s3cret" not in str(refused.value) and refused.value.__suppress_context__


def test_values_are_of_their_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switches in every usual spelling, origins in lower case, addresses without a slash at the end, passwords as they are."""
    given = {
        bot.STAFF_CORRECTIONS: "off",
        review.REVIEW_TWO_PEOPLE: "1",
        bot.WEB_ORIGINS: "https://A.cn/, http://b.cn:8080,",
        bot.PLAN_READER_URL: "https://a.cn/plan/",
        bot.RELEASES_DIR: "some/where",
        bot.TURN_DEADLINE_S: "2.5",
        conversations.RABBITMQ_PASSWORD: " with blanks ",
    }
    for setting, text in given.items():
        monkeypatch.setenv(setting.name, text)
    assert [setting.read() for setting in given] == [
        *(False, True, {"https://a.cn", "http://b.cn:8080"}, "https://a.cn/plan", Path("some/where"), 2.5),
        " with blanks ",
    ]


def test_filling_in_leaves_what_is_set(tries: Setting[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries and child processes find the default there, unless somebody chose otherwise."""
    word = Setting("SOME_WORD", TEXT, "default", "词", "a word", ("bot",))
    monkeypatch.setenv(tries.name, "7")
    monkeypatch.setenv(word.name, "")
    for setting in (tries, word):
        setting.fill_in()
    assert (tries.read(), word.read()) == (7, "default")
    assert word.is_set()
