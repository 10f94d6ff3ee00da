"""answer/1: the reply as data. Names and meanings are those of `docs/contract.md`; others rely on them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from knowledge.language.languages import CHINESE

SCHEMA = "answer/1"
MAX_CITATIONS = 3


class Outcome(str, Enum):
    """What kind of answer it is (答复类型)."""

    ANSWERED = "answered"
    NOT_IN_PLAN = "not_in_plan"
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"
    CHAT = "chat"
    HANDOFF = "handoff"
    ERROR = "error"
    DANGER = "danger"


@dataclass(frozen=True)
class Hotline:
    """A number to dial in danger: digits only, and what answers there, in the reply's language."""

    number: str
    name: str


@dataclass(frozen=True)
class Baseline:
    """Where a figure started: value and year."""

    value: float | str
    year: int | None


@dataclass(frozen=True)
class Fact:
    """A number of the plan, as `knowledge.document.figures.Figure`, with its baseline if the plan gives one."""

    label: str
    value: float | str
    unit: str
    year: int | None
    qualifier: str
    baseline: Baseline | None


@dataclass(frozen=True)
class Citation:
    """The passage word for word, and where it stands. `document_id` is "" for the deployment's own plan."""

    commitment_id: str
    quote: str
    chapter: str
    section: str
    heading: str
    page: int
    document: str
    url: str
    document_id: str = ""


@dataclass(frozen=True)
class Related:
    """A next question: `payload` is what the channel sends back as the resident's words."""

    title: str
    payload: str


@dataclass(frozen=True)
class ServiceLink:
    """A page of the services at which a resident goes on, under the name that staff gave it."""

    name: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One reply. `text` is complete by itself; the rest is the same, for channels that show more.

    `danger` names what was noticed (a kind of `danger/replies.yml`) and `hotlines` the numbers, the most urgent first: with outcome
    `danger` they are all of the reply, with any other a quiet line at the end of `text`. `language` is that of the bot's
    own sentences, `zh` or `en`; the plan's words are Chinese in both. `plain` is staff's line in plain words, no words of
    the plan's; None where there is none. `next_steps` are staff's links, no part of the plan either.
    """

    text: str
    outcome: Outcome
    headline: str
    topic: str | None = None
    facts: tuple[Fact, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    notice: str | None = None
    danger: str | None = None
    hotlines: tuple[Hotline, ...] = ()
    language: str = CHINESE
    plain: str | None = None
    next_steps: tuple[ServiceLink, ...] = ()

    def custom(self, answer_id: str) -> dict[str, Any]:
        """The `custom` object of the contract."""
        data = asdict(self)
        del data["text"]
        return {"schema": SCHEMA, "answer_id": answer_id, **data, "outcome": self.outcome.value}
