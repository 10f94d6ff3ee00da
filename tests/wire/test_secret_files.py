"""Secrets that protect nothing are refused, files of them are their owner's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wire.action_token import action_token, bears
from wire.secret_files import SecretRefused, check_secret, for_owner_only, kept_secrets, new_secret, write_secrets


@pytest.mark.parametrize(
    "weak",
    [
        *("", "short", "a" * 16, "a" * 400, "ab" * 30, "1234567812345678", "0" * 15 + "1", "abcabcabcabcabcabc"),
        *("changeme-changeme-1", "MyPassword-for-2026", "this is an Example key", "qwertyuiopasdfgh"),
    ],
)
def test_a_weak_secret_is_refused(weak: str) -> None:
    """Short, the same few characters over and over, or what everybody tries first; the secret itself is not told."""
    with pytest.raises(SecretRefused, match="token_urlsafe") as refused:
        check_secret(weak, "HERE")
    assert str(refused.value).startswith("HERE: ") and (not weak or weak not in str(refused.value))


@pytest.mark.parametrize(
    "good",
    [new_secret(), "a secret of this test only", "7f3a9c1e0b5d2846", "青浦的湖边有三棵水杉一座小桥两只白鹭"],
    ids=["made here", "words", "digits", "Chinese words"],  # two processes collect the same names
)
def test_a_random_secret_is_taken(good: str) -> None:
    """Also words, if there are enough of them."""
    assert check_secret(good, "HERE") == good


def test_a_file_is_made_only_where_nobody_else_needs_the_same(tmp_path: Path) -> None:
    """Else each machine would make a secret of its own, and none could open what another sealed."""
    path = tmp_path / "deep" / "secret"
    with pytest.raises(SecretRefused, match="secret make"):
        kept_secrets(path, may_make=False)
    assert not path.exists()
    made = kept_secrets(path, may_make=True)
    assert kept_secrets(path, may_make=False) == made and path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_everybody_reads_is_refused(tmp_path: Path) -> None:
    """With the command that mends it."""
    path = tmp_path / "secret"
    write_secrets(path, [new_secret()], replace=False)
    path.chmod(0o644)
    with pytest.raises(SecretRefused, match="chmod 600"):
        kept_secrets(path, may_make=True)


def test_an_empty_file_and_a_weak_line_are_refused(tmp_path: Path) -> None:
    """Nothing is as weak as nothing."""
    path = tmp_path / "secret"
    for content in ("", "\n\n", f"{new_secret()}\n{'a' * 30}\n"):
        path.write_text(content)
        path.chmod(0o600)
        with pytest.raises(SecretRefused):
            kept_secrets(path, may_make=True)


def test_the_file_is_replaced_whole(tmp_path: Path) -> None:
    """Newest first; what another process has made stays unless it may be replaced."""
    path, (old, new) = tmp_path / "secret", (new_secret(), new_secret())
    write_secrets(path, [old], replace=False)
    write_secrets(path, [new], replace=False)
    assert kept_secrets(path, may_make=False) == [old]
    write_secrets(path, [new, old], replace=True)
    assert kept_secrets(path, may_make=False) == [new, old]
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


def test_what_others_could_read_is_taken_from_them(tmp_path: Path) -> None:
    """A database of an earlier version, with what SQLite keeps beside it; others' and missing files are left alone."""
    for name in ("x.sqlite", "x.sqlite-wal"):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0o644)
    for_owner_only(tmp_path / "x.sqlite")
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("x.sqlite", "x.sqlite-wal")} == {0o600}
    for_owner_only(tmp_path / "none")


def test_what_a_process_makes_is_its_users(tmp_path: Path) -> None:
    """Folder, database, secret and export, with the umask that most machines have."""
    environment = {
        **os.environ,
        "CONVERSATIONS_URL": f"sqlite:///{tmp_path}/var/c.sqlite",
        "CONVERSATIONS_SECRET_FILE": str(tmp_path / "var" / "secret"),
        "TRACKER_DB": str(tmp_path / "var" / "tracker.sqlite"),
    }
    environment.pop("CONVERSATIONS_SECRET", None)
    command = [sys.executable, "-m", "conversations", "requests", "export", "--out", str(tmp_path / "requests.csv")]
    subprocess.run(["bash", "-c", f"umask 022; {' '.join(command)}"], env=environment, check=True)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    made = [tmp_path / "requests.csv", *(tmp_path / "var").iterdir()]
    assert len(made) >= 2 and {path.stat().st_mode & 0o777 for path in made} == {0o600}


def test_bot_and_action_server_find_the_same_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment, or in the file that the first of them makes; a weak one stops the start."""
    monkeypatch.delenv("ACTIONS_TOKEN", raising=False)
    monkeypatch.setenv("ACTIONS_TOKEN_FILE", str(tmp_path / "token"))
    assert action_token() == action_token() == (tmp_path / "token").read_text().strip()
    monkeypatch.setenv("ACTIONS_TOKEN", "a token of this test only")
    assert bears("Bearer a token of this test only", action_token())
    assert not any(
        bears(wrong, action_token()) for wrong in ("", "Bearer ", "a token of this test only", "Bearer \udcff")
    )
    monkeypatch.setenv("ACTIONS_TOKEN", "weak")
    with pytest.raises(SecretRefused, match="ACTIONS_TOKEN"):
        action_token()
