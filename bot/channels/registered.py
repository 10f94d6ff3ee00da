"""What waits for staff, looked up by its number or by whoever registered it; guarded against trying numbers.

Who knows a number is told how it stands and no more; what was said belongs to the conversation that registered it.
Why, and what a guess costs: docs/decisions/0052-a-number-tells-how-it-stands.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone

from bot.channels.limits import Allowance, Buckets
from conversations.patience import Patience
from conversations.requests import RequestBook, StaffRequest
from wire.reply_day import is_overdue, reply_day

TRIES_OF_SESSION = Allowance(burst=8, per_minute=1)  # numbers that are not its own: copied wrongly, not searched for
TRIES_OF_ADDRESS = Allowance(burst=30, per_minute=6)  # a community centre has one for all its residents
MOST_OF_OWN = 3  # of a conversation, the latest
ASK_S = 2.0  # for the book, of the eight seconds of a turn


class LookupLimited(Exception):
    """Numbers of others may be looked up again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class RequestStanding:
    """How a request stands; `text` is what its resident said, "" for whoever knows the number only."""

    reference: str
    status: str
    registered_at: datetime
    reply_by: date | None
    overdue: bool
    text: str = ""

    @classmethod
    def of(cls, request: StaffRequest, *, own: bool) -> RequestStanding:
        """As it is told now: what is done is expected no more."""
        registered = request.created_at or datetime.now(timezone.utc)
        waits = request.status != "done"
        return cls(
            request.reference,
            request.status,
            registered,
            reply_day(registered) if waits else None,
            waits and is_overdue(registered, datetime.now(timezone.utc)),
            request.text if own else "",
        )


class RequestLookup:
    """One for a channel. Its limits are this process's; for the event loop alone."""

    def __init__(self, book: RequestBook) -> None:
        self._book = book
        self._patience = Patience(ASK_S, "requests")
        self._by_session = Buckets(TRIES_OF_SESSION)
        self._by_address = Buckets(TRIES_OF_ADDRESS)

    async def named(self, reference: str, session: str, network: str = "") -> RequestStanding | None:
        """How the request of a number stands; None alike for a number that never was and for one that was erased.

        `network` is where the caller comes from, "" where nobody's can be told. Raises `LookupLimited`, before it is said
        whether there is such a number, and `LogUnavailable`.
        """
        request = await self._patience.asked(self._book.request, reference)
        if request is not None and session and request.session == session:
            return RequestStanding.of(request, own=True)
        seconds = self._by_session.wait_s(session) or (self._by_address.wait_s(network) if network else 0)
        if seconds:
            raise LookupLimited(seconds)
        return RequestStanding.of(request, own=False) if request is not None and request.session else None

    async def own(self, session: str) -> Sequence[RequestStanding]:
        """How the last requests of a session stand, the latest first. Raises `LogUnavailable`."""
        found = await self._patience.asked(self._book.requests_of, session)
        return [RequestStanding.of(each, own=True) for each in found[:MOST_OF_OWN]]
