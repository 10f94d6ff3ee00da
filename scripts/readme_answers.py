"""Ask the running bot the README's questions and write its real answers into the README.

`make run`, then `.venv/bin/python scripts/readme_answers.py`.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

README = Path(__file__).resolve().parents[1] / "README.md"
URL = "http://127.0.0.1:5005/webhooks/rest/webhook"
_ASKED = re.compile(r"^\*\*(?P<question>.+?)\*\*（`\w+`）\n\n```\n.*?^```\n", re.MULTILINE | re.DOTALL)
_JSON = re.compile(r"^```json\n.*?^```\n", re.MULTILINE | re.DOTALL)


def ask(question: str) -> tuple[str, dict[str, Any]]:
    """Text and `custom` of the reply, in a conversation of its own."""
    body = json.dumps({"sender": uuid.uuid4().hex, "message": question}).encode()
    request = urllib.request.Request(URL, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
        text, custom = json.load(reply)
    return text["text"], custom["custom"]


def main() -> int:
    """Rewrite the README in place; exit code 1 if the bot is not running."""
    readme = README.read_text(encoding="utf-8")
    questions = [match["question"] for match in _ASKED.finditer(readme)]
    try:
        answers = {question: ask(question) for question in questions}
    except OSError as error:
        print(f"错误：{URL} 没有回答（{error}） — 先运行 make run", file=sys.stderr)
        return 1

    def written(match: re.Match[str]) -> str:
        text, custom = answers[match["question"]]
        return f"**{match['question']}**（`{custom['outcome']}`）\n\n```\n{text}\n```\n"

    example = json.dumps(answers[questions[0]][1], ensure_ascii=False, indent=2)
    readme = _JSON.sub(lambda _: f"```json\n{example}\n```\n", _ASKED.sub(written, readme), count=1)
    README.write_text(readme, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
