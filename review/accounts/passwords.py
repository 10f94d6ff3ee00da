"""Passwords: how they are kept and what is asked of a new one."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from review.errors import InvalidInput

MIN_CHARS = (
    12  # NIST SP 800-63B-4: length instead of rules about signs; 15 where it is the only factor, 8 beside another
)
MAX_CHARS = 256  # argon2 takes more, but a megabyte of password is an attack
_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106's second recommended choice
# Checked for a name that does not exist, so that it takes as long as for one that does.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(24))
_TOO_KNOWN = (
    "password",
    "passw0rd",
    "123456",
    "qwerty",
    "abcdef",
    "111111",
    "admin",
    "qingpu",
    "青浦",
    "12345",
    "88888",
)


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt."""
    return _HASHER.hash(password)


def is_right(hashed: str, password: str) -> bool:
    """Whether a password belongs to a hash; an empty hash takes as long and is never right."""
    try:
        return _HASHER.verify(hashed or _NOBODY, password[:MAX_CHARS]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(hashed)


def check_new(password: str, name: str) -> None:
    """Raise `InvalidInput` unless a new password is good enough."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise InvalidInput(
            f"密码要 {MIN_CHARS} 到 {MAX_CHARS} 个字符，一句话最好记 / use {MIN_CHARS} to {MAX_CHARS} characters"
        )
    bare = password.lower()
    for known in (*_TOO_KNOWN, name.lower()):
        bare = bare.replace(known, "") if known else bare
    if len(set(bare)) < 5:
        raise InvalidInput("这个密码太容易猜到，换一句没人会想到的话 / too easy to guess: pick a phrase nobody expects")


def temporary_password() -> str:
    """A password for the first sign-in, to be changed there: 20 characters, about 98 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
