"""From a finding to an outcome, by costs that are written down.

| | the plan answers | the plan is silent |
|---|---|---|
| the right passage is shown | 0 | – |
| another passage is shown | 1 (it is on the subject, and says where it stands) | 3 (it seems to answer and does not) |
| refused | 2.8 (a resident is sent away from what the plan does say) | 0 |

Where a passage would be shown and none stands out, readings are offered to choose from.

With p = P(first passage is right) and s = P(the plan is silent), showing costs 3s + (1 - s - p), refusing
2.8(1 - s): showing is right where p ≥ 4.8s - 1.8. An answer that only seems to be one costs more than a refusal;
how much more was read off evaluation/dev.yml and the other sets that may be tuned on: fewest answerable questions
refused while more than 95 % of the others still are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.reply.answer import Outcome
from knowledge.search.finding import Candidate, Finding
from knowledge.search.known import LINKED_TO, OUTSIDE, SILENT

COST_SILENT_SHOWN, COST_OTHER_SHOWN, COST_REFUSED = 3.0, 1.0, 2.8
CLARIFY_CHARS = 4  # only a bare word leaves several readings open
CLARIFY_LEAD = 0.6  # the first's probability among the candidates, below which a bare word is unclear
SILENT_WORD = (
    0.6  # silence from which a bare word asks for what no plan gives (收费, 补贴), though a passage is called so
)
MIN_READING = 0.08  # a reading below this is not offered
# Where the first passage is neither likely nor far before the others, readings are offered instead of it. Of fresh
# questions 6.1 % are shown a wrong one and 8.1 % get a choice; 6.6 and 6.2 % at 0.72 and 0.4 (evaluation/risk_control.py).
OFFER_BELOW = 0.8  # probability that the first passage answers
OFFER_LEAD = 0.45  # its sentence's share among the candidates
MIN_OFFERED = 0.04
OFFERED = 3  # readings; the fourth choice is that it is none of them
NAMED_CHARS = 3  # characters of a term of the plan from which a turn names the thing
STANDALONE_FROM = 0.6  # answerable probability from which a turn is a question of its own, whatever NLU holds it for
DIALOGUE_FROM = 0.5  # NLU's probability from which small talk, or the wish for a person, is believed
# Somebody gave these very words this label: nothing is weighed.
OUTCOME_KNOWN = {LINKED_TO: Outcome.ANSWERED, SILENT: Outcome.NOT_IN_PLAN, OUTSIDE: Outcome.OUT_OF_SCOPE}
_COMMAND = re.compile(r"\s*[/／\\]+[\x00-\x7f，]*")  # written for a machine, without a word of Chinese


@dataclass(frozen=True)
class Decision:
    """The outcome, and for `clarify` the readings to offer (two to four)."""

    outcome: Outcome
    readings: tuple[Candidate, ...] = ()


def is_command(text: str) -> bool:
    """Whether a message is a machine's command such as `/restart`, not a resident's words."""
    return bool(_COMMAND.fullmatch(text))


def is_legible(bare: str) -> bool:
    """Whether a bare question has anything that can be asked for: two Chinese characters, or a word."""
    return bool(re.search(r"[\u4e00-\u9fff]{2}|\w{3}", bare))


def decide(finding: Finding, *, may_clarify: bool = True) -> Decision:
    """What to do with a finding. `may_clarify` is false right after a clarification."""
    if finding.candidates and finding.known_as in OUTCOME_KNOWN:
        return Decision(OUTCOME_KNOWN[finding.known_as])
    if not finding.candidates or is_command(finding.understood.text):
        return Decision(Outcome.OUT_OF_SCOPE)
    bare = finding.question.bare
    if not is_legible(bare):
        return Decision(Outcome.OUT_OF_SCOPE)
    word_of_the_plan = _is_word_of_the_plan(finding, bare)
    readings = _readings(finding, bare, word_of_the_plan) if may_clarify else ()
    if len(readings) >= 2:
        return Decision(Outcome.CLARIFY, readings)
    if word_of_the_plan:
        return Decision(Outcome.ANSWERED)
    if cost_of_showing(finding) <= cost_of_refusing(finding):
        lost = _readings_where_lost(finding) if may_clarify else ()
        return Decision(Outcome.CLARIFY, lost) if len(lost) >= 2 else Decision(Outcome.ANSWERED)
    outside = finding.intents.get("out_of_scope", 0.0)
    return Decision(Outcome.OUT_OF_SCOPE if outside > sum(finding.topics.values()) else Outcome.NOT_IN_PLAN)


def names_a_term(finding: Finding) -> bool:
    """Whether a turn names what the first passage is about."""
    return bool(finding.candidates) and finding.candidates[0].signals["term_named"] >= NAMED_CHARS


def is_question(finding: Finding) -> bool:
    """Whether a turn that NLU holds for something else asks for a thing that the plan names, or that staff answered."""
    if finding.known_as in OUTCOME_KNOWN:
        return True
    return names_a_term(finding) and finding.answerable >= STANDALONE_FROM


def cost_of_showing(finding: Finding) -> float:
    """Expected cost of showing the first passage."""
    other = max(0.0, 1.0 - finding.silence - finding.answerable)
    return COST_SILENT_SHOWN * finding.silence + COST_OTHER_SHOWN * other


def cost_of_refusing(finding: Finding) -> float:
    """Expected cost of saying that the plan is silent."""
    return COST_REFUSED * (1.0 - finding.silence)


def _is_word_of_the_plan(finding: Finding, bare: str) -> bool:
    """Whether a bare word is part of what the first passage is called: it asks nothing that the plan could leave open."""
    first = finding.candidates[0].commitment
    if len(bare) > CLARIFY_CHARS or finding.question.asks or finding.silence >= SILENT_WORD:
        return False
    if finding.intents.get("out_of_scope", 0.0) >= 0.5:
        return False
    return first.is_called(bare)


def _readings(finding: Finding, bare: str, word_of_the_plan: bool) -> tuple[Candidate, ...]:
    """The readings of a bare word that the plan's commitments share, if no one of them stands out."""
    first = finding.candidates[0]
    if len(bare) > CLARIFY_CHARS or first.probability >= CLARIFY_LEAD:
        return ()
    if finding.silence >= 0.5 and not word_of_the_plan:
        return ()
    if bare in (first.commitment.title, *first.commitment.terms) or finding.intents.get("out_of_scope", 0.0) >= 0.5:
        return ()
    return finding.one_of_each_sentence(MIN_READING)[:4]


def _readings_where_lost(finding: Finding) -> tuple[Candidate, ...]:
    """The likeliest readings of a question of which no one stands out; () if one does."""
    first = finding.candidates[0].commitment.quote
    lead = sum(c.probability for c in finding.candidates if c.commitment.quote == first)
    if finding.answerable >= OFFER_BELOW or lead >= OFFER_LEAD:
        return ()
    return finding.one_of_each_sentence(MIN_OFFERED)[:OFFERED]
