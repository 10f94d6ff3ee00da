"""Whose reply is given, of those that several documents gave to one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.dialogue.reply import Reply
from actions.documents.opened import OpenDocument
from knowledge.reply.answer import Outcome
from knowledge.search.finding import OTHER_DISTRICT
from knowledge.search.known import LINKED_TO, OUTSIDE
from knowledge.shelf.record import ENDED
from knowledge.shelf.standing import succeeds

# What a store's own odds say is of its own sentences: among thirteen of them one always stands out. So whether a document on
# the shelf speaks of a thing at all is read off likeness that knows no plan: how near the question comes to the sentence in the
# fitted space (mean of headline and whole sentence), and that the words of the own plan's answer are not nearer by more than a
# little. Of 475 questions of evaluation/dev.yml on subjects that a short successor leaves out, 247 were taken from the own
# plan by odds alone and 4 are so; of 50 that it answers the decision shows 37, and 32 of these are left.
NEAR_FROM = 0.42
NEAR_ALONE_FROM = 0.44  # where the own plan refuses: it may know that no plan says such a thing
NEARER_BY = 0.03
CLOSEST_FROM = 0.38  # from which what is in force and not given is at least told as what comes closest there
SURE_FROM = 0.6  # probability from which the own plan's answer is not given up for another in force
SAME_FROM = 0.75  # the same for what another ended document is quoted with beside the answer
WHOLE = ("listed", "broad")  # steps that read a whole subject: nothing in them is weighed


@dataclass(frozen=True, eq=False)
class DocumentReply:
    """What a document replies; `is_base` marks the reply of the dialogue that read the turn."""

    document: OpenDocument
    reply: Reply
    is_base: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether it is over."""
        return self.document.record.status == ENDED

    @property
    def answers(self) -> bool:
        """Whether it quotes something."""
        return self.reply.answer.outcome is Outcome.ANSWERED

    @property
    def is_whole(self) -> bool:
        """Whether it is on a whole subject: a list, or its main points as choices."""
        return self.reply.step in WHOLE

    @property
    def promises(self) -> bool:
        """Whether it quotes what its plan was to do, and no review of the years before, no definition, no list."""
        finding = self.reply.finding
        first = finding.candidates[0].commitment if finding and finding.candidates else None
        return not self.is_whole and first is not None and first.kind not in ("baseline", "definition")

    @property
    def sureness(self) -> float:
        """Probability that what it quotes answers; 1 where a person said so, 0 where it quotes nothing."""
        finding = self.reply.finding
        if self.is_whole:
            return 1.0
        if not self.answers or finding is None:
            return 0.0
        return 1.0 if finding.known_as == LINKED_TO else finding.answerable

    @property
    def is_surely_it(self) -> bool:
        """Whether it may stand beside an answer as what was said of the same thing."""
        return self.sureness >= (SURE_FROM if self.is_base else SAME_FROM)

    @property
    def nearness(self) -> float:
        """How near the question comes to what is quoted, in the fitted space; 1 where a person linked the two or all is listed."""
        finding = self.reply.finding
        if self.is_whole or (finding and finding.known_as == LINKED_TO):
            return 1.0
        signals = self._signals
        return (signals.get("headline_projected", 0.0) + signals.get("quote_projected", 0.0)) / 2

    @property
    def likeness(self) -> float:
        """The cosine of the question and what is quoted, which is the same measure in every store."""
        return self._signals.get("headline_vector", 0.0)

    @property
    def _signals(self) -> Mapping[str, float]:
        finding = self.reply.finding
        return finding.candidates[0].signals if finding and finding.candidates else {}

    @property
    def is_nobodys(self) -> bool:
        """Whether the question is about elsewhere, or somebody said that it is none of our business or what helps instead."""
        finding = self.reply.finding
        return self.is_of_elsewhere or (finding is not None and (finding.known_as == OUTSIDE or bool(finding.pointer)))

    @property
    def is_of_elsewhere(self) -> bool:
        """Whether the question is about another district or city."""
        return self.reply.finding is not None and self.reply.finding.aspect == OTHER_DISTRICT

    def is_of_its_time(self) -> bool:
        """Whether no year is asked for, or one of the document's own, and nothing of the past that it does not review."""
        finding, period = self.reply.finding, self.document.record.period
        if finding is None or not finding.candidates:
            return False
        if "past" in finding.question.asks and finding.candidates[0].commitment.kind != "baseline":
            return False
        years = finding.question.years
        return not years or period is None or any(period[0] <= year <= period[1] for year in years)


def chosen(replies: Sequence[DocumentReply]) -> DocumentReply:
    """The reply that is given, of at least one; one is the base.

    What is in force comes first, then what is over; of each the dialogue's own answer if it is sure, else the nearest. Where
    nobody speaks of it the dialogue's own reply stands, a refusal or a choice included.
    """
    base = next(each for each in replies if each.is_base)
    if base.is_nobodys and not base.answers:
        return base
    if base.is_whole:
        replies = [each for each in replies if each.is_whole]
    for ended in (False, True):
        there = [each for each in replies if each.is_ended == ended and speaks(each, base)]
        if base in there and base.sureness >= SURE_FROM:
            return base
        if there:
            return max(there, key=lambda each: (each.nearness, each.is_base))
    return base


def speaks(each: DocumentReply, base: DocumentReply) -> bool:
    """Whether it may be given: the base by the dialogue's decision, any other only where it is near."""
    if each.is_base or base.is_whole:
        return each.answers or each.is_whole
    if (
        not each.answers
        or not each.is_of_its_time()
        or each.nearness < (NEAR_FROM if base.answers else NEAR_ALONE_FROM)
    ):
        return False
    is_sure = base.answers and base.sureness >= SURE_FROM
    return not is_sure or each.nearness == 1.0 or each.likeness >= base.likeness - NEARER_BY


def closest_in_force(given: DocumentReply, replies: Sequence[DocumentReply]) -> DocumentReply | None:
    """Beside an answer of an ended document: what the one after it says that comes closest, if it may be meant."""
    record = given.document.record
    later = [each for each in replies if not each.is_ended and succeeds(each.document.record, record)]
    there = [e for e in later if e.answers and e.promises and e.is_of_its_time() and e.nearness >= CLOSEST_FROM]
    return max(there, key=lambda each: each.nearness, default=None)


def speaks_too(given: DocumentReply, replies: Sequence[DocumentReply]) -> DocumentReply | None:
    """The nearest other document in force that speaks of the same, beside an answer of one in force.

    The own plan, whose odds mean something, only where it is sure: what it guessed is no second word on the matter.
    """
    if given.is_ended or not given.answers or given.is_whole:
        return None
    base = next(each for each in replies if each.is_base)
    others = [e for e in replies if e is not given and not e.is_ended and e.answers and e.promises and speaks(e, base)]
    there = [e for e in others if not e.is_base or e.is_surely_it]
    return max(there, key=lambda each: each.nearness, default=None)


def spoke_before(given: DocumentReply, replies: Sequence[DocumentReply]) -> DocumentReply | None:
    """The newest ended document that surely answers the same question, beside an answer of one in force."""
    if given.is_ended or not given.answers or given.is_whole:
        return None
    there = [e for e in replies if e.is_ended and e.answers and e.is_surely_it and e.promises]
    near = [each for each in there if each.is_base or each.nearness >= NEAR_FROM]
    return max(near, key=lambda each: each.document.record.period or (0, 0), default=None)
