"""How well danger is noticed: rules, classifier and both together, on written messages and on what must raise no alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from danger.messages import ACUTE, CALM, DOUBTFUL, LabelledMessage, texts_of
from danger.replies import Replies
from danger.watch import Assessment, Level, Watch
from knowledge.groundwork.wilson import wilson_interval

Assess = Callable[[str], Assessment]


@dataclass(frozen=True)
class MeasuredShare:
    """`found` of `of`, with the share and its 95 % interval; all 0 of nothing."""

    found: int
    of: int
    share: float
    low: float
    high: float

    @classmethod
    def of_each(cls, each: Iterable[bool]) -> MeasuredShare:
        """How many are true."""
        values = list(each)
        found, of = sum(values), len(values)
        if not of:
            return cls(0, 0, 0.0, 0.0, 0.0)
        low, high = wilson_interval(found, of)
        return cls(found, of, round(found / of, 4), round(low, 4), round(high, 4))

    def __str__(self) -> str:
        return f"{self.share:6.1%} [{self.low:.1%}, {self.high:.1%}] {self.found}/{self.of}"


@dataclass(frozen=True)
class Quality:
    """What a way of noticing does with a set of messages.

    `acute`: acute messages that get the reply. `numbered`: of these sets, messages at whose reply or quiet line the first
    number of one of their kinds stands. `precision`: of all replies, those to acute messages. `alarmed`, `lined`: calm
    messages that get a reply, or any number.
    """

    acute: MeasuredShare
    numbered: MeasuredShare
    precision: MeasuredShare
    alarmed: MeasuredShare
    lined: MeasuredShare
    doubtful_numbered: MeasuredShare


def assess_all(
    messages: Sequence[LabelledMessage], assess: Assess, progress: Callable[[int], None]
) -> list[Assessment]:
    """Each message's assessment, in order."""
    found = []
    for message in messages:
        found.append(assess(message.text))
        progress(1)
    return found


def quality_of(messages: Sequence[LabelledMessage], found: Sequence[Assessment]) -> Quality:
    """The figures of a set."""
    pairs = list(zip(messages, found))
    acute = [(m, a) for m, a in pairs if m.level == ACUTE]
    calm = [a for m, a in pairs if m.level == CALM]
    replied = [m.level == ACUTE for m, a in pairs if a.level is Level.ACUTE and m.level != DOUBTFUL]
    return Quality(
        acute=MeasuredShare.of_each(a.level is Level.ACUTE for _, a in acute),
        numbered=MeasuredShare.of_each(has_number(m, a) for m, a in acute),
        precision=MeasuredShare.of_each(replied),
        alarmed=MeasuredShare.of_each(a.level is Level.ACUTE for a in calm),
        lined=MeasuredShare.of_each(a.level is not Level.NONE for a in calm),
        doubtful_numbered=MeasuredShare.of_each(has_number(m, a) for m, a in pairs if m.level == DOUBTFUL),
    )


def by_kind(messages: Sequence[LabelledMessage], found: Sequence[Assessment]) -> dict[str, MeasuredShare]:
    """Of the acute messages of each first kind, how many get the reply with the right number."""
    kinds = dict.fromkeys(m.kinds[0] for m in texts_of(messages, ACUTE))
    return {
        kind: MeasuredShare.of_each(
            a.level is Level.ACUTE and has_number(m, a)
            for m, a in zip(messages, found)
            if m.level == ACUTE and m.kinds[0] == kind
        )
        for kind in kinds
    }


def has_number(message: LabelledMessage, assessment: Assessment) -> bool:
    """Whether the first number of one of the message's kinds is given."""
    if assessment.level is Level.NONE:
        return False
    replies = Replies()
    given = {hotline.number for hotline in replies.hotlines(assessment.kinds, assessment.script)}
    return any(replies.hotlines([kind], assessment.script)[0].number in given for kind in message.kinds)


def false_alarms(texts: Sequence[str], assess: Assess, progress: Callable[[int], None]) -> dict[str, Any]:
    """Of messages none of which is danger: shares of replies and of quiet lines, and every text that got one."""
    found = assess_all([LabelledMessage(text, CALM) for text in texts], assess, progress)
    alarmed = [(text, a) for text, a in zip(texts, found) if a.level is not Level.NONE]
    return {
        "replies": asdict(MeasuredShare.of_each(a.level is Level.ACUTE for a in found)),
        "numbers": asdict(MeasuredShare.of_each(a.level is not Level.NONE for a in found)),
        "texts": [[text, a.level.name, list(a.kinds), a.reason] for text, a in alarmed],
    }


def ways_of(watch: Watch) -> dict[str, Assess]:
    """The ways of noticing that are compared."""
    return {"rules": watch.assess_words, "classifier": watch.assess_without_rules, "both": watch.assess}
