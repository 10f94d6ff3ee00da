"""Some odd requests to every address of the running product; `make fuzz` sends many more."""

from __future__ import annotations

import random

import pytest

from tests.fuzzing.api import BotUnderFire
from tests.fuzzing.figures import Figures
from tests.fuzzing.mutants import Mutants
from tests.journeys.processes import Product

SPOILED, BROKEN = 400, 20


@pytest.mark.slow
def test_odd_requests_get_what_the_file_promises(shared_product: Product) -> None:
    """No 5xx, no silence, no reply that docs/openapi.yml does not have, nothing over two seconds; it answers as before."""
    figures = Figures()
    before = shared_product.pid_of("bot"), shared_product.pid_of("actions")
    bot = BotUnderFire(shared_product.bot_port, figures, before)
    bot.greet(5)
    mutants = Mutants(bot, random.Random(1))
    for number in range(SPOILED):
        if number % 50 == 0:  # each address has limits of its own
            from_here = bot.neighbour()
        bot.try_one("spoiled", from_here, mutants.one())
    for _ in range(BROKEN):
        bot.try_one("broken http", bot.neighbour(), mutants.broken())
    bot.try_slow_ones_alone()
    assert not figures.faults, figures.faults
    assert figures.statuses["200"] > 50 and figures.statuses["400"] > 20
    assert (shared_product.pid_of("bot"), shared_product.pid_of("actions")) == before
    assert shared_product.ask("到2025年养老院床位有多少张", sender="after the storm")[1]["outcome"] == "answered"
