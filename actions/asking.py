"""One question, asked without Rasa, answered as the bot would: for commands, scripts and evaluation.

NLU's view is the finder's own: the same regression on the same examples (a test holds the two against each other).
Nothing is logged, masked or registered; what is asked is a conversation of its own.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from actions.answering import danger_replies, open_shelf, responder_of
from actions.dialogue.conversation import Conversation
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from danger.replies import Replies
from danger.watch import Assessment, Level, shared_watch
from knowledge.language.languages import reply_language
from knowledge.published.reading import published
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.next_steps import with_next_steps
from knowledge.reply.too_long import too_long
from knowledge.search.finder import Finder
from settings.bot import SERVICES_URL
from wire.message import MAX_MESSAGE_CHARS, neutral

MAX_LINE_BYTES = 64 * 1024  # of one line, as of a request's body; the rest of it is read and dropped
ALL_ASKED, SOME_LEFT = 0, 3  # exit codes


def as_nlu_hears(finder: Finder, message: str) -> tuple[Utterance, str]:
    """A message with what NLU would make of it, and the likeliest intent."""
    understood = finder.normalizer.normalise(message)
    vector = finder.encoder.query(understood.text)
    intents = finder.intents(understood.text, vector)
    return Utterance(message, intents, understood, vector), max(intents, key=lambda name: intents[name])


class Asker:
    """Answers single questions."""

    def __init__(self, responder: Responder, shelf: OpenShelf | None = None) -> None:
        self._responder = responder
        self._desk = DocumentDesk(responder, shelf) if shelf else responder

    @classmethod
    def opened(cls, *, with_shelf: bool = False) -> Asker:
        """On the knowledge that the environment names, `with_shelf` on the documents beside it as well; takes seconds.

        Raises `KnowledgeError` if there is no knowledge.
        """
        return cls(responder_of(None), open_shelf() if with_shelf else None)

    def answer(self, message: str) -> Answer:
        """What the bot says to a message that begins a conversation; danger first, as in every channel."""
        text = neutral(message)
        utterance, intent = as_nlu_hears(self._responder.finder, text[:MAX_MESSAGE_CHARS])
        noticed = shared_watch().assess(message, utterance.understood.text if utterance.understood else "")
        replies = danger_replies().current()
        if noticed.level is Level.ACUTE:
            return replies.acute(noticed.kinds, noticed.script)
        if len(message) > MAX_MESSAGE_CHARS:
            language = reply_language(message[:MAX_MESSAGE_CHARS])
            return _beside(replies, too_long(len(message), language), noticed)
        answer = self._desk.reply(utterance, Conversation(), intent).answer
        answer = with_next_steps(answer, published().current().next_steps, SERVICES_URL.read())
        return _beside(replies, answer, noticed)


def _beside(replies: Replies, answer: Answer, noticed: Assessment) -> Answer:
    if noticed.level is not Level.QUIET:
        return answer
    return replies.beside(answer, {"kinds": list(noticed.kinds), "script": noticed.script, "lately": False})


@dataclass(frozen=True)
class AskedLine:
    """A line of the input, counted from 1: its question, or why it holds none."""

    number: int
    question: str = ""
    fault: str = ""


def read_lines(stream: BinaryIO) -> Iterator[AskedLine]:
    """Each line as soon as it is there, however long it is: no more of it than `MAX_LINE_BYTES` is kept."""
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        whole = raw.endswith(b"\n") or len(raw) <= MAX_LINE_BYTES
        while not whole:
            rest = stream.readline(MAX_LINE_BYTES + 1)
            whole = not rest or rest.endswith(b"\n")
        yield _asked(number, raw)


def _asked(number: int, raw: bytes) -> AskedLine:
    line = raw.rstrip(b"\r\n")
    if len(line) > MAX_LINE_BYTES:
        return AskedLine(number, fault=f"这一行超过 {MAX_LINE_BYTES // 1024} KB，没有读 — 一行只写一个问题")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        what = f"第 {error.start + 1} 个字节起不是 UTF-8"
        return AskedLine(number, fault=f"{what} — 先转换：iconv -f GB18030 -t UTF-8")
    return AskedLine(number, text) if text.strip() else AskedLine(number, fault="空行 — 一行写一个问题")


def ask_lines(asked: BinaryIO, out: TextIO, complaints: TextIO, *, as_json: bool, with_shelf: bool = False) -> int:
    """Answer each line before the next one is read; returns the exit code.

    In JSON a line that holds no question is `{"line", "error"}`, so that lines out match lines in.
    """
    asker, code = Asker.opened(with_shelf=with_shelf), ALL_ASKED
    for line in read_lines(asked):
        answer = asker.answer(line.question) if not line.fault else None
        if answer is None:
            code = SOME_LEFT
            print(f"第 {line.number} 行：{line.fault}", file=complaints, flush=True)
        if as_json:
            print(json.dumps(_row(line, answer), ensure_ascii=False), file=out, flush=True)
        elif answer is not None:
            print(f"问：{line.question.strip()}\n{answer.text}{_only_tried(answer)}\n", file=out, flush=True)
    return code


def _row(line: AskedLine, answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"line": line.number, "error": line.fault}
    return {**answer.custom(f"a-{uuid.uuid4().hex}"), "text": answer.text, "question": line.question}


def _only_tried(answer: Answer) -> str:
    return "\n（这里只是试问，没有登记。）" if answer.outcome is Outcome.HANDOFF else ""
