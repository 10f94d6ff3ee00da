"""`python -m evaluation.gate.answering CONVERSATIONS ANSWERS`: what one release answers; the gate starts it."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from bot.without_tensorflow import import_extractors
from log_records import keep_words_out
from monitor.lines import set_up
from settings.programs import OMP_NUM_THREADS


def main(arguments: list[str] | None = None) -> None:
    """Answer every line of a file, in order."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.gate.answering", description="一个版本的全部答复 / all that one release answers"
    )
    parser.add_argument(
        "conversations", type=Path, help="一行一段对话，JSON 列表 / a line each, a JSON list of messages"
    )
    parser.add_argument("answers", type=Path, help="一行一个答复，JSON / a line each, a response")
    options = parser.parse_args(arguments)
    OMP_NUM_THREADS.fill_in()  # before the numerical libraries are loaded
    keep_words_out()
    import_extractors()  # before anything else of Rasa
    from rasa.utils.log_utils import configure_structlog

    from evaluation.gate.whole_bot import answer_all

    set_up(logging.WARNING)
    configure_structlog(logging.WARNING)
    asyncio.run(answer_all(options.conversations, options.answers))


if __name__ == "__main__":
    main()
