"""From a finding to the reply. Every sentence about the plan is cut out of it; the rest is `wording.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import OTHER
from knowledge.document.figures import Figure, format_value
from knowledge.document.plan_text import squash, tidy
from knowledge.language.question import years_in
from knowledge.published.corrections import CorrectionSource, Fixed, Pointer
from knowledge.published.progress import ProgressSource
from knowledge.reply import wording
from knowledge.reply.answer import MAX_CITATIONS, Answer, Baseline, Citation, Fact, Outcome, Related
from knowledge.reply.headline import headline_for
from knowledge.reply.offering import first_of_topics, payload_of
from knowledge.search.finding import OTHER_DISTRICT, Candidate, Finding

SECOND_CITATION_FROM = 0.15  # probability from which another passage is shown too
TOPIC_FROM = 0.8  # NLU's share among the topics; on evaluation/dev.yml topics right went from 95.5 to 96.4 %
RELATED = 3
MAX_CHOICES = 4
CHOICE_CHARS = 48  # of a choice: two lines on a telephone


class Composer:
    """Writes replies about one document. `today_year` decides whether the plan's period has ended."""

    def __init__(
        self,
        short_title: str,
        period: tuple[int, int] | None,
        reader_url: str,
        commitments: Sequence[Commitment],
        progress: ProgressSource | None = None,
        corrections: CorrectionSource | None = None,
    ) -> None:
        self._corrections = corrections or Fixed()
        self._progress = progress
        self._document = short_title
        self._period = period
        self._reader_url = reader_url
        self._commitments = tuple(commitments)
        self._by_id = {c.id: c for c in commitments}

    def answered(self, finding: Finding, *, today_year: int) -> Answer:
        """The first candidate's passage, with others beside it where they are nearly as probable."""
        first = finding.candidates[0]
        others = self._also_shown(finding.candidates)
        answer = self.passage(first.commitment, question=finding.question.text, today_year=today_year)
        lines = self._opening_lines(finding, first.commitment)
        comparison = self._comparison(first.commitment) if "comparison" in finding.question.asks else ""
        text = "\n".join(filter(None, [*lines, comparison, answer.text]))
        related = self._related(finding, (first.commitment, *others))
        return replace(
            answer,
            text=text + self._also_ask(related),
            topic=_topic_of_question(finding, first.commitment),
            citations=answer.citations + tuple(self._citation(c) for c in others),
            related=related,
        )

    def passage(self, commitment: Commitment, *, question: str = "", today_year: int) -> Answer:
        """One commitment as an answer, nothing beside it."""
        headline = headline_for(commitment, question)
        citation = self._citation(commitment)
        notice = self._notice(commitment, today_year)
        facts = tuple(self._fact(commitment, i, f) for i, f in enumerate(commitment.figures))
        baseline_lines = [
            wording.BASELINE_LINE.format(year=old.year, label=old.label, value=format_value(old.value), unit=old.unit)
            for position, _, old in commitment.baselines
            if format_value(commitment.figures[position].value) in squash(headline) or commitment.kind == "indicator"
        ]
        quote = "" if squash(headline) == squash(citation.quote).rstrip("。") else f"原文：“{tidy(citation.quote)}”"
        plain = self._indicator_line(commitment)
        progress = self._progress_line(commitment)
        text = "\n".join(
            filter(
                None,
                [
                    plain or f"{headline}。",
                    quote or (plain and f"原文：“{headline}”"),
                    *baseline_lines,
                    progress,
                    self._source_line(citation),
                    notice,
                ],
            )
        )
        return Answer(
            text=text,
            outcome=Outcome.ANSWERED,
            headline=headline,
            topic=commitment.topic,
            facts=facts,
            citations=(citation,),
            notice="\n".join(filter(None, [progress, notice])) or None,
        )

    def several(self, parts: Sequence[tuple[str, Finding, bool]], *, today_year: int) -> Answer:
        """Each question with its passage, or, where the flag is false, that the plan does not say it; one passage at least."""
        answers, lines, ends = [], [wording.SEVERAL.format(count=len(parts))], dict[str, None]()
        for number, (question, finding, is_answered) in enumerate(parts, start=1):
            if is_answered:
                first = finding.candidates[0].commitment
                answers.append(self.passage(first, question=question, today_year=today_year))
                end = self._notice(first, today_year)
                said = answers[-1].text.removesuffix(f"\n{end}")
                ends |= {end: None} if end else {}
            else:
                said = self._silence(finding)
            lines.append(wording.PART.format(number=number, question=question, said=said))
        notices = dict.fromkeys(line for answer in answers for line in (answer.notice or "").splitlines())
        return replace(
            answers[0],
            text="\n".join([*lines, *ends]),
            headline="；".join(answer.headline for answer in answers),
            facts=tuple(fact for answer in answers for fact in answer.facts),
            citations=tuple(citation for answer in answers for citation in answer.citations)[:MAX_CITATIONS],
            notice="\n".join(notices) or None,
        )

    def _silence(self, finding: Finding) -> str:
        """That the plan does not say it, or that another district's is not this one."""
        if finding.aspect == OTHER_DISTRICT:
            return wording.OTHER_DISTRICT.format(document=self._document)
        template = wording.NOT_IN_PLAN_ASPECT if finding.aspect else wording.NOT_IN_PLAN
        aspect = wording.ASPECTS.get(finding.aspect, "")
        return template.format(document=self._document, aspect=aspect, hotlines=wording.HOTLINES)

    def listed(self, subject: str, part: Sequence[Commitment], rest: int, *, today_year: int) -> Answer:
        """A part of a list, grouped by where it stands in the plan; `rest` items are still to come."""
        headline = wording.LIST_TITLE.format(document=self._document, subject=subject)
        lines, place = [headline], ""
        for number, commitment in enumerate(part, start=1):
            citation = self._citation(commitment)
            here = citation.chapter + citation.section + citation.heading
            if here != place:
                place = here
                lines.append(wording.LIST_PLACE.format(place=here))
            text = self._indicator_line(commitment).rstrip("。") or headline_for(commitment, "")
            lines.append(wording.LIST_ITEM.format(number=number, headline=text, page=citation.page))
        lines.append(wording.LIST_MORE.format(count=rest) if rest else wording.LIST_END)
        notice = next(filter(None, (self._notice(c, today_year) for c in part)), None)
        cited: dict[str, Commitment] = {}
        for commitment in part:
            cited.setdefault(commitment.quote, commitment)
        return Answer(
            text="\n".join(filter(None, [*lines, notice])),
            outcome=Outcome.ANSWERED,
            headline=headline,
            topic=part[0].topic,
            facts=tuple(self._fact(c, i, f) for c in part for i, f in enumerate(c.figures[:1])),
            citations=tuple(self._citation(c) for c in list(cited.values())[:MAX_CITATIONS]),
            related=tuple(self._offered(c) for c in part[:RELATED]),
            notice=notice,
        )

    def not_in_plan(self, finding: Finding) -> Answer:
        """The plan is silent; what stands close to it is offered, not claimed."""
        headline = self._silence(finding)
        related = self._related(finding, ())
        topics = finding.topics
        topic = max(topics, key=lambda name: topics[name]) if topics else None
        pointer = _pointer_line(finding.pointer) if finding.pointer else ""
        nearby = wording.NEARBY + _numbered(related) if related else ""
        text = "\n".join(filter(None, [headline, pointer, nearby]))
        return Answer(text, Outcome.NOT_IN_PLAN, headline, topic=topic, related=related, notice=pointer or None)

    def out_of_scope(self, text: str | None = None) -> Answer:
        """Not about public services here."""
        headline = text or wording.OUT_OF_SCOPE.format(document=self._document)
        related = self.starting_points()
        return Answer(headline + self._also_ask(related), Outcome.OUT_OF_SCOPE, headline, related=related)

    def listening(self) -> Answer:
        """To what is told and not asked: the resident goes on."""
        return Answer(wording.LISTENING, Outcome.CHAT, wording.LISTENING)

    def clarify(self, readings: Sequence[Commitment], asked: str = wording.CLARIFY, all_of: str = "") -> Answer:
        """Readings as choices, at most four; `all_of` names a subject whose whole list is a choice as well."""
        related = tuple(self._offered(c) for c in readings)
        if all_of:
            whole = Related(wording.LIST_CHOICE.format(subject=all_of), wording.LIST_PAYLOAD.format(subject=all_of))
            related = (*related[: MAX_CHOICES - 1], whole)
        topics = {c.topic for c in readings}
        return Answer(
            asked + _numbered(related),
            Outcome.CLARIFY,
            asked,
            topic=topics.pop() if len(topics) == 1 else None,
            related=related,
        )

    def offer(self, readings: Sequence[Commitment], question: str) -> Answer:
        """What the plan says in each of two or three places, to choose from, and that it is none of them."""
        choices = [Related(_shortened(headline_for(c, question)), payload_of(c)) for c in readings]
        related = (*choices, Related(wording.NONE_OF_THESE, wording.NONE_OF_THESE))
        return Answer(wording.OFFER + _numbered(related), Outcome.CLARIFY, wording.OFFER, related=related)

    def clarify_bare(self, text: str) -> Answer:
        """A clarification without a reading to go by: the four topics are offered."""
        related = self.starting_points()
        return Answer(text + _numbered(related), Outcome.CLARIFY, text, related=related)

    def chat(self, kind: str) -> Answer:
        """Greeting, thanks, goodbye, help, who are you."""
        headline = wording.CHAT[kind].format(document=self._document)
        related = () if kind in ("goodbye",) else self.starting_points()
        return Answer(headline + self._also_ask(related), Outcome.CHAT, headline, related=related)

    def silent_on(self, template: str, commitment: Commitment) -> Answer:
        """The passage in hand does not say what the follow-up asks for."""
        first, last = self._period or ("", "")
        headline = template.format(hotlines=wording.HOTLINES, first=first, last=last)
        related = self.neighbours(commitment, ())
        return Answer(
            headline + self._also_ask(related), Outcome.NOT_IN_PLAN, headline, topic=commitment.topic, related=related
        )

    def starting_points(self) -> tuple[Related, ...]:
        """One good first question for each of the four topics."""
        return tuple(self._offered(commitment) for commitment in first_of_topics(self._commitments))

    def neighbours(self, commitment: Commitment, shown: Sequence[str]) -> tuple[Related, ...]:
        """Up to three commitments nearby that were not shown yet."""
        return tuple(self._offered(c) for c in self.next_after(commitment, shown)[:RELATED])

    def next_after(self, commitment: Commitment, shown: Sequence[str]) -> list[Commitment]:
        """Commitments of the same topic, those under the same heading first, in the plan's order."""
        quotes = {self._by_id[i].quote for i in shown if i in self._by_id} | {commitment.quote}
        same_topic = [
            c
            for c in self._commitments
            if c.topic == commitment.topic and c.area == commitment.area and c.quote not in quotes and c.curated
        ]

        def distance(other: Commitment) -> tuple[bool, bool, int]:
            own, its = commitment.passage, other.passage
            return (its.heading != own.heading, its.section != own.section, abs(its.line - own.line))

        return sorted(same_topic, key=distance)

    def _opening_lines(self, finding: Finding, commitment: Commitment) -> list[str]:
        lines = []
        if finding.understood.guesses:
            lines.append(wording.UNDERSTOOD_AS.format(text=finding.understood.text))
        figures = [*commitment.figures, *(old for _, _, old in commitment.baselines)]
        stated = {f.value for f in figures} | {f.amount for f in figures}
        if finding.question.numbers and not set(finding.question.numbers) <= stated and commitment.figures:
            lines.append(wording.NUMBER_DIFFERS)
        dated = {f.year for f in figures} | set(years_in(commitment.quote)) | self._usual_years()
        if others := [year for year in finding.question.years if year not in dated]:
            lines.append(wording.YEAR_DIFFERS.format(year=others[0]))
        return lines

    def _usual_years(self) -> set[int]:
        """The last year before the plan's period and its own last: what a sentence without a year speaks of."""
        return {self._period[0] - 1, self._period[1]} if self._period else set()

    def _comparison(self, commitment: Commitment) -> str:
        for position, _, old in commitment.baselines:
            new = commitment.figures[position]
            if isinstance(new.value, str) or isinstance(old.value, str):
                continue
            difference = round(new.value - old.value, 6)
            return wording.COMPARISON.format(
                label=new.label,
                year=old.year,
                old=format_value(old.value),
                new=format_value(new.value),
                unit=new.unit,
                direction="增加" if difference >= 0 else "减少",
                difference=format_value(abs(difference)),
            )
        return ""

    def _also_shown(self, found: Sequence[Candidate]) -> list[Commitment]:
        others: dict[str, Commitment] = {}
        for candidate in found[1:]:
            near = candidate.probability >= SECOND_CITATION_FROM
            if near and candidate.commitment.quote != found[0].commitment.quote:
                others.setdefault(candidate.commitment.quote, candidate.commitment)
        return list(others.values())[: MAX_CITATIONS - 1]

    def _related(self, finding: Finding, shown: Sequence[Commitment]) -> tuple[Related, ...]:
        quotes = {c.quote for c in shown}
        found: dict[str, Related] = {}
        for candidate in finding.candidates:
            commitment = candidate.commitment
            if commitment.curated and commitment.quote not in quotes:
                quotes.add(commitment.quote)
                offered = self._offered(commitment)
                found.setdefault(offered.title, offered)
        return tuple(found.values())[:RELATED]

    def _offered(self, commitment: Commitment) -> Related:
        """The commitment as a next question, under the title that staff gave it, if they did."""
        title = self._corrections.current().titles.get(commitment.id, commitment.title)
        return Related(title, payload_of(commitment))

    def _also_ask(self, related: Sequence[Related]) -> str:
        return f"\n{wording.ALSO_ASK}" + _numbered(related) if related else ""

    @staticmethod
    def _indicator_line(commitment: Commitment) -> str:
        """A row of the table in plain words: its cells, in another order."""
        if commitment.kind != "indicator" or not commitment.figures:
            return ""
        figure = commitment.figures[0]
        return wording.INDICATOR_LINE.format(
            label=figure.label, year=figure.year or "", value=format_value(figure.value), unit=figure.unit,
            before=figure.qualifier.removesuffix("左右").removesuffix("以上"),
            after="左右" if "左右" in figure.qualifier else "以上" if "以上" in figure.qualifier else "",
        )  # fmt: skip

    def _progress_line(self, commitment: Commitment) -> str:
        """What was published since, beside the plan's own figure; "" for nothing."""
        latest = self._progress.of(commitment.id) if self._progress else None
        if latest is None:
            return ""
        figure = commitment.figures[0] if commitment.figures else None
        target = wording.PROGRESS_TARGET.format(value=f"{format_value(figure.value)}{figure.unit}") if figure else ""
        state = wording.PROGRESS_STATES.get(latest.state, "")
        return wording.PROGRESS_LINE.format(
            target=target,
            date=latest.as_of.isoformat(),
            source=latest.source,
            latest="，".join(filter(None, [latest.figure, state])),
            url=latest.url,
        )

    def _notice(self, commitment: Commitment, today_year: int) -> str | None:
        if commitment.kind in ("definition", "baseline") or self._period is None or today_year <= self._period[1]:
            return None
        return wording.PERIOD_ENDED.format(first=self._period[0], last=self._period[1])

    def _fact(self, commitment: Commitment, position: int, figure: Figure) -> Fact:
        old = next((old for at, _, old in commitment.baselines if at == position), None)
        baseline = Baseline(old.value, old.year) if old else None
        return Fact(figure.label, figure.value, figure.unit, figure.year, figure.qualifier, baseline)

    def _citation(self, commitment: Commitment) -> Citation:
        passage = commitment.passage
        return Citation(
            commitment_id=commitment.id,
            quote=passage.text,
            chapter=passage.chapter,
            section=passage.section,
            heading=passage.heading,
            page=passage.page,
            document=self._document,
            url=f"{self._reader_url}#{commitment.id}",
        )

    def _source_line(self, citation: Citation) -> str:
        place = citation.chapter + citation.section + citation.heading
        return wording.SOURCE_LINE.format(document=self._document, place=place, page=citation.page)


def _topic_of_question(finding: Finding, commitment: Commitment) -> str:
    """The passage's topic; where that is none of the four and NLU is sure of one of them, what the resident asked about."""
    topics = finding.topics
    likeliest = max(topics, key=lambda name: topics[name]) if topics else commitment.topic
    sure = topics.get(likeliest, 0.0) >= TOPIC_FROM * sum(topics.values())
    return likeliest if commitment.topic == OTHER and sure else commitment.topic


def _shortened(headline: str) -> str:
    """A headline as a choice: the plan's words, cut where they are too many to read among others."""
    return headline if len(headline) <= CHOICE_CHARS else f"{headline[: CHOICE_CHARS - 1]}…"


def _pointer_line(pointer: Pointer) -> str:
    """One line, so that the notice that repeats it is known for the same."""
    text = " ".join(pointer.text.split())
    return wording.POINTER.format(date=pointer.expires_on.isoformat(), text=text, url=pointer.url)


def _numbered(related: Sequence[Related]) -> str:
    return "".join(f"\n{number}. {item.title}" for number, item in enumerate(related, start=1))
