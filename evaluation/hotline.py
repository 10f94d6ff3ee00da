"""`python -m evaluation.hotline`: messages as people write them to a hotline, by a writer who had seen the plan alone.

Long stories, dictated speech, two questions in one, hard colloquial, young people, own cases, near misses, off topic.
Nothing is learned from `hotline.yml`, and no rule is made after its words. Asked in this process, without Rasa.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from evaluation.in_process import InProcess, told_why
from evaluation.truthfulness import GOOD, OfferedPassages, ShownReply, holds, truthfulness
from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import KnowledgeError
from knowledge.language.languages import CHINESE
from knowledge.language.question import years_in
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS

HOTLINE = Path(__file__).resolve().parent / "hotline.yml"
ENGLISH = HOTLINE.with_name("english.yml")  # the same in English, by another writer

NO_QUESTION = ("off_topic", "talk")  # any reply but a passage or a choice is right


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


def verdict(message: HotlineMessage, shown: ShownReply) -> str:
    """One of `evaluation.truthfulness.CAME`: by the passage that comes first, and of two questions by both."""
    if not message.answerable:
        return _verdict_on_silence(message, shown)
    every = [run for runs in message.answerable for run in runs]
    if shown.outcome is not Outcome.ANSWERED:
        offered = shown.outcome is Outcome.CLARIFY and holds(shown.offered, every)
        return "offered" if offered else "missed" if shown.outcome in REFUSALS else "other"
    if len(message.answerable) > 1:
        found = sum(holds(shown.quotes, runs) for runs in message.answerable)
        return "right" if found == len(message.answerable) else "half" if found else "wrong"
    first = shown.quotes if len(message.answers) > 1 else shown.quotes[:1]
    return "right" if holds(first, every) else "beside" if holds(shown.quotes, every) else "wrong"


def _verdict_on_silence(message: HotlineMessage, shown: ShownReply) -> str:
    if shown.outcome is Outcome.ANSWERED:
        put_right = message.corrected_by and holds(shown.quotes, (message.corrected_by,))
        return "right" if put_right or _remarks_on_year(message, shown) else "wrong"
    talk = message.kind in NO_QUESTION and shown.outcome is not Outcome.CLARIFY
    return "refused" if shown.outcome in REFUSALS or talk else "other"


def _remarks_on_year(message: HotlineMessage, shown: ShownReply) -> bool:
    """Whether another year was asked for and the reply says that the passage does not speak of it."""
    return any(wording.YEAR_DIFFERS.of(CHINESE, year=year) in shown.text for year in years_in(message.text))


def report_of(verdicts: Sequence[tuple[HotlineMessage, str]]) -> list[str]:
    """Lines: what came of each kind, of all that the plan answers, of the others; truthfulness, -1 to 1."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for message, each in verdicts:
        groups[message.kind][each] += 1
        groups["答得了的 answerable" if message.answerable else "答不了的 others"][each] += 1
    lines = [f"{name} {sum(found.values())}：{_shares(found)}" for name, found in groups.items()]
    return [*lines, f"可信 truthfulness {truthfulness([each for _, each in verdicts]):.3f}"]


def _shares(found: Counter[str]) -> str:
    return "，".join(f"{name} {number} ({number / sum(found.values()):.1%})" for name, number in found.most_common())


def asked(
    bot: InProcess, messages: Sequence[HotlineMessage], *, listing: bool = False
) -> list[tuple[HotlineMessage, str]]:
    """Each message with what came of it; `listing` writes those that are not good."""
    offers, verdicts = OfferedPassages.of(bot.finder.stored.commitments), []
    for message in tqdm(messages, desc="提问 asking", unit="条"):
        answer = bot.ask([message.text]).answer
        verdicts.append((message, verdict(message, ShownReply.of(answer, offers))))
        if listing and verdicts[-1][1] not in GOOD:
            tqdm.write(f"{message.id} {verdicts[-1][1]}  {message.text}  →  {answer.headline[:60]}")
    return verdicts


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the knowledge is not built."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.hotline", description="热线式的消息 / hotline messages")
    parser.add_argument("--list", action="store_true", help="列出没答对的 / list what was not right")
    parser.add_argument(
        "--messages", type=Path, default=HOTLINE, help="消息文件 / the messages, e.g. evaluation/english.yml"
    )
    options = parser.parse_args(arguments)
    try:
        messages, bot = load_messages(options.messages), InProcess.opened()
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    verdicts = asked(bot, messages, listing=options.list)
    print("\n".join(report_of(verdicts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
