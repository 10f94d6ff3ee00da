"""`python -m bench.turn`: CPU milliseconds of a turn in one process, without Rasa: what is understood, found and said.

To compare two checkouts run it in each, in turn: A B A B. Half of the questions warm up, the other half are measured.
"""

from __future__ import annotations

import argparse
import statistics
import time

from bench.machine import this_machine
from bench.questions import choose, read_questions
from evaluation.in_process import InProcess
from evaluation.questions import DEV

QUESTIONS = 200


def main(arguments: list[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.turn", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    questions = choose(parser.parse_args(arguments).questions, [read_questions(DEV)])
    began = time.process_time()
    bot = InProcess.opened()
    opened_s = time.process_time() - began
    taken_ms = []
    for question in questions:
        began = time.process_time()
        bot.converse((question,))
        taken_ms.append((time.process_time() - began) * 1000)
    measured = taken_ms[len(taken_ms) // 2 :]
    print(this_machine().line)
    print(
        f"opened in {opened_s:.2f} s of CPU; {len(measured)} turns: median {statistics.median(measured):.1f} ms of CPU"
    )


if __name__ == "__main__":
    main()
