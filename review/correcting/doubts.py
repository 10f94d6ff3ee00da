"""What makes a correction doubtful though no regression question breaks: then one person's click is not enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.language.question import bare_text
from knowledge.published.corrections import AboutQuestion, Link
from knowledge.reply.decide import CLARIFY_CHARS, is_question
from knowledge.reply.judging import REFUSALS
from knowledge.search.finder import Finder
from knowledge.search.finding import Finding
from knowledge.search.matching import CLOSE
from review.correcting.objections import FAR, LEANS, SAMPLE, SHORT, SURE, Doubt
from review.correcting.regression_questions import FOLLOW_UP, RegressionQuestion, Teller, Told, dialogue_outcome

# P(the first passage answers) from which one person does not override an answer. Read off evaluation/dev.yml: 86 % of the
# 414 right answers are so sure, and 23 % of the 22 wrong ones, whose correction waits (from 0.7: 99 % and 95 %).
SURE_FROM = 0.9
SURELY_SILENT_FROM = 0.99  # P(nothing answers) from which one person does not override a refusal
# From where on what is said now is likelier right than not: then it takes two to put something in its place that was not found.
LIKELY_FROM = 0.5
# Words that point at what was said before. A place that is pointed at is one of its own: 「我们这里」.
_POINTING = re.compile(
    r"(?:这|那)(?:个|些|项|条|件|种|次|家|款|事|笔)|它|刚才|刚刚说|上面(?:说|讲|那)|前面(?:说|讲|那)|你说的|您说的|说的那"
    r"|(?:另外?|还有|下|上|换)一个|^那(?!里|边|儿|时候|年)|^(?:还有|至于|然后)"
)


def doubts_about(new: AboutQuestion, before: Finder, teller: Teller, *, leans: bool) -> list[Doubt]:
    """Why a second person should look at a correction of a question.

    `before` answers as residents get it now. `leans` says that the words were said as a follow-up.
    """
    finding = before.find(new.question)
    told = teller.told(before, RegressionQuestion(new.question, "answered"))
    found = [] if _says_so_already(new, told) else list(_overridden(new, before, finding, told))
    if _is_short(finding) and not (isinstance(new, Link) and _says_so_already(new, told)):
        found.append(Doubt(SHORT, new.question, told.summary))
    likely = max(finding.answerable, finding.silence) >= LIKELY_FROM
    if isinstance(new, Link) and likely and not _is_among(new.commitment_id, before, finding):
        found.append(Doubt(FAR, new.question, told.summary, before.by_id[new.commitment_id].title))
    if leans or _is_follow_up(finding) or _POINTING.search(finding.understood.text):
        found.append(Doubt(LEANS, new.question, told.summary))
    return found


def _says_so_already(new: AboutQuestion, told: Told) -> bool:
    if isinstance(new, Link):
        return told.outcome == "answered" and told.commitment_id == new.commitment_id
    return told.outcome in REFUSALS


def _overridden(new: AboutQuestion, finder: Finder, finding: Finding, told: Told) -> Iterator[Doubt]:
    surely_answered = told.outcome == "answered" and (finding.answerable >= SURE_FROM or len(told.quotes) > 1)
    surely_silent = told.outcome in REFUSALS and finding.silence >= SURELY_SILENT_FROM
    if surely_answered or surely_silent:
        yield Doubt(SURE, new.question, told.summary)
    yield from _of_a_sample(new, finder, finding)


def _of_a_sample(new: AboutQuestion, finder: Finder, finding: Finding) -> Iterator[Doubt]:
    """The sample question of another commitment that has these words, or nearly these."""
    text = finding.understood.text
    owner = finder.sample_owner(text)
    if owner is None:
        nearest = finder.computer.nearest_sample(finder.vector_of(text))
        owner = nearest[0] if nearest and nearest[1] >= CLOSE else None
    if owner is None or (isinstance(new, Link) and owner.id == new.commitment_id):
        return
    yield Doubt(SAMPLE, new.question, owner.title)


def _is_among(commitment_id: str, finder: Finder, finding: Finding) -> bool:
    """Whether a commitment, or another of its sentence, is among what was found.

    It is for 15 of the 16 wrong answers of evaluation/dev.yml and hotline_second.yml, and for 20 of 26 wrong refusals.
    """
    linked = finder.by_id[commitment_id]
    return any(each.commitment.quote == linked.quote for each in finding.candidates)


def _is_short(finding: Finding) -> bool:
    """Whether the words may ask for anything: 「养老院」, or what is left of 「那护理型的呢」."""
    return len(bare_text(finding.understood.text)) <= CLARIFY_CHARS


def _is_follow_up(finding: Finding) -> bool:
    """Whether NLU takes the words for ones that lean on the turn before, and they name nothing by themselves."""
    return not is_question(finding) and dialogue_outcome(finding) == FOLLOW_UP
