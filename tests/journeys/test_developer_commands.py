"""What a developer expects of the project: `rasa data validate` passes, `make shell` talks."""

from __future__ import annotations

import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import time

from tests.journeys.processes import Product
from tests.services import free_port

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[>=]")


def test_rasa_data_validate_passes() -> None:
    """No warning of Rasa's own validator either."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_shell_answers_in_the_terminal(product: Product) -> None:
    """`make shell` beside a running product: a question typed at the prompt gets its passage."""
    product.ask("公租房以后会多建一点吗")  # loads what the next question finds loaded
    terminal, inside = pty.openpty()
    shell = subprocess.Popen(
        [sys.executable, "-m", "bot", "shell"], env=product.environment, stdin=inside, stdout=inside, stderr=inside
    )
    os.close(inside)
    try:
        read_until(terminal, "您 >")
        os.write(terminal, "到2025年养老院床位有多少张\r".encode())
        assert "第55页" in read_until(terminal, "第55页")
        os.write(terminal, "我家着火了\r".encode())
        assert "119" in read_until(terminal, "119")
        os.write(terminal, b"/stop\r")
        assert shell.wait(timeout=60) == 0
        with sqlite3.connect(product.folder / "conversations.sqlite") as log:
            wanted = "select outcome from turn where question in ('到2025年养老院床位有多少张', '我家着火了') order by asked_at desc"
            outcomes = [row[0] for row in log.execute(wanted)]
        assert outcomes[:2] == ["danger", "answered"], (
            "what is typed is looked through and logged as any resident's words"
        )
    finally:
        shell.kill()


def test_shell_says_how_to_start_the_bot() -> None:
    """Where nothing answers: one line instead of a stack, and an exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "shell"],
        env={**os.environ, "BOT_PORT": str(free_port())},
        input="您好\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and "make run" in done.stderr and "Traceback" not in done.stderr


def read_until(terminal: int, words: str, within_s: float = 120) -> str:
    """What the terminal shows until `words` appear; colours and cursor movements left out."""
    shown = b""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        text = _ESCAPES.sub("", shown.decode("utf-8", "replace"))
        if words in text:
            return text
    raise AssertionError(f"{words!r} never came: {shown[-2000:]!r}")
