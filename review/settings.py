"""What an operator can set of the console (docs/settings.md), put together at its start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from review.accounts.oidc_settings import OidcSettings
from review.accounts.roles import Role
from review.database.people import AccountRow
from review.errors import SettingError
from settings import review as table
from settings.bot import BOT_HOST, BOT_PORT
from settings.conversations import CONVERSATIONS_URL
from settings.review import beside_the_log

REGRESSION_QUESTIONS = Path(__file__).resolve().parent.parent / "evaluation" / "questions.yml"


@dataclass(frozen=True)
class Settings:
    """The console's settings."""

    host: str = table.REVIEW_HOST.default
    port: int = table.REVIEW_PORT.default
    url: str = beside_the_log(CONVERSATIONS_URL.default)
    log_url: str = CONVERSATIONS_URL.default
    moved_from: str = ""  # where the tables of `url` were before; see `review.database.moving`
    public_url: str = f"http://{table.REVIEW_HOST.default}:{table.REVIEW_PORT.default}"
    bot_url: str = f"http://{BOT_HOST.default}:{BOT_PORT.default}"
    session_idle_minutes: int = table.REVIEW_SESSION_IDLE_MINUTES.default
    session_hours: int = table.REVIEW_SESSION_HOURS.default
    lock_after: int = table.REVIEW_LOCK_AFTER_TRIES.default
    lock_network_after: int = table.REVIEW_LOCK_NETWORK_AFTER_TRIES.default
    lock_minutes: int = table.REVIEW_LOCK_MINUTES.default
    second_factor_from: Role | None = Role.EDITOR
    two_people: bool = table.REVIEW_TWO_PEOPLE.default
    regression_questions: Path = REGRESSION_QUESTIONS
    oidc: OidcSettings | None = None
    sources: Path = table.REVIEW_SOURCES.default
    git_commit: bool = table.REVIEW_GIT_COMMIT.default
    proxies_count: int = table.REVIEW_PROXIES_COUNT.default
    job_niceness: int = table.REVIEW_JOB_NICENESS.default
    adopted: Path = table.REVIEW_ADOPTED_DIR.default

    @property
    def secure_cookies(self) -> bool:
        """Whether staff reach the console over TLS."""
        return self.public_url.startswith("https://")

    def needs_second_factor(self, role: Role) -> bool:
        """Whether a role works only with a second factor."""
        return self.second_factor_from is not None and role.may_act_as(self.second_factor_from)

    def is_proven(self, account: AccountRow) -> bool:
        """Whether an account's owner has signed in, with all that this console asks of her: nothing is left to set up."""
        if account.disabled or account.signed_in_at is None or account.must_change_password:
            return False
        if account.oidc_subject and (self.oidc is None or self.oidc.trusts_second_factor):
            return self.oidc is not None
        return bool(account.second_factor) or not self.needs_second_factor(Role(account.role))

    @classmethod
    def from_environment(cls) -> Settings:
        """What is set now. Raises `SettingWrong` for a variable that cannot be right, `SettingError` for two that do not go together."""
        host, port, log_url = table.REVIEW_HOST.read(), table.REVIEW_PORT.read(), CONVERSATIONS_URL.read()
        chosen = table.REVIEW_REGRESSION_QUESTIONS
        return cls(
            host=host,
            port=port,
            url=table.REVIEW_URL.read() or beside_the_log(log_url),
            log_url=log_url,
            moved_from="" if table.REVIEW_URL.is_set() else log_url,
            public_url=table.REVIEW_PUBLIC_URL.read() or f"http://{host}:{port}",
            bot_url=(table.REVIEW_BOT_URL.read() or f"http://{BOT_HOST.read()}:{BOT_PORT.read()}").rstrip("/"),
            session_idle_minutes=table.REVIEW_SESSION_IDLE_MINUTES.read(),
            session_hours=table.REVIEW_SESSION_HOURS.read(),
            lock_after=table.REVIEW_LOCK_AFTER_TRIES.read(),
            lock_network_after=table.REVIEW_LOCK_NETWORK_AFTER_TRIES.read(),
            lock_minutes=table.REVIEW_LOCK_MINUTES.read(),
            second_factor_from=_least_role(table.REVIEW_SECOND_FACTOR_FROM.read()),
            two_people=table.REVIEW_TWO_PEOPLE.read(),
            regression_questions=chosen.read() if chosen.is_set() else REGRESSION_QUESTIONS,
            oidc=_oidc(),
            sources=table.REVIEW_SOURCES.read(),
            git_commit=table.REVIEW_GIT_COMMIT.read(),
            proxies_count=table.REVIEW_PROXIES_COUNT.read(),
            job_niceness=table.REVIEW_JOB_NICENESS.read(),
            adopted=table.REVIEW_ADOPTED_DIR.read(),
        )


def _oidc() -> OidcSettings | None:
    if not table.REVIEW_OIDC_ISSUER.is_set():
        return None
    client_id, client_secret = table.REVIEW_OIDC_CLIENT_ID, table.REVIEW_OIDC_CLIENT_SECRET
    missing = [setting.name for setting in (client_id, client_secret) if not setting.is_set()]
    if missing:
        raise SettingError(f"设了 REVIEW_OIDC_ISSUER，但缺 {'、'.join(missing)} — 在身份提供方登记本系统后补上")
    return OidcSettings(
        table.REVIEW_OIDC_ISSUER.read(),
        client_id.read(),
        client_secret.read(),
        table.REVIEW_OIDC_ROLE_CLAIM.read(),
        _roles(table.REVIEW_OIDC_ROLES.read()),
        table.REVIEW_OIDC_TRUSTS_SECOND_FACTOR.read(),
    )


def _least_role(name: str) -> Role | None:
    return None if name == table.NOBODY else Role(name)


def _roles(text: str) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for pair in filter(None, text.split(",")):
        group, _, role = pair.partition("=")
        if role.strip() not in {each.value for each in Role}:
            raise SettingError(
                f"REVIEW_OIDC_ROLES 里的 {pair!r} 看不懂 — 写成 组名=viewer|reviewer|editor|administrator"
            )
        roles[group.strip()] = Role(role.strip())
    return roles
