"""What a Rasa developer expects of the project: `rasa data validate` passes, `rasa shell` talks."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.journeys.processes import Product

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[>=]")


def test_rasa_data_validate_passes() -> None:
    """No warning of Rasa's own validator either."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_shell_answers_in_the_terminal(product: Product, tmp_path: Path) -> None:
    """`make shell` beside a running product: a question typed at the prompt gets its passage."""
    own = {
        "TRACKER_DB": f"{tmp_path}/tracker.sqlite",
        "CONVERSATIONS_URL": f"sqlite:///{tmp_path}/conversations.sqlite",
    }
    environment = {**product.environment, **own}
    terminal, inside = pty.openpty()
    shell = subprocess.Popen(
        [sys.executable, "-m", "bot", "shell"], env=environment, stdin=inside, stdout=inside, stderr=inside
    )
    os.close(inside)
    try:
        read_until(terminal, "Your input")
        os.write(terminal, "到2025年养老院床位有多少张\r".encode())
        assert "第55页" in read_until(terminal, "第55页")
        os.write(terminal, b"/stop\r")
        assert shell.wait(timeout=60) == 0
    finally:
        shell.kill()


def read_until(terminal: int, words: str, within_s: float = 120) -> str:
    """What the terminal shows until `words` appear; colours and cursor movements left out."""
    shown = b""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if b"\x1b[6n" in shown[-200:]:  # the prompt asks where the cursor is
            os.write(terminal, b"\x1b[1;1R")
        text = _ESCAPES.sub("", shown.decode("utf-8", "replace"))
        if words in text:
            return text
    raise AssertionError(f"{words!r} never came: {shown[-2000:]!r}")
