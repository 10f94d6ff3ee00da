"""`python -m knowledge ask` and the running bot say the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid

from tests.journeys.processes import Product

QUESTIONS = (
    "到2025年养老院床位有多少张",
    "今天天气怎么样",
    "家庭医生的电话是多少",
    "学校",
    "养老院床位有多少？公租房有什么安排？",
    "着火了，我被困在楼上",
    "is there a nursery for two-year-olds",
    "laonianren zhu na li",
)
OF_ITS_OWN = ("answer_id",)


def test_the_command_says_what_the_bot_says(product: Product) -> None:
    """Each question, alone in a conversation: the same text and the same answer/1."""
    asked = "\n".join(QUESTIONS).encode()
    command = [sys.executable, "-m", "knowledge", "ask", "--json"]
    done = subprocess.run(command, input=asked, env={**os.environ, **product.environment}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    for question, line in zip(QUESTIONS, done.stdout.decode().splitlines()):
        text, custom = product.ask(question, uuid.uuid4().hex)
        found = json.loads(line)
        assert (found.pop("question"), found.pop("text")) == (question, text)
        assert {k: v for k, v in found.items() if k not in OF_ITS_OWN} == {
            k: v for k, v in custom.items() if k not in OF_ITS_OWN
        }
