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
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import INTENT_OF_TOPIC
from knowledge.document.plan_text import squash
from knowledge.encoder.text_encoder import Vectors
from knowledge.language.normalise import Understood
from knowledge.language.past import PAST_OF_A_LEANING_TURN
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.decide import (
    DIALOGUE_FROM,
    OUTCOME_KNOWN,
    STANDALONE_FROM,
    decide,
    is_command,
    is_question,
    names_a_term,
)
from knowledge.reply.listing import LINES, Subjects, items_of, main_points
from knowledge.search.finder import Finder
from knowledge.search.finding import Candidate, Finding
from knowledge.search.signals import search_text

_POINTING = re.compile(
    r"^(?:那么?|还有|至于|然后|再问一下|另外)|(?:呢|怎么样|咋样|有没有|也有吗?|也是吗?)$|[，。！？,.!?\s]"
)
_POINTING_TURN = re.compile(r"(?:那|还有|至于).{0,12}$|.{0,8}呢[?？，]?$|.{0,8}也有吗")
_PLACE = re.compile(
    r"(?:我们|阿拉|本|这个|那个|别的|其他|每个|各)?(?:街道|街镇|镇|(?<!农)村|小区|居委|地方|这里|这边|那边|此地)(?:里|上)?$"
)
_OURS = re.compile(r"^(?:我们|咱们?|我|住在?|在)+(?=.{2})")
_HERE = re.compile(
    r"(?:我们|咱们?|本|这个?|那个?|别的|其他|每个|各)?(?:街道|街镇|镇|村|小区|居委|地方|这里|这边|那边|此地)(?:里|上)?(?:有没有|有)?"
)
_WITHIN = re.compile(r"(?:里面?|上|中|方面)$")
_REVIEW = re.compile(r"(?:现状|成效|成果)$")  # how titles of what the plan says of the past end
_EVERYWHERE = ("街镇", "全区", "各镇", "全覆盖", "城乡")
_SUGGESTION = re.compile(r"建议|提议|提个意见|希望(?:你们|政府|区里|能)|最好能")
_ASPECTS = {"past": "原来有多少", "how_many": "有多少", "what_is": "是什么意思"}  # asked of the next object as well
CHAT_CHARS = 10  # small talk is shorter; more is read as a question, unless the plan is likely silent on it
CLEAR_FROM, CLEAR_CHARS = 0.85, 6  # probability and length from which a turn that leans on the last one needs it not
PLACE_FROM = 0.05  # probability of a passage on the same thing that speaks of all streets and towns
SILENT_FROM = 0.7  # probability of silence from which a follow-up asks for what no plan says
# How much likelier a follow-up means what stands in the same sentence, or under the same heading, as the last answer.
SAME_SENTENCE, SAME_HEADING, NEAR_FROM = 4.0, 1.5, 0.2
WHOLE_QUESTION_CHARS = 8  # without a context, as many characters besides pointing words make a question of its own
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
    """The answer, the context after it, a request to record, if any, and the finding that it rests on, for the log."""

    answer: Answer
    conversation: Conversation
    handoff: dict[str, Any] | None = None
    finding: Finding | None = None


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
        self.knowledge = str(finder.stored.meta.get("fingerprint") or "")  # the version that answers
        self._subjects = subjects
        self._composer = composer
        self._now = now

    @property
    def finder(self) -> Finder:
        """What it finds passages with: for whoever hands over turns without NLU."""
        return self._finder

    def answer(self, turn: Turn, before: Conversation) -> Reply:
        """A question of its own, or one that only makes sense after the last."""
        finding = self._find(turn)
        if _POINTING_TURN.match(finding.understood.text) and finding.known_as not in OUTCOME_KNOWN:
            if before.commitment_id in self._finder.by_id:
                return self._finished(self._followed_up(turn, before, "follow_up", finding), finding)
            alone = self._finder.find(_named_in(finding.understood.text))
            if alone.answerable >= STANDALONE_FROM and _names(alone):
                finding = alone
        return self._finished(self._reply(turn, finding, before, same=False), finding)

    def follow_up(self, turn: Turn, before: Conversation, intent: str = "follow_up") -> Reply:
        """Source, more, when, how many, or another object for the same question."""
        finding = self._find(turn)
        if finding.known_as in OUTCOME_KNOWN:
            return self._finished(self._reply(turn, finding, before, same=False), finding)
        return self._finished(self._followed_up(turn, before, intent, finding), finding)

    def _followed_up(self, turn: Turn, before: Conversation, intent: str, finding: Finding) -> Reply:
        commitment = self._finder.by_id.get(before.commitment_id)
        if is_command(turn.text):
            return self._reply(turn, finding, before, same=False)
        finding = finding.leaning() if commitment else finding
        names_something = names_a_term(finding)
        if commitment is None:
            named = self._finder.find(_named_in(finding.understood.text))
            if named.answerable >= STANDALONE_FROM and _names(named):
                return self._reply(turn, named, before, same=False)
            whole = names_something or finding.answerable >= STANDALONE_FROM
            if whole or len(_named_in(finding.understood.text)) >= WHOLE_QUESTION_CHARS:
                return self._reply(turn, finding, before, same=False)
            return Reply(self._composer.clarify_bare(wording.NO_CONTEXT), before.after_clarification())
        if names_something and finding.answerable >= STANDALONE_FROM and intent != "follow_up":
            return self._reply(turn, finding, before, same=False)
        if self._says_it_all(finding, commitment):
            return self._reply(turn, finding, before, same=True)
        if intent == "ask_source":
            return self._again(commitment, turn, before)
        if intent == "ask_more":
            return self._more(commitment, turn, before)
        if PAST_OF_A_LEANING_TURN.search(finding.understood.text) and not names_something:
            first = finding.candidates[0] if finding.candidates else None
            whole = len(_named_in(finding.understood.text)) >= CLEAR_CHARS
            if first and whole and _is_review(first, commitment):
                return self._shown(finding, before)
            return self._past(commitment, turn, before)
        if intent == "ask_when":
            return self._when(commitment, turn, before)
        if intent == "ask_how_many":
            return self._how_many(commitment, turn, before)
        return self._another_object(turn, commitment, before)

    def _says_it_all(self, finding: Finding, before: Commitment) -> bool:
        """「之前新增了几所」 after another question on schools: it leans on what was said, and is clear by itself."""
        likely = finding.answerable >= CLEAR_FROM and finding.candidates[0].probability >= CLEAR_FROM
        whole = len(_named_in(finding.understood.text)) >= CLEAR_CHARS
        return likely and whole and finding.candidates[0].commitment.topic == before.topic

    def chat(self, turn: Turn, before: Conversation, kind: str) -> Reply:
        """Small talk, unless a question hides in it: 「谢谢，那公租房呢」."""
        finding = self._find(turn)
        likely = turn.intents.get(kind, 0.0) >= DIALOGUE_FROM
        asks = is_question(finding) or (len(finding.question.bare) > CHAT_CHARS and finding.silence < 0.5)
        if (finding.known_as != kind and (not likely or asks)) or is_command(turn.text):
            return self._finished(self._reply(turn, finding, before, same=False), finding)
        return self._finished(Reply(self._composer.chat(kind), before.after_other()), finding)

    def handoff(self, turn: Turn, before: Conversation, kind: str) -> Reply:
        """Register a request for a person, a complaint or a suggestion, under a reference number."""
        finding = self._find(turn)
        if (is_question(finding) and finding.known_as != kind) or is_command(turn.text):
            return self._finished(self._reply(turn, finding, before, same=False), finding)
        reference = f"QP{self._now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
        if kind == "complaint" and _SUGGESTION.search(finding.understood.text):
            kind = "suggestion"
        template = {"complaint": wording.COMPLAINT, "suggestion": wording.SUGGESTION}.get(kind, wording.HANDOFF)
        headline = template.format(reference=reference)
        request = {"reference": reference, "kind": kind, "text": turn.text, "about": before.commitment_id}
        answer = Answer(headline, Outcome.HANDOFF, headline)
        return self._finished(Reply(answer, before.after_other(), request), finding)

    def _find(self, turn: Turn) -> Finding:
        return self._finder.find(
            turn.text, intents=turn.intents or None, vector=turn.vector, understood=turn.understood
        )

    def _leaning(self, text: str, near: Commitment | None = None) -> Finding:
        """What is found for words that lean on an answer, in the topic of that answer where they were joined with it."""
        intents = {INTENT_OF_TOPIC.get(near.topic, ""): 0.9} if near else None
        return self._finder.find(text, intents=intents).leaning()

    def _reply(self, turn: Turn, finding: Finding, before: Conversation, *, same: bool) -> Reply:
        return replace(self._decided(turn, finding, before, same=same), finding=finding)

    def _decided(self, turn: Turn, finding: Finding, before: Conversation, *, same: bool) -> Reply:
        known = finding.known_as in OUTCOME_KNOWN
        listed = None if known else self._listed(finding, before)
        if listed:
            return listed
        broad = None if known or is_command(turn.text) else self._broad(finding, before)
        if broad:
            return broad
        decision = decide(finding, may_clarify=not before.clarified)
        if decision.outcome is Outcome.CLARIFY:
            readings = [candidate.commitment for candidate in decision.readings]
            return Reply(self._composer.clarify(readings), before.after_clarification())
        if decision.outcome is Outcome.ANSWERED:
            answer = self._composer.answered(finding, today_year=self._now().year)
            first = finding.candidates[0].commitment
            return Reply(
                answer, before.about(first.id, first.topic, finding.understood.text, same=same).asking(finding.question)
            )
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

    def _broad(self, finding: Finding, before: Conversation) -> Reply | None:
        """A whole subject and nothing asked of it: its main headings as choices; right after a clarification, its list."""
        subject = self._subjects.named_only(finding.question)
        items = items_of(subject, self._finder.stored.commitments) if subject else []
        if not subject or not items:
            return None
        if before.clarified:
            return self._list_part(subject.name, items, before, finding.question.text)
        answer = self._composer.clarify(main_points(items), all_of=subject.name)
        return Reply(answer, before.after_clarification())

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
        if commitment.figures:
            return self._again(commitment, turn, before)
        return Reply(self._composer.silent_on(wording.NO_NUMBER, commitment), before.after_other())

    def _past(self, commitment: Commitment, turn: Turn, before: Conversation) -> Reply:
        """「原来有多少」: the figure of 2020 linked to it, or the review of the last five years that names the same thing."""
        headline = squash(commitment.headline)
        for position, identifier, _ in commitment.baselines:
            if commitment.kind == "indicator" or commitment.figures[position].printed_value in headline:
                return self._again(self._finder.by_id[identifier], turn, before)
        asked = self._leaning(f"原来{commitment.title}有多少")
        names = {commitment.title, *commitment.terms} - {""}
        for candidate in asked.candidates:
            old = candidate.commitment
            if old.kind == "baseline" and any(name in search_text(old) for name in names):
                answer = self._composer.passage(old, question=asked.question.text, today_year=self._now().year)
                return Reply(answer, before.about(old.id, old.topic, before.question, same=True))
        return Reply(self._composer.silent_on(wording.NO_BASELINE, commitment), before.after_other())

    def _another_object(self, turn: Turn, commitment: Commitment, before: Conversation) -> Reply:
        """「那认知障碍的呢」: what the new words name, by themselves or near the old subject; else the old subject."""
        rest = _named_in(turn.understood.text if turn.understood else turn.text)
        if not rest:
            return Reply(self._composer.clarify_bare(wording.NO_CONTEXT), before.after_clarification())
        rest = _OURS.sub("", rest)
        asked = self._leaning(rest + _ASPECTS.get(before.aspect, ""))
        alone = self._leaning(rest) if before.aspect in _ASPECTS else asked
        beside = _near(alone, commitment)
        if beside and beside[0].commitment.quote == commitment.quote and alone.silence < SILENT_FROM:
            return self._shown(replace(alone, candidates=beside), before.after_other())
        if _is_place(rest, self._finder.stored.meta["places"]) or _HERE.fullmatch(rest):
            return self._at_a_place(turn, alone, commitment, before)
        if before.aspect == "past" and asked.candidates and _names(asked):
            first = asked.candidates[0]
            if first.commitment.kind == "baseline" and first.probability >= STANDALONE_FROM:
                return self._shown(asked, before.after_other())
        whole = len(rest) >= WHOLE_QUESTION_CHARS
        for finding in (asked, alone):
            if finding.answerable >= STANDALONE_FROM and (whole or _names(finding)):
                return self._reply(turn, finding, before.after_other(), same=True)
        if _PLACE.search(rest) or alone.question.places:
            return self._at_a_place(turn, alone, commitment, before)
        if beside and alone.silence < SILENT_FROM:
            return self._shown(replace(alone, candidates=beside), before.after_other())
        joined = self._leaning(f"{commitment.title}{rest}", commitment)
        other = _bearing(_WITHIN.sub("", rest), joined, commitment)
        if other:
            return self._shown(replace(joined, candidates=other), before.after_other())
        if decide(joined, may_clarify=False).outcome is Outcome.ANSWERED:
            return self._again(commitment, turn, before)
        return self._reply(turn, joined, before.after_other(), same=True)

    def _at_a_place(self, turn: Turn, alone: Finding, commitment: Commitment, before: Conversation) -> Reply:
        """「我们街道也有吗」: what the plan says of all streets and towns, or of the one named; else that it does not say."""
        places = alone.question.places or ((before.place,) if before.place else ())
        wanted = (*places, *_EVERYWHERE)
        joined = self._leaning(f"{_REVIEW.sub('', commitment.title)}街镇全覆盖", commitment)
        likely = [c.commitment for c in joined.candidates if c.probability >= PLACE_FROM]
        for found in sorted((commitment, *likely), key=lambda c: c.kind == "baseline"):
            headline = found.headline.replace(" ", "")
            if found.topic == commitment.topic and any(place in headline for place in wanted):
                answer = self._composer.passage(found, today_year=self._now().year)
                return Reply(answer, before.about(found.id, found.topic, before.question, same=True))
        return Reply(self._composer.silent_on(wording.NO_PLACE, commitment), before.after_other())

    def _shown(self, finding: Finding, before: Conversation) -> Reply:
        first = finding.candidates[0].commitment
        answer = self._composer.answered(finding, today_year=self._now().year)
        after = before.about(first.id, first.topic, finding.understood.text, same=True).asking(finding.question)
        return Reply(answer, after, finding=finding)

    @staticmethod
    def _finished(reply: Reply, finding: Finding) -> Reply:
        """With the turn's own finding, if no other decided."""
        return replace(reply, finding=reply.finding or finding)


def _named_in(text: str) -> str:
    """What is left of 「那认知障碍的呢」 without the words that only point: 「认知障碍」."""
    return _POINTING.sub("", text).removesuffix("的")


def _names(finding: Finding) -> bool:
    """Whether one of the best candidates is named; the first may be what the plan says of the same thing in the past."""
    return any(candidate.signals["term_named"] >= 2 for candidate in finding.candidates[:3])


def _is_review(candidate: Candidate, old: Commitment) -> bool:
    """Whether it says how something near the old subject stood, and is likely meant: 「之前新增了几所」."""
    found = candidate.commitment
    return found.kind == "baseline" and found.topic == old.topic and candidate.probability >= STANDALONE_FROM


def _is_place(text: str, places: Mapping[str, Sequence[str]]) -> bool:
    return any(text in (name, *aliases) for name, aliases in places.items())


def _bearing(name: str, finding: Finding, old: Commitment) -> tuple[Candidate, ...]:
    """The candidates of the old subject's topic that bear a name, without the old subject itself."""
    return tuple(
        candidate
        for candidate in finding.candidates
        if name in search_text(candidate.commitment)
        and candidate.commitment.topic == old.topic
        and candidate.commitment.quote != old.quote
    )


def _near(finding: Finding, old: Commitment) -> tuple[Candidate, ...]:
    """The candidates but the old subject, what stands near it in the plan first; () if none is likely."""
    scored = []
    for candidate in finding.candidates:
        its = candidate.commitment
        if its.id == old.id or its.topic != old.topic:
            continue
        same_heading = (its.passage.section, its.passage.heading) == (old.passage.section, old.passage.heading)
        bonus = SAME_SENTENCE if its.quote == old.quote else SAME_HEADING if same_heading else 1.0
        scored.append((candidate.probability * bonus, candidate))
    scored.sort(key=lambda pair: -pair[0])
    return tuple(c for _, c in scored) if scored and scored[0][0] >= NEAR_FROM else ()


def unpack_vector(packed: str) -> Vectors:
    """The inverse of `bot.nlu.sentence_vectors.pack_vector`: `(384,) float32`, unit length."""
    vector = np.frombuffer(base64.b64decode(packed), dtype="<f2").astype(np.float32)
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
