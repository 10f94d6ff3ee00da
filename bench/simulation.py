"""Turns through processes and cores, event by event (SimPy): what load does to them, and how many are needed.

A turn is a row of stages. Each needs its server (an event loop or a thread: one stage at a time) and a core of the
machine, both first come first served, for as long as that stage was measured to take; a stage of no server only waits.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

WARM_UP_PART = 0.1  # of the turns, which find the machine empty and are not counted
SEARCHED = 8  # halvings of the rate that a machine bears: to half a per cent


@dataclass(frozen=True)
class Stage:
    """So many seconds of a server, or of waiting for something outside ("")."""

    server: str
    seconds: float


Turn = Sequence[Stage]


@dataclass(frozen=True)
class Layout:
    """A machine: its cores, and how many servers of each kind run on it."""

    cores: int
    servers: Mapping[str, int]


@dataclass(frozen=True)
class Simulated:
    """What residents would see."""

    messages_per_s: float
    p50_ms: float
    p95_ms: float
    mean_ms: float


class _Machine:
    def __init__(self, layout: Layout) -> None:
        self.environment = simpy.Environment()
        self._cores = simpy.Resource(self.environment, layout.cores)
        self._servers = {name: simpy.Resource(self.environment, many) for name, many in layout.servers.items()}
        self.ended: list[tuple[float, float]] = []  # begun, ended

    def take(self, turn: Turn) -> Iterator[Any]:
        """One turn from its arrival to its reply."""
        begun = self.environment.now
        for stage in turn:
            if not stage.server:
                yield self.environment.timeout(stage.seconds)
                continue
            with self._servers[stage.server].request() as server:
                yield server
                with self._cores.request() as core:
                    yield core
                    yield self.environment.timeout(stage.seconds)
        self.ended.append((begun, self.environment.now))

    def figures(self) -> Simulated:
        """Of all turns but those that came first."""
        begun, ended = np.array(self.ended[int(len(self.ended) * WARM_UP_PART) :]).T
        taken_ms = (ended - begun) * 1000
        p50_ms, p95_ms = np.percentile(taken_ms, [50, 95])
        per_s = (len(ended) - 1) / (ended.max() - ended.min())
        return Simulated(float(per_s), float(p50_ms), float(p95_ms), float(taken_ms.mean()))


def in_flight(layout: Layout, turns: Sequence[Turn], many: int, count: int, seed: int = 1) -> Simulated:
    """`count` turns, as many at once as `many` residents have who ask again as soon as they are answered."""
    machine, draw = _Machine(layout), random.Random(seed)
    waiting = iter(range(count))

    def resident() -> Iterator[Any]:
        for _ in waiting:
            yield machine.environment.process(machine.take(draw.choice(turns)))

    for _ in range(many):
        machine.environment.process(resident())
    machine.environment.run()
    return machine.figures()


def arriving(
    layout: Layout, drawn: Callable[[random.Random], Turn], per_s: float, count: int, seed: int = 1
) -> Simulated:
    """`count` turns of residents who know nothing of each other: a Poisson process of `per_s` a second."""
    machine, draw = _Machine(layout), random.Random(seed)

    def street() -> Iterator[Any]:
        for _ in range(count):
            yield machine.environment.timeout(draw.expovariate(per_s))
            machine.environment.process(machine.take(drawn(draw)))

    machine.environment.process(street())
    machine.environment.run()
    return machine.figures()


def borne_per_s(layout: Layout, turns: Sequence[Turn], within_ms: float, count: int = 1000) -> float:
    """The largest rate at which 95 of 100 turns still end within a time; 0 if none does."""
    busy = dict.fromkeys(layout.servers, 0.0)
    for turn in turns:
        for stage in turn:
            if stage.server:
                busy[stage.server] += stage.seconds / len(turns)
    most = min([layout.cores / sum(busy.values()), *(layout.servers[name] / s for name, s in busy.items() if s)])
    low, high = 0.0, most  # beyond `most` the queue grows without end
    for _ in range(SEARCHED):
        middle = (low + high) / 2
        found = arriving(layout, lambda draw: draw.choice(turns), middle, count)
        low, high = (middle, high) if found.p95_ms <= within_ms else (low, middle)
    return low
