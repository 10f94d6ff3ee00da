"""`python -m bench.turn`: CPU milliseconds of a turn in one process, without Rasa: what is understood, found and said.

To compare two checkouts run it in each, in turn: A B A B. Half of the questions warm up, the other half are measured; then
what the same words cost the action and the watch for danger the first time, and again, and what a refusal costs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from actions.remembering import RememberedReplies
from bench.machine import this_machine
from bench.questions import choose, read_questions
from bot.channels.turns import TurnTaker
from conversations.turn_log import TurnLog
from danger.watch import Watch
from evaluation.in_process import InProcess
from evaluation.questions import DEV

QUESTIONS = 200
GREETING = "您好"  # it warms up


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
    measured_again = questions[len(questions) // 2 :]
    print(this_machine().line)
    print(
        f"opened in {opened_s:.2f} s of CPU; {len(measured)} turns: median {statistics.median(measured):.1f} ms of CPU"
    )
    works = {
        "reply": _replying(bot, measured_again),
        "judgement of danger": Watch().assess,
        "refused for a limit": _refusing(),
    }
    for name, work in works.items():
        work(GREETING)
        first, again = ([_cpu_ms(work, question) for question in measured_again] for _ in range(2))
        print(f"{name}: first {statistics.median(first):.2f} ms, again {statistics.median(again):.2f} ms")


def _replying(bot: InProcess, questions: Sequence[str]) -> Callable[[str], object]:
    """What the action does with an utterance that NLU has understood, at the beginning of a conversation."""
    heard = {question: as_nlu_hears(bot.finder, question) for question in (*questions, GREETING)}
    with tempfile.TemporaryDirectory() as empty:
        desk, remembered = DocumentDesk(bot.responder, OpenShelf(Path(empty)).start()), RememberedReplies()

    def reply(text: str) -> object:
        utterance, intent = heard[text]
        return remembered.reply(desk, utterance, Conversation(), intent)

    return reply


def _refusing() -> Callable[[str], object]:
    """What is done with a message that a limit refuses; it is looked at for danger and not logged."""
    with tempfile.TemporaryDirectory() as folder:
        turns = TurnTaker(TurnLog(f"sqlite:///{folder}/conversations.sqlite"))
    return lambda text: turns.in_danger(text, "somebody", "rest")


def _cpu_ms(work: Callable[[str], object], question: str) -> float:
    began = time.process_time()
    work(question)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
