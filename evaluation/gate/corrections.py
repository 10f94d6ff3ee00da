"""Approved corrections as regression tests: what each demands of a release, and which of them contradict each other.

| kind | demanded of a new conversation that asks the question |
|---|---|
| `link` | answered, and the first citation is that commitment or another of the same sentence |
| `silent`, `pointer`, `not_ours` | refused, with either outcome: nothing is claimed |
| `intent` | NLU's likeliest intent is that one, or the outcome is the one that follows from it |
| `word` | the normalised question holds the meaning |

`move` and `remove` change training examples and demand nothing of an answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.gate.errors import GateError
from evaluation.gate.responses import Conversation, Response
from knowledge.catalogue.training_data import TOPIC_OF_INTENT
from knowledge.document.plan_text import squash
from knowledge.language.question import letters_of
from knowledge.reply.judging import DIALOGUE_OUTCOMES, REFUSALS

REFUSED = "refused"
TESTED = ("link", "silent", "pointer", "not_ours", "intent", "word")
_OUTCOME_OF_INTENT: Mapping[str, tuple[str, ...]] = {
    "out_of_scope": REFUSALS,
    **{intent: (outcome,) for intent, outcome in DIALOGUE_OUTCOMES.items()},
}


@dataclass(frozen=True)
class ApprovedCorrection:
    """One approved correction; which fields count depends on `kind`. `decided_at` has a time zone."""

    id: int
    kind: str
    decided_at: datetime
    question: str = ""
    commitment_id: str = ""
    intent: str = ""
    word: str = ""
    means: str = ""

    @property
    def asked(self) -> Conversation:
        """The message that tests it: its question, or the word alone where no question has it."""
        if self.kind == "word" and self.word not in self.question:
            return (self.word,)
        return (self.question,)

    @property
    def claims(self) -> Mapping[str, str]:
        """What it says of a question; two corrections contradict each other where they say different things of one."""
        if self.kind == "link":
            return {"answer": self.commitment_id}
        if self.kind in ("silent", "pointer"):
            return {"answer": REFUSED}
        if self.kind == "not_ours":
            return {"answer": REFUSED, "intent": "out_of_scope"}
        if self.kind == "intent" and self.intent in TOPIC_OF_INTENT:
            return {"intent": self.intent}
        if self.kind == "intent":
            answer = REFUSED if self.intent == "out_of_scope" else self.intent
            return {"intent": self.intent, "answer": answer}
        return {f"word {self.word}": self.means}

    @property
    def expected(self) -> Mapping[str, str]:
        """For a report."""
        if self.kind == "link":
            return {"outcome": "answered", "commitment_id": self.commitment_id}
        if self.kind == "intent":
            return {"intent": self.intent}
        if self.kind == "word":
            return {"word": self.word, "means": self.means}
        return {"outcome": REFUSED}

    def holds(self, answer: Response, sentences: Mapping[str, str]) -> bool:
        """Whether an answer is as demanded. `sentences`: commitment id → the plan's sentence it stands in."""
        if self.kind == "link":
            right = sentences.get(self.commitment_id)
            return answer.outcome == "answered" and right is not None and sentences.get(answer.first) == right
        if self.kind == "intent":
            topic = TOPIC_OF_INTENT.get(self.intent)
            follows = answer.outcome in _OUTCOME_OF_INTENT.get(self.intent, ())
            return answer.intent == self.intent or follows or (topic is not None and answer.topic == topic)
        if self.kind == "word":
            return squash(self.means) in squash(answer.understood)
        return answer.outcome in REFUSALS


@dataclass(frozen=True)
class Regression:
    """The corrections that are tested, newest decision first, and those that are not, with why: `set_aside`."""

    tested: Sequence[ApprovedCorrection]
    set_aside: Sequence[Mapping[str, Any]]


def read_corrections(path: Path) -> list[ApprovedCorrection]:
    """From a JSON list of objects with the fields of `ApprovedCorrection`. Raises `GateError`."""
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
        return [
            ApprovedCorrection(**{**item, "decided_at": datetime.fromisoformat(item["decided_at"])})
            for item in items
            if item["kind"] in TESTED
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GateError(
            f"{path}: 纠正读不出（{error!r}） — 写成 id、kind、decided_at 等字段的 JSON 列表 / a JSON list of corrections"
        ) from error


def regression_of(
    corrections: Sequence[ApprovedCorrection],
    frozen: Mapping[str, str],
    keys_of: Callable[[str], Iterable[str]] = lambda text: [letters_of(text)],
) -> Regression:
    """What is tested. `frozen`: key → id of a frozen question, whose own expectation is tested instead.

    `keys_of` gives the keys of a question: it is frozen if one of them is (and then the export did not teach it).

    Of corrections that say different things of one question the newest decision counts; the others are told of.
    """
    kept: dict[str, list[ApprovedCorrection]] = {}
    aside: list[dict[str, Any]] = []
    for correction in sorted(corrections, key=lambda c: (c.decided_at, c.id), reverse=True):
        question = correction.asked[0]
        others = kept.setdefault(letters_of(question), [])
        newer = next((each for each in others if _contradict(each, correction)), None)
        same = next((frozen[key] for key in keys_of(question) if key in frozen), None)
        if correction.kind != "word" and same:
            aside.append({**_told(correction), "why": "frozen", "by": same})
        elif newer:
            aside.append({**_told(correction), "why": "contradicted", "by": newer.id})
        elif all(each.claims != correction.claims for each in others):
            others.append(correction)
    return Regression([each for others in kept.values() for each in others], aside)


def _contradict(one: ApprovedCorrection, other: ApprovedCorrection) -> bool:
    return any(one.claims[what] != said for what, said in other.claims.items() if what in one.claims)


def _told(correction: ApprovedCorrection) -> dict[str, Any]:
    return {"id": correction.id, "kind": correction.kind, "question": correction.asked[0]}
