"""From a finding to an outcome, by costs that are written down.

Cost of … when the plan answers / when it does not:
    answering the first passage:  wrong passage 3 / an answer to what the plan is silent on 3
    refusing:                     1 / 0
So answering is right when P(first is right) exceeds 1 / (1 + 3) … 3 / (1 + 3) depending on how much of
the rest is wrong; the threshold below was then set on evaluation/dev.yml within that range
(docs/quality.md has the curve). A wrong answer costs more than a refusal, because trust is lost once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.answer import Outcome
from knowledge.finder import Candidate, Finding

ANSWER_FROM = 0.5  # calibrated P(first passage is right)
OUT_OF_SCOPE_FROM = 0.5  # NLU's probability
CLARIFY_CHARS = 5  # only a bare word leaves several readings open
CLARIFY_LEAD = 0.45  # the first's probability among the candidates, below which a bare word is unclear
MIN_READING = 0.12  # a reading below this is not offered
_FILLERS = re.compile(r"[呢吗啊呀吧的了么嘛\s，。！？,.!?]|你好|请问|我想问|问一下|想知道|咨询|关于")


@dataclass(frozen=True)
class Decision:
    """The outcome, and for `clarify` the readings to offer (two to four)."""

    outcome: Outcome
    readings: tuple[Candidate, ...] = ()


def decide(finding: Finding, *, may_clarify: bool = True) -> Decision:
    """What to do with a finding. `may_clarify` is false right after a clarification."""
    if not finding.candidates:
        return Decision(Outcome.OUT_OF_SCOPE)
    bare = _FILLERS.sub("", finding.understood.text)
    if not re.search(r"[\u4e00-\u9fff]{2}|\w{3}", bare):
        return Decision(Outcome.OUT_OF_SCOPE)
    readings = _readings(finding, bare) if may_clarify else ()
    if len(readings) >= 2:
        return Decision(Outcome.CLARIFY, readings)
    if finding.answerable >= ANSWER_FROM:
        return Decision(Outcome.ANSWERED)
    outside = finding.intents.get("out_of_scope", 0.0)
    service = sum(finding.topics.values())
    if outside >= OUT_OF_SCOPE_FROM or (finding.intents and outside > service):
        return Decision(Outcome.OUT_OF_SCOPE)
    return Decision(Outcome.NOT_IN_PLAN)


def _readings(finding: Finding, bare: str) -> tuple[Candidate, ...]:
    """The readings of a bare word that the plan's commitments share, if no one of them stands out."""
    first = finding.candidates[0]
    if len(bare) > CLARIFY_CHARS or first.probability >= CLARIFY_LEAD or finding.silence >= 0.5:
        return ()
    if bare in (first.commitment.title, *first.commitment.terms) or finding.intents.get("out_of_scope", 0.0) >= 0.5:
        return ()
    seen: dict[str, Candidate] = {}
    for candidate in finding.candidates:
        if candidate.probability >= MIN_READING:
            seen.setdefault(candidate.commitment.quote, candidate)
    return tuple(seen.values())[:4]
