"""Guessing is slowed down, and whoever guesses shuts out nobody but strangers.

A browser in which an account signed in before has a counter of its own. Everybody else shares one for the name that is
typed, whether or not there is such an account, and one for the network. The counters are rows of the console's database:
they hold over a restart and for all processes. (OWASP, Slow Down Online Guessing Attacks with Device Cookies.)
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conversations.identity import derived_key
from review.accounts.browsers import known_browser
from review.database.columns import now
from review.database.people import GuessRow
from wire.networks import network

NAME, NETWORK, BROWSER = "name", "network", "browser"
FORGET_AFTER = timedelta(days=1)  # without a wrong try a counter begins anew
MOST_DOUBLINGS = 4  # each lock of a counter lasts twice the one before, up to 16 times the first


@dataclass(frozen=True)
class Limits:
    """Wrong tries until a name or a known browser, and until a network is locked; how long a first lock lasts."""

    tries: int
    network_tries: int
    lock_for: timedelta


@dataclass(frozen=True)
class Caller:
    """Who tries to sign in: the counters, `kind:…`, that a wrong try goes to, the caller's own first."""

    counters: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether the account signed in in this browser before."""
        return self.counters[0].startswith(BROWSER)


def caller_of(session: Session, name: str, address: str, account_id: int | None, browser_token: str) -> Caller:
    """Who tries `name`, the account `account_id` (None: there is none), from an address, with that browser's token."""
    known = known_browser(session, account_id, browser_token) if account_id is not None else None
    if known is not None:
        return Caller((f"{BROWSER}:{known.token_hash[:32]}",))
    return Caller((name_counter(name), _counter(NETWORK, network(address))))


def name_counter(name: str) -> str:
    """The counter that strangers who type a name share."""
    return _counter(NAME, name.strip().lower())


def locked_until(session: Session, caller: Caller, *, holding: bool = False) -> datetime | None:
    """Until when nothing of a caller is judged, None if now. `holding`: nobody else changes that before the transaction ends."""
    rows = [_row(session, key) if holding else session.get(GuessRow, key) for key in caller.counters]
    moment = now()
    return max(
        (row.locked_until for row in rows if row and row.locked_until and row.locked_until > moment), default=None
    )


def count_wrong(session: Session, caller: Caller, limits: Limits) -> dict[str, timedelta]:
    """One more wrong password or code; of each kind of counter that is full with it, how long it is locked."""
    full = {}
    for key in caller.counters:
        kind = key.partition(":")[0]
        lasts = _count(_row(session, key), limits.network_tries if kind == NETWORK else limits.tries, limits.lock_for)
        if lasts:
            full[kind] = lasts
    return full


def forgive(session: Session, caller: Caller) -> None:
    """All was right: the caller's own counter begins anew. That of the network does not, or one account would free it."""
    clear(session, caller.counters[0])


def clear(session: Session, counter: str) -> None:
    """Begin a counter anew."""
    session.execute(delete(GuessRow).where(GuessRow.key == counter))


def forget_quiet(session: Session) -> None:
    """Drop the counters that have been quiet for long."""
    session.execute(delete(GuessRow).where(GuessRow.last_at < now() - FORGET_AFTER))


def strangers_locked_until(session: Session, names: list[str]) -> dict[str, datetime]:
    """Of these names, until when strangers are locked out of each that they are."""
    keys = {name_counter(name): name for name in names}
    query = select(GuessRow).where(GuessRow.key.in_(keys), GuessRow.locked_until > now())
    return {keys[row.key]: row.locked_until for row in session.scalars(query)}


def _count(row: GuessRow, tries: int, lock_for: timedelta) -> timedelta | None:
    moment = now()
    if row.last_at < moment - FORGET_AFTER:
        row.failures = row.rounds = 0
    row.failures, row.last_at = row.failures + 1, moment
    if row.failures < tries:
        return None
    lasts = lock_for * 2 ** min(row.rounds, MOST_DOUBLINGS)
    row.failures, row.rounds, row.locked_until = 0, row.rounds + 1, moment + lasts
    return lasts


def _row(session: Session, key: str) -> GuessRow:
    """A counter, held until the transaction ends."""
    row = session.get(GuessRow, key, with_for_update=True, populate_existing=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(GuessRow(key=key, failures=0, rounds=0, last_at=now()))
    except IntegrityError:  # somebody else's first wrong try at the same moment
        pass
    return session.get(GuessRow, key, with_for_update=True, populate_existing=True)


def _counter(kind: str, what: str) -> str:
    """Neither names nor networks are kept, only what tells them apart."""
    return (
        f"{kind}:{hmac.new(derived_key('guessing'), what.encode('utf-8', 'replace'), hashlib.sha256).hexdigest()[:32]}"
    )
