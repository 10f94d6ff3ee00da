"""A hand-made search for tests of the dialogue's steps: it gives what it was told, in no time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from actions.dialogue.acts import LEANING
from actions.dialogue.conversation import Conversation
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.services import Services
from actions.dialogue.utterance import Utterance
from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure
from knowledge.document.passages import Passage
from knowledge.encoder.text_encoder import Vectors
from knowledge.language.normalise import Understood
from knowledge.language.question import read_question
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.listing import Subjects
from knowledge.search.answerability import Probabilities
from knowledge.search.finding import Candidate, Finding

PLACES = {"徐泾镇": ("徐泾",)}


def commitment(id: str, headline: str, **changes: Any) -> Commitment:
    """A target on care for the old, alone in its sentence, unless told otherwise."""
    sentence = {name: changes.pop(name) for name in ("text", "section", "heading") if name in changes}
    place = {"section": "第四节", "heading": "（一）养老", **sentence}
    passage = Passage(**{"text": f"{headline}。", "page": 55, "line": 1, "chapter": "第九章", "kind": "body", **place})
    values = {"topic": "elderly_care", "area": "elderly_care", "kind": "target", "title": headline[:6], "curated": True}
    return Commitment(id=id, headline=headline, passage=passage, **{**values, **changes})


def figure(value: float) -> Figure:
    """A number of beds in 2025."""
    return Figure("床位", value, "张", 2025, "")


BEDS = commitment("c-beds", "到2025年养老床位达到9500张", title="养老床位", figures=(figure(9500.0),))
CARE_BEDS = commitment("c-care", "护理型床位占比达到60%", text=BEDS.passage.text, title="护理型床位")
THEN = commitment("c-then", "养老床位达8278张", kind="baseline", title="养老床位现状", figures=(figure(8278.0),))
CANTEENS = commitment("c-eat", "各镇开设助餐点", title="助餐点", kind="action")
RENTING = commitment(
    "c-rent", "加大公租房保障力度", topic="housing", area="housing", title="公租房", heading="（二）住房"
)
ALL = (BEDS, CARE_BEDS, THEN, CANTEENS, RENTING)


def finding(
    text: str, *found: Commitment, sure: float = 0.9, silent: float = 0.0, named: float = 0.0, **more: Any
) -> Finding:
    """The first of `found` answers with probability `sure`; `named` is how many characters of its name are in the words."""
    shares = (sure, *([(1 - sure) / max(1, len(found) - 1)] * (len(found) - 1)))
    candidates = tuple(Candidate(c, share, {"term_named": named}) for c, share in zip(found, shares))
    odds = Probabilities(right=sure if found else 0.0, silent=silent)
    return Finding(Understood(text, ()), read_question(text, PLACES), candidates, odds, {}, **more)


class FakeSearch:
    """Findings by the words searched for; for others it finds nothing. `searched` tells what it was asked."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        self.by_id = {c.id: c for c in ALL}
        self.searched: list[str] = []
        self._findings = findings

    def find(self, text: str, *, understood: Understood | None = None, **known: Any) -> Finding:
        """As told; by the vector of a question in full what was told for `IN_FULL`."""
        if known.get("vector") is IN_FULL_VECTOR:
            self.searched.append(IN_FULL)
            return self._findings.get(IN_FULL) or finding(text)
        self.searched.append(text)
        return self._findings.get(text) or finding(text)

    def vector_of(self, text: str) -> Vectors:
        """The same for any text."""
        return VECTOR

    def likeness(self, vector: Vectors, commitment: Commitment) -> float:
        """As told by `ALIKE`; 0 of others."""
        return ALIKE.get(commitment.id, 0.0)


@dataclass(frozen=True)
class FakeActs:
    """What a turn does, as told."""

    told: Mapping[str, float]

    def read(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """Whatever the turn."""
        return self.told


class FakeInFull:
    """One vector for every question in full; `parts` tells which parts the last one had."""

    def vector(self, parts: Sequence[Vectors | None]) -> Vectors:
        """Whatever the parts."""
        self.parts = [part is not None for part in parts]
        return IN_FULL_VECTOR


VECTOR, IN_FULL_VECTOR = np.eye(2, 384, dtype=np.float32)
IN_FULL = "（全问）"  # under which a test tells what is found in full
ALIKE = {"c-beds": 0.1, "c-care": 0.2}  # commitment → how near any turn is to its sentence
LEANS = {LEANING: 1.0}
ABOUT_BEDS = Conversation("c-beds", "elderly_care", "养老床位有多少", ("c-beds",))
ASKED_ANEW = Answer("当作一个新问题", Outcome.ANSWERED, "")


def as_asked_anew(leaning: Leaning) -> Reply:
    """Stands for the steps of a question: tells what it was taken for."""
    return Reply(ASKED_ANEW, replace(leaning.before, question="new"), finding=leaning.finding)


def leaning(
    text: str,
    *findings: Finding,
    kind: str = "follow_up",
    before: Conversation = ABOUT_BEDS,
    likely: float = 0.9,
    acts: Mapping[str, float] = LEANS,
) -> Leaning:
    """Some words after a question on beds, where the search finds what it is given, by the words of each."""
    search = FakeSearch({each.understood.text: each for each in findings})
    composer = Composer("规划", (2021, 2025), "http://x/plan", ALL, gazetteer=Gazetteer(PLACES))
    subjects = Subjects({"养老": "elderly_care"})
    services = Services(
        search, composer, subjects, PLACES, FakeActs(acts), lambda: datetime(2026, 11, 1), in_full=FakeInFull()
    )
    return Leaning(Utterance(text, {kind: likely}), before, services, as_asked_anew, kind)
