"""How many turns run at once: as many as may where the machine keeps up, fewer where it does not."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from bot.channels.limits import LEAST_AT_ONCE, Crowd, TooManyAtOnce


class HandClock:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


def together(crowd: Crowd, clock: HandClock, wanted: int, each_s: float) -> int:
    """As many turns as are let in of those that come at once, each so long; how many were."""
    with ExitStack() as inside:
        let_in = 0
        for _ in range(wanted):
            try:
                inside.enter_context(crowd.one_more())
                let_in += 1
            except TooManyAtOnce:
                break
        clock.now += let_in * each_s
    return let_in


def test_a_machine_that_keeps_up_is_filled() -> None:
    """To the last place, again and again."""
    clock = HandClock()
    crowd = Crowd(64, 4.0, clock)
    assert [together(crowd, clock, 100, 0.015) for _ in range(5)] == [64] * 5


def test_where_turns_are_slow_fewer_are_let_in_until_they_are_not() -> None:
    """A machine of a fortieth of the speed: soon what is let in ends within half of the deadline; a quick one fills again."""
    clock = HandClock()
    crowd = Crowd(64, 4.0, clock)
    rounds = [together(crowd, clock, 100, 0.6) for _ in range(12)]
    assert rounds[0] == 64 and all(let_in * 0.6 <= 4.6 for let_in in rounds[-4:]), rounds
    assert min(rounds) >= LEAST_AT_ONCE
    assert [together(crowd, clock, 100, 0.015) for _ in range(80)][-1] == 64


def test_one_slow_round_shrinks_once() -> None:
    """Sixty turns that end late together are one sign, not sixty."""
    clock = HandClock()
    crowd = Crowd(64, 4.0, clock)
    together(crowd, clock, 64, 1.0)
    assert crowd.may_be_inside == 44


def test_two_may_always_run() -> None:
    """However slow, and one where one is what was set."""
    clock = HandClock()
    for most, least in ((64, LEAST_AT_ONCE), (1, 1)):
        crowd = Crowd(most, 4.0, clock)
        for _ in range(30):
            clock.now += 1
            together(crowd, clock, 64, 100.0)
        assert crowd.may_be_inside == least


def test_a_full_house_is_told_to_come_again() -> None:
    """And one that leaves makes room."""
    crowd = Crowd(1)
    with crowd.one_more(), pytest.raises(TooManyAtOnce), crowd.one_more():
        pass
    with crowd.one_more():
        pass
