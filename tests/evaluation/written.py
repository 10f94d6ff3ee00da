"""Answers of two releases written down here, and the verdict on them: for tests of the gate's rules and of its pages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from evaluation.gate.corrections import ApprovedCorrection, regression_of
from evaluation.gate.judging import RealQuestion, Sets, Side, conversation_of, verdict
from evaluation.gate.responses import Cited, Response
from evaluation.hotline import HotlineMessage
from evaluation.questions import EvaluationQuestion
from releases.release import Release

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=timezone.utc)
SENTENCES = {
    "c-beds": "养老机构床位总数增加到9500张",
    "c-beds-2": "养老机构床位总数增加到9500张",
    "c-rent": "公共租赁住房",
}
BEDS = Response("answered", "elderly_care", "床位", (Cited("c-beds", SENTENCES["c-beds"]),), "ask_elderly_care", "床位")
RENT = Response("answered", "housing", "公租房", (Cited("c-rent", SENTENCES["c-rent"]),), "ask_housing", "公租房")
REFUSED = Response("not_in_plan", "housing", "", (), "ask_housing", "")


def question(
    number: int, topic: str = "elderly_care", outcome: str = "answered", kind: str = "fact"
) -> EvaluationQuestion:
    """A question to which beds are the answer, or a refusal."""
    expect = ("床位总数",) if outcome == "answered" else ()
    return EvaluationQuestion(f"q-{number}", kind, topic, f"问题{number}", (), outcome, expect)


def correction(number: int, kind: str = "link", **fields: Any) -> ApprovedCorrection:
    """A correction of a question of its own, an hour after the one before."""
    given = {"question": f"纠正{number}", "commitment_id": "c-beds" if kind == "link" else "", **fields}
    return ApprovedCorrection(number, kind, given.pop("decided_at", NOON + timedelta(hours=number)), **given)


def message(number: int, *, answerable: bool = True) -> HotlineMessage:
    """A message from outside to which beds are the answer, or one that nothing answers."""
    return HotlineMessage(f"m-{number}", "story", f"消息{number}", (("床位总数",),) if answerable else ((),))


def judged(
    frozen: list[EvaluationQuestion],
    wrong: dict[str, Response],
    corrections: list[ApprovedCorrection] | None = None,
    real: list[RealQuestion] | None = None,
    serving_wrong: dict[str, Response] | None = None,
    outside: list[HotlineMessage] | None = None,
) -> dict[str, Any]:
    """The verdict where both sides say what is right, but for `wrong` answers to questions."""
    until = NOON + timedelta(hours=10)
    sets = Sets(frozen, regression_of(corrections or [], {}), real or [], until, outside or [])

    def side(odd: dict[str, Response]) -> Side:
        answers = {conversation_of(q): BEDS if q.outcome == "answered" else REFUSED for q in frozen}
        answers |= {(m.text,): BEDS if m.answerable else REFUSED for m in sets.outside}
        answers |= {c: BEDS for c in [*sets.own, *sets.private] if c not in answers}
        return Side({c: odd.get(c[-1], answer) for c, answer in answers.items()}, SENTENCES)

    return verdict(sets, side(serving_wrong or {}), side(wrong))


def write_report(release: Release, serving: str, found: dict[str, Any]) -> None:
    """Put a verdict beside a release as `evaluation.gate` does."""
    about = {"made_at": NOON.isoformat(), "serving": serving, "candidate": release.id, "seconds": 61.0}
    release.gate.write_text(json.dumps({**found, **about, "asked_of_serving": 0}, ensure_ascii=False), encoding="utf-8")
