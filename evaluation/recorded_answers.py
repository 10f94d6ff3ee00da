"""`python -m evaluation.recorded_answers FILE`: what every question of both sets is answered now, one JSON object a line.

For changes that must not change an answer: record before and after, then `python -m evaluation.same_answers`. The
sets hold few dialogues, so each question's conversation goes on with three turns that lean on it, in rotation. RecordedTurn in
this process, without Rasa; takes a few minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.dialogue.reply import Reply
from evaluation.in_process import InProcess, told_why
from evaluation.questions import DEV, FROZEN, load_questions
from knowledge.groundwork.errors import KnowledgeError

# What residents say after an answer; each of the dialogue's rules decides on one of them at least.
LEANING = (
    "出处在哪",
    "还有呢",
    "什么时候",
    "要多少",
    "原来呢",
    "我们街道也有吗",
    "那公租房呢",
    "谢谢，那托班呢",
    "之前新增了几所",
    "那徐泾呢",
    "那呢",
    "怎么申请呢",
    "那认知障碍的呢",
    "收费呢",
    "我们小区呢",
    "现状呢",
    "床位",
    "那高中呢",
    "谢谢",
    "具体是哪几个",
    "护理型的呢",
    "养老方面有哪些指标",
    "那家门口的助餐点和食堂有没有多开几个",
    "前面五年弄了多少套了",
    "我要投诉，没人管",
    "到哪一年完成",
    "住房问题怎么说",
    "公园呢",
    "是什么意思",
    "/restart",
)
LEANING_EACH = 3  # of these after each question
DIGITS = 6  # of a probability: beyond, the order of additions shows
_REFERENCE = re.compile(r"QP[0-9]{6}-[0-9A-Z]{5}")  # of a request; drawn anew each time


@dataclass(frozen=True)
class RecordedTurn:
    """The messages of one conversation under a name."""

    name: str
    messages: tuple[str, ...]


def conversations(paths: Sequence[Path] = (DEV, FROZEN)) -> Iterator[RecordedTurn]:
    """Each question of the sets with the turns before it, and turns that lean on it after it."""
    for path in paths:
        for number, question in enumerate(load_questions(path)):
            start = number * LEANING_EACH
            after = tuple(LEANING[(start + step) % len(LEANING)] for step in range(LEANING_EACH))
            yield RecordedTurn(f"{path.stem}/{question.id}", (*question.before, question.question, *after))


def record_of(name: str, message: str, reply: Reply) -> dict[str, Any]:
    """One turn, JSON-ready: what came back, what the conversation is about after it, and how sure the search was."""
    answer, finding = reply.answer, reply.finding
    return {
        "id": name,
        "message": message,
        "outcome": answer.outcome.value,
        "commitments": [citation.commitment_id for citation in answer.citations],
        "text": _REFERENCE.sub("QP-", answer.text),
        "conversation": reply.conversation.as_slot(),
        "request": reply.handoff["kind"] if reply.handoff else "",
        "answerable": round(finding.answerable, DIGITS) if finding else None,
        "silence": round(finding.silence, DIGITS) if finding else None,
        "step": reply.step,
    }


def records(bot: InProcess, asked: RecordedTurn) -> list[dict[str, Any]]:
    """The turns of one conversation; the id of each says its place."""
    replies = bot.converse(asked.messages)
    return [
        record_of(f"{asked.name}#{place}", message, reply)
        for place, (message, reply) in enumerate(zip(asked.messages, replies), start=1)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the file. Exit code 1 if the knowledge is not built or the file cannot be written."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.recorded_answers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("file", type=Path, help="写到哪里，JSON 行 / where to, JSON lines")
    options = parser.parse_args(arguments)
    try:
        bot = InProcess.opened()
        with options.file.open("w", encoding="utf-8") as out:
            for asked in conversations():
                for line in records(bot, asked):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
