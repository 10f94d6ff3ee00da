"""The audit log: written in the same transaction as the change it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from review.database.columns import now
from review.database.people import AuditRow

COMMAND_LINE_NAME = "命令行 command line"  # of who acts there; pages name it in the reader's language
MAX_VALUE_CHARS = 500  # of one field, so that a pasted page does not fill the log


@dataclass(frozen=True)
class Actor:
    """Who acts: an account's id and name, and the address of the browser. `id` is None for the command line."""

    id: int | None
    name: str
    address: str = ""


def write_audit(
    session: Session,
    actor: Actor,
    action: str,
    target: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry; `action` is `thing.verb`, `target` names the row. Secrets never stand in before or after."""
    session.add(
        AuditRow(
            at=now(),
            account_id=actor.id,
            account=actor.name,
            action=action,
            target=target,
            before=_short(before),
            after=_short(after),
            address=actor.address,
        )
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two versions with the same fields, those that differ: as they were, and as they are."""
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _short(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        k: v[:MAX_VALUE_CHARS] + "…" if isinstance(v, str) and len(v) > MAX_VALUE_CHARS else v
        for k, v in values.items()
    }
