"""What staff have approved and residents get at once: questions answered by hand, words, titles, plain words, next steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")  # a pointer's last day ends when the day ends for residents


@dataclass(frozen=True)
class Link:
    """A question that a commitment answers."""

    question: str
    commitment_id: str


@dataclass(frozen=True)
class Pointer:
    """A question on which the plan is silent, and what helps instead: words of staff, their source, the last day they hold."""

    question: str
    text: str
    url: str
    expires_on: date

    def holds_on(self, day: date) -> bool:
        """Whether it has not expired; its last day still counts."""
        return day <= self.expires_on


@dataclass(frozen=True)
class Refusal:
    """A question that the plan does not answer (`aspect`: what it asks for, "" unknown), or, `outside`, is none of our business."""

    question: str
    aspect: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Word:
    """Residents say `word` for `means`; `kind` is synonym, dialect or typo."""

    word: str
    means: str
    kind: str = "synonym"


@dataclass(frozen=True)
class PlainWords:
    """A commitment said in plain words by staff: holds in place of the line of its release; "" leaves it without one."""

    commitment_id: str
    text: str


@dataclass(frozen=True)
class NextStep:
    """A page of the services at which a resident goes on, by its name; `about`: a commitment, a topic, "" every answer."""

    name: str
    url: str
    about: str = ""


AboutQuestion = Link | Pointer | Refusal  # what is said of a question, and holds for it and close ones


@dataclass(frozen=True)
class LiveCorrections:
    """All that is published, in the order of its publication; where two disagree the later one holds.

    `titles` maps commitments to what staff call them, `plain` to their line in plain words.
    """

    questions: tuple[AboutQuestion, ...] = ()
    words: tuple[Word, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)
    next_steps: tuple[NextStep, ...] = ()


NOTHING = LiveCorrections()


class CorrectionSource(Protocol):
    """Where a finder, a normaliser or a composer looks for corrections."""

    def current(self) -> LiveCorrections:
        """What holds now. The same object as long as nothing changes; never raises, hardly waits."""


@dataclass(frozen=True)
class Fixed:
    """A source that never changes: for trying corrections before they are approved, and for none."""

    corrections: LiveCorrections = NOTHING

    def current(self) -> LiveCorrections:
        """What it was made with."""
        return self.corrections


def today() -> date:
    """The day in Qingpu."""
    return datetime.now(SHANGHAI).date()
