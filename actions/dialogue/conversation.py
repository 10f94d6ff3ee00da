"""What a conversation is about, kept in the slot `conversation` between turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from knowledge.language.languages import reply_language
from knowledge.language.question import Question
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.wording import TOLD_TO_REPLY

ENDS_AFTER_S = 600.0  # ten minutes of silence end a conversation's context
ASPECTS = ("past", "how_many", "when", "what_is")  # of a question, the first that it has
SHOWN_KEPT = 12  # ids kept for 「还有呢」: more than anyone pages through
EARLIER_KEPT = 5  # subjects before the last one to which a resident can go back
TOLD_KEPT = 3  # turns that only told something, kept for the question that follows


@dataclass(frozen=True)
class EarlierSubject:
    """What was answered before the last subject: the passage's commitment, and the question it answered."""

    commitment_id: str
    question: str


@dataclass(frozen=True)
class Conversation:
    """The last answer's commitment and question, what was shown, and whether the last turn was a clarification.

    `listed` holds the ids of a list that were not shown yet, `subject` what it is a list of; `at` is the
    time of the last turn in seconds since 1970, `place` and `aspect` what was last asked for of it. `earlier` are the
    subjects before it, the last first; `told` is what was told and not asked since the last answer; `offered` what the
    last reply's choices ask, in their order; `denied` the ids of what was shown and was not meant; `unclear` the question
    for which readings were offered; `language` that of the last reply; `registered` the reference number of what waits for
    staff; `noticed` whether it was said that the plan's period is over. `said` is the last reply and `outcome` what kind
    it was, where it quoted nothing; `refused` the question of a refusal, until something else is answered.
    """

    commitment_id: str = ""
    topic: str = ""
    question: str = ""
    shown: tuple[str, ...] = ()
    clarified: bool = False
    subject: str = ""
    listed: tuple[str, ...] = ()
    at: float = 0.0
    place: str = ""
    aspect: str = ""
    earlier: tuple[EarlierSubject, ...] = ()
    told: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    unclear: str = ""
    language: str = ""
    registered: str = ""
    noticed: bool = False
    said: str = ""
    outcome: str = ""
    refused: str = ""

    @classmethod
    def from_slot(cls, value: Any) -> Conversation:
        """Read the slot; anything unreadable is an empty context."""
        if not isinstance(value, Mapping):
            return cls()
        return cls(
            commitment_id=str(value.get("commitment_id") or ""),
            topic=str(value.get("topic") or ""),
            question=str(value.get("question") or ""),
            shown=tuple(str(i) for i in value.get("shown") or ()),
            clarified=bool(value.get("clarified")),
            subject=str(value.get("subject") or ""),
            listed=tuple(str(i) for i in value.get("listed") or ()),
            at=float(value.get("at") or 0.0),
            place=str(value.get("place") or ""),
            aspect=str(value.get("aspect") or ""),
            earlier=tuple(EarlierSubject(str(i), str(question)) for i, question in value.get("earlier") or ()),
            told=tuple(str(text) for text in value.get("told") or ()),
            offered=tuple(str(text) for text in value.get("offered") or ()),
            denied=tuple(str(i) for i in value.get("denied") or ()),
            unclear=str(value.get("unclear") or ""),
            language=str(value.get("language") or ""),
            registered=str(value.get("registered") or ""),
            noticed=bool(value.get("noticed")),
            said=str(value.get("said") or ""),
            outcome=str(value.get("outcome") or ""),
            refused=str(value.get("refused") or ""),
        )

    def unless_silent_since(self, now: float) -> Conversation:
        """The context, or an empty one after `ENDS_AFTER_S` of silence."""
        return self if now - self.at <= ENDS_AFTER_S else Conversation()

    def language_of(self, text: str) -> str:
        """The language to reply in: the message's, or the last reply's where the bot put the words into the resident's mouth."""
        given = self.language and text.strip() in (*self.offered, *TOLD_TO_REPLY)
        return self.language if given else reply_language(text, self.language)

    def as_slot(self) -> dict[str, Any]:
        """JSON-ready form."""
        lists = {name: list(getattr(self, name)) for name in ("shown", "listed", "told", "offered", "denied")}
        return {**asdict(self), **lists, "earlier": [[each.commitment_id, each.question] for each in self.earlier]}

    def about(self, commitment_id: str, topic: str, question: str, *, same: bool) -> Conversation:
        """After an answer. `same` keeps the list of what was shown; a new subject starts it anew."""
        shown = (*self.shown, commitment_id) if same else (commitment_id,)
        kept = tuple(dict.fromkeys(shown))[-SHOWN_KEPT:]
        place, aspect = (self.place, self.aspect) if same else ("", "")
        return Conversation(
            commitment_id,
            topic,
            question,
            kept,
            place=place,
            aspect=aspect,
            earlier=self._earlier_than(commitment_id),
            registered=self.registered,
        )

    def asking(self, question: Question) -> Conversation:
        """With the place and the aspect that a question names; what it leaves out stays as it was."""
        aspect = next((name for name in ASPECTS if name in question.asks), self.aspect)
        return replace(self, place=question.places[0] if question.places else self.place, aspect=aspect)

    def listing(self, subject: str, first: str, topic: str, question: str, rest: Sequence[str]) -> Conversation:
        """After a part of a list: its first item is what a follow-up is about, `rest` is still to be shown."""
        return replace(self.about(first, topic, question, same=False), subject=subject, listed=tuple(rest))

    def _earlier_than(self, commitment_id: str) -> tuple[EarlierSubject, ...]:
        last = (EarlierSubject(self.commitment_id, self.question),) if self.commitment_id else ()
        return tuple(each for each in (*last, *self.earlier) if each.commitment_id != commitment_id)[:EARLIER_KEPT]

    def hearing(self, told: str) -> Conversation:
        """After a turn that only told something: the question that follows may lean on it."""
        return replace(self, told=(*self.told, told)[-TOLD_KEPT:], refused="")

    def denying(self) -> Conversation:
        """After the last passage turned out not to be what was meant."""
        return replace(self, denied=(*self.denied, self.commitment_id) if self.commitment_id else self.denied)

    def after_clarification(self, unclear: str = "") -> Conversation:
        """The next turn must not be a clarification again; `unclear` is the question that had several readings."""
        return replace(self, clarified=True, unclear=unclear, refused="")

    def after_other(self) -> Conversation:
        """A turn that answered nothing keeps the subject."""
        return replace(self, clarified=False, unclear="", refused="")

    def refusing(self, question: str) -> Conversation:
        """After a question on which the plan is silent: what is asked next may be asked of that."""
        return replace(self.after_other(), refused=question)

    def having_said(self, answer: Answer) -> Conversation:
        """With what a reply that quotes nothing says, and what kind it is; a reply that says it again changes neither."""
        if answer.outcome is Outcome.ANSWERED:
            return replace(self, said="", outcome="")
        said = "\n".join(filter(None, [answer.headline, answer.notice]))
        return self if said == self.said else replace(self, said=said, outcome=answer.outcome.value)
