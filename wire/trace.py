"""How an answer was found: what the action server tells the log beside each answer, and nobody else (查找痕迹)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import msgspec

TRACE = "trace"  # metadata of a bot event; channels never see it, and the tracker store drops it
MAX_CANDIDATES = 10  # kept of a finding: enough to see why the first one won


@dataclass(frozen=True)
class TurnCandidate:
    """A commitment that was considered: its probability among the candidates, and each signal that spoke for it."""

    commitment_id: str
    probability: float
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """What the log learns. A field that a turn has by the same name is logged with it, without another line of code.

    `knowledge` is the fingerprint of the knowledge that answered; `stages_ms` has `find`, the search that decided, and
    `compose`, all else that the action did, further searches included. The others are as in
    `knowledge.search.finding.Finding`, None where nothing was searched; `step` is the one of the dialogue that spoke;
    `candidates` are best first, at most
    `MAX_CANDIDATES`.
    """

    knowledge: str = ""
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    answerable: float | None = None
    silence: float | None = None
    aspect: str | None = None
    step: str | None = None
    candidates: Sequence[TurnCandidate] | None = None

    def known(self) -> dict[str, Any]:
        """Field → value, of those that have one."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None}

    def as_metadata(self) -> dict[str, Any]:
        """JSON-ready, without what is None."""
        plain: dict[str, Any] = msgspec.to_builtins(self.known())
        return plain

    @classmethod
    def of_metadata(cls, told: Mapping[str, Any]) -> Trace:
        """What `as_metadata` gave, of this version or another: fields unknown here are passed over.

        Raises `msgspec.ValidationError`, which names the field, if a value has another type.
        """
        return msgspec.convert(told, cls)
