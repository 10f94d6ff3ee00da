"""Which questions are asked, and in which order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.errors import BenchError
from evaluation.questions import load_questions
from knowledge.catalogue.training_data import grouped_questions
from knowledge.groundwork.errors import KnowledgeError

SEED = 20260101  # any fixed number: every run samples and orders alike
MAX_QUESTION_CHARS = 1000  # docs/contract.md: longer ones are refused before Rasa sees them
WARM_UP = (  # not from the question sets; answered before anything is timed
    "你好，请问在吗",
    "想问问家里老人以后怎么养老",
    "小宝宝的托班会多起来吗",
    "附近要不要建新学校",
    "老房子以后改造吗",
    "公交和地铁有什么打算",
    "周末去哪里吃饭好",
    "谢谢你的回答",
)


def read_questions(path: Path) -> list[str]:
    """Single-turn questions of an evaluation file in file order, without repeats; [] if there is no such file.

    Left out: questions with `before` (they need a conversation), those longer than `MAX_QUESTION_CHARS`,
    and those that begin with `/`, which a stock bot takes for a command.
    Raises `BenchError` if the file cannot be read.
    """
    try:
        items = load_questions(path) if path.exists() else []
    except (KnowledgeError, KeyError) as error:
        raise BenchError(f"{path} 读不了 / cannot be read: {error!r}") from error
    texts = (item.question.strip() for item in items if not item.before)
    return list(dict.fromkeys(text for text in texts if _can_be_asked(text)))


def _can_be_asked(text: str) -> bool:
    return 0 < len(text) <= MAX_QUESTION_CHARS and not text.startswith("/")


def read_contrast(path: Path) -> list[str]:
    """Questions of `knowledge/sources/training/in_plan_contrast.yml`, which both bots answer without having them as examples."""
    return [example.text for example in grouped_questions(path) if _can_be_asked(example.text)]


def choose(count: int, sources: Sequence[Sequence[str]]) -> list[str]:
    """`count` distinct questions: a sample of the first source, filled up from the next ones if it has too few.

    Raises `BenchError` if all sources together have fewer.
    """
    chosen: list[str] = []
    for number, source in enumerate(sources):
        fresh = [text for text in source if text not in set(chosen)]
        chosen += shuffled(fresh, "sample", number)[: count - len(chosen)]
    if len(chosen) < count:
        raise BenchError(
            f"问题集里只有 {len(chosen)} 个不同的单轮问题，要 {count} 个 — 补问题，或把 --questions 设小 / "
            f"only {len(chosen)} distinct single-turn questions, {count} wanted: add some or lower --questions"
        )
    return chosen


def shuffled(texts: Iterable[str], *key: object) -> list[str]:
    """`texts` in an order that depends on `key` and `SEED` only."""
    order = list(texts)
    random.Random(f"{SEED} {key}").shuffle(order)
    return order
