"""From a finding to an outcome, by costs that are written down.

| | the plan answers | the plan is silent |
|---|---|---|
| the right passage is shown | 0 | – |
| another passage is shown | 1 (it is on the subject, and says where it stands) | 3 (it seems to answer and does not) |
| refused | 2 (a resident is sent away from what the plan does say) | 0 |

With p = P(first passage is right) and s = P(the plan is silent), showing costs 3s + (1 - s - p), refusing
2(1 - s): showing is right from p ≥ 4s - 1. Where s is small that is always, where s is near one never;
`ANSWER_FROM` holds that line in three steps, with a floor because s is an estimate too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.answer import Outcome
from knowledge.finder import Candidate, Finding

# P(first passage is right) from which it is shown, by how much the wording asks for what no plan says.
# Where the wording does not, the plan very likely answers, and one of the three citations is worth more
# than a refusal; where it does, only a near certainty counts. Set on evaluation/dev.yml.
ANSWER_FROM = ((0.3, 0.2), (0.8, 0.4), (1.01, 0.7))  # (silence below, answerable from)
OUT_OF_SCOPE_FROM = 0.5  # NLU's probability
CLARIFY_CHARS = 4  # only a bare word leaves several readings open
CLARIFY_LEAD = 0.6  # the first's probability among the candidates, below which a bare word is unclear
SURE = 0.6  # answerable probability that outweighs NLU's "out of scope"
MIN_READING = 0.08  # a reading below this is not offered
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
    outside = finding.intents.get("out_of_scope", 0.0)
    service = sum(finding.topics.values())
    foreign = bool(finding.intents) and (outside >= OUT_OF_SCOPE_FROM or outside > service)
    if foreign and finding.answerable < SURE:
        return Decision(Outcome.OUT_OF_SCOPE)
    enough = next(level for silence, level in ANSWER_FROM if finding.silence < silence)
    return Decision(Outcome.ANSWERED if finding.answerable >= enough else Outcome.NOT_IN_PLAN)


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
