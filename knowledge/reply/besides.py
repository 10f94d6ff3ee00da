"""Lines on what another document says of the same thing: in its own words and numbers, each with its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure, format_value, same_quantity
from knowledge.document.plan_text import tidy
from knowledge.reply import wording
from knowledge.reply.answer import MAX_CITATIONS, Answer, Citation
from knowledge.reply.arithmetic import calculation, figure_asked_of
from knowledge.reply.headline import headline_for
from knowledge.reply.next_steps import offered_lines
from knowledge.reply.sentence import BotSentence
from knowledge.reply.unsaid import asked_for

MAX_HEADLINE_CHARS = 80  # of an earlier document, in a line beside the answer
AFTER = ("左右", "以上", "以下", "以内", "余", "多")  # qualifiers that stand behind their number
NUMBER = "number"
Say = Callable[..., str]


@dataclass(frozen=True)
class Spoken:
    """A commitment, the question that it answers, and its citation."""

    commitment: Commitment
    question: str
    citation: Citation

    @property
    def figure(self) -> Figure | None:
        """The number that was asked for, None where there is none."""
        return figure_asked_of(self.commitment, self.question)


def earlier_line(say: Say, which: str, now: Spoken, earlier: Spoken) -> str:
    """What the earlier document said, with the change where both give a number of one kind for the same thing."""
    new, old = now.figure, earlier.figure
    is_same = new is not None and old is not None and same_quantity(new, old)
    if old is None or not (is_same or NUMBER in asked_for(earlier.question)):
        return said_line(say, which, earlier)
    page, label = earlier.citation.page, old.label or earlier.commitment.title
    told = say(wording.EARLIER_FIGURE, which=which, label=label, amount=_printed(old), page=page)
    return told + (_change(say, which, now, earlier) if is_same else "")


def said_line(say: Say, which: str, other: Spoken) -> str:
    """What another document says of it, in its own words."""
    return say(wording.EARLIER_SAID, which=which, headline=headline_of(other), page=other.citation.page)


def headline_of(other: Spoken) -> str:
    """The part of its sentence that answers, cut where it is long."""
    headline = tidy(headline_for(other.commitment, other.question)).rstrip("。")
    return f"{headline[:MAX_HEADLINE_CHARS]}…" if len(headline) > MAX_HEADLINE_CHARS else headline


def _printed(figure: Figure) -> str:
    """A number with its unit and what qualifies it, as the plan prints them."""
    amount, qualifier = f"{format_value(figure.value)}{figure.unit}", figure.qualifier.replace("占比", "")
    return f"{amount}{qualifier}" if qualifier in AFTER else f"{qualifier}{amount}"


def _change(say: Say, which: str, now: Spoken, earlier: Spoken) -> str:
    new, old = now.figure, earlier.figure
    found = calculation([new, old], is_difference=True) if new and old else None
    if found is None or new is None or old is None or not found.result:
        return ""
    return say(
        wording.EARLIER_CHANGE,
        which=which,
        new=format_value(new.value),
        old=format_value(old.value),
        unit=new.unit,
        page=now.citation.page,
        old_page=earlier.citation.page,
        direction=say(wording.INCREASE if float(new.value) > float(old.value) else wording.DECREASE),
        difference=format_value(found.result),
    )


def with_line(answer: Answer, line: str, *, first: bool = False, cited: Sequence[Citation] = ()) -> Answer:
    """The answer with a line at its beginning, or before the questions that are offered last, and with further citations."""
    lines = answer.text.split("\n")
    at = 0 if first else len(lines) - offered_lines(answer, lines)
    kept = answer.citations[: MAX_CITATIONS - len(cited)] if cited else answer.citations
    return replace(answer, text="\n".join([*lines[:at], line, *lines[at:]]), citations=(*kept, *cited))


def which_document(say: Say, document: str, *, is_previous: bool) -> str:
    """How an ended document is called in such a line."""
    name: BotSentence = wording.PREVIOUS_PLAN if is_previous else wording.ENDED_DOCUMENT
    return say(name, document=document)
