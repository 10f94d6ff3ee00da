"""Configuration: what is wrong is named with its mend, and no secret is ever shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.channels.wechat.accounts import Account, Kind, Mode, load_accounts
from bot.channels.wechat.errors import AccountsWrong
from tests.bot.wechat.test_envelope import KEY

ONE = {"WECHAT_APP_ID": "wx1", "WECHAT_TOKEN": "tok3n", "WECHAT_MODE": "plain"}
FILE = f"""
accounts:
  qingpu: {{app_id: wx1, token: "${{QINGPU_TOKEN}}", aes_key: {KEY}, verified: true, app_secret: s3cret}}
  corp: {{kind: wecom, app_id: ww1, token: tok3n, aes_key: {KEY}, agent_id: 1000002}}
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the default file."""
    monkeypatch.chdir(tmp_path)


def accounts_of(environment: dict[str, str]) -> dict[str, Account]:
    """The accounts where these variables are set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        return load_accounts()


def written(folder: Path, content: str) -> dict[str, str]:
    """An environment that points to a file with this content."""
    path = folder / "accounts.yml"
    path.write_text(content, encoding="utf-8")
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return {"WECHAT_ACCOUNTS_FILE": str(path)}


def test_nothing_configured_is_no_account() -> None:
    """A fresh machine."""
    assert accounts_of({}) == {}


def test_one_account_from_variables() -> None:
    """Named `main`, unverified, at the platform's own address."""
    account = accounts_of(ONE)["main"]
    assert (account.mode, account.kind, account.can_push) == (Mode.PLAIN, Kind.OFFICIAL, False)
    assert account.api_url == "https://api.weixin.qq.com"


def test_several_accounts_from_a_file(tmp_path: Path) -> None:
    """In the file's order, variables filled in; the default file is found without a variable."""
    environment = {**written(tmp_path, FILE), "QINGPU_TOKEN": "t0ken"}
    accounts = accounts_of(environment)
    assert list(accounts) == ["qingpu", "corp"]
    assert accounts["qingpu"].token == "t0ken" and accounts["qingpu"].can_push
    assert accounts["corp"].kind is Kind.WECOM and accounts["corp"].agent_id == 1000002
    (tmp_path / "var").mkdir()
    (tmp_path / "accounts.yml").rename(tmp_path / "var/wechat-accounts.yml")
    assert list(accounts_of({"QINGPU_TOKEN": "t0ken", **ONE})) == ["main", "qingpu", "corp"]


def test_an_accounts_representation_shows_no_secret(tmp_path: Path) -> None:
    """Neither token, nor key, nor AppSecret."""
    shown = repr(accounts_of({**written(tmp_path, FILE), "QINGPU_TOKEN": "t0ken"}))
    assert "wx1" in shown and not any(secret in shown for secret in ("t0ken", KEY, "s3cret"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"WECHAT_TOKEN": ""}, "token"),
        ({"WECHAT_TOKEN": "has space"}, "token"),
        ({"WECHAT_MODE": "secret"}, "mode"),
        ({"WECHAT_MODE": "safe"}, "aes_key"),
        ({"WECHAT_MODE": "safe", "WECHAT_AES_KEY": "x" * 43 + "!"}, "aes_key"),
        ({"WECHAT_KIND": "wecom"}, "mode"),
        ({"WECHAT_KIND": "wecom", "WECHAT_MODE": "safe", "WECHAT_AES_KEY": KEY}, "agent_id"),
        ({"WECHAT_VERIFIED": "true"}, "app_secret"),
        ({"WECHAT_VERIFIED": "maybe"}, "verified"),
        ({"WECHAT_ACCOUNTS_FILE": "nowhere.yml"}, "nowhere.yml"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, str], words: str) -> None:
    """With the place and what to write instead."""
    with pytest.raises(AccountsWrong, match=words):
        accounts_of({**ONE, **change})


@pytest.mark.parametrize(
    "content",
    ["", "accounts: [", "accounts: []", "accounts: {a: text}", "accounts: {A B: {app_id: x, token: tok3n}}"],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    """With its line where there is one."""
    with pytest.raises(AccountsWrong, match=r"accounts\.yml"):
        accounts_of(written(tmp_path, content))


def test_a_message_about_a_broken_file_shows_no_secret(tmp_path: Path) -> None:
    """Not even through the YAML parser's own words."""
    environment = written(tmp_path, "accounts:\n  a: {token: s3cret, aes_key: [}\n")
    with pytest.raises(AccountsWrong) as caught:
        accounts_of(environment)
    assert "s3cret" not in str(caught.value) and caught.value.__suppress_context__
    with pytest.raises(AccountsWrong, match="NO_SUCH"):
        accounts_of(written(tmp_path, "accounts: {a: {app_id: x, token: '${NO_SUCH}'}}"))
    with pytest.raises(AccountsWrong, match="secrte"):
        accounts_of(written(tmp_path, "accounts: {a: {app_id: x, token: tok3n, secrte: y}}"))


def test_a_file_that_others_can_read_is_warned_about(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With the command that mends it."""
    environment = {**written(tmp_path, FILE), "QINGPU_TOKEN": "t0ken"}
    accounts_of(environment)
    assert "chmod" not in caplog.text
    (tmp_path / "accounts.yml").chmod(0o644)
    accounts_of(environment)
    assert "chmod 600" in caplog.text
