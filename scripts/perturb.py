"""`python scripts/perturb.py`: writes `evaluation/perturbed.yml`, a sample of the frozen questions with a slip in each.

Slips of typing and of speech: a homophone, a character of like shape, one dropped, two swapped, a word said twice, a filler.
Homophones, dropped and swapped characters are JioNLP's augmentations, and its dictionary of characters says which look
alike (docs/decisions/0033). The same seed gives the same file. Takes a minute, most of it JioNLP's homophones.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from io import StringIO
from pathlib import Path

import jieba
import jionlp
import numpy as np
from jionlp.dictionary.dictionary_loader import char_distribution_loader, chinese_char_dictionary_loader
from ruamel.yaml import YAML
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from evaluation.perturbed import PERTURBED, SLIPS, PerturbedQuestion  # noqa: E402
from evaluation.questions import EvaluationQuestion, load_questions  # noqa: E402
from knowledge.reply.judging import REFUSALS  # noqa: E402

SEED = 16
SAMPLE = 300  # questions
TRIES = 50  # draws until a slip changes a question and leaves its figures alone
HOMOPHONE_RATIO, CHAR_RATIO = 0.2, 0.08  # of the words, of the characters; about one slip in a question of fifteen
CORNERS_ALIKE = 3  # of a character's four corners
COMMON = 200_000  # times that a character of like shape stands in JioNLP's corpus at least: one that people type
NEAREST = 3  # characters of like shape, the most frequent ones, of which one is drawn
FILLERS = ("那个", "嗯", "就是", "就是说", "然后", "我想问一下", "哎", "这个", "怎么说呢", "对吧")  # of speech
_WORD = re.compile(r"[\u4e00-\u9fff]")
_FIGURES = re.compile(r"[0-9A-Za-z]+")

Slip = Callable[[str, random.Random], str]


def homophone(text: str, draw: random.Random) -> str:
    """A word replaced by another of the same sound, or nearly so."""
    return _of_jionlp(jionlp.homophone_substitution, text, draw, homo_ratio=HOMOPHONE_RATIO)


def dropped(text: str, draw: random.Random) -> str:
    """Characters left out."""
    return _of_jionlp(jionlp.random_add_delete, text, draw, add_ratio=0.0, delete_ratio=CHAR_RATIO)


def swapped(text: str, draw: random.Random) -> str:
    """Characters near each other in each other's place."""
    return _of_jionlp(jionlp.swap_char_position, text, draw, swap_ratio=CHAR_RATIO)


def near(text: str, draw: random.Random) -> str:
    """A character replaced by one that looks like it."""
    places = [at for at, character in enumerate(text) if like_shapes(character)]
    if not places:
        return text
    at = draw.choice(places)
    return text[:at] + draw.choice(like_shapes(text[at])) + text[at + 1 :]


def doubled(text: str, draw: random.Random) -> str:
    """A word said twice."""
    words = list(jieba.cut(text))
    at = draw.choice([at for at, word in enumerate(words) if _WORD.search(word)])
    return "".join([*words[: at + 1], *words[at:]])


def filler(text: str, draw: random.Random) -> str:
    """A word of hesitation before one of the words."""
    words = list(jieba.cut(text))
    words.insert(draw.randrange(len(words)), draw.choice(FILLERS))
    return "".join(words)


SLIP: dict[str, Slip] = {each.__name__: each for each in (homophone, near, dropped, swapped, doubled, filler)}


def _of_jionlp(augment: Callable[..., list[str]], text: str, draw: random.Random, **ratios: float) -> str:
    seed = draw.randrange(1, 2**31)
    np.random.seed(seed)  # swap_char_position draws from it and seeds another
    return next(iter(augment(text, augmentation_num=1, seed=seed, **ratios)), text)


@lru_cache(maxsize=1)
def _characters() -> dict[str, dict[str, str]]:
    frequency = char_distribution_loader()
    return {
        character: about
        for character, about in chinese_char_dictionary_loader().items()
        if frequency.get(character, {"total_num": 0})["total_num"] >= COMMON and about["corner_coding"]
    }


@cache
def like_shapes(character: str) -> Sequence[str]:
    """Common characters of the same build with a part and most corners in common, the most frequent first."""
    known, frequency = _characters(), char_distribution_loader()
    if character not in known:
        return ()
    found = [other for other in known if other != character and _alike(known[character], known[other])]
    return sorted(found, key=lambda other: -frequency[other]["total_num"])[:NEAREST]


def _alike(one: dict[str, str], other: dict[str, str]) -> bool:
    corners = sum(a == b for a, b in zip(one["corner_coding"][:4], other["corner_coding"][:4]))
    shared = set(one["stroke_order"]) & set(other["stroke_order"])
    return one["structure"] == other["structure"] and corners >= CORNERS_ALIKE and bool(shared)


def slipped(question: str, slip: Slip, draw: random.Random) -> str | None:
    """The question with a slip that leaves its figures as they are; None if none was found."""
    for _ in range(TRIES):
        text = slip(question, draw)
        if text != question and _FIGURES.findall(text) == _FIGURES.findall(question):
            return text
    return None


def perturbed(questions: Sequence[EvaluationQuestion], size: int = SAMPLE) -> list[PerturbedQuestion]:
    """A sample of the questions that stand alone and are answered or refused, the kinds of slips in turn."""
    draw = random.Random(SEED)
    outcomes = ("answered", *REFUSALS)
    alone = [
        q
        for q in questions
        if not q.before and q.outcome in outcomes and q.kind != "hostile" and _WORD.search(q.question)
    ]
    found: list[PerturbedQuestion] = []
    for question in tqdm(draw.sample(alone, len(alone)), desc="口误笔误 slips", unit="题"):
        kind = SLIPS[len(found) % len(SLIPS)]
        text = slipped(question.question, SLIP[kind], draw)
        if text is not None:
            found.append(PerturbedQuestion(question.id, kind, text))
        if len(found) == size:
            break
    return found


def main() -> None:
    """Write the file."""
    rows = [{"of": each.of, "slip": each.slip, "text": each.text} for each in perturbed(load_questions())]
    yaml, out = YAML(), StringIO()
    yaml.width = 1000
    out.write(
        "# Written by scripts/perturb.py: frozen questions (`of`) with a slip of typing or speech. Judges, never learned from.\n"
    )
    yaml.dump({"messages": rows}, out)
    PERTURBED.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
