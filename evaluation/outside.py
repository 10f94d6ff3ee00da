"""`python -m evaluation.outside --messages FILE`: how many messages that are none of our business are shown a passage.

RepliedMessage in this process, without Rasa (`evaluation/in_process.py`), so that a thousand messages take about a minute. The
question sets are asked as well, for what is gained outside and lost here is no gain.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.dialogue.reply import Reply
from evaluation.in_process import InProcess, told_why
from evaluation.questions import DEV, FROZEN, load_questions
from evaluation.scoring import Scored, judge, summary
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import KnowledgeError
from knowledge.reply.answer import Outcome

OUTSIDE = Path(__file__).resolve().parent / "outside.yml"
SHOWN_CHARS = 40  # of the passage that a message was shown


@dataclass(frozen=True)
class RepliedMessage:
    """A message and the reply to it."""

    message: str
    reply: Reply

    @property
    def shown(self) -> bool:
        """Whether a passage of the plan came back."""
        return self.reply.answer.outcome is Outcome.ANSWERED


def messages_of(path: Path) -> list[str]:
    """The messages of a text file, one a line, or of a YAML file under `messages`."""
    if path.suffix == ".yml":
        return [str(message) for message in load_mapping(path)[0]["messages"]]
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def report_of(name: str, asked: Sequence[RepliedMessage], *, listed: bool) -> str:
    """The share shown a passage, all outcomes, and, if `listed`, what was shown, the surest first."""
    counts = Counter(each.reply.answer.outcome.value for each in asked)
    shown = [each for each in asked if each.shown]
    outcomes = "，".join(f"{outcome} {number}" for outcome, number in counts.most_common())
    lines = [
        f"{name}: 出示了原文 shown a passage {len(shown)}/{len(asked)} = {len(shown) / len(asked):.1%}（{outcomes}）"
    ]
    if listed:
        shown.sort(key=lambda each: -(each.reply.finding.answerable if each.reply.finding else 0.0))
        lines += [_line(each) for each in shown]
    return "\n".join(lines)


def _line(asked: RepliedMessage) -> str:
    finding = asked.reply.finding
    sure = f"{finding.answerable:.2f} / {finding.silence:.2f}" if finding else "–"
    return f"  {sure}  {asked.message}  →  {asked.reply.answer.headline[:SHOWN_CHARS]}"


def scored_of(bot: InProcess, path: Path) -> list[Scored]:
    """A question set, each question judged as `python -m evaluation` does over REST."""
    return [judge(q, custom_of(bot.ask((*q.before, q.question)))) for q in load_questions(path)]


def custom_of(reply: Reply) -> dict[str, Any]:
    """Its answer/1, as a channel sends it."""
    return reply.answer.custom("evaluation")


def _scores(name: str, scored: Iterable[Scored]) -> str:
    figures = summary(list(scored))
    wanted = ("answered_right_first", "answerable_but_refused", "refused_rightly")
    return f"{name}: " + "，".join(f"{key} {figures[key]['share']:.2%} (n={figures[key]['n']})" for key in wanted)


def main(arguments: list[str] | None = None) -> int:
    """Print the shares. Exit code 1 if the knowledge is not built or a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.outside", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--messages", type=Path, action="append", default=[], help="消息，一行一条 / messages, one a line"
    )
    parser.add_argument("--list", action="store_true", help="列出被出示的原文 / list what was shown")
    parser.add_argument("--no-sets", action="store_true", help="不问问题集 / leave the question sets out")
    options = parser.parse_args(arguments)
    try:
        texts = {path.name: messages_of(path) for path in (OUTSIDE, *options.messages)}
        bot = InProcess.opened()
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    for name, messages in texts.items():
        asked = [RepliedMessage(message, bot.ask([message])) for message in messages]
        print(report_of(name, asked, listed=options.list), flush=True)
    for path in () if options.no_sets else (DEV, FROZEN):
        print(_scores(path.name, scored_of(bot, path)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
