"""What an operator sets of a provider that staff sign in through; the variables stand in `settings/review.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from review.accounts.roles import Role


@dataclass(frozen=True)
class OidcSettings:
    """One OpenID Connect provider. `roles` maps a group of the claim `role_claim` to a role."""

    issuer: str
    client_id: str
    client_secret: str
    role_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    trusts_second_factor: bool = True
