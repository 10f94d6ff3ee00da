"""`python -m evaluation.ablation`: what each signal of the ranking adds, as a Markdown table for docs/quality.md.

The ranking is fitted anew without one group of signals after the other, on the catalogue's sample questions
(each left out of its own signals), and puts the development and the frozen questions in order; only questions
that the plan answers, without a conversation before them. Beside it what single signals do alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from tqdm import tqdm

from evaluation.questions import DEV, FROZEN, EvaluationQuestion, load_questions
from evaluation.retrievers import fused
from knowledge.building.fitting import fitted_computer, sample_choices
from knowledge.building.parsed import parse, training_questions
from knowledge.building.read_questions import read_texts
from knowledge.building.sources import Sources
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork import settings
from knowledge.search.finder import Finder
from knowledge.search.finder_models import vectored
from knowledge.search.ranking import ChoiceSet, RankingModel, candidates, first_right, fit_ranking
from knowledge.search.signals import FEATURES, Floats

GROUPS: dict[str, tuple[str, ...]] = {
    "例问向量 vectors of the sample questions": ("sample_vector",),
    "条目与原文向量 vectors of headline and sentence": ("headline_vector", "quote_vector"),
    "例问投影 samples in the fitted space": ("sample_projected", "samples_projected"),
    "条目与原文投影 headline and sentence in it": ("headline_projected", "quote_projected"),
    "全部原始向量 all plain vectors": ("sample_vector", "headline_vector", "quote_vector"),
    "全部投影 all projected": ("sample_projected", "samples_projected", "headline_projected", "quote_projected"),
    "词片覆盖 pieces covered": ("pieces_covered",),
    "条目字组 character n-grams of the headline": ("document_characters",),
    "点名 terms named": ("term_named",),
    "主题 NLU topic": ("topic",),
    "问法 question type": (
        "number_asked", "meaning_asked", "past_asked", "past_unasked",
        "indicator_asked", "indicator_unasked", "definition_unasked",
    ),
    "数字 amount named": ("amount_named",),
}  # fmt: skip
ALONE = {
    "只用 BM25 / BM25 alone": ("keywords",),
    "只用条目向量 / headline vector alone": ("headline_vector",),
    "只用例问投影 / projected samples alone": ("samples_projected",),
    "只用例问向量 / sample vector alone": ("sample_vector",),
}


@dataclass(frozen=True)
class JudgedQuestion:
    """A question of a set with its features, and which commitments' sentences answer it."""

    features: Floats
    right: np.ndarray


def asked(finder: Finder, questions: Sequence[EvaluationQuestion]) -> list[JudgedQuestion]:
    """The single-turn questions that the plan answers."""
    quotes = [squash(c.quote) for c in finder.stored.commitments]
    found = []
    for question in questions:
        if question.outcome == "answered" and not question.before:
            features = finder.features(question.question)
            right = np.array([any(squash(run) in quote for run in question.expect) for quote in quotes])
            found.append(JudgedQuestion(features, right))
    return found


def share_first(sets: Sequence[JudgedQuestion], best: Callable[[Floats], int]) -> float:
    """Share of questions whose best row is right."""
    return float(np.mean([each.right[best(each.features)] for each in sets]))


def columns_of(names: Sequence[str]) -> list[int]:
    """Columns of signals, their distance below the best included."""
    return [i for i, name in enumerate(FEATURES) if name.removesuffix("_below_best") in names]


def without(features: Floats, columns: Sequence[int]) -> Floats:
    """A copy in which some columns say nothing."""
    found = features.copy()
    found[:, columns] = 0.0
    return found


def main() -> None:
    """Print the table."""
    finder = Finder.open()
    sets = [asked(finder, load_questions(path)) for path in (DEV, FROZEN)]
    choices = _choices(finder)
    folds = [c for i, c in enumerate(choices) if i % 5 == 0], [c for i, c in enumerate(choices) if i % 5]
    print("| | 例问留出 held-out samples | 开发集 dev | 冻结集 frozen |\n|---|---|---|---|")
    for name, signals in tqdm([("全部信号 all signals", ()), *GROUPS.items()], disable=None):
        columns = columns_of(signals)
        test, train = ([replace(c, features=without(c.features, columns)) for c in part] for part in folds)
        model = fit_ranking(train)
        held_out = first_right(model, test)

        shares = [share_first(s, _first(model, columns)) for s in sets]
        _print_row(name if not signals else f"没有{name}", held_out, shares)
    for name, signals in ALONE.items():
        _print_row(name, None, [share_first(s, _highest(FEATURES.index(signals[0]))) for s in sets])
    _print_row(
        "两者名次合并 / rank fusion of the two",
        None,
        [share_first(s, lambda features: int(np.argmax(fused(features)))) for s in sets],
    )
    print(
        f"\n题数 questions: dev {len(sets[0])}, frozen {len(sets[1])}; commitments {_count(finder.stored.commitments)}"
    )


def _first(model: RankingModel, columns: Sequence[int]) -> Callable[[Floats], int]:
    def best(features: Floats) -> int:
        rows = candidates(features)
        return int(rows[np.argmax(model.scores(without(features, columns)[rows]))])

    return best


def _highest(column: int) -> Callable[[Floats], int]:
    return lambda features: int(np.argmax(features[:, column]))


def _choices(finder: Finder) -> list[ChoiceSet]:
    sources = Sources()
    parsed = parse(sources)
    vectors = load_vectors(settings.knowledge_paths().vectors)
    questions = training_questions(sources, parsed)
    read = read_texts(questions.texts, finder.normalizer)
    commitments = finder.stored.commitments
    computer = fitted_computer(
        commitments,
        vectored(commitments, finder.normalizer, vectors),
        finder.normalizer.vocabulary,
        place_names=parsed.document.place_names,
    )
    return sample_choices(parsed.document, computer, questions, read, vectors)


def _print_row(name: str, held_out: float | None, shares: Sequence[float]) -> None:
    first = "" if held_out is None else f"{held_out:.1%}"
    print(f"| {name} | {first} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")


def _count(commitments: Sequence[Commitment]) -> str:
    return f"{len(commitments)} ({sum(c.curated for c in commitments)} curated)"


if __name__ == "__main__":
    main()
