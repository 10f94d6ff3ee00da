"""`make fuzz`: the product and its parsers under so many odd inputs; prints figures and every fault once a kind.

The product is started as `make run` starts it, with files of its own and a WeChat account; it is what `make train` built.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from tqdm import tqdm

from tests.fuzzing.api import BotUnderFire, by_schema
from tests.fuzzing.figures import SLOW_S, Figures
from tests.fuzzing.mutants import Mutants
from tests.fuzzing.parsers import try_message, try_plan
from tests.journeys.processes import WITHOUT_CONSOLE, Product
from wechat_sim.envelope import PlatformAccount

ACCOUNT = PlatformAccount("wxFuzzed", "tok3nOfTheFuzzing", "plain")
SHARES = {"plan": 0.3, "wechat xml": 0.3, "broken http": 0.02, "schema": 0.02}  # the rest are spoiled requests
THREADS = 4  # of spoiled requests: the bot is to be busy
GREETED_ANEW = 400  # requests after which sessions are fresh again, some have been erased


def main(arguments: list[str] | None = None) -> int:
    """0 if nothing was wrong, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description="模糊测试 / fuzzing")
    parser.add_argument("--inputs", type=int, default=100_000, help="一共多少条输入 / inputs in all (100000)")
    parser.add_argument(
        "--seed",
        type=int,
        default=random.randrange(10**6),
        help="同样的种子，同样的输入 / the same seed, the same inputs",
    )
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # what pypdf says of broken files
    figures, started, load = Figures(), time.monotonic(), os.getloadavg()[0]
    print(f"seed {options.seed}, load before {load:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-fuzz-") as folder:
        _parsers(options.inputs, options.seed, figures, Path(folder))
        log = _running_bot(options.inputs, options.seed, figures, Path(folder))
    for traceback in _tracebacks(log):
        figures.other(f"in the log: {traceback.splitlines()[-1][:200]}", traceback)
    print("\n".join(figures.lines()))
    print(f"{time.monotonic() - started:.0f} s, load after {os.getloadavg()[0]:.1f}")
    for what, shown in figures.faults.items():
        print(f"\n{what}\n    {shown}")
    return 1 if figures.faults else 0


def _parsers(inputs: int, start: int, figures: Figures, folder: Path) -> None:
    rounds: tuple[tuple[str, Callable[[random.Random], None]], ...] = (
        ("plan", lambda random_: try_plan(random_, figures, folder)),
        ("wechat xml", lambda random_: try_message(random_, figures)),
    )
    for kind, try_one in rounds:
        random_ = random.Random(start)
        for _ in tqdm(range(round(inputs * SHARES[kind])), kind, mininterval=5):
            try_one(random_)


def _running_bot(inputs: int, start: int, figures: Figures, folder: Path) -> str:
    """The bot's log, after requests of all three kinds and a last question that it answers."""
    limits = ("WEB_MESSAGES_PER_MINUTE", "WEB_MESSAGES_PER_MINUTE_PER_ADDRESS", "WEB_SESSIONS_PER_MINUTE_PER_ADDRESS")
    account = {"WECHAT_APP_ID": ACCOUNT.app_id, "WECHAT_TOKEN": ACCOUNT.token, "WECHAT_MODE": ACCOUNT.mode}
    product = Product(folder, procfile=WITHOUT_CONSOLE, settings={**dict.fromkeys(limits, "100000"), **account})
    product.start()
    try:
        before = product.pid_of("bot"), product.pid_of("actions")
        bot = BotUnderFire(product.bot_port, figures, before, ACCOUNT)
        bot.greet()
        _spoiled(bot, inputs, start)
        _broken(bot, round(inputs * SHARES["broken http"]), start)
        _by_schema(bot, round(inputs * SHARES["schema"]), start)
        print(f"waited over {SLOW_S:g} s for {len(bot.waited_for)}, each tried again alone", flush=True)
        bot.try_slow_ones_alone()
        if (product.pid_of("bot"), product.pid_of("actions")) != before or product.get("/webhooks/web/ready")[0] != 200:
            figures.crash("the product is not what it was", product.log()[-3000:])
        product.ask("到2025年养老院床位有多少张")
        return product.log()
    finally:
        product.stop()


def _spoiled(bot: BotUnderFire, inputs: int, start: int) -> None:
    count = round(inputs * (1 - sum(SHARES.values())))
    bar = tqdm(total=count, desc="spoiled requests", mininterval=5)

    def run(number: int) -> None:
        mutants, from_here = Mutants(bot, random.Random(start + number)), bot.neighbour()
        for sent in range(count // THREADS):
            if sent % 50 == 49:  # the limits of one address are not what is tried here
                from_here.close()
                from_here = bot.neighbour()
            if number == 0 and sent % GREETED_ANEW == GREETED_ANEW - 1:
                bot.sessions.clear()
                bot.greet()
            bot.try_one("spoiled", from_here, mutants.one())
            bar.update()
        from_here.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(run, number) for number in range(THREADS)]:
            done.result()  # what failed while it was sending has not sent all
    bar.close()


def _broken(bot: BotUnderFire, count: int, start: int) -> None:
    mutants = Mutants(bot, random.Random(start))
    for _ in tqdm(range(count), "broken HTTP", mininterval=5):
        bot.try_one("broken http", bot.neighbour(), mutants.broken())


def _by_schema(bot: BotUnderFire, count: int, start: int) -> None:
    """Right and wrong requests to every operation, as many to each that takes anything."""
    each = max(1, count // (2 * len(bot.operations)))
    for key, operation in tqdm(bot.operations.items(), "by the schema"):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _of_operation(bot, key, operation.as_strategy(generation_mode=mode), each, start)


def _of_operation(bot: BotUnderFire, key: tuple[str, str], cases: object, count: int, start: int) -> None:
    from hypothesis.errors import Unsatisfiable

    plain = [Phase.generate]

    @seed(start)
    @settings(max_examples=count, deadline=None, database=None, phases=plain, suppress_health_check=list(HealthCheck))
    @given(case=cases)  # type: ignore[arg-type]
    def send(case: object) -> None:
        from_here = bot.neighbour()
        by_schema(bot, key, case, from_here, "schema")
        from_here.close()

    try:
        send()
    except Unsatisfiable:  # an operation without parameters cannot be asked wrongly
        pass


def _tracebacks(log: str) -> list[str]:
    """What the processes printed of exceptions that went through our code; Sanic tells of each malformed request itself."""
    found: dict[str, str] = {}
    for part in log.split("Traceback (most recent call last)")[1:]:
        if re.search(r'File "(?!.*site-packages)[^"]*/(bot|actions|conversations|knowledge|danger)/', part[:2500]):
            found.setdefault(part[:2000].split("\n\n")[0][-300:], part[:2500])
    return list(found.values())


if __name__ == "__main__":
    sys.exit(main())
