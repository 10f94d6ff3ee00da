"""What can go wrong between the platform and the bot. `channel` alone turns these into HTTP statuses."""

from __future__ import annotations


class WeChatError(Exception):
    """Base of this package's errors. Messages never hold a token, a key or an OpenID."""


class AccountsWrong(WeChatError):
    """The accounts' configuration cannot be used; says which account, which field and how to mend it."""


class Refused(WeChatError):
    """A request that is not processed."""


class NotFromPlatform(Refused):
    """Signature wrong or missing, a stale timestamp, or a nonce seen before."""


class Malformed(Refused):
    """Authentic or not, the body is not a message: no XML, a DTD or entities, undecipherable."""


class TooLarge(Refused):
    """The body is over the limit."""
