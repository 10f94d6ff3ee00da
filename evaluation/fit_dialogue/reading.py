"""Reads written dialogues turn by turn, each in the context that right replies to the turns before would have left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from actions.asking import as_nlu_hears
from actions.dialogue import acts
from actions.dialogue.acts import ActModel
from actions.dialogue.conversation import Conversation
from actions.dialogue.in_full import InFullModel
from actions.dialogue.options import QUESTION, Option
from actions.dialogue.responder import Responder
from evaluation.dialogues import verdict
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.written_dialogues import WrittenDialogue, WrittenTurn
from knowledge.document.plan_text import squash
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import OFFERED
from knowledge.search.finder import Finder


@dataclass(frozen=True)
class ReadOption:
    """What is needed of an option to choose among them and to judge the choice."""

    name: str
    features: Mapping[str, float]
    shown: bool  # a passage
    right: bool
    risky: bool  # as the choice takes it


@dataclass(frozen=True)
class ReadTurn:
    """A written turn with the options that it gave."""

    dialogue: int
    turn: WrittenTurn
    options: Sequence[ReadOption]

    @property
    def could_be(self) -> bool:
        """Whether one of them is right."""
        return any(option.right for option in self.options)


def by_quote(finder: Finder) -> dict[str, Commitment]:
    """The first commitment of each sentence, by the sentence without blanks."""
    found: dict[str, Commitment] = {}
    for commitment in finder.by_id.values():
        found.setdefault(squash(commitment.quote), commitment)
    return found


def answering(turn: WrittenTurn, sentences: Mapping[str, Commitment]) -> Commitment | None:
    """The first of them that answers a written turn, if one does."""
    return next((c for quote, c in sentences.items() if any(run in quote for run in turn.answers)), None)


class Reader:
    """Reads dialogues turn by turn, each in the context that right replies would have left."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._by_quote = by_quote(responder.finder)

    def read(self, at: int, dialogue: WrittenDialogue, act: ActModel, in_full: InFullModel) -> Iterator[ReadTurn]:
        """Every turn with its options; the models say what it does and what it asks in full."""
        responder = self._responder
        responder.services = replace(responder.services, acts=act, in_full=in_full)
        finder, before, last = responder.finder, Conversation(), list[str]()
        for turn in dialogue.turns:
            said, intent = as_nlu_hears(finder, turn.say)
            options = responder.options(said, before, intent)
            verdicts = [verdict(turn, option.reply.answer, last) for option in options]
            right = _right(turn, options, verdicts)
            yield ReadTurn(at, turn, [_read(option, bool(each)) for option, each in zip(options, right)])
            before = self._after(turn, before, options, right)
            if right.any() and (shown := options[int(np.argmax(right))].reply.answer).outcome is Outcome.ANSWERED:
                last = [squash(citation.quote) for citation in shown.citations]
            elif turn.answers:
                last = [quote for quote in self._by_quote if turn.answers[0] in quote][:1]

    def _after(
        self, turn: WrittenTurn, before: Conversation, options: Sequence[Option], right: NDArray[np.bool_]
    ) -> Conversation:
        """The context after a right reply, though none of the options may be one."""
        if right.any():
            return options[int(np.argmax(right))].reply.conversation
        meant = answering(turn, self._by_quote)
        if meant is not None:
            return before.about(
                meant.id,
                meant.topic,
                turn.whole or self._responder.finder.normalizer.normalise(turn.say).text,
                same=turn.leans,
            )
        return before.after_other()


def _read(option: Option, right: bool) -> ReadOption:
    shown = option.reply.answer.outcome is Outcome.ANSWERED
    return ReadOption(option.name, option.features, shown, right, option.risky)


# Of turns that ask nothing, the reading that is wanted; others may say the same and are not meant.
WANTED: Mapping[str, Sequence[str]] = {
    acts.TELL: ("heard",),
    acts.DENIAL: ("denied",),
    acts.SOURCE: ("source",),
    acts.REPEAT: ("repeated",),
    acts.MORE: ("more",),
    acts.OFF_TOPIC: ("question",),
    **dict.fromkeys(("thanks", "greeting", "goodbye"), ("small_talk",)),
    **dict.fromkeys((acts.PERSON, acts.COMPLAINT), ("request",)),
}
NOT_WANTED = ("repeated", "source", "more")  # readings that are not meant where something is asked


def _right(turn: WrittenTurn, options: Sequence[Option], verdicts: Sequence[str]) -> NDArray[np.bool_]:
    """Which options are right: of those that show the right sentence the ones whose own clause answers, if any does."""
    wanted = WANTED.get(turn.act, ())
    if len(options) == 1:  # nothing is chosen
        return np.array([_is_right(turn, options[0], verdicts[0])])
    meant = [
        any(r.name in wanted for r in o.readings) if wanted else any(r.name not in NOT_WANTED for r in o.readings)
        for o in options
    ]
    right = np.array([_is_right(turn, o, v) and m for o, v, m in zip(options, verdicts, meant)])
    exact = right & np.array([any(run in squash(o.reply.answer.headline) for run in turn.answers) for o in options])
    if turn.asks and not turn.answers and turn.leans:
        exact = right & np.array([o.name != QUESTION for o in options])
    return exact if exact.any() else right


def _is_right(turn: WrittenTurn, option: Option, judged: str) -> bool:
    """Whether a reply is what was wanted, or offers it."""
    finding = option.reply.finding
    if judged != "offered" or finding is None:
        return judged == "right"
    offered = [squash(candidate.commitment.quote) for candidate in finding.candidates[:OFFERED]]
    return any(run in quote for run in turn.answers for quote in offered)
