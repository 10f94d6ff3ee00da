"""Passwords: how they are kept and what is asked of a new one."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from review.errors import InvalidInput

MIN_CHARS = (
    12  # NIST SP 800-63B-4: length instead of rules about signs; 15 where it is the only factor, 8 beside another
)
MAX_CHARS = 256  # argon2 takes more, but a megabyte of password is an attack
AT_ONCE = 2  # hashes in the making: each takes 64 MiB and 4 lanes for some 50 ms
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread
_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106's second recommended choice
_turns = threading.BoundedSemaphore(AT_ONCE)
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


@dataclass(frozen=True)
class Verdict:
    """What came of a password: against which hash, whether right, and `renewed`, today's hash where that one is outdated."""

    against: str
    right: bool
    renewed: str = ""


def judge(hashed: str, password: str) -> Verdict:
    """Whether a password belongs to a hash. Slow by design: never while a transaction is open, never on an event loop."""
    right = is_right(hashed, password)
    return Verdict(hashed, right, hash_password(password) if right and is_outdated(hashed) else "")


def hash_new(password: str, name: str) -> str:
    """The hash of a new password of the account of that name. Slow by design. Raises `InvalidInput` for a weak one."""
    check_new(password, name)
    return hash_password(password)


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt."""
    with _turns:
        return _HASHER.hash(password)


def is_right(hashed: str, password: str) -> bool:
    """Whether a password belongs to a hash; an empty hash takes as long and is never right."""
    nobody = _nobody()
    try:
        with _turns:
            return _HASHER.verify(hashed or nobody, password[:MAX_CHARS]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Checked for a name that does not exist, so that it takes as long as for one that does.

    Made with the first password of a process, whoever's that is (`is_right`), so that no name can be told by its time.
    """
    return hash_password(secrets.token_urlsafe(24))


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
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
