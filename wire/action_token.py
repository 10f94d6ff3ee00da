"""What the bot shows the action server, so that it answers nobody else on the machine."""

from __future__ import annotations

import hmac

from settings.bot import ACTIONS_TOKEN, ACTIONS_TOKEN_FILE
from wire.secret_files import check_secret, kept_secrets


def action_token() -> str:
    """The token of the environment, or of a file that is made once. Raises `SecretRefused`, `OSError`."""
    given = ACTIONS_TOKEN.read()
    if given:
        return check_secret(given, ACTIONS_TOKEN.name)
    return kept_secrets(ACTIONS_TOKEN_FILE.read(), may_make=True)[0]


def bears(authorization: str, token: str) -> bool:
    """Whether a request's `Authorization` holds the token."""
    return hmac.compare_digest(authorization.encode("utf-8", "replace"), f"Bearer {token}".encode())
