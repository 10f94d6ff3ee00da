"""`python -m evaluation.beside`: what the documents on the shelf take from the plan in use, and what they cost.

Asks evaluation/dev.yml, or the lines of a file, of the plan alone and of all documents; lists the questions that a document on
the shelf answers, to be read, and the processor time of both. Asked in this process, without Rasa.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from actions.answering import open_shelf, responder_of
from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.documents.desk import DocumentDesk
from evaluation.chips import questions_of
from evaluation.in_process import told_why
from knowledge.groundwork.errors import KnowledgeError


@dataclass(frozen=True)
class AskedBeside:
    """A question, the plan's own reply, the reply of all documents, and the seconds of processor time of each."""

    question: str
    alone: Reply
    together: Reply
    alone_s: float
    together_s: float

    @property
    def is_taken(self) -> bool:
        """Whether a document on the shelf answers it."""
        citations = self.together.answer.citations
        return bool(citations) and bool(citations[0].document_id)


def asked_beside(desk: DocumentDesk, questions: Sequence[str]) -> list[AskedBeside]:
    """Each question as the first of a conversation."""
    found = []
    for question in questions:
        utterance, intent = as_nlu_hears(desk.own.finder, question)
        begun = process_time()
        alone = desk.own.reply(utterance, Conversation(), intent)
        between = process_time()
        together = desk.reply(utterance, Conversation(), intent)
        found.append(AskedBeside(question, alone, together, between - begun, process_time() - between))
    return found


def report_beside(asked: Sequence[AskedBeside]) -> list[str]:
    """A line for each question that was taken, and the totals."""
    taken = [each for each in asked if each.is_taken]
    lines = [
        f"{each.question}　本部署的规划：{each.alone.answer.headline}　书架：{each.together.answer.headline}"
        for each in taken
    ]
    count = max(1, len(asked))
    alone_ms = 1000 * sum(each.alone_s for each in asked) / count
    together_ms = 1000 * sum(each.together_s for each in asked) / count
    return [
        *lines,
        f"{len(asked)} 问，书架上的答 {len(taken)} 问；每问处理器时间 {alone_ms:.1f} → {together_ms:.1f} ms",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 where there is no knowledge."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.beside", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--questions", type=Path, help="一行一问；缺省 evaluation/dev.yml / a file, one question a line"
    )
    options = parser.parse_args(arguments)
    try:
        desk = DocumentDesk(responder_of(None), open_shelf())
    except KnowledgeError as error:
        return told_why(error)
    print("\n".join(report_beside(asked_beside(desk, questions_of(options.questions)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
