"""Hashes, seals and the secret under them."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conversations.errors import SealBroken, SecretUnusable
from conversations.identity import is_session_key, message_key, session_key
from conversations.vault import Vault


def test_a_session_key_is_stable_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the same sender of the same channel under the same secret, else another."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "the first secret of this test")
    key = session_key("wechat", "oOPENID")
    assert key == session_key("wechat", "oOPENID") and is_session_key(key) and "OPENID" not in key
    assert key not in (session_key("rest", "oOPENID"), session_key("wechat", "oOPENIE"))
    assert session_key("a", "bc") != session_key("ab", "c") and message_key("a", "b", "c") != message_key("a", "bc", "")
    monkeypatch.setenv("CONVERSATIONS_SECRET", "another one, not the same")
    assert session_key("wechat", "oOPENID") != key


def test_the_secret_file_is_made_once_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that start at once share one secret; nobody else may read it."""
    monkeypatch.delenv("CONVERSATIONS_SECRET", raising=False)
    monkeypatch.setenv("CONVERSATIONS_SECRET_FILE", str(tmp_path / "deep" / "secret"))
    program = "from conversations.identity import session_key; print(session_key('rest', 'x'))"

    def start(_: int) -> str:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["secret"]
    assert (tmp_path / "deep" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the mend."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "short")
    with pytest.raises(SecretUnusable, match="16"):
        session_key("rest", "x")


def test_the_vault_opens_what_it_sealed_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another secret or a changed token is refused."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "the first secret of this test")
    token = Vault().seal("13812345678")
    assert "138" not in token and Vault().open(token) == "13812345678" and Vault().seal("13812345678") != token
    monkeypatch.setenv("CONVERSATIONS_SECRET", "another one, not the same")
    for broken in (token, token[:-4] + "AAAA", "", "〔〕"):
        with pytest.raises(SealBroken):
            Vault().open(broken)
