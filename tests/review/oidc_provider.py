"""An OpenID Connect provider on loopback, as strict as a real one: discovery, authorization code with PKCE, signed ID tokens.

Source: OpenID Connect Core 1.0 (3.1), Discovery 1.0, RFC 6749 (4.1), RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "qingpu-review", "a client secret of the provider"


class OidcProvider:
    """Signs in whoever asks as `person`; `spoil` changes a claim of the next ID token, `key` signs it."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "u-1",
            "preferred_username": "lihua",
            "name": "李华",
            "groups": ["qp-staff"],
        }
        self.spoil: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.published = self.key
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Discovery, keys, and the authorization endpoint, where the person agrees at once."""
        parts = urlsplit(request.path)
        if parts.path == "/.well-known/openid-configuration":
            self.send(request, 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            })  # fmt: skip
        elif parts.path == "/keys":
            self.send(request, 200, {"keys": [self.published.as_dict(private=False)]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            good = (asked.get("client_id"), asked.get("response_type"), asked.get("code_challenge_method"))
            if good != (CLIENT_ID, "code", "S256") or "openid" not in asked.get("scope", "").split():
                self.send(request, 400, {"error": "invalid_request"})
                return
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked.get("state", "")})
            request.send_response(302)
            request.send_header("Location", f"{asked['redirect_uri']}?{back}")
            request.end_headers()
        else:
            self.send(request, 404, {})

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """The token endpoint: client's secret, one-time code, same redirect, and the verifier of the challenge."""
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        basic = base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if basic != f"{CLIENT_ID}:{CLIENT_SECRET}" and basic != f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '+')}":
            self.send(request, 401, {"error": "invalid_client"})
        elif asked is None or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != challenge:
            self.send(request, 400, {"error": "invalid_grant"})
        else:
            self.send(request, 200, self.tokens(asked))

    def tokens(self, asked: dict[str, str]) -> dict[str, Any]:
        """An access token and a signed ID token."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.get("nonce", "")}
        claims |= self.person | self.spoil
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)
        return {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": token}

    @staticmethod
    def send(request: BaseHTTPRequestHandler, status: int, data: Any) -> None:
        """JSON."""
        body = json.dumps(data).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
