"""`python -m evaluation`: ask our bot and four simpler systems every question of a set and write the report."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
import urllib.request
import uuid
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.bots import OurBot
from bench.running import running
from evaluation.explaining import calibration_points, explain
from evaluation.questions import DEV, FROZEN, EvaluationQuestion, load_questions
from evaluation.report import METRICS, Evaluation, render_report
from evaluation.retrievers import Retriever, ranking_retrievers
from evaluation.scoring import Scored, as_custom, calibration, confusion, judge, summary
from knowledge.groundwork.errors import KnowledgeError
from knowledge.search.finder import Finder

OURS = "青浦民生问答 Ask Qingpu"


def main(arguments: list[str] | None = None) -> int:
    """Score over REST. Exit code 1 if the bot does not answer or the knowledge is not built."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="用问题集评分 / score a question set")
    parser.add_argument(
        "--url", default="", help="正在运行的机器人；不写就自己启动一个 / a running bot; starts one if left out"
    )
    parser.add_argument("--set", choices=("frozen", "dev"), default="frozen", help="哪个问题集 / which set")
    parser.add_argument("--no-stock", action="store_true", help="不比标准 Rasa 机器人 / leave the stock Rasa bot out")
    parser.add_argument(
        "--output", type=Path, default=Path("var/evaluation"), help="报告的文件夹 / folder of the report"
    )
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    questions = load_questions(FROZEN if options.set == "frozen" else DEV)
    try:
        finder = Finder.open()
        scored = asked_over_rest(questions, options.url)
    except (OSError, KnowledgeError) as error:
        print(f"错误：{error} — 先运行 make train；给了 --url 时先运行 make run", file=sys.stderr)
        return 1
    systems = {OURS: summary(scored)}
    for retriever in _retrievers(finder, options.output, stock=not options.no_stock):
        systems[retriever.name] = summary(_judged(retriever, questions))
    explanations = [explain(finder, question) for question in tqdm(questions, desc="解释 explaining", unit="问")]
    points = calibration_points(questions, explanations)
    seconds = time.monotonic() - begin
    write_report(
        Evaluation(options.set, seconds, systems, confusion(scored), calibration(points), scored, explanations),
        options.output,
    )
    return 0


def asked_over_rest(questions: Sequence[EvaluationQuestion], url: str) -> list[Scored]:
    """Ask the bot at `url`, or one started for the purpose. Raises `OSError` if it does not answer."""
    if url:
        return [judge(q, ask(url, q)) for q in tqdm(questions, desc="提问 asking", unit="问")]
    with _own_bot() as address:
        return [judge(q, ask(address, q)) for q in tqdm(questions, desc="提问 asking", unit="问")]


@contextlib.contextmanager
def _own_bot() -> Iterator[str]:
    """The product on free ports with databases of its own, stopped in the end."""
    print("启动机器人 starting the bot …", flush=True)
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-") as folder, contextlib.closing(loop):
        bot = running(OurBot(), Path(folder) / "bot")
        started = loop.run_until_complete(bot.__aenter__())
        try:
            yield started.address
        finally:
            loop.run_until_complete(bot.__aexit__(None, None, None))


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


def _retrievers(finder: Finder, folder: Path, *, stock: bool) -> Iterator[Retriever]:
    yield from ranking_retrievers(finder, load_questions(DEV))
    if stock:
        from evaluation.stock import stock_faq

        yield stock_faq(finder.stored.commitments, folder / "stock")


def _judged(retriever: Retriever, questions: Sequence[EvaluationQuestion]) -> list[Scored]:
    bar = tqdm(questions, desc=retriever.name[:24], unit="问")
    return [judge(q, as_custom(retriever.find(q.question))) for q in bar]


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """`report.json` and `report.html` in `folder`, and the main figures on standard output."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(evaluation.as_json(), ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(data, encoding="utf-8")
    (folder / "report.html").write_text(render_report(evaluation), encoding="utf-8")
    for name in METRICS:
        value = evaluation.ours[name]
        print(f"{name:<28}{value['share']:>7.1%}  [{value['low']:.1%}, {value['high']:.1%}]  n={value['n']}")
    for kind, value in evaluation.ours["by_kind"].items():
        print(f"  {kind:<26}{value['share']:>7.1%}  n={value['n']}")
    for system, figures in evaluation.systems.items():
        first, refused = figures["answered_right_first"]["share"], figures["refused_rightly"]["share"]
        print(f"{system}: 第一条就对 {first:.1%}，拒答 {refused:.1%}")
    print(f"校准误差 calibration error {evaluation.calibration['expected_calibration_error']:.3f}")
    print(f"理解和查找的 CPU of understanding and finding: {evaluation.cpu_ms}")
    print(f"→ {folder}/report.html（{evaluation.seconds:.0f} 秒 s）")


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message="jax.xla_computation is deprecated", category=DeprecationWarning)
    sys.exit(main())
