"""What an operator sets of a provider that staff sign in through; the variables stand in the table of `review/settings.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from review.accounts.roles import Role
from review.errors import SettingError


@dataclass(frozen=True)
class OidcSettings:
    """One OpenID Connect provider. `roles` maps a group of the claim `role_claim` to a role."""

    issuer: str
    client_id: str
    client_secret: str
    role_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    trusts_second_factor: bool = True

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> OidcSettings | None:
        """The provider, None without an issuer. Raises `SettingError` for what is missing or cannot be right."""
        issuer = values.get("REVIEW_OIDC_ISSUER", "").rstrip("/")
        if not issuer:
            return None
        missing = [n for n in ("REVIEW_OIDC_CLIENT_ID", "REVIEW_OIDC_CLIENT_SECRET") if not values.get(n)]
        if missing:
            raise SettingError(f"设了 REVIEW_OIDC_ISSUER，但缺 {'、'.join(missing)} — 在身份提供方登记本系统后补上")
        return cls(
            issuer,
            values["REVIEW_OIDC_CLIENT_ID"],
            values["REVIEW_OIDC_CLIENT_SECRET"],
            values.get("REVIEW_OIDC_ROLE_CLAIM", "groups"),
            _roles(values.get("REVIEW_OIDC_ROLES", "")),
            values.get("REVIEW_OIDC_TRUSTS_SECOND_FACTOR", "1") == "1",
        )


def _roles(text: str) -> dict[str, Role]:
    """「group=role,…」 by group."""
    roles: dict[str, Role] = {}
    for pair in filter(None, text.split(",")):
        group, _, role = pair.partition("=")
        if role.strip() not in {each.value for each in Role}:
            raise SettingError(
                f"REVIEW_OIDC_ROLES 里的 {pair!r} 看不懂 — 写成 组名=viewer|reviewer|editor|administrator"
            )
        roles[group.strip()] = Role(role.strip())
    return roles
