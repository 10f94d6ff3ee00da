"""Proving the second factor: by a code of the phone, or by a recovery code."""

from __future__ import annotations

from sqlalchemy.orm import Session

from conversations.vault import Vault
from review.accounts.audit import Actor, write_audit
from review.accounts.recovery import count_codes, use_code
from review.accounts.second_factor import step_of
from review.database.people import AccountRow

CODE, RECOVERY_CODE = "code", "recovery code"


def prove_factor(session: Session, vault: Vault, actor: Actor, row: AccountRow, typed: str) -> str | None:
    """What was typed, `CODE` or `RECOVERY_CODE`, and used up with it; None for neither. The account is held meanwhile."""
    session.refresh(row, with_for_update=True)
    if not row.second_factor:
        return None
    step = step_of(vault.open(row.second_factor), typed, row.second_factor_step)
    if step is not None:
        row.second_factor_step = step
        session.flush()
        return CODE
    if not use_code(session, row.id, typed):
        return None
    left = {"left": count_codes(session, row.id)}
    write_audit(session, actor, "account.use-recovery-code", f"account:{row.id}", None, left)
    return RECOVERY_CODE
