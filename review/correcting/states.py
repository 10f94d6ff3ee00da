"""What a correction is now, in a word and a sentence: live, waiting and for what, held and why, or given way to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from review.correcting.publishing import LIVE_KINDS
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.database.work import RESIDENTS, CorrectionRow

LIVE, TRAINS, TRAINED, SUPERSEDED, EXPIRED, NOWHERE = "live", "trains", "trained", "superseded", "expired", "nowhere"
HELD, DOUBTED, PROPOSED, WAITS, REPLACED = "held", "doubted", "proposed", "waits", "replaced"
STATE_NAMES: Mapping[str, str] = {
    LIVE: "已生效",
    TRAINS: "等训练",
    TRAINED: "训练过，已生效",
    SUPERSEDED: "被后来的取代",
    EXPIRED: "已过期",
    NOWHERE: "规划里已没有这一条",
    HELD: "没有生效：会弄错别的题",
    DOUBTED: "等第二个人看",
    PROPOSED: "居民选的，等批准",
    WAITS: "等另一位同事批准",
    REPLACED: "换成了另一条",
    REFUSED: "已退回",
    WITHDRAWN: "已撤下",
}
# How a state is coloured; each also has its own sign, for who sees no colours, and its name.
TONES: Mapping[str, str] = {
    **dict.fromkeys((LIVE, TRAINED), "good"),
    **dict.fromkeys((TRAINS, DOUBTED, PROPOSED, WAITS), "wait"),
    **dict.fromkeys((HELD, EXPIRED, NOWHERE), "bad"),
}
SIGNS: Mapping[str, str] = {"good": "✓", "wait": "…", "bad": "!", "over": "—"}


@dataclass(frozen=True)
class State:
    """`name` is a key of `STATE_NAMES`; `since` when it began, where that is known; `by` the correction that took its place."""

    name: str
    since: datetime | None = None
    by: int = 0

    @property
    def label(self) -> str:
        """In staff's words."""
        return STATE_NAMES[self.name]

    @property
    def tone(self) -> str:
        """`good`, `wait`, `bad` or `over`."""
        return TONES.get(self.name, "over")

    @property
    def sign(self) -> str:
        """One character that says the tone without colour."""
        return SIGNS[self.tone]


@dataclass(frozen=True)
class Surroundings:
    """What decides a state beside the row itself.

    `gave_way` maps corrections to the newer one that holds instead, `replaced` to the one that was recorded in their
    place. `learned_until` is when the training of the release that serves began: what was decided before is in it.
    """

    known: Collection[str]
    gave_way: Mapping[int, int]
    replaced: Mapping[int, int]
    learned_until: datetime | None
    today: date

    def state_of(self, row: CorrectionRow) -> State:
        """What a correction is now."""
        if row.status == PENDING:
            return State(_waiting(row), row.made_at)
        if row.status == WITHDRAWN and row.id in self.replaced:
            return State(REPLACED, row.decided_at, self.replaced[row.id])
        if row.status != APPROVED:
            return State(row.status, row.decided_at)
        if row.id in self.gave_way:
            return State(SUPERSEDED, None, self.gave_way[row.id])
        return self._in_force(row)

    def _in_force(self, row: CorrectionRow) -> State:
        if row.kind == "pointer" and row.expires_on < self.today:
            return State(EXPIRED, None)
        if row.kind == "link" and row.commitment_id not in self.known:
            return State(NOWHERE, None)
        if row.kind in LIVE_KINDS:
            return State(LIVE, row.decided_at)
        learned = self.learned_until is not None and row.decided_at < self.learned_until
        return State(TRAINED if learned else TRAINS, row.decided_at)


def _waiting(row: CorrectionRow) -> str:
    if row.breaks:
        return HELD
    if row.made_by == RESIDENTS:
        return PROPOSED
    return DOUBTED if row.doubts else WAITS
