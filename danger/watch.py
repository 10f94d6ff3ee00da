"""Decides whether a message tells of danger: the rules, and the classifier that weighs them with what it learned."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from danger.classifier import Classifier, Judgement, shipped_classifier
from danger.forms import Message
from danger.replies import ANY
from danger.rules import Rules, Seen, shipped_rules
from knowledge.encoder.text_encoder import shared_encoder
from knowledge.language.languages import ENGLISH, SIMPLIFIED
from knowledge.language.phrase import Phrase, any_of, as_typed, one_of
from knowledge.language.pieces import Numbers

logger = logging.getLogger(__name__)
MAX_KINDS = 3
ANOTHER_FROM = 0.08  # share from which another kind's numbers are given too: a number too many harms less than none
UNCLEAR_BELOW = 0.35  # share of the first kind below which all three numbers are given, unless a rule names the kind
RULE_COUNTS = 0.6  # what a sure rule adds to the share of its kind
# A message as short as 「救命啊」, "help me", that a sure rule names leaves the classifier nothing to weigh.
CRY_CHARS, CRY_WORDS = 6, 3
# That an answer was not understood, in English, and not a word more: the classifier read few such lines, and holds all for
# danger that are short and say what somebody cannot. Soon after acute danger it is heard as everything else.
_AROUND = any_of(
    "sorry|excuse me|but|still|really|just|please|i'm afraid|so|and|can you|could you|would you|i am old and|the answer|an answer|your answer|this answer"
    "|what this means|what that means|what it means|what you mean|what you say|what you said|this|that|it|these words|a word|any of this|any of it|at all|of it"
    "|in english|chinese|again|me|to me|more simply|well| |,|.|!|?"
)
_NOT_UNDERSTOOD = Phrase(
    _AROUND,
    one_of("i|we|that's|that is|this is|it is|it's|help me"),
    any_of(" |still|really|just|simply|honestly|quite"),
    one_of(
        "don't understand|dont understand|do not understand|didn't understand|did not understand|can't understand|cannot understand|understand"
        "|don't get|dont get|do not get|didn't get|did not get|don't follow|do not follow|can't read|cannot read|don't read|don't speak|do not speak"
        "|can't hear you|cannot hear you|didn't hear|did not hear|not what i asked"
    ),
    _AROUND,
)
REMEMBERED = 500  # messages whose judgement is kept, some 10 KB each
RULES_FROM = 0.75  # of the way to the acute threshold: from there a sure rule with nothing calm beside it decides


class Level(IntEnum):
    """How sure it is: acute danger gets its reply and nothing else, a doubtful case a quiet line under the normal answer."""

    NONE = 0
    QUIET = 1
    ACUTE = 2


@dataclass(frozen=True)
class Assessment:
    """What was noticed: kinds likeliest first (empty with `NONE`), the script to reply in, and what spoke for it.

    `probability` is the classifier's, None where the rules decided alone.
    """

    level: Level = Level.NONE
    kinds: tuple[str, ...] = ()
    script: str = SIMPLIFIED
    reason: str = ""
    probability: float | None = None


class Watch:
    """Looks at every message before anything else does. Safe to share between threads; never raises.

    `encode` gives the unit vector of a text; the rules decide alone where it fails. What the last `REMEMBERED` messages were
    judged to be is kept: what many ask in the same words is judged once.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        classifier: Classifier | None = None,
        encode: Callable[[str], Numbers] | None = None,
    ) -> None:
        self._rules = rules or shipped_rules()
        self._classifier = classifier or shipped_classifier()
        self._encode = encode or (lambda text: shared_encoder().query(text))
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._judged)  # a failure is not kept

    def assess(self, text: str, understood: str = "", *, careful: bool = False) -> Assessment:
        """`text` as typed, `understood` as the normaliser read it; `careful` within ten minutes after acute danger.

        What is understood can only add to what is typed: published words and mended slips take no danger away.
        """
        typed = self._assess(Message(text), careful)
        if typed.level is Level.ACUTE or not understood or understood == Message(text).vector_text:
            return typed
        read = self._assess(Message(understood), careful)
        return replace(read, script=typed.script) if read.level > typed.level else typed

    def assess_words(self, text: str) -> Assessment:
        """By the rules alone, in a millisecond."""
        message = Message(text)
        return self._by_rules(message, self._rules.read(message))

    def is_word_of_danger(self, word: str) -> bool:
        """Whether a word tells of danger by itself, or a rule rests on it."""
        return self._rules.names(word) or self.assess_words(word).level is not Level.NONE

    def assess_without_rules(self, text: str) -> Assessment:
        """By the classifier alone, without the rules' cues: to see what each is worth."""
        message, seen = Message(text), Seen()
        judgement = self._classifier.judge(message, seen, self._encode(message.vector_text))
        level, kinds = self._level(message, judgement, seen, False), kinds_of(judgement.kinds, seen)
        return Assessment(level, kinds, message.script, probability=judgement.probability)

    def _assess(self, message: Message, careful: bool) -> Assessment:
        if not careful and message.script == ENGLISH and _NOT_UNDERSTOOD.fits(as_typed(message.written)):
            return Assessment(script=message.script)
        try:
            seen, judgement = self._remembered(message)
        except Exception:
            logger.exception("the classifier of danger failed; the rules decide")
            return self._by_rules(message, self._rules.read(message))
        level = self._level(message, judgement, seen, careful)
        if level is Level.NONE:
            return Assessment(script=message.script, probability=judgement.probability)
        reason = f"P={judgement.probability:.3f} {'、'.join(seen.words[:5])}".strip()
        shares = {} if seen.sure == (ANY,) and _is_cry(message) else judgement.kinds
        return Assessment(level, kinds_of(shares, seen), message.script, reason, judgement.probability)

    def _judged(self, message: Message) -> tuple[Seen, Judgement]:
        seen = self._rules.read(message)
        return seen, self._classifier.judge(message, seen, self._encode(message.vector_text))

    def _level(self, message: Message, judgement: Judgement, seen: Seen, careful: bool) -> Level:
        acute, quiet = (self._classifier.threshold(level, judgement.kinds) for level in ("acute", "quiet"))
        named = seen.is_danger and (judgement.probability >= RULES_FROM * acute or _is_cry(message))
        if judgement.probability >= (quiet if careful else acute) or named:
            return Level.ACUTE
        return Level.QUIET if judgement.probability >= quiet else Level.NONE

    @staticmethod
    def _by_rules(message: Message, seen: Seen) -> Assessment:
        if not seen.is_danger:
            return Assessment(script=message.script)
        return Assessment(Level.ACUTE, kinds_of({}, seen), message.script, "、".join(seen.words[:5]))


def _is_cry(message: Message) -> bool:
    words = message.compact.split()
    return len(words) <= CRY_WORDS if message.script == ENGLISH else len(message.compact) <= CRY_CHARS


def kinds_of(shares: Mapping[str, float], seen: Seen) -> tuple[str, ...]:
    """At most `MAX_KINDS` kinds, likeliest first; `ANY` where nothing says which."""
    weighed = dict(shares)
    for kind in seen.sure:
        weighed[kind] = weighed.get(kind, 0.0) + (RULE_COUNTS if kind != ANY else 0.0)
    ranked = sorted(weighed, key=lambda kind: -weighed[kind])
    if not ranked or weighed[ranked[0]] < UNCLEAR_BELOW:
        return (ANY,)
    others = [kind for kind in ranked[1:MAX_KINDS] if weighed[kind] >= ANOTHER_FROM and kind != ANY]
    return (ranked[0], *others)


@lru_cache(maxsize=1)
def shared_watch() -> Watch:
    """The process's watch."""
    return Watch()
