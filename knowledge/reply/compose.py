"""From a finding to the reply. Every sentence about the plan is cut out of it; the rest is `wording.py`."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime

from knowledge.catalogue.commitments import Commitment
from knowledge.language.languages import CHINESE
from knowledge.language.question import Question
from knowledge.published.corrections import CorrectionSource, Fixed
from knowledge.published.progress import ProgressSource
from knowledge.reply import wording
from knowledge.reply.answer import MAX_CITATIONS, Answer, Citation, Fact, Outcome, Related
from knowledge.reply.arithmetic import Calculation
from knowledge.reply.decide import MIN_OFFERED, OUTCOME_KNOWN
from knowledge.reply.echo import may_come_back
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.glossary import DefinedTerm, ExplainedTerm, Glossary
from knowledge.reply.headline import headline_for
from knowledge.reply.lines import Lines, numbered
from knowledge.reply.offering import RELATED, NextQuestions, payload_of, question_of, shortened
from knowledge.reply.parts import also_shown, fact, targets_of, topic_of_question
from knowledge.reply.place_lines import only_the_place, place_in_list, speaks_of_place
from knowledge.reply.sentence import BotSentence, day_words, said
from knowledge.search.finding import Finding
from knowledge.shelf.record import document_of
from settings.bot import REQUEST_REPLY_DAYS
from wire.reply_day import reply_day

SUGGESTED_FROM = 0.5  # probability that the plan answers what is told, from which questions are suggested
MAX_CHOICES = 4


class Composer:
    """Writes replies about one document. `today_year` decides whether the plan's period has ended.

    `gazetteer` knows the places that a passage may be asked of. `starting` are questions for whoever has
    none yet.
    """

    def __init__(
        self,
        short_title: str,
        period: tuple[int, int] | None,
        reader_url: str,
        commitments: Sequence[Commitment],
        progress: ProgressSource | None = None,
        corrections: CorrectionSource | None = None,
        gazetteer: Gazetteer | None = None,
        glossary: Glossary | None = None,
        starting: Sequence[str] = (),
    ) -> None:
        self._glossary = (glossary or Glossary()).with_definitions(commitments)
        self._lines = Lines(short_title, period, progress, gazetteer or Gazetteer())
        self._reader_url = reader_url
        self._targets = targets_of(commitments)
        self._corrections = corrections or Fixed()
        self._offers = NextQuestions(commitments, self._corrections, self._glossary, starting)

    def speaking(self, language: str = CHINESE, noticed: bool = False) -> Composer:
        """The same, whose own sentences are in `language`; the plan's words are not translated.

        `noticed`: whoever reads was told before that the plan's period is over, and is told in short from then on.
        """
        other = copy(self)
        other._lines = self._lines.speaking(language, noticed)
        return other

    @property
    def published_state(self) -> tuple[object, ...]:
        """The progress that staff have published: as long as it is the same object, equal findings get equal answers."""
        source = self._lines.progress_source
        return (source.current(),) if source else ()

    def tells_of_period(self, answer: Answer) -> bool:
        """Whether an answer says in full that the plan's period is over."""
        return bool(answer.notice) and self._lines.period_over() in str(answer.notice)

    def term_asked(self, text: str) -> ExplainedTerm | DefinedTerm | None:
        """The word of the plan of which a normalised question asks the meaning and nothing else."""
        return self._glossary.asked_outright(text)

    def target_of(self, commitment: Commitment) -> Commitment | None:
        """The target that a figure of then is linked to, if it is one."""
        return self._targets.get(commitment.id, (None, 0))[0]

    @property
    def period(self) -> tuple[int, int] | None:
        """The first and the last year of the plan, if it has them."""
        return self._lines.period

    @property
    def last_year(self) -> int | None:
        """The last of the plan's period, if it has one."""
        return self._lines.period[1] if self._lines.period else None

    @property
    def language(self) -> str:
        """Of its own sentences: `CHINESE` unless told otherwise."""
        return self._lines.language

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that it knows."""
        return self._lines.gazetteer

    def say(self, sentence: BotSentence, **fields: object) -> str:
        """A sentence of `wording.py` in its language."""
        return self._lines.say(sentence, **fields)

    def answered(self, finding: Finding, *, today_year: int) -> Answer:
        """The first candidate's passage, with others beside it where they are nearly as probable."""
        first = finding.candidates[0]
        others = also_shown(finding.candidates)
        asked = finding.question
        answer = self.passage(first.commitment, question=asked.text, asked=asked, beside=others, today_year=today_year)
        unexplained = self._lines.unexplained(self._glossary.unexplained_in(asked, first.commitment))
        thing = "" if finding.known_as in OUTCOME_KNOWN else only_the_place(self._lines, asked, first.commitment)
        lines = [*self._lines.opening(finding, first.commitment), unexplained, thing]
        comparison = self._lines.comparison(first.commitment) if "comparison" in finding.question.asks else ""
        text = "\n".join(filter(None, [*lines, comparison, answer.text]))
        related = self._offers.after(finding, (first.commitment, *others))
        return replace(
            answer,
            text=text + self._lines.also_ask(related),
            topic=topic_of_question(finding, first.commitment),
            citations=answer.citations + tuple(self._citation(c) for c in others),
            related=related,
        )

    def passage(
        self,
        commitment: Commitment,
        *,
        question: str = "",
        asked: Question | None = None,
        beside: Sequence[Commitment] = (),
        today_year: int,
    ) -> Answer:
        """One commitment as an answer. What is `asked` for and stands neither in it nor in what is shown `beside` it is said so."""
        commitment = self._as_staff_say(commitment)
        headline = headline_for(commitment, question)
        citation = self._citation(commitment)
        progress = self._lines.progress(commitment)
        notice = self._lines.notice(commitment, today_year)
        done = self._lines.whether_done(asked, commitment) if asked else ""
        lines = [
            done,
            self._lines.of_now(asked, commitment) if asked else "",
            *self._lines.terms(self._glossary.asked_in(asked, commitment) if asked else ()),
            *self._lines.plan_says(commitment, headline, as_aim=bool(done)),
            self._lines.years(commitment, headline),
            *self._lines.baselines(commitment, headline),
            self._lines.target_beside(*self._target_of(commitment, asked)),
            progress,
            self._lines.unsaid(asked, (commitment, *beside)) if asked else "",
            self._lines.lead(commitment),
            self._lines.source(citation),
            notice,
        ]
        return Answer(
            text="\n".join(filter(None, lines)),
            outcome=Outcome.ANSWERED,
            headline=self._lines.shown(commitment, headline, as_aim=bool(done)),
            topic=commitment.topic,
            facts=tuple(fact(commitment, i, f) for i, f in enumerate(commitment.figures)),
            citations=(citation,),
            notice="\n".join(filter(None, [progress, notice])) or None,
            language=self.language,
            plain=commitment.plain or None,
        )

    def _as_staff_say(self, commitment: Commitment) -> Commitment:
        """With the line in plain words that staff have published since the release was built, if they have."""
        plain = self._corrections.current().plain.get(commitment.id)
        return commitment if plain is None else replace(commitment, plain=plain)

    def _target_of(self, commitment: Commitment, asked: Question | None) -> tuple[Commitment | None, int]:
        """The target, and which of its figures, that a figure of then is linked to; None where a year was asked for."""
        years = asked.years if asked else ()
        return self._targets.get(commitment.id, (None, 0)) if not years else (None, 0)

    def several(self, parts: Sequence[tuple[str, Finding, bool]], *, today_year: int) -> Answer:
        """Each question with its passage, or, where the flag is false, that the plan does not say it; one passage at least."""
        answers, lines, ends = [], [self.say(wording.SEVERAL, count=len(parts))], dict[str, None]()
        for number, (question, finding, is_answered) in enumerate(parts, start=1):
            if is_answered:
                first = finding.candidates[0].commitment
                answers.append(self.passage(first, question=question, asked=finding.question, today_year=today_year))
                end = self._lines.notice(first, today_year)
                told = answers[-1].text.removesuffix(f"\n{end}")
                ends |= {end: None} if end else {}
            else:
                told = self._lines.silence(finding)
            part = wording.PART if may_come_back(question) else wording.PART_UNNAMED
            lines.append(self.say(part, number=number, question=question, said=told))
        notices = dict.fromkeys(line for answer in answers for line in (answer.notice or "").splitlines())
        return replace(
            answers[0],
            text="\n".join([*lines, *ends]),
            headline="；".join(answer.headline for answer in answers),
            facts=tuple(each for answer in answers for each in answer.facts),
            citations=tuple(citation for answer in answers for citation in answer.citations)[:MAX_CITATIONS],
            notice="\n".join(notices) or None,
            plain="\n".join(filter(None, (answer.plain for answer in answers))) or None,
        )

    def calculated(self, commitments: Sequence[Commitment], found: Calculation, *, today_year: int) -> Answer:
        """A sum or a difference of numbers, the terms one by one; `commitments` are the passages of `found.figures`."""
        template = wording.DIFFERENCE if found.is_difference else wording.SUM
        opening = self.say(template, count=len(commitments), formula=found.formula)
        citations = tuple(self._citation(commitment) for commitment in commitments)
        terms = [self._lines.term(at, f, c.page) for at, (f, c) in enumerate(zip(found.figures, citations), start=1)]
        quotes = [self.say(wording.QUOTE, quote=citation.quote) for citation in citations]
        notice = next(filter(None, (self._lines.notice(c, today_year) for c in commitments)), None)
        lines = [opening, *(line for pair in zip(terms, quotes) for line in pair), notice]
        return Answer(
            text="\n".join(filter(None, lines)),
            outcome=Outcome.ANSWERED,
            headline=found.formula,
            topic=commitments[0].topic,
            facts=tuple(Fact(f.label, f.value, f.unit, f.year, f.qualifier, None) for f in found.figures),
            citations=citations[:MAX_CITATIONS],
            notice=notice,
            language=self.language,
        )

    def of_place_first(self, items: Sequence[Commitment], asked: Question) -> list[Commitment]:
        """Items of a list, those before the others that speak of a place that is asked for."""
        return sorted(items, key=lambda item: not speaks_of_place(asked, item, self.gazetteer))

    def listed(
        self, subject: str, part: Sequence[Commitment], rest: int, *, today_year: int, asked: Question | None = None
    ) -> Answer:
        """A part of a list, grouped by where it stands in the plan; `rest` items are still to come.

        Of a place that is `asked` for it is said which items speak of it, or that none does.
        """
        headline = self.say(wording.LIST_TITLE, subject=subject)
        of_place = place_in_list(self._lines, asked, part) if asked else ""
        lines, place = [*filter(None, [of_place]), headline], ""
        for number, commitment in enumerate(part, start=1):
            citation = self._citation(commitment)
            here = self._lines.place(citation)
            if here != place:
                place = here
                lines.append(self.say(wording.LIST_PLACE, place=here))
            text = self._lines.item(commitment)
            lines.append(self.say(wording.LIST_ITEM, number=number, headline=text, page=citation.page))
        lines.append(self.say(wording.LIST_MORE, count=rest) if rest else self.say(wording.LIST_END))
        notice = next(filter(None, (self._lines.notice(c, today_year) for c in part)), None)
        cited: dict[str, Commitment] = {}
        for commitment in part:
            cited.setdefault(commitment.quote, commitment)
        return Answer(
            text="\n".join(filter(None, [*lines, notice])),
            outcome=Outcome.ANSWERED,
            headline=headline,
            topic=part[0].topic,
            facts=tuple(fact(c, i, f) for c in part for i, f in enumerate(c.figures[:1])),
            citations=tuple(self._citation(c) for c in list(cited.values())[:MAX_CITATIONS]),
            related=tuple(self._offers.of(c) for c in part[:RELATED]),
            notice=notice,
            language=self.language,
        )

    def not_in_plan(self, finding: Finding, besides: str = "") -> Answer:
        """The plan is silent; what stands close to it is offered, not claimed. `besides`: what is asked of it now."""
        headline = self._lines.silence(finding, besides)
        related = self._offers.beside_silence(finding, MIN_OFFERED)
        topics = finding.topics
        topic = max(topics, key=lambda name: topics[name]) if topics else None
        pointer = self._lines.pointer(finding.pointer) if finding.pointer else ""
        nearby = self.say(wording.NEARBY) + numbered(related) if related else ""
        text = "\n".join(filter(None, [headline, pointer, nearby]))
        return self._answer(text, Outcome.NOT_IN_PLAN, headline, related, topic, pointer or None)

    def names_a_reason(self, refused: Finding) -> bool:
        """Whether a refusal names something else than a place that the plan does not say: a price, an own case …"""
        return self._lines.names_a_reason(refused)

    def out_of_scope(self, text: str | None = None) -> Answer:
        """Not about public services here."""
        headline = text or self.say(wording.OUT_OF_SCOPE)
        related = self.starting_points()
        return self._answer(headline + self._lines.also_ask(related), Outcome.OUT_OF_SCOPE, headline, related)

    def listening(self, finding: Finding, *, registers: bool = False) -> Answer:
        """To what is told and not asked: the resident goes on; what it may lead to can be asked at a touch.

        `registers`: it may be a complaint, which can be left with the staff at a touch too.
        """
        headline = self.say(wording.LISTENING)
        related = self._offers.found(finding, ()) if finding.answerable >= SUGGESTED_FROM else ()
        if registers:
            related = (*related, Related(self.say(wording.REGISTER_CHOICE), wording.REGISTER_PAYLOAD))
        return self._answer(headline + self._lines.also_ask(related), Outcome.CHAT, headline, related)

    def registered(self, kind: str, reference: str, at: datetime) -> Answer:
        """What waits for staff since `at`, as `complaint`, `suggestion` or a wish for a person, its number, and by when."""
        sentences = {"complaint": wording.COMPLAINT, "suggestion": wording.SUGGESTION}
        told = self.say(sentences.get(kind, wording.HANDOFF), reference=reference)
        day = reply_day(at)
        if day is None:
            after = self.say(wording.REGISTERED_UNDATED)
        else:
            days = REQUEST_REPLY_DAYS.read()
            after = self.say(wording.REGISTERED_REPLY, days=days, day=day_words(day, self.language))
        return Answer(f"{told}\n{after}", Outcome.HANDOFF, told, language=self.language)

    def registered_before(self, reference: str) -> Answer:
        """What waits already, and its number."""
        return said(wording.REGISTERED_BEFORE, Outcome.HANDOFF, self.language, reference=reference)

    def clarify(
        self,
        readings: Sequence[Commitment],
        asked: BotSentence = wording.CLARIFY,
        all_of: str = "",
        question: Question | None = None,
    ) -> Answer:
        """Readings as choices, at most four; `all_of` names a subject whose whole list is a choice as well.

        What the `question` asks for and none of them holds is said before.
        """
        related = tuple(self._offers.of(c) for c in readings)
        if all_of:
            payload = wording.LIST_PAYLOAD.format(subject=all_of)
            related = (*related[: MAX_CHOICES - 1], Related(self.say(wording.LIST_CHOICE, subject=all_of), payload))
        topics = {c.topic for c in readings}
        unsaid = self._lines.unsaid_in_choices(question, readings[:MAX_CHOICES]) if question else ""
        return self._asked_back(asked, related, topics.pop() if len(topics) == 1 else None, unsaid)

    def offer(self, readings: Sequence[Commitment], question: Question) -> Answer:
        """Two or three places of the plan to choose from, each as a resident asks for it, and that it is none of them.

        What has no question to be shown is offered in the plan's words. What is asked for and none of them holds is said
        before.
        """
        titles = [question_of(c) or shortened(self._lines.shown(c, headline_for(c, question.text))) for c in readings]
        choices = [Related(title, payload_of(c)) for title, c in zip(titles, readings)]
        none = Related(self.say(wording.NONE_OF_THESE), wording.NONE_PAYLOAD)
        unsaid = self._lines.unsaid_in_choices(question, readings)
        return self._asked_back(wording.OFFER, (*choices, none), unsaid=unsaid)

    def clarify_bare(self, asked: BotSentence) -> Answer:
        """A clarification without a reading to go by: the four topics are offered."""
        return self._asked_back(asked, self.starting_points())

    def _asked_back(
        self, asked: BotSentence, related: tuple[Related, ...], topic: str | None = None, unsaid: str = ""
    ) -> Answer:
        headline = self.say(asked)
        text = "\n".join(filter(None, [unsaid, headline]))
        return self._answer(text + numbered(related), Outcome.CLARIFY, headline, related, topic)

    def chat(self, kind: str) -> Answer:
        """Greeting, thanks, goodbye, help, who are you."""
        headline = self.say(wording.CHAT[kind])
        related = () if kind in ("goodbye",) else self.starting_points()
        return self._answer(headline + self._lines.also_ask(related), Outcome.CHAT, headline, related)

    def explaining(self, answer: Answer, commitment: Commitment) -> Answer:
        """A passage whose line in plain words comes first, or which says that it has none."""
        plain = self._lines.plain(self._as_staff_say(commitment))
        told = [*filter(None, [plain]), *self._lines.terms(self._glossary.in_sentence(commitment))]
        opening = [self.say(wording.IN_PLAIN_WORDS), *told] if told else [self.say(wording.NOTHING_PLAINER)]
        rest = [line for line in answer.text.split("\n") if line not in told]
        return replace(answer, text="\n".join([*opening, *rest]))

    def repeating(self, answer: Answer) -> Answer:
        """A passage, opened by a line that says that it was said before."""
        return replace(answer, text=f"{self.say(wording.REPEATED)}\n{answer.text}")

    def saying_again(self, said: str, outcome: str, offered: Sequence[str], opening: BotSentence) -> Answer:
        """A reply that quoted nothing, under a line that says it in short or that it was said before, with its choices."""
        titles = {wording.NONE_PAYLOAD: wording.NONE_OF_THESE, wording.REGISTER_PAYLOAD: wording.REGISTER_CHOICE}
        related = tuple(Related(self.say(titles[p]) if p in titles else p, p) for p in offered)
        asks_back = outcome == Outcome.CLARIFY
        told = [self.say(opening)] if asks_back and opening is not wording.REPEATED else [self.say(opening), said]
        choices = numbered(related) if asks_back else self._lines.also_ask(related)
        return self._answer("\n".join(told) + choices, Outcome.CHAT, said, related)

    def plan_done(self, today_year: int) -> Answer:
        """Whether the plan was carried out: what is known here of that."""
        headline = self._lines.plan_done(self._offers.commitments, today_year)
        return self._answer(headline, Outcome.NOT_IN_PLAN, headline, ())

    def has_progress(self, commitment: Commitment) -> bool:
        """Whether staff recorded what was published of it since."""
        return bool(self._lines.progress(commitment))

    def next_plan(self, asked_of: Finding | None = None, subject: str = "") -> Answer:
        """The plan after this one is not known here; what this one says of the thing, or the whole `subject`, can be asked."""
        headline = self._lines.silence_of_passage(wording.NEXT_PLAN)
        whole = wording.LIST_PAYLOAD.format(subject=subject)
        related = (Related(self.say(wording.LIST_CHOICE, subject=subject), whole),) if subject else ()
        if asked_of:
            related = (*related, *self._offers.beside_silence(asked_of, MIN_OFFERED))[:RELATED]
        leads = f"\n{self._lines.silence_of_passage(wording.THIS_PLAN_SAID)}{numbered(related)}" if related else ""
        return self._answer(headline + leads, Outcome.NOT_IN_PLAN, headline, related)

    def silent_on(
        self, template: BotSentence, commitment: Commitment, asked: Question | None = None, what: str = ""
    ) -> Answer:
        """The passage in hand does not say what the follow-up asks for: `what` of `wording.UNSAID`, if that is known."""
        headline = (
            self._lines.does_not_say(what) if what else self._lines.silence_of_passage(template, asked, commitment)
        )
        related = self._offers.neighbours(commitment, ())
        text = headline + self._lines.also_ask(related)
        return self._answer(text, Outcome.NOT_IN_PLAN, headline, related, commitment.topic)

    def starting_points(self) -> tuple[Related, ...]:
        """One good first question for each of the four topics."""
        return self._offers.starting_points()

    def next_after(self, commitment: Commitment, shown: Sequence[str]) -> list[Commitment]:
        """Commitments of the same topic, those under the same heading first, in the plan's order."""
        return self._offers.next_after(commitment, shown)

    def _answer(
        self,
        text: str,
        outcome: Outcome,
        headline: str,
        related: tuple[Related, ...],
        topic: str | None = None,
        notice: str | None = None,
    ) -> Answer:
        """An answer that quotes nothing."""
        return Answer(text, outcome, headline, topic, related=related, notice=notice, language=self.language)

    def _citation(self, commitment: Commitment) -> Citation:
        passage = commitment.passage
        return Citation(
            commitment_id=commitment.id,
            quote=passage.text,
            chapter=passage.chapter,
            section=passage.section,
            heading=passage.heading,
            page=passage.page,
            document=self._lines.document,
            url=f"{self._reader_url}#{commitment.id}",
            document_id=document_of(commitment.id),
        )
