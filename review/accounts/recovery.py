"""Recovery codes: a handful of words for the day when the phone is lost. Each works once; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from review.accounts.passwords import ALPHABET
from review.database.columns import now
from review.database.people import RecoveryCodeRow

CODES = 10
GROUPS, GROUP_CHARS = 4, 4  # 16 characters of 31, 79 bits: nobody finds one from its hash
FEW = 3  # from here on the person is told to make new ones


def new_codes(session: Session, account_id: int) -> list[str]:
    """Fresh codes, to be shown once; those from before are void."""
    drop_codes(session, account_id)
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_CHARS)) for _ in range(GROUPS))
        for _ in range(CODES)
    ]
    moment = now()
    session.add_all(RecoveryCodeRow(account_id=account_id, code_hash=_hash(code), made_at=moment) for code in codes)
    return codes


def use_code(session: Session, account_id: int, typed: str) -> bool:
    """Whether what was typed is an unused code of the account; it is used then."""
    query = select(RecoveryCodeRow).where(
        RecoveryCodeRow.account_id == account_id,
        RecoveryCodeRow.code_hash == _hash(typed),
        RecoveryCodeRow.used_at.is_(None),
    )
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        return False
    row.used_at = now()
    session.flush()
    return True


def count_codes(session: Session, account_id: int) -> int:
    """How many are left."""
    left = select(func.count()).where(RecoveryCodeRow.account_id == account_id, RecoveryCodeRow.used_at.is_(None))
    return int(session.scalar(left))


def drop_codes(session: Session, account_id: int) -> None:
    """No code of the account works any more."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))


def _hash(code: str) -> str:
    """Of what counts in it: blanks, hyphens, capitals and full-width letters of a Chinese keyboard do not."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", code).lower() if c in ALPHABET)
    return hashlib.sha256(f"recovery code:{plain}".encode()).hexdigest()
