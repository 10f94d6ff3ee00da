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


def hash_new(password: str, *about: str) -> str:
    """The hash of a new password of a person with these names. Slow by design. Raises `InvalidInput` for a weak one."""
    check_new(password, *about)
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


def check_new(password: str, *about: str) -> None:
    """Raise `InvalidInput`, which says why, unless a new password is good enough for a person with these names."""
    from review.accounts.guessable import reasons_against  # its dictionaries take half a second: not with each command

    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise InvalidInput(
            f"密码要 {MIN_CHARS} 到 {MAX_CHARS} 个字符，一句话最好记 / use {MIN_CHARS} to {MAX_CHARS} characters"
        )
    reasons = [reason.split(" / ") for reason in reasons_against(password, about)]
    if reasons:
        zh, en = "、".join(each for each, _ in reasons), ", ".join(each for _, each in reasons)
        raise InvalidInput(
            f"这个密码太容易猜到，里面主要是：{zh}。换一句没人会想到的话，最好记 / "
            f"too easy to guess, it is mostly made of: {en}. Pick a sentence that nobody expects"
        )


def temporary_password() -> str:
    """A password for the first sign-in, to be changed there: 20 characters, about 98 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
