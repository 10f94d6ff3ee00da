"""What an adopted plan is asked: staff's questions on it, its own headlines, and what belongs to no plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from danger.messages import ACUTE, FITTING, load_messages
from evaluation.adopted.errors import AdoptedUnready
from evaluation.outside import OUTSIDE, messages_of
from evaluation.questions import DEV, FROZEN, EvaluationQuestion, load_questions
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import tidy

REFUSED, NOTHING_SHOWN = "refused", "nothing shown"  # wanted of a message of no plan, else an outcome
OUT_OF_SCOPE, HOSTILE, TALK, DANGER = "outside", "hostile", "talk", "danger"
MOST_HEADLINES = 150  # evenly over the plan: what is wrong with a store shows in far fewer
MOST_IN_DANGER = 100
_TALK = ("chat", "handoff")


@dataclass(frozen=True)
class StaffQuestion:
    """A question that staff wrote on an adopted plan, and the commitments that answer it; none: the plan is silent."""

    id: str
    question: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanFree:
    """A message whose reply is the same under every plan: its `group`, and what is `wanted`."""

    group: str
    text: str
    wanted: str


def read_questions(path: Path) -> list[StaffQuestion]:
    """From a JSON list of objects with `id`, `question`, `answers`. Raises `AdoptedUnready`."""
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
        return [StaffQuestion(str(each["id"]), str(each["question"]), tuple(each["answers"])) for each in items]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AdoptedUnready(
            f"{path}: 题目读不出（{error!r}） — 写成 id、question、answers 的 JSON 列表 / a JSON list of questions"
        ) from error


def headlines_of(commitments: Sequence[Commitment]) -> list[StaffQuestion]:
    """A plan's own headlines as questions, at most `MOST_HEADLINES`, evenly over it."""
    step = max(1, -(-len(commitments) // MOST_HEADLINES))
    return [StaffQuestion(each.id, tidy(each.headline), (each.id,)) for each in commitments[::step]]


def plan_free() -> list[PlanFree]:
    """All that belongs to no plan, each text once: hostile, none of our business, talk, calls for help."""
    found = [*_of_questions(load_questions(FROZEN))]
    found += [each for each in _of_questions(load_questions(DEV)) if each.group != HOSTILE]  # the frozen ones judge
    found += [PlanFree(OUT_OF_SCOPE, text, NOTHING_SHOWN) for text in messages_of(OUTSIDE)]
    acute = [each.text for each in load_messages(FITTING) if each.level == ACUTE]
    found += [
        PlanFree(DANGER, text, DANGER) for text in acute[:: max(1, len(acute) // MOST_IN_DANGER)][:MOST_IN_DANGER]
    ]
    return list({each.text: each for each in reversed(found)}.values())[::-1]


def _of_questions(questions: Sequence[EvaluationQuestion]) -> Iterator[PlanFree]:
    """Those that ask nothing of a plan and lean on no turn before."""
    for each in questions:
        if each.before:
            continue
        if each.outcome == "out_of_scope":
            yield PlanFree(HOSTILE if each.kind == HOSTILE else OUT_OF_SCOPE, each.question, REFUSED)
        elif each.outcome in _TALK:
            yield PlanFree(TALK, each.question, each.outcome)
