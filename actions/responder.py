"""From a turn to a reply: the dialogue's rules, free of Rasa, so that they can be tested as plain functions."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from actions.conversation import Conversation
from knowledge import wording
from knowledge.answer import Answer, Outcome
from knowledge.commitments import Commitment
from knowledge.compose import Composer
from knowledge.decide import decide, is_command
from knowledge.encoder import Vectors
from knowledge.finder import Finder, Finding
from knowledge.listing import LINES, Subjects, items_of
from knowledge.normalise import Understood
from knowledge.signals import search_text
from knowledge.training_data import TOPIC_OF_INTENT

_POINTING = re.compile(
    r"^(?:那么?|还有|至于|然后|再问一下|另外)|(?:呢|怎么样|咋样|有没有|也有吗?|也是吗?)$|[，。！？,.!?\s]"
)
_POINTING_TURN = re.compile(r"(?:那|还有|至于).{0,12}$|.{0,8}呢[?？，]?$|.{0,8}也有吗")
_PAST = re.compile(r"原来|以前|之前|过去|本来|2020|十三五|起初|基数")
CHAT_FROM = 0.5  # NLU's probability from which small talk is believed
STANDALONE_FROM = 0.6  # answerable probability from which a "follow-up" is taken as a question of its own
_INTENT_OF = {topic: intent for intent, topic in TOPIC_OF_INTENT.items()}
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone


@dataclass(frozen=True)
class Turn:
    """What a channel and NLU hand over. `intents` is the whole ranking; `vector` and `understood` may be missing."""

    text: str
    intents: Mapping[str, float]
    understood: Understood | None = None
    vector: Vectors | None = None


@dataclass(frozen=True)
class Reply:
    """The answer, the context after it, and a request to record, if any."""

    answer: Answer
    conversation: Conversation
    handoff: dict[str, Any] | None = None


class Responder:
    """Decides and composes. Stateless: the context comes in and goes out with each turn."""

    def __init__(
        self,
        finder: Finder,
        composer: Composer,
        subjects: Subjects,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._finder = finder
        self._subjects = subjects
        self._composer = composer
        self._now = now

    def answer(self, turn: Turn, before: Conversation) -> Reply:
        """A question of its own, or one that only makes sense after the last."""
        finding = self._find(turn)
        if _POINTING_TURN.match(finding.understood.text):
            alone = self._finder.find(_named_in(finding.understood.text))
            if alone.answerable >= STANDALONE_FROM and _names(alone):
                finding = alone
            elif before.commitment_id in self._finder.by_id and finding.answerable < STANDALONE_FROM:
                return self.follow_up(turn, before)
        return self._with_urgent_line(turn, self._reply(turn, finding, before, same=False))

    def follow_up(self, turn: Turn, before: Conversation, intent: str = "follow_up") -> Reply:
        """Source, more, when, how many, or another object for the same question."""
        finding = self._find(turn)
        commitment = self._finder.by_id.get(before.commitment_id)
        if is_command(turn.text):
            return self._reply(turn, finding, before, same=False)
        names_something = bool(finding.candidates) and finding.candidates[0].signals["term_named"] >= 3
        if commitment is None or (names_something and finding.answerable >= STANDALONE_FROM and intent != "follow_up"):
            if names_something or finding.answerable >= STANDALONE_FROM:
                return self._reply(turn, finding, before, same=False)
            return Reply(self._composer.clarify_bare(wording.NO_CONTEXT), before.after_clarification())
        if intent == "ask_source":
            return self._again(commitment, turn, before)
        if intent == "ask_more":
            return self._more(commitment, turn, before)
        if intent == "ask_when":
            return self._when(commitment, turn, before)
        if intent == "ask_how_many":
            return self._how_many(commitment, turn, before)
        return self._another_object(turn, commitment, before)

    def chat(self, turn: Turn, before: Conversation, kind: str) -> Reply:
        """Small talk, unless a question hides in it: 「谢谢，那公租房呢」."""
        finding = self._find(turn)
        if turn.intents.get(kind, 0.0) < CHAT_FROM or _is_question(finding) or is_command(turn.text):
            return self._with_urgent_line(turn, self._reply(turn, finding, before, same=False))
        return self._with_urgent_line(turn, Reply(self._composer.chat(kind), before.after_other()))

    def handoff(self, turn: Turn, before: Conversation, kind: str) -> Reply:
        """Register a request for a person, or a complaint, under a reference number."""
        finding = self._find(turn)
        if _is_question(finding) or is_command(turn.text):
            return self._reply(turn, finding, before, same=False)
        reference = f"QP{self._now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
        template = wording.COMPLAINT if kind == "complaint" else wording.HANDOFF
        headline = template.format(reference=reference)
        request = {"reference": reference, "kind": kind, "text": turn.text, "about": before.commitment_id}
        answer = Answer(headline, Outcome.HANDOFF, headline)
        return self._with_urgent_line(turn, Reply(answer, before.after_other(), request))

    def _find(self, turn: Turn) -> Finding:
        return self._finder.find(
            turn.text, intents=turn.intents or None, vector=turn.vector, understood=turn.understood
        )

    def _reply(self, turn: Turn, finding: Finding, before: Conversation, *, same: bool) -> Reply:
        listed = self._listed(finding, before)
        if listed:
            return listed
        decision = decide(finding, may_clarify=not before.clarified)
        if decision.outcome is Outcome.CLARIFY:
            return Reply(self._composer.clarify(decision.readings), before.after_clarification())
        if decision.outcome is Outcome.ANSWERED:
            answer = self._composer.answered(finding, today_year=self._now().year)
            first = finding.candidates[0].commitment
            return Reply(answer, before.about(first.id, first.topic, finding.understood.text, same=same))
        if decision.outcome is Outcome.NOT_IN_PLAN:
            return Reply(self._composer.not_in_plan(finding), before.after_other())
        return Reply(self._composer.out_of_scope(), before.after_other())

    def _listed(self, finding: Finding, before: Conversation) -> Reply | None:
        """The first part of a list, if one is asked for."""
        subject = self._subjects.asked_for(finding.question)
        items = items_of(subject, self._finder.stored.commitments) if subject else []
        if not subject or not items:
            return None
        return self._list_part(subject.name, items, before, finding.question.text)

    def _list_part(self, subject: str, items: Sequence[Commitment], before: Conversation, question: str) -> Reply:
        part, rest = items[:LINES], items[LINES:]
        answer = self._composer.listed(subject, part, len(rest), today_year=self._now().year)
        after = before.listing(subject, part[0].id, part[0].topic, question, [c.id for c in rest])
        return Reply(answer, after)

    def _again(self, commitment: Commitment, turn: Turn, before: Conversation) -> Reply:
        answer = self._composer.passage(commitment, question=before.question, today_year=self._now().year)
        return Reply(answer, before.about(commitment.id, commitment.topic, before.question, same=True))

    def _more(self, commitment: Commitment, turn: Turn, before: Conversation) -> Reply:
        items = [self._finder.by_id[i] for i in before.listed if i in self._finder.by_id]
        if items:
            return self._list_part(before.subject, items, before, before.question)
        rest = self._composer.next_after(commitment, before.shown)
        if not rest:
            return Reply(self._composer.silent_on(wording.NO_MORE, commitment), before.after_other())
        answer = self._composer.passage(rest[0], today_year=self._now().year)
        return Reply(answer, before.about(rest[0].id, rest[0].topic, before.question, same=True))

    def _when(self, commitment: Commitment, turn: Turn, before: Conversation) -> Reply:
        if re.search(r"20\d\d\s*年|“十四五”期间", commitment.quote):
            return self._again(commitment, turn, before)
        return Reply(self._composer.silent_on(wording.NO_DATE, commitment), before.after_other())

    def _how_many(self, commitment: Commitment, turn: Turn, before: Conversation) -> Reply:
        if _PAST.search(turn.text):
            if commitment.baselines:
                return self._again(self._finder.by_id[commitment.baselines[0][1]], turn, before)
            return Reply(self._composer.silent_on(wording.NO_BASELINE, commitment), before.after_other())
        if commitment.figures:
            return self._again(commitment, turn, before)
        return Reply(self._composer.silent_on(wording.NO_NUMBER, commitment), before.after_other())

    def _another_object(self, turn: Turn, commitment: Commitment, before: Conversation) -> Reply:
        """「那认知障碍的呢」: what the new words name by themselves, or beside the old subject; else the old subject."""
        rest = _named_in(turn.understood.text if turn.understood else turn.text)
        if not rest:
            return Reply(self._composer.clarify_bare(wording.NO_CONTEXT), before.after_clarification())
        alone = self._finder.find(rest)
        if alone.answerable >= STANDALONE_FROM and _names(alone):
            return self._reply(turn, alone, before.after_other(), same=True)
        joined = self._finder.find(f"{commitment.title}{rest}", intents={_INTENT_OF.get(commitment.topic, ""): 0.9})
        words = [word for word in self._finder.normalizer.vocabulary.cut(rest) if len(word) > 1]
        others = tuple(c for c in joined.candidates if _mentions(c.commitment, words, but_not=commitment))
        if others:
            return self._reply(turn, replace(joined, candidates=others), before.after_other(), same=True)
        if decide(joined, may_clarify=False).outcome is Outcome.ANSWERED:
            return self._again(commitment, turn, before)
        return self._reply(turn, joined, before.after_other(), same=True)

    def _with_urgent_line(self, turn: Turn, reply: Reply) -> Reply:
        """Danger comes first: the right number, before anything else."""
        for pattern, line in wording.URGENT:
            if re.search(pattern, turn.text):
                answer = replace(
                    reply.answer, text=f"{line}\n{reply.answer.text}", notice=_joined(line, reply.answer.notice)
                )
                return replace(reply, answer=answer)
        return reply


def _is_question(finding: Finding) -> bool:
    """Whether a turn that NLU holds for something else asks for a thing that the plan names."""
    named = bool(finding.candidates) and finding.candidates[0].signals["term_named"] >= 3
    return named and finding.answerable >= STANDALONE_FROM


def _named_in(text: str) -> str:
    """What is left of 「那认知障碍的呢」 without the words that only point: 「认知障碍」."""
    return _POINTING.sub("", text).removesuffix("的")


def _names(finding: Finding) -> bool:
    return bool(finding.candidates) and finding.candidates[0].signals["term_named"] >= 2


def _mentions(commitment: Commitment, words: Sequence[str], *, but_not: Commitment) -> bool:
    """Whether a commitment is about something of `words` that another one is not about."""
    own, its = search_text(commitment), search_text(but_not)
    return any(word in own and word not in its for word in words)


def _joined(line: str, notice: str | None) -> str:
    return f"{line}{notice}" if notice else line


def unpack_vector(packed: str) -> Vectors:
    """The inverse of `bot.nlu.sentence_vectors.pack_vector`: `(384,) float32`, unit length."""
    vector = np.frombuffer(base64.b64decode(packed), dtype="<f2").astype(np.float32)
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
