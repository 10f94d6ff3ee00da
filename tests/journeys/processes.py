"""Starts the product as `make run` does, on free loopback ports with files of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.services import descendants, free_port

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_CONSOLE = "tests/journeys/Procfile-without-console"  # for journeys in which staff do nothing
PATIENCE_S = 120  # for a reply, on a machine that may be busy; nothing asserts on time
READY_WITHIN_S = 240  # 15 s on an idle machine; two cores under a load of 14 took more than two minutes


@dataclass
class Product:
    """The processes as `make run` runs them."""

    folder: Path
    bot_port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    review_port: int = field(default_factory=free_port)
    consumer_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    procfile: str = "Procfile"
    settings: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT  # the checkout that the processes run in

    @property
    def environment(self) -> dict[str, str]:
        """What is set for the processes."""
        return {
            **os.environ,
            "BOT_PORT": str(self.bot_port),
            "ACTIONS_PORT": str(self.actions_port),
            "REVIEW_PORT": str(self.review_port),
            "CONSUMER_PORT": str(self.consumer_port),
            "TRACKER_DB": str(self.folder / "tracker.sqlite"),
            "CONVERSATIONS_URL": f"sqlite:///{self.folder}/conversations.sqlite",
            "PYTHONUNBUFFERED": "1",
            "CONVERSATIONS_SPOOL": str(self.folder / "conversations.spool"),
            "CONVERSATIONS_SPOOL_MB": "1",
            "UNDERWAY_DIR": str(self.folder / "underway"),
            "DOCUMENTS_DIR": str(self.folder / "documents"),
            "STUCK_AFTER_S": "60",  # as the deadline of a turn below
            "REVIEW_SECOND_FACTOR_FROM": "nobody",  # `tests/review/test_factors.py` has it
            "REVIEW_JOB_NICENESS": "0",  # another process of tests would take all that a training leaves
            "REST_MESSAGES_PER_MINUTE_PER_ADDRESS": "100000",  # tests are many residents at one address
            "TURN_DEADLINE_S": "60",  # tests keep two cores busier than residents do
            **self.settings,
        }

    def pid_of(self, module: str) -> int:
        """The process that runs `python -m module`."""
        assert self.process is not None
        for pid in descendants(self.process.pid):
            if Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:3] == [b"-m", module.encode()]:
                return pid
        raise AssertionError(f"python -m {module} does not run")

    def start(self) -> None:
        """Start and wait until the bot says it is ready."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start; something else can be done while the processes load."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "supervision", "-f", self.procfile],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.root,
                env={**self.environment, "PATH": path},
                start_new_session=True,
            )

    def launch_bot_beside(self) -> Product:
        """Another bot that shares everything with this one but its process; `stop` ends it alone."""
        other = replace(self, bot_port=free_port(), process=None)
        other.launch_bot()
        return other

    def launch_bot(self) -> None:
        """Start a bot alone, at this product's address."""
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"],
                stdout=log, stderr=log, cwd=self.root, env=self.environment, start_new_session=True,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Wait until the bot says that it and the action server are ready."""
        assert self.process is not None
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"all ended: {self.log()[-3000:]}")
            if self.get("/webhooks/web/ready")[0] == 200:
                return
            time.sleep(0.5)
        self.kill()  # a test that never got its product must not leave it to the others
        raise AssertionError(f"not ready in {READY_WITHIN_S} s: {self.log()[-3000:]}")

    def log(self) -> str:
        """What the processes printed."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def complaints(self) -> str:
        """The warnings and errors among it, each with the lines of code below it."""
        entries = re.split(r"^(?=(?:\S+ \w+ +\| )?\d{4}-\d\d-\d\d )", self.log(), flags=re.MULTILINE)
        return "".join(each for each in entries if re.search(" (?:WARNING|ERROR|CRITICAL) ", each))[-3000:]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop as an operator would; returns the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=PATIENCE_S)  # it waits for the turns under way
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End every process at once, as a power cut would."""
        assert self.process is not None
        family = descendants(self.process.pid)
        assert len(family) >= 2, "bot and action server should run"
        for pid in (self.process.pid, *family):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def get(self, path: str, port: int = 0) -> tuple[int, str]:
        """Status and body of a GET from the bot, or from what listens at a port; 0 if nothing answers."""
        return self._send(urllib.request.Request(f"http://127.0.0.1:{port or self.bot_port}{path}"))

    def post(self, path: str, body: Any) -> tuple[int, str]:
        """Status and body of a POST; `body` is sent as JSON, or as it is if it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self._send(urllib.request.Request(f"http://127.0.0.1:{self.bot_port}{path}", data=data, headers=headers))

    def ask(self, message: str, sender: str = "s") -> tuple[str, dict[str, Any]]:
        """Text and `custom` of the reply to a message."""
        status, body = self.post("/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status == 200, body
        messages = json.loads(body)
        texts = [m["text"] for m in messages if "text" in m]
        customs = [m["custom"] for m in messages if "custom" in m]
        assert len(texts) == 1 and len(customs) == 1, messages
        return texts[0], customs[0]

    @staticmethod
    def _send(request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, ""
