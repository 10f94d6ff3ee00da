"""What an operator can set, each by an environment variable.

| variable | default | meaning |
|---|---|---|
| `REVIEW_HOST` | `127.0.0.1` | interface to listen on; put a reverse proxy with TLS before it |
| `REVIEW_PORT` | `5080` | port |
| `REVIEW_URL` | the log's (`CONVERSATIONS_URL`) | SQLAlchemy URL of the console's own tables |
| `REVIEW_PUBLIC_URL` | `http://HOST:PORT` | address that staff type; with https the cookies are `Secure` |
| `REVIEW_SESSION_IDLE_MINUTES` | 30 | a session without a click ends after |
| `REVIEW_SESSION_HOURS` | 12 | a session ends after, clicks or not |
| `REVIEW_LOCK_AFTER` | 5 | wrong passwords or codes in a row that lock an account |
| `REVIEW_LOCK_MINUTES` | 15 | how long it stays locked |
| `REVIEW_REQUIRE_SECOND_FACTOR` | 0 | 1: nobody works without a second factor |
| `REVIEW_TWO_PEOPLE` | 0 | 1: a correction is approved by another person than wrote it |
| `REVIEW_REGRESSION_QUESTIONS` | `evaluation/questions.yml` | questions that must stay right when a correction goes live |
| `REVIEW_SOURCES` | the current folder | checkout whose files corrections are exported into |
| `REVIEW_GIT_COMMIT` | 1 | 0: the export writes the files and leaves committing them to a person |
| `REVIEW_JOB_NICENESS` | 10 | how far trainings stand back behind residents' turns: 0 not at all, 19 entirely |
| `REVIEW_OIDC_ISSUER`, `REVIEW_OIDC_CLIENT_ID`, `REVIEW_OIDC_CLIENT_SECRET` | unset | sign-in through an OpenID Connect provider |
| `REVIEW_OIDC_ROLE_CLAIM` | `groups` | claim of the ID token that names a person's groups |
| `REVIEW_OIDC_ROLES` | unset | which group has which role: `qp-editors=editor,qp-staff=reviewer` |
| `REVIEW_OIDC_TRUSTS_SECOND_FACTOR` | 1 | 0: who signs in through the provider passes this console's second factor as well |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conversations.database import DEFAULT_URL
from review.accounts.oidc_settings import OidcSettings
from review.errors import SettingError

REGRESSION_QUESTIONS = Path(__file__).resolve().parent.parent / "evaluation" / "questions.yml"


@dataclass(frozen=True)
class Settings:
    """The console's settings; see the module's table."""

    host: str = "127.0.0.1"
    port: int = 5080
    url: str = DEFAULT_URL
    log_url: str = DEFAULT_URL
    public_url: str = "http://127.0.0.1:5080"
    session_idle_minutes: int = 30
    session_hours: int = 12
    lock_after: int = 5
    lock_minutes: int = 15
    require_second_factor: bool = False
    two_people: bool = False
    regression_questions: Path = REGRESSION_QUESTIONS
    oidc: OidcSettings | None = None
    sources: Path = Path()
    git_commit: bool = True
    job_niceness: int = 10

    @property
    def secure_cookies(self) -> bool:
        """Whether staff reach the console over TLS."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the table's variables. Raises `SettingError` for one that cannot be right."""
        values = os.environ if environment is None else environment
        host = values.get("REVIEW_HOST", "127.0.0.1")
        port = _number(values, "REVIEW_PORT", 5080)
        log_url = values.get("CONVERSATIONS_URL", DEFAULT_URL)
        return cls(
            host=host,
            port=port,
            url=values.get("REVIEW_URL") or log_url,
            log_url=log_url,
            public_url=values.get("REVIEW_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
            session_idle_minutes=_number(values, "REVIEW_SESSION_IDLE_MINUTES", 30),
            session_hours=_number(values, "REVIEW_SESSION_HOURS", 12),
            lock_after=_number(values, "REVIEW_LOCK_AFTER", 5),
            lock_minutes=_number(values, "REVIEW_LOCK_MINUTES", 15),
            require_second_factor=values.get("REVIEW_REQUIRE_SECOND_FACTOR") == "1",
            two_people=values.get("REVIEW_TWO_PEOPLE") == "1",
            regression_questions=Path(values.get("REVIEW_REGRESSION_QUESTIONS") or REGRESSION_QUESTIONS),
            oidc=OidcSettings.from_environment(values),
            sources=Path(values.get("REVIEW_SOURCES") or "."),
            git_commit=values.get("REVIEW_GIT_COMMIT", "1") != "0",
            job_niceness=_niceness(values),
        )


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f"{name}={text!r} 不是正整数 — 例如 {name}={default}")
    return int(text)


def _niceness(values: Mapping[str, str]) -> int:
    text = values.get("REVIEW_JOB_NICENESS", "10")
    if not text.isdecimal() or int(text) > 19:
        raise SettingError(f"REVIEW_JOB_NICENESS={text!r} 不是 0 到 19 的整数 — 例如 REVIEW_JOB_NICENESS=10")
    return int(text)
