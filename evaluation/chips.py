"""`python -m evaluation.chips`: what is offered after each question, to be read: would the same person ask it next?

The questions of the home page, and those of evaluation/dev.yml or of a file, one a line. Asked in this process, without Rasa.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.in_process import InProcess, told_why
from evaluation.questions import DEV, load_questions
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import KnowledgeError
from knowledge.reply.plain_questions import is_plain


def questions_of(path: Path | None) -> list[str]:
    """Those of the home page and of evaluation/dev.yml, or the lines of a file."""
    if path is not None:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    starting = load_mapping(settings.STARTING_QUESTIONS)[0].get("questions") or ()
    return [*map(str, starting), *(each.question for each in load_questions(DEV))]


def listed(bot: InProcess, questions: list[str]) -> list[str]:
    """A line for each question, and one for each thing that is offered after it; `!` before what is not plain."""
    lines = []
    for question in questions:
        answer = bot.ask([question]).answer
        lines.append(f"{question} → {answer.outcome.value} {answer.headline[:40]}")
        lines += [f"  {'' if is_plain(each.title) else '! '}{each.title}" for each in answer.related]
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the knowledge is not built or the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.chips", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--questions", type=Path, help="问题，一行一个 / the questions, one a line")
    options = parser.parse_args(arguments)
    try:
        questions, bot = questions_of(options.questions), InProcess.opened()
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    print("\n".join(listed(bot, questions)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
