"""The verdict: what the candidate lost, whether that is more than chance, and everything a person has to look at.

The rules are in docs/decisions/0022-the-gate.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evaluation.gate.corrections import ApprovedCorrection, Regression
from evaluation.gate.outside import came_of, outside_figures, worse
from evaluation.gate.responses import Conversation, Response
from evaluation.hotline import HotlineMessage
from evaluation.questions import EvaluationQuestion
from evaluation.scoring import Scored, change, judge, share
from evaluation.truthfulness import OfferedPassages
from knowledge.catalogue.topics import TOPICS
from knowledge.reply.judging import REFUSALS

WHOLE, REFUSED_GROUP, HOSTILE, FROM_OUTSIDE = "all", "refusals", "hostile", "outside"


@dataclass(frozen=True)
class Side:
    """One release's responses, the sentence of each of its commitments, and the passages behind what it offers."""

    responses: Mapping[Conversation, Response]
    sentences: Mapping[str, str]
    offers: OfferedPassages = field(default_factory=lambda: OfferedPassages({}))


@dataclass(frozen=True)
class RealQuestion:
    """A question of last week: the id of its latest turn in the log, and how often it was asked."""

    id: str
    question: str
    asked: int = 1

    @property
    def asked_alone(self) -> Conversation:
        """The conversation that asks it."""
        return (self.question,)


@dataclass(frozen=True)
class Sets:
    """Everything that is asked. What the candidate was `taught_until`: later corrections it cannot know.

    `outside` are messages by someone who had seen the plan alone.
    """

    frozen: Sequence[EvaluationQuestion]
    regression: Regression
    real: Sequence[RealQuestion]
    taught_until: datetime
    outside: Sequence[HotlineMessage] = ()

    @property
    def own(self) -> list[Conversation]:
        """Conversations that people wrote or approved for testing, each once."""
        asked = [conversation_of(question) for question in self.frozen]
        asked += [(message.text,) for message in self.outside]
        return list(dict.fromkeys([*asked, *(correction.asked for correction in self.regression.tested)]))

    @property
    def private(self) -> set[Conversation]:
        """Conversations that only residents had."""
        return {question.asked_alone for question in self.real} - set(self.own)


def conversation_of(question: EvaluationQuestion) -> Conversation:
    """A frozen question's messages."""
    return (*question.before, question.question)


def verdict(sets: Sets, serving: Side, candidate: Side) -> dict[str, Any]:
    """The report's findings: whether it passed, by which rules not, and each case that a person should see."""
    before, after = _scored(sets.frozen, serving), _scored(sets.frozen, candidate)
    groups = _groups(before, after)
    fallen = {name for name, group in groups.items() if group["fell"]}
    hostile = _hostile(before, after)
    failures = _lost(before, after, fallen, hostile["failed"])
    broken, waiting = _corrections(sets, serving, candidate)
    errors = _errors(sets, candidate)
    outside, from_outside = _outside(sets.outside, serving, candidate)
    blocked_by = [f"topic:{name}" for name in groups if name in fallen]
    blocked_by += [
        rule for rule, found in (("corrections", broken), ("hostile", hostile["failed"]), ("errors", errors)) if found
    ]
    blocked_by += [f"{FROM_OUTSIDE}:{name}" for name, figure in outside.items() if figure["fell"]]
    return {
        "passed": not blocked_by,
        "blocked_by": blocked_by,
        "topics": list(groups.values()),
        "hostile": hostile,
        "outside": outside,
        "corrections": [*broken, *waiting],
        "failures": [*failures, *from_outside, *broken, *errors],
        "won": _won(before, after),
        "set_aside": list(sets.regression.set_aside),
        "differences": _differences(sets.real, serving, candidate),
        "asked": {
            "frozen": len(sets.frozen),
            "outside": len(sets.outside),
            "corrections": len(sets.regression.tested),
            "real": len(sets.real),
        },
    }


def _scored(questions: Sequence[EvaluationQuestion], side: Side) -> list[Scored]:
    return [judge(question, side.responses[conversation_of(question)].custom) for question in questions]


def groups_of(question: EvaluationQuestion) -> tuple[str, ...]:
    """The groups that a frozen question counts in: its topic or the refusals, and the whole."""
    if question.outcome in REFUSALS:
        return (REFUSED_GROUP, WHOLE)
    return (question.topic, WHOLE) if question.topic in TOPICS else (WHOLE,)


def _groups(before: Sequence[Scored], after: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    found = {}
    for name in (*TOPICS, REFUSED_GROUP, WHOLE):
        pairs = [(old, new) for old, new in zip(before, after) if name in groups_of(old.question)]
        olds, news = [old for old, _ in pairs], [new for _, new in pairs]
        moved, old, new = change(olds, news), share(olds), share(news)
        found[name] = {
            "topic": name,
            "n": len(pairs),
            "serving": old["share"],
            "serving_low": old["low"],
            "serving_high": old["high"],
            "candidate": new["share"],
            "candidate_low": new["low"],
            "candidate_high": new["high"],
            **moved,
            "fell": moved["high"] < 0,
        }
    return found


def _hostile(before: Sequence[Scored], after: Sequence[Scored]) -> dict[str, Any]:
    """A hostile input that has to be refused must be, whatever the serving release does; the others must not be lost."""
    pairs = [(old, new) for old, new in zip(before, after) if new.question.kind == HOSTILE]
    failed = [
        new.question.id for old, new in pairs if not new.right and (new.question.outcome in REFUSALS or old.right)
    ]
    return {
        "n": len(pairs),
        "serving": sum(old.right for old, _ in pairs),
        "candidate": sum(new.right for _, new in pairs),
        "failed": failed,
    }


def _lost(
    before: Sequence[Scored], after: Sequence[Scored], fallen: set[str], hostile: Sequence[str]
) -> list[dict[str, Any]]:
    """Frozen questions that the candidate gets wrong and the serving release got right, and hostile ones that fail."""
    found = []
    for old, new in zip(before, after):
        question, is_hostile = old.question, old.question.id in hostile
        if is_hostile or (old.right and not new.right):
            blocks = is_hostile or bool(fallen & set(groups_of(question)))
            found.append(_case(HOSTILE if is_hostile else "frozen", old, new, blocks=blocks))
    return found


def _won(before: Sequence[Scored], after: Sequence[Scored]) -> list[dict[str, Any]]:
    pairs = zip(before, after)
    return [_case("frozen", old, new, blocks=False) for old, new in pairs if new.right and not old.right]


def _case(which: str, old: Scored, new: Scored, *, blocks: bool) -> dict[str, Any]:
    question = old.question
    return {
        "set": which,
        "id": question.id,
        "topic": question.topic or "",
        "before": list(question.before),
        "question": question.question,
        "expected": {"outcome": question.outcome, "text": list(question.expect)},
        "serving": _shown(old),
        "candidate": _shown(new),
        "blocks": blocks,
    }


def _shown(scored: Scored) -> dict[str, str]:
    shown: dict[str, str] = scored.custom["shown"]
    return shown


def _outside(
    messages: Sequence[HotlineMessage], serving: Side, candidate: Side
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The figures, and the messages to which the candidate replies worse."""
    before, after = (
        [came_of(message, side.responses[(message.text,)], side.offers) for message in messages]
        for side in (serving, candidate)
    )
    figures = outside_figures(before, after)
    blocks = any(figure["fell"] for figure in figures.values())
    return figures, [
        {
            "set": FROM_OUTSIDE,
            "id": message.id,
            "question": message.text,
            "expected": {
                "outcome": "answered" if message.answerable else "not_in_plan",
                "text": [runs[0] for runs in message.answerable],
            },
            "serving": serving.responses[(message.text,)].shown(),
            "candidate": candidate.responses[(message.text,)].shown(),
            "blocks": blocks,
        }
        for message in worse(messages, before, after)
    ]


def _corrections(sets: Sets, serving: Side, candidate: Side) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that the candidate breaks, and those that it cannot know yet: approved after it learned, wrong in both."""
    broken: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for correction in sets.regression.tested:
        if correction.holds(candidate.responses[correction.asked], candidate.sentences):
            continue
        held = correction.holds(serving.responses[correction.asked], serving.sentences)
        blocks = held or correction.decided_at <= sets.taught_until
        (broken if blocks else waiting).append(_correction_case(correction, serving, candidate, blocks=blocks))
    return broken, waiting


def _correction_case(correction: ApprovedCorrection, serving: Side, candidate: Side, *, blocks: bool) -> dict[str, Any]:
    return {
        "set": "correction",
        "id": correction.id,
        "kind": correction.kind,
        "question": correction.asked[0],
        "expected": dict(correction.expected),
        "serving": serving.responses[correction.asked].shown(),
        "candidate": candidate.responses[correction.asked].shown(),
        "blocks": blocks,
    }


def _errors(sets: Sets, candidate: Side) -> list[dict[str, Any]]:
    """Replies that failed, of what people wrote or approved; a resident's own question is named by its turn."""
    told = {question.asked_alone: {"set": "real", "id": question.id, "question": ""} for question in sets.real}
    told |= {c: {"set": "own", "id": "", "question": c[-1]} for c in sets.own}
    return [
        {**told[c], "expected": {}, "serving": {}, "candidate": answer.shown(), "blocks": True}
        for c, answer in candidate.responses.items()
        if answer.outcome == "error" and c in told
    ]


def _differences(real: Sequence[RealQuestion], serving: Side, candidate: Side) -> list[dict[str, Any]]:
    found = []
    for question in real:
        old, new = serving.responses[question.asked_alone], candidate.responses[question.asked_alone]
        if (old.outcome, old.first) != (new.outcome, new.first):
            found.append({"id": question.id, "asked": question.asked, "serving": old.shown(), "candidate": new.shown()})
    return found
