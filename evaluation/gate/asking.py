"""Asking releases everything, as residents would: each in a process of its own, which ends with the asking."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.bots import OurBot
from bench.running import new_place
from evaluation.gate.errors import GateError
from evaluation.gate.responses import Conversation, Response
from releases.release import Release

ANSWERING = "evaluation.gate.answering"
ANSWERS, LOG = "answers.jsonl", "log.txt"
LOOK_EVERY_S = 0.2
TAIL_CHARS = 2000  # of what a process that failed said
# What is judged is what a release says, not how soon: a gate yields to what answers residents.
PATIENT = {"TURN_DEADLINE_S": "600"}


def responses_of(
    asked: Sequence[tuple[Release, Sequence[Conversation]]], on_answer: Callable[[], object]
) -> list[dict[Conversation, Response]]:
    """Of each release each conversation's last answer, in new databases and without live corrections; side by side.

    Raises `GateError` if a release cannot be loaded, or its process ends before it has answered all.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ask-qingpu-gate-")))
        running = []
        for number, (release, conversations) in enumerate(asked):
            own = folder / str(number)
            own.mkdir()
            running.append(stack.enter_context(_answering(release, conversations, own)))
        while [each for each in running if not each.look(on_answer)]:
            time.sleep(LOOK_EVERY_S)
        return [dict(zip(each.conversations, each.responses)) for each in running]


class _Answering:
    """One release's process, and what it has answered so far."""

    def __init__(
        self, release: Release, conversations: Sequence[Conversation], process: subprocess.Popen[bytes], folder: Path
    ) -> None:
        self.conversations = conversations
        self.responses: list[Response] = []
        self._release, self._process = release, process
        self._told, self._log, self._read = folder / ANSWERS, folder / LOG, 0

    def look(self, on_answer: Callable[[], object]) -> bool:
        """Take what has been answered since; whether that is all. Raises `GateError` where no more will come."""
        code = self._process.poll()  # before reading: what it wrote last is there when it has ended
        for line in self._new_lines():
            self.responses.append(Response.from_json(json.loads(line)))
            on_answer()
        if code is not None and (code or len(self.responses) < len(self.conversations)):
            said = self._log.read_text(encoding="utf-8", errors="replace")[-TAIL_CHARS:].strip()
            raise GateError(
                f"版本 {self._release.id} 答了 {len(self.responses)}/{len(self.conversations)} 个就结束了（返回码 {code}），"
                f"重新训练：{said} / its process ended before it had answered all: train again"
            )
        return code == 0

    def _new_lines(self) -> list[bytes]:
        """Those that are whole."""
        if not self._told.exists():
            return []
        with self._told.open("rb") as told:
            told.seek(self._read)
            whole = told.read().rpartition(b"\n")[0]
        self._read += len(whole) + 1 if whole else 0
        return whole.splitlines()


@contextmanager
def _answering(release: Release, conversations: Sequence[Conversation], folder: Path) -> Iterator[_Answering]:
    """The process; whatever happens inside, it is gone afterwards."""
    asked = folder / "conversations.jsonl"
    lines = (json.dumps(conversation, ensure_ascii=False) + "\n" for conversation in conversations)
    asked.write_text("".join(lines), encoding="utf-8")
    bot = OurBot(name=release.id, knowledge=release.knowledge.resolve(), archive=release.model.resolve())
    command = bot.command(new_place(folder / "bot"), ANSWERING, str(asked), str(folder / ANSWERS))
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            (command.arguments[0], "-W", "ignore", *command.arguments[1:]),
            cwd=command.folder,
            env=command.full_environment() | PATIENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _Answering(release, conversations, process, folder)
    finally:
        process.kill()
        process.wait()
