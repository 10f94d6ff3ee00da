"""`python -m evaluation.hotline`: messages as people write them to a hotline, by a writer who had seen the plan alone.

Long stories, dictated speech, two questions in one, hard colloquial, young people, own cases, near misses, off topic.
Nothing is learned from `hotline.yml`, and no rule is made after its words. Asked in this process, without Rasa.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from actions.answering import responder_of
from evaluation.in_process import InProcess
from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import KnowledgeError
from knowledge.language.languages import CHINESE
from knowledge.language.question import years_in
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.judging import REFUSALS

HOTLINE = Path(__file__).resolve().parent / "hotline.yml"
# As CRAG counts truthfulness (Yang et al., NeurIPS 2024): a wrong answer costs what a right one is worth.
WORTH = {"right": 1.0, "offered": 0.5, "half": 0.5, "wrong": -1.0}


@dataclass(frozen=True)
class HotlineMessage:
    """`answers` has for each question in it the runs of text of which the passage holds one; () where the plan is silent.

    `corrected_by` is the run that puts a wrong claim right.
    """

    id: str
    kind: str
    text: str
    answers: tuple[tuple[str, ...], ...]
    corrected_by: str = ""

    @property
    def answerable(self) -> tuple[tuple[str, ...], ...]:
        """The questions that the plan answers."""
        return tuple(runs for runs in self.answers if runs)


def load_messages(path: Path = HOTLINE) -> list[HotlineMessage]:
    """All messages, in the file's order. Raises `CatalogueError` if it cannot be read."""
    return [
        HotlineMessage(
            id=str(item["id"]),
            kind=str(item["kind"]),
            text=str(item["text"]),
            answers=tuple(tuple(map(squash, map(str, runs))) for runs in item.get("answers") or ()),
            corrected_by=squash(str(item.get("correct_first") or "")),
        )
        for item in load_mapping(path)[0]["messages"]
    ]


def verdict(message: HotlineMessage, answer: Answer) -> str:
    """right, half (one of two), beside (right, but not first), offered, refused or wrong (a passage that does not answer)."""
    quotes = [squash(citation.quote) for citation in answer.citations]
    if not message.answerable:
        return _verdict_on_silence(message, answer, quotes)
    if answer.outcome is not Outcome.ANSWERED:
        return "offered" if answer.outcome is Outcome.CLARIFY else "refused"
    if len(message.answerable) > 1:
        found = sum(_holds(quotes, runs) for runs in message.answerable)
        return "right" if found == len(message.answerable) else "half" if found else "wrong"
    (runs,) = message.answerable
    first = quotes if len(message.answers) > 1 else quotes[:1]
    return "right" if _holds(first, runs) else "beside" if _holds(quotes, runs) else "wrong"


def _verdict_on_silence(message: HotlineMessage, answer: Answer, quotes: Sequence[str]) -> str:
    if answer.outcome is Outcome.ANSWERED:
        put_right = message.corrected_by and _holds(quotes, (message.corrected_by,))
        return "right" if put_right or _remarks_on_year(message, answer) else "wrong"
    if answer.outcome is Outcome.CLARIFY:
        return "offered"
    return "right" if answer.outcome in REFUSALS or message.kind == "off_topic" else "other"


def _remarks_on_year(message: HotlineMessage, answer: Answer) -> bool:
    """Whether another year was asked for and the reply says that the passage does not speak of it."""
    return any(wording.YEAR_DIFFERS.of(CHINESE, year=year) in answer.text for year in years_in(message.text))


def _holds(quotes: Iterable[str], runs: Iterable[str]) -> bool:
    return any(run in quote for quote in quotes for run in runs)


def report_of(verdicts: Sequence[tuple[HotlineMessage, str]]) -> list[str]:
    """Lines: what came of each kind, of all that the plan answers, of the others; truthfulness, -1 to 1."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for message, each in verdicts:
        groups[message.kind][each] += 1
        groups["答得了的 answerable" if message.answerable else "答不了的 others"][each] += 1
    lines = [f"{name} {sum(found.values())}：{_shares(found)}" for name, found in groups.items()]
    worth = sum(WORTH.get(each, 0.0) for _, each in verdicts) / max(1, len(verdicts))
    return [*lines, f"可信 truthfulness {worth:.3f}"]


def _shares(found: Counter[str]) -> str:
    return "，".join(f"{name} {number} ({number / sum(found.values()):.1%})" for name, number in found.most_common())


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the knowledge is not built."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.hotline", description="热线式的消息 / hotline messages")
    parser.add_argument("--list", action="store_true", help="列出没答对的 / list what was not right")
    options = parser.parse_args(arguments)
    try:
        bot = InProcess(responder_of(None))
    except KnowledgeError as error:
        print(f"错误：{error} — 先运行 make train", file=sys.stderr)
        return 1
    verdicts = []
    for message in tqdm(load_messages(), desc="提问 asking", unit="条"):
        answer = bot.ask([message.text]).answer
        verdicts.append((message, verdict(message, answer)))
        if options.list and verdicts[-1][1] != "right":
            tqdm.write(f"{message.id} {verdicts[-1][1]}  {message.text}  →  {answer.headline[:60]}")
    print("\n".join(report_of(verdicts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
