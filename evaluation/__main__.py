"""`python -m evaluation`: ask a running bot every question of a set and write the report."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.questions import DEV, FROZEN, EvaluationQuestion, load_questions
from evaluation.report import render_report
from evaluation.scoring import Scored, judge, summary


def main(arguments: list[str] | None = None) -> int:
    """Score over REST; the bot must be running (`make run`). Exit code 1 if it is not."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="用问题集评分 / score a question set")
    parser.add_argument("--url", default="http://127.0.0.1:5005", help="正在运行的机器人 / the running bot")
    parser.add_argument("--set", choices=("frozen", "dev"), default="frozen", help="哪个问题集 / which set")
    parser.add_argument(
        "--output", type=Path, default=Path("var/evaluation"), help="报告的文件夹 / folder of the report"
    )
    options = parser.parse_args(arguments)
    questions = load_questions(FROZEN if options.set == "frozen" else DEV)
    try:
        scored = [judge(q, ask(options.url, q)) for q in tqdm(questions, desc="提问 asking", unit="问")]
    except OSError as error:
        print(f"错误：{options.url} 没有回答（{error}） — 先运行 make run", file=sys.stderr)
        return 1
    write_report(scored, options.output)
    return 0


def ask(url: str, question: EvaluationQuestion) -> dict[str, Any]:
    """The `custom` object of the last turn, in a conversation of its own."""
    sender = uuid.uuid4().hex
    custom: dict[str, Any] = {}
    for text in (*question.before, question.question):
        body = json.dumps({"sender": sender, "message": text}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/webhooks/rest/webhook", data=body, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
            custom = next(m["custom"] for m in json.load(reply) if "custom" in m)
    return custom


def write_report(scored: list[Scored], folder: Path) -> None:
    """`report.json` and `report.html` in `folder`, and the main figures on standard output."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = summary(scored)
    (folder / "report.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8")
    (folder / "report.html").write_text(render_report(figures, scored), encoding="utf-8")
    for name, value in figures.items():
        if name != "by_kind":
            print(f"{name:<26}{value['share']:>7.1%}  [{value['low']:.1%}, {value['high']:.1%}]  n={value['n']}")
    for kind, value in figures["by_kind"].items():
        print(f"  {kind:<24}{value['share']:>7.1%}  n={value['n']}")
    print(f"→ {folder}/report.html")


if __name__ == "__main__":
    sys.exit(main())
