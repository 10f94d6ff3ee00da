"""Sealing anew, under the newest secret, what an older one sealed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.errors import SealBroken
from conversations.models import AccessTokenRow, DeliveryRow, FollowerRow, StaffRequestRow
from conversations.vault import Vault

SEALED: tuple[tuple[Any, str], ...] = (  # table and column; a test holds it against the schema
    (StaffRequestRow, "contact"),
    (FollowerRow, "sealed_id"),
    (DeliveryRow, "sealed_message"),
    (AccessTokenRow, "sealed_token"),
)


class Transactions(Protocol):
    """Opens a transaction that writes."""

    def __call__(self) -> AbstractContextManager[Session]:
        """It."""


@dataclass(frozen=True)
class Resealed:
    """How many were sealed anew, and how many no secret opens any more."""

    anew: int = 0
    lost: int = 0

    def __add__(self, other: Resealed) -> Resealed:
        """Both together."""
        return Resealed(self.anew + other.anew, self.lost + other.lost)


def reseal_log(database: Database, vault: Vault) -> Resealed:
    """The log's. Raises `LogUnavailable`."""
    return reseal(lambda: database.session(write=True), vault, SEALED)


def reseal(begin: Transactions, vault: Vault, sealed: Iterable[tuple[Any, str]]) -> Resealed:
    """Of these columns, a row a transaction: nobody who writes waits for longer. What is lost stays as it is."""
    done = Resealed()
    for table, name in sealed:
        column, key = getattr(table, name), tuple(table.__table__.primary_key.columns)
        with begin() as session:
            rows = session.execute(select(*key, column).where(column != "")).all()
        for *of_row, token in rows:
            if not vault.is_newest(token):
                same = [part == value for part, value in zip((*key, column), (*of_row, token))]
                done += _reseal_one(begin, vault, token, update(table).where(*same), name)
    return done


def _reseal_one(begin: Transactions, vault: Vault, token: str, change: Any, name: str) -> Resealed:
    try:
        anew = vault.reseal(token)
    except SealBroken:
        return Resealed(lost=1)
    with begin() as session:
        session.execute(change.values({name: anew}).execution_options(synchronize_session=False))
    return Resealed(anew=1)
