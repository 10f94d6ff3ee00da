"""The simulation of load, held against queueing theory, and what is made of its figures."""

from __future__ import annotations

import math

import pytest

from bench.simulation import Layout, Stage, arriving, borne_per_s, in_flight


def waiting_ms(servers: int, per_s: float, service_s: float) -> float:
    """The mean wait in an M/M/c queue by Erlang's C formula."""
    offered = per_s * service_s
    idle = sum(offered**k / math.factorial(k) for k in range(servers))
    all_busy = offered**servers / math.factorial(servers) / (1 - offered / servers)
    return 1000 * all_busy / (idle + all_busy) * service_s / (servers - offered)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 0.6), (4, 0.7)])
def test_waits_are_those_of_queueing_theory(servers: int, load: float) -> None:
    """Poisson arrivals, exponential service, c servers alike: within a tenth of Erlang's formula."""
    service_s = 0.05
    per_s = load * servers / service_s
    layout = Layout(cores=99, servers={"desk": servers})
    found = arriving(layout, lambda draw: [Stage("desk", draw.expovariate(1 / service_s))], per_s, 3000, seed=5)
    expected = waiting_ms(servers, per_s, service_s) + service_s * 1000
    assert found.mean_ms == pytest.approx(expected, rel=0.1)
    assert found.messages_per_s == pytest.approx(per_s, rel=0.05)


def test_cores_hold_servers_back() -> None:
    """Two servers on one core do as much as one; waiting for something outside takes none."""
    turn = [Stage("bot", 0.01), Stage("actions", 0.01), Stage("", 0.5)]
    servers = {"bot": 1, "actions": 1}
    one, two = (in_flight(Layout(cores, servers), [turn], 100, 500) for cores in (1, 2))
    assert one.messages_per_s == pytest.approx(50, rel=0.02)
    assert two.messages_per_s == pytest.approx(100, rel=0.05)
    alone = in_flight(Layout(1, servers), [turn], 1, 20)
    assert alone.p50_ms == pytest.approx(520) and alone.messages_per_s == pytest.approx(1 / 0.52)


def test_what_a_machine_bears_stays_below_what_it_can_do() -> None:
    """Within the time that residents are promised, and not for a time in which no turn ends."""
    turns = [[Stage("bot", seconds)] for seconds in (0.01, 0.02, 0.03)]
    layout = Layout(2, {"bot": 1})
    per_s = borne_per_s(layout, turns, within_ms=100, count=200)
    assert 25 < per_s < 50
    assert arriving(layout, lambda draw: draw.choice(turns), per_s, 200).p95_ms <= 100
    assert borne_per_s(layout, turns, within_ms=5, count=200) == pytest.approx(0, abs=0.1)
