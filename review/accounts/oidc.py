"""Sign-in through an OpenID Connect provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1).

The person is known by issuer and subject, never by e-mail or name, which a provider may give to another.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from review.accounts.oidc_settings import OidcSettings
from review.accounts.roles import Role
from review.errors import SignInRefused

TIMEOUT_S = 5.0  # of each call to the provider
ATTEMPT_S = 600  # a sign-in left open at the provider longer than this starts anew
CLOCK_SKEW_S = 60
ALGORITHMS = ["RS256", "PS256", "ES256"]  # never `none`, never a shared secret
SCOPE = "openid profile"


@dataclass(frozen=True)
class Attempt:
    """What must come back unchanged from the provider; kept in a sealed cookie meanwhile."""

    state: str
    nonce: str
    verifier: str
    started_at: float

    def as_data(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is, and the role that the groups give (None: no business here)."""

    issuer: str
    subject: str
    name: str
    full_name: str
    role: Role | None


class Provider:
    """One provider. Its addresses are read once from its discovery document."""

    def __init__(self, settings: OidcSettings, redirect_uri: str) -> None:
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._found: dict[str, Any] | None = None

    def begin(self) -> tuple[str, Attempt]:
        """The provider's address to send the browser to, and what to remember."""
        attempt = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), time.time())
        address, _ = self._client().create_authorization_url(
            self._discovered()["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return address, attempt

    def finish(self, attempt: Attempt, returned: Mapping[str, str]) -> Identity:
        """The person behind the code that the browser brought back. Raises `SignInRefused` for anything unsound."""
        if not secrets.compare_digest(returned.get("state", "").encode(), attempt.state.encode()):
            raise SignInRefused("登录过程对不上，请重新登录 / this sign-in was not started here: sign in again")
        if time.time() - attempt.started_at > ATTEMPT_S:
            raise SignInRefused("登录过程超时，请重新登录 / this sign-in took too long: sign in again")
        if returned.get("error") or not returned.get("code"):
            raise SignInRefused("身份提供方没有放行 / the identity provider did not let you in")
        try:
            token = self._client().fetch_token(
                self._discovered()["token_endpoint"],
                code=returned["code"],
                code_verifier=attempt.verifier,
                timeout=TIMEOUT_S,
            )
            claims = self._claims(token, attempt.nonce)
        except (AuthlibBaseError, JoseError, ValueError, KeyError, requests.RequestException) as error:
            raise SignInRefused(
                f"身份提供方的回答不可信（{type(error).__name__}） / the identity provider's reply cannot be trusted"
            ) from error
        return Identity(
            issuer=self._settings.issuer,
            subject=str(claims["sub"]),
            name=str(claims.get("preferred_username") or claims.get("email") or claims["sub"])[:64],
            full_name=str(claims.get("name") or "")[:64],
            role=self._role(claims),
        )

    def _claims(self, token: Mapping[str, Any], nonce: str) -> CodeIDToken:
        keys = KeySet.import_key_set({"keys": _get_json(self._discovered()["jwks_uri"])["keys"]})
        decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        options = {
            "iss": {"essential": True, "value": self._discovered()["issuer"]},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        parameters = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
        claims.validate(leeway=CLOCK_SKEW_S)
        return claims

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        groups = claims.get(self._settings.role_claim) or []
        names = [groups] if isinstance(groups, str) else list(groups)
        roles = [self._settings.roles[name] for name in names if name in self._settings.roles]
        return max(roles, key=list(Role).index) if roles else None

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _discovered(self) -> dict[str, Any]:
        if self._found is None:
            try:
                found = _get_json(f"{self._settings.issuer}/.well-known/openid-configuration")
            except (requests.RequestException, ValueError) as error:
                raise SignInRefused(
                    "身份提供方没有回答，请稍后再试或用密码登录 / the identity provider does not answer"
                ) from error
            if found.get("issuer", "").rstrip("/") != self._settings.issuer:
                raise SignInRefused("身份提供方报的名字与配置的不同 / the identity provider is another than configured")
            self._found = found
        return self._found


def _get_json(address: str) -> dict[str, Any]:
    reply = requests.get(address, timeout=TIMEOUT_S)
    reply.raise_for_status()
    data: dict[str, Any] = reply.json()
    return data
