"""A secret is replaced by a new one, and nothing that was sealed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from conversations import identity
from conversations.database import Database
from conversations.errors import SealBroken
from conversations.identity import session_key, session_keys
from conversations.models import Base as Conversations
from conversations.requests import RequestBook, StaffRequest
from conversations.resealing import SEALED
from conversations.vault import Vault
from review.__main__ import main
from review.accounts import book
from review.accounts.roles import Role
from review.commands.secret import SEALED as SEALED_HERE
from review.database.engine import engine_for, migrate, transaction
from review.database.people import AccountRow
from review.database.tables import Base as Review
from tests.review.conftest import PASSWORD, SETUP
from wire.secret_files import kept_secrets

PHONE, FACTOR = "13812345678", "JBSWY3DPEHPK3PXP"
SAYS_SEALED = {"contact", "second_factor"}  # columns that hold something sealed under another name


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation of its own with a secret in a file."""
    monkeypatch.delenv("CONVERSATIONS_SECRET", raising=False)
    monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{tmp_path}/c.sqlite")
    monkeypatch.setenv("CONVERSATIONS_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    identity._kept.cache_clear()
    yield tmp_path / "secret"
    identity._kept.cache_clear()


def restart() -> None:
    """As a process that starts now."""
    identity._kept.cache_clear()


def console_url(folder: Path) -> str:
    """The console's own file, beside the log's."""
    return f"sqlite:///{folder}/c-review.sqlite"


def installation(folder: Path) -> tuple[RequestBook, int]:
    """A request with a contact, and an account with a second factor; the account's id."""
    url = f"sqlite:///{folder}/c.sqlite"
    requests = RequestBook(url)
    requests.record(StaffRequest("QP1", "handoff", session_key("web", "s"), "找人工", answer_id="a-1"))
    assert requests.add_contact("a-1", PHONE)
    engine = engine_for(console_url(folder))
    migrate(engine)
    with transaction(engine) as session:
        account = book.make_account(session, SETUP, "one", "one", Role.EDITOR, PASSWORD, temporary=False)
        account.second_factor = Vault().seal(FACTOR)
        number = int(account.id)
    engine.dispose()
    return requests, number


def factor_of(folder: Path, account: int) -> str:
    """The second factor, opened."""
    engine = engine_for(console_url(folder))
    with engine.connect() as connection:
        sealed = connection.scalar(select(AccountRow.second_factor).where(AccountRow.id == account))
    engine.dispose()
    return Vault().open(sealed)


def test_a_new_secret_opens_everything_old_and_then_stands_alone(secret: Path, tmp_path: Path) -> None:
    """Rotated, resealed, retired: contacts and second factors open at every step, at the end with the new one only."""
    requests, account = installation(tmp_path)
    (old,) = kept_secrets(secret, may_make=False)
    before = session_key("web", "s")

    assert main(["secret", "rotate"]) == 0
    restart()
    assert requests.contact("QP1") == PHONE and factor_of(tmp_path, account) == FACTOR
    assert session_key("web", "s") != before and session_keys("web", "s")[1] == before

    assert main(["secret", "reseal"]) == 0
    assert main(["secret", "retire"]) == 0
    restart()
    (new,) = kept_secrets(secret, may_make=False)
    assert new != old and requests.contact("QP1") == PHONE and factor_of(tmp_path, account) == FACTOR

    secret.write_text(f"{old}\n")
    restart()
    with pytest.raises(SealBroken):
        requests.contact("QP1")


def test_what_cannot_be_opened_is_told_and_left_alone(
    secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One broken seal keeps nothing else from being sealed anew."""
    requests, account = installation(tmp_path)
    database = Database(f"sqlite:///{tmp_path}/c.sqlite")
    with database.session(write=True) as session:
        session.execute(update(SEALED[0][0]).values(contact="gAAAA-broken"))
    assert main(["secret", "rotate"]) == 0
    restart()
    assert main(["secret", "reseal"]) == 1
    assert "sealed anew: 1" in capsys.readouterr().out and factor_of(tmp_path, account) == FACTOR
    with pytest.raises(SealBroken):
        requests.contact("QP1")
    database.close()


def test_what_was_said_under_an_old_secret_is_erased_by_sender(secret: Path, tmp_path: Path) -> None:
    """A resident who asks for it need not know that there was another secret."""
    from conversations.__main__ import main as conversations

    requests, _ = installation(tmp_path)
    assert main(["secret", "rotate"]) == 0
    restart()
    assert conversations(["erase", "--sender", "web", "s"]) == 0
    assert requests.contact("QP1") == ""


def test_a_secret_in_the_environment_is_rotated_there(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says how; what the old one sealed is sealed anew all the same."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "the first secret of this test")
    requests, account = installation(tmp_path)
    assert main(["secret", "rotate"]) == 1 and "CONVERSATIONS_OLD_SECRETS" in capsys.readouterr().err
    monkeypatch.setenv("CONVERSATIONS_SECRET", "another one, not the same")
    monkeypatch.setenv("CONVERSATIONS_OLD_SECRETS", "the first secret of this test")
    assert main(["secret", "reseal"]) == 0
    monkeypatch.delenv("CONVERSATIONS_OLD_SECRETS")
    assert requests.contact("QP1") == PHONE and factor_of(tmp_path, account) == FACTOR


def test_many_machines_make_no_secret_by_themselves(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the log is a server's database, the file is put there by a person."""
    monkeypatch.setenv("CONVERSATIONS_URL", "postgresql+psycopg2://127.0.0.1:1/none")
    with pytest.raises(identity.SecretUnusable, match="secret make"):
        session_key("web", "s")
    assert not secret.exists()
    assert main(["secret", "make"]) == 0
    restart()
    assert session_key("web", "s").startswith("s-")


def test_every_sealed_column_is_sealed_anew() -> None:
    """A new column that begins with `sealed_` fails here until it is in a list."""
    columns = {
        (table.name, column.name)
        for base in (Conversations, Review)
        for table in base.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed_") or column.name in SAYS_SEALED
    }
    assert columns == {(table.__tablename__, name) for table, name in (*SEALED, *SEALED_HERE)}
