"""Sign-in through a provider: the whole protocol over loopback, and every way in which a reply can be false."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import select

from review.accounts.oidc_settings import OidcSettings
from review.accounts.roles import Role
from review.database.people import AccountRow
from review.errors import SettingError
from review.settings import Settings
from settings.errors import SettingWrong
from tests.review.conftest import PASSWORD, Console, Visitor
from tests.review.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider

ROLES = {"qp-staff": Role.REVIEWER, "qp-editors": Role.EDITOR}


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    """A provider on loopback."""
    running = OidcProvider()
    yield running
    running.close()


@pytest.fixture(scope="module")
def console(start_console: Callable[..., Console], provider: OidcProvider) -> Console:
    """A console that trusts it."""
    return start_console(oidc=OidcSettings(provider.issuer, CLIENT_ID, CLIENT_SECRET, "groups", ROLES))


def go_through(visitor: Visitor, **changed: str) -> requests.Response:
    """Follow the redirections to the provider and back; `changed` replaces parts of what the browser brings back."""
    away = visitor.get("/sign-in/provider?next=/account")
    back = requests.get(away.headers["Location"], allow_redirects=False, timeout=30).headers["Location"]
    query = dict(pair.split("=", 1) for pair in back.split("?", 1)[1].split("&")) | changed
    return visitor.get("/sign-in/provider/back", params=query)


def test_a_person_of_a_known_group_is_signed_in(console: Console, provider: OidcProvider) -> None:
    """With the group's role, an account of their own at the first time, and the same account the next."""
    provider.person = {"sub": "u-1", "preferred_username": "lihua", "name": "李华", "groups": ["other", "qp-staff"]}
    visitor = console.visitor()
    assert go_through(visitor).headers["Location"] == "/account"
    assert "李华" in visitor.get("/account").text
    provider.person["groups"] = ["qp-staff", "qp-editors"]
    go_through(console.visitor())
    with console.desk.reading() as session:
        rows = session.scalars(select(AccountRow).where(AccountRow.oidc_subject == "u-1")).all()
    assert [(row.name, row.role, row.password_hash) for row in rows] == [("lihua", "editor", "")]


def test_a_person_without_a_group_is_refused(console: Console, provider: OidcProvider) -> None:
    """Signed in there is not let in here."""
    provider.person = {"sub": "u-2", "preferred_username": "guest", "groups": []}
    visitor = console.visitor()
    assert go_through(visitor).status_code == 403
    assert visitor.get("/account").status_code == 303


def test_the_same_name_is_not_the_same_person(console: Console, provider: OidcProvider) -> None:
    """A local account is never taken over by somebody whom the provider calls the same."""
    provider.person = {"sub": "u-3", "preferred_username": "test-administrator", "groups": ["qp-staff"]}
    visitor = console.visitor()
    go_through(visitor)
    assert visitor.get("/users").status_code == 403
    assert "test-administrator-2" in visitor.get("/account").text


@pytest.mark.parametrize(
    "spoil",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"exp": 1},
        {"nonce": "replayed"},
        {"azp": "x", "aud": ["x"]},
    ],
)
def test_a_false_id_token_is_refused(console: Console, provider: OidcProvider, spoil: dict[str, Any]) -> None:
    """Another issuer, another client, too old, another sign-in's."""
    provider.person = {"sub": "u-4", "preferred_username": "false", "groups": ["qp-staff"]}
    provider.spoil = spoil
    try:
        assert go_through(console.visitor()).status_code == 403
    finally:
        provider.spoil = {}


def test_a_token_signed_by_somebody_else_is_refused(console: Console, provider: OidcProvider) -> None:
    """Only the published keys count."""
    provider.person = {"sub": "u-5", "preferred_username": "forged", "groups": ["qp-staff"]}
    own = provider.key
    provider.key = RSAKey.generate_key(2048, {"kid": "k1"})
    try:
        assert go_through(console.visitor()).status_code == 403
    finally:
        provider.key = own


def test_a_sign_in_that_was_not_started_here_is_refused(console: Console, provider: OidcProvider) -> None:
    """Another state, no attempt, a code used twice, an error from the provider."""
    provider.person = {"sub": "u-6", "preferred_username": "state", "groups": ["qp-staff"]}
    assert go_through(console.visitor(), state="forged").status_code == 403
    assert go_through(console.visitor(), code="forged").status_code == 403
    assert go_through(console.visitor(), error="access_denied").status_code == 403
    assert console.visitor().get("/sign-in/provider/back?code=x&state=y").status_code == 403


def test_passwords_go_on_working_beside_the_provider(console: Console) -> None:
    """The sign-in page offers both; an account of the provider has no password."""
    visitor = console.visitor()
    assert "/sign-in/provider" in visitor.get("/sign-in").text
    assert visitor.sign_in("test-viewer", PASSWORD).status_code == 303
    assert console.visitor().sign_in("lihua", "").status_code in (403, 422)


def test_settings_that_cannot_be_right_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a provider, an unknown role, a port that is no number."""
    issuer = {"REVIEW_OIDC_ISSUER": "https://id.example"}
    client = {"REVIEW_OIDC_CLIENT_ID": "a", "REVIEW_OIDC_CLIENT_SECRET": "b"}
    for wrong in (issuer, issuer | client | {"REVIEW_OIDC_ROLES": "staff=king"}, {"REVIEW_PORT": "http"}):
        with pytest.MonkeyPatch.context() as patch, pytest.raises((SettingError, SettingWrong)):
            for name, value in wrong.items():
                patch.setenv(name, value)
            Settings.from_environment()
    for name, value in (issuer | client | {"REVIEW_OIDC_ROLES": "a=viewer, b=editor"}).items():
        monkeypatch.setenv(name, value)
    right = Settings.from_environment()
    assert right.oidc is not None and right.oidc.roles == {"a": Role.VIEWER, "b": Role.EDITOR}
