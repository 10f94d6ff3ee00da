"""The lines of a reply about a commitment, in one language: what the plan says of it, where, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure, format_value
from knowledge.document.plan_text import squash, tidy
from knowledge.language.english_numbers import english_numbers
from knowledge.language.five_years import FiveYears, five_years_after
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.language.question import Question, amounts_in, spoken_number, years_in
from knowledge.published.corrections import Pointer
from knowledge.published.progress import ProgressSource
from knowledge.reply import wording
from knowledge.reply.answer import Citation, Related
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.glossary import ExplainedTerm, bare_name
from knowledge.reply.headline import headline_for, year_of_then
from knowledge.reply.reasons import WHAT_OF, is_asked_for
from knowledge.reply.sentence import BotSentence
from knowledge.reply.shown import row_in_words, shown_headline
from knowledge.reply.unsaid import Unsaid, places_asked, unsaid, unsaid_anywhere
from knowledge.reply.whether_done import asks_whether_done
from knowledge.search.finding import OTHER_DISTRICT, Finding
from knowledge.search.known import SILENT

_NUMBERED = re.compile(r"第([一二三四五六七八九十百]+)([章节])\s*")
NEAR = 3  # passages found for what is refused: what they give (a number, a year) is not said to be missing in the plan
# What a sentence on a passage says is missing, by its name in `unsaid.py`.
_SAID_BY = {
    wording.NO_DATE: {"date", "day"},
    wording.NO_PRICE: {"price"},
    wording.NO_NUMBER: {"number"},
    wording.NO_PLACE: {"place"},
}
_PARTS = {"章": "chapter", "节": "section"}
_NO_AMOUNT = re.compile(
    r"每[一两二三四五六七八九十百千万\d]+个?|第?(?<!\d)\d{1,3}号线|第\d+"
)  # 「每一千个人」, 「17号线」
_NOW = re.compile(
    r"现在|目前|如今|眼下|当前|今年|到今天|这会儿|\b(?:now|currently|today|at present|so far)\b", re.IGNORECASE
)
_COUNTING_IN_ENGLISH = re.compile(r"\bhow (?:many|much)\b|\bwhat share\b|\bpercent", re.IGNORECASE)


@dataclass(frozen=True)
class Lines:
    """`document` is the plan's short title, `period` its first and last year; one line each, "" where there is none."""

    document: str
    period: tuple[int, int] | None
    progress_source: ProgressSource | None = None
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    language: str = CHINESE
    noticed: bool = False

    @property
    def _next(self) -> FiveYears:
        """The five-year plan after this plan."""
        return five_years_after(self.period[1] if self.period else None)

    def speaking(self, language: str, noticed: bool = False) -> Lines:
        """The same in another language; `noticed` where it was said before that the period is over."""
        return replace(self, language=language, noticed=noticed)

    def say(self, sentence: BotSentence, **fields: object) -> str:
        """A sentence of `wording.py`; the document and the hotlines are known."""
        hotlines = wording.HOTLINES.of(self.language)
        return sentence.of(
            self.language, **{"document": self.document, "hotlines": hotlines, "next_plan": self._next.name, **fields}
        )

    def plan_says(self, commitment: Commitment, headline: str, as_aim: bool = False) -> list[str]:
        """The headline and the whole sentence around it, or a row of the table in plain words and as it is printed."""
        whole = tidy(commitment.quote)
        is_whole = squash(headline) == squash(whole).rstrip("。")
        if plain := self.indicator(commitment):
            return [plain, self.say(wording.QUOTE, quote=" ".join(commitment.quote.split()))]  # its cells apart
        shown = self.shown(commitment, headline, as_aim)
        first = [self.say(wording.HEADLINE, headline=shown), self.plain(commitment)]
        return first if is_whole else [*first, self.say(wording.QUOTE, quote=whole)]

    def shown(self, commitment: Commitment, headline: str, as_aim: bool = False) -> str:
        """A headline as residents see it: see `shown_headline`."""
        return shown_headline(commitment, headline, self._first_year, self.language, as_aim)

    @property
    def _first_year(self) -> int | None:
        return self.period[0] if self.period else None

    def _then(self, commitment: Commitment, headline: str) -> int | None:
        return year_of_then(commitment, headline, self._first_year)

    def plain(self, commitment: Commitment) -> str:
        """Staff's line in plain words, marked as what it is, and of which year where that is past."""
        if not commitment.plain:
            return ""
        if year := self._then(commitment, headline_for(commitment, "")):
            return self.say(wording.PLAIN_WORDS_OF_THEN, year=year, plain=commitment.plain)
        return self.say(wording.PLAIN_WORDS, plain=commitment.plain)

    def whether_done(self, asked: Question, commitment: Commitment) -> str:
        """To whoever asks if a promise was kept: that the plan does not say it, and what is known here of that."""
        if commitment.kind in ("definition", "baseline") or not self.period or not asks_whether_done(asked.text):
            return ""
        known = wording.PROGRESS_BELOW if self.progress(commitment) else wording.NO_PROGRESS
        return self.silence_of_passage(known)

    def of_now(self, asked: Question, commitment: Commitment) -> str:
        """That the plan has no figure of today, where one is asked for and staff recorded none."""
        counts = "how_many" in asked.asks or _COUNTING_IN_ENGLISH.search(asked.text)
        if not (counts and _NOW.search(asked.text) and commitment.figures) or self.progress(commitment):
            return ""
        return self.say(wording.NO_FIGURE_OF_NOW)

    def terms(self, terms: Sequence[ExplainedTerm]) -> list[str]:
        """What words of the plan mean, each with its source."""
        return [self._term_line(term) for term in terms]

    def _term_line(self, term: ExplainedTerm) -> str:
        name, source = bare_name(term.term), term.source
        if self.language != ENGLISH or not (term.english and term.means_in_english):
            return self.say(wording.TERM_LINE, term=name, means=term.means, source=source)
        called = term.english[0][:1].upper() + term.english[0][1:]
        return self.say(
            wording.TERM_LINE_BESIDE_ITS_NAME, name=called, term=name, means=term.means_in_english, source=source
        )

    def unexplained(self, name: str) -> str:
        """That the plan does not say what a word means."""
        return self.say(wording.UNEXPLAINED, term=name) if name else ""

    def item(self, commitment: Commitment) -> str:
        """A commitment in a list: its headline as residents see it."""
        return self.shown(commitment, headline_for(commitment, ""))

    def indicator(self, commitment: Commitment) -> str:
        """A row of the table in plain words."""
        return row_in_words(commitment, self.language)

    def baselines(self, commitment: Commitment, headline: str) -> list[str]:
        """Where the numbers of the headline started."""
        return [
            self.say(
                wording.BASELINE_LINE, year=old.year, label=old.label, value=format_value(old.value), unit=old.unit
            )
            for position, _, old in commitment.baselines
            if format_value(commitment.figures[position].value) in squash(headline) or commitment.kind == "indicator"
        ]

    def term(self, number: int, figure: Figure, page: int) -> str:
        """One number of a sum, with its year and its page."""
        when = self.say(wording.TERM_YEAR, year=figure.year) if figure.year else ""
        value = format_value(figure.value)
        return self.say(
            wording.TERM, number=number, label=figure.label, value=value, unit=figure.unit, when=when, page=page
        )

    def years(self, commitment: Commitment, headline: str) -> str:
        """Of which year the numbers of a headline are that names none: a figure without its year may be taken for today's."""
        run = squash(headline)
        own = [figure for figure in commitment.figures if figure.printed_value in run]
        years = {figure.year for figure in own}
        if len(years) != 1 or commitment.kind in ("indicator", "definition"):
            return ""
        (year,) = years
        sentence = wording.FIGURE_OF if commitment.kind == "baseline" else wording.TARGET_OF
        return self.say(sentence, year=year) if year and str(year) not in run else ""

    def target_beside(self, target: Commitment | None, position: int) -> str:
        """What a figure of then is to become, with its year and page."""
        if target is None:
            return ""
        figure = target.figures[position]
        value, page = format_value(figure.value), target.passage.page
        return self.say(
            wording.TARGET_BESIDE, year=figure.year, label=figure.label, value=value, unit=figure.unit, page=page
        )

    def comparison(self, commitment: Commitment) -> str:
        """By how much the first number with a baseline changes."""
        for position, _, old in commitment.baselines:
            new = commitment.figures[position]
            if isinstance(new.value, str) or isinstance(old.value, str):
                continue
            difference = round(new.value - old.value, 6)
            return self.say(
                wording.COMPARISON,
                label=new.label,
                year=old.year,
                old=format_value(old.value),
                new=format_value(new.value),
                unit=new.unit,
                direction=self.say(wording.INCREASE if difference >= 0 else wording.DECREASE),
                difference=format_value(abs(difference)),
            )
        return ""

    def opening(self, finding: Finding, commitment: Commitment) -> list[str]:
        """What is said first: how it was understood, that a number or a year of the question is not the plan's."""
        lines = []
        if finding.understood.guesses:
            lines.append(self.say(wording.UNDERSTOOD_AS, text=finding.understood.text))
        if self._next.name in finding.question.text and self._next.name not in commitment.quote:
            lines.append(self.say(wording.OTHER_PLAN))
        figures = [*commitment.figures, *(old for _, _, old in commitment.baselines)]
        stated = {f.value for f in figures} | {f.amount for f in figures}
        years, numbers = finding.question.years, amounts_in(_NO_AMOUNT.sub("", finding.question.text))
        if self.language == ENGLISH:
            years, numbers = english_numbers(finding.question.text)
        if numbers and not set(numbers) <= stated and commitment.figures:
            lines.append(self.say(wording.NUMBER_DIFFERS))
        dated = {f.year for f in figures} | set(years_in(commitment.quote)) | self._usual_years()
        if others := [year for year in years if year not in dated]:
            lines.append(self.say(wording.YEAR_DIFFERS, year=others[0]))
        return lines

    def _usual_years(self) -> set[int]:
        """The last year before the plan's period and its own last: what a sentence without a year speaks of."""
        return {self.period[0] - 1, self.period[1]} if self.period else set()

    def unsaid(
        self, question: Question, shown: Sequence[Commitment], template: BotSentence = wording.UNSAID_LINE
    ) -> str:
        """What is asked for and does not stand in what is shown, in one sentence, and whom to ask."""
        left = unsaid(question, [commitment.passage for commitment in shown], self.gazetteer)
        return self.say(template, unsaid=self._left_open(left)) if left else ""

    def unsaid_in_choices(self, question: Question, readings: Sequence[Commitment]) -> str:
        """What none of several readings holds, else which of them do not speak of the place that is asked for."""
        if said := self.unsaid(question, readings, wording.UNSAID_IN_CHOICES):
            return said
        each = [unsaid(question, [reading.passage], self.gazetteer).places for reading in readings]
        numbers = [str(number) for number, places in enumerate(each, start=1) if places]
        places = list(dict.fromkeys(place for places in each for place in places))
        if not numbers:
            return ""
        return self.say(wording.UNSAID_IN_SOME, numbers=self.listed(numbers), places=self.listed(places))

    def _left_open(self, left: Unsaid, of_place: BotSentence = wording.UNSAID_PLACE, aspect: str = "") -> str:
        what = [self.say(wording.UNSAID[name]) for name in left.what] + ([aspect] if aspect else [])
        places = self.say(of_place, places=self.listed(left.places)) if left.places else ""
        others = self.say(wording.UNSAID_WHAT, what=self.listed(what)) if what else ""
        return self.say(wording.UNSAID_AND).join(filter(None, [places, others]))

    def listed(self, names: Sequence[str]) -> str:
        """Names side by side, in the language's way."""
        before = self.say(wording.LISTED_AND).join(names[:-1])
        return self.say(wording.LAST_AND).join(filter(None, [before, names[-1]]))

    def silence(self, finding: Finding, besides: str = "") -> str:
        """That the plan does not say it, with all that is asked for by its words; or that another district's is not this one.

        `besides`: what is asked of the same thing now, by its name in `wording.UNSAID`.
        """
        if finding.aspect == OTHER_DISTRICT:
            return self.say(wording.OTHER_DISTRICT)
        what, aspect = ((besides,), "") if besides else self._reasons(finding)
        places = places_asked(finding.question, self.gazetteer, named_only=bool(what or aspect))
        said = self._left_open(Unsaid(places, what), wording.UNSAID_OF_PLACE, aspect)
        return self.say(wording.NOT_IN_PLAN_UNSAID, unsaid=said) if said else self.say(wording.NOT_IN_PLAN)

    def names_a_reason(self, finding: Finding) -> bool:
        """Whether a refusal names something else than a place that the plan does not say."""
        return any(self._reasons(finding))

    def _reasons(self, finding: Finding) -> tuple[tuple[str, ...], str]:
        near = [candidate.commitment.passage for candidate in finding.candidates[:NEAR]]
        what = unsaid_anywhere(finding.question, near, self.gazetteer)
        return what, self._aspect(finding, what)

    def _aspect(self, finding: Finding, what: Sequence[str]) -> str:
        """What the question is held to ask for beside `what`, if it has words that do, or somebody said so."""
        name = finding.aspect
        aspect = wording.ASPECTS.get(name)
        if aspect is None or set(WHAT_OF.get(name, ())) & set(what):
            return ""
        return self.say(aspect) if finding.known_as == SILENT or is_asked_for(name, finding.question.text) else ""

    def silence_of_passage(
        self, template: BotSentence, question: Question | None = None, commitment: Commitment | None = None
    ) -> str:
        """That a passage does not say what is asked of it: in the words of `template`, or with all else that it does not say."""
        first, last = self.period or ("", "")
        places = places_asked(question, self.gazetteer) if question else ()
        left = unsaid(question, [commitment.passage], self.gazetteer) if question and commitment else Unsaid()
        missing = {*left.what, *(["place"] if left.places else [])}
        if len(missing) > 1 and missing & _SAID_BY.get(template, set()):
            return self.say(wording.UNSAID_LINE, unsaid=self._left_open(left))
        place = self.listed(places) if places else self.say(wording.PLACE_MEANT)
        return self.say(template, first=first, last=last, place=place)

    def does_not_say(self, what: str) -> str:
        """That a passage does not say one thing, by its name in `wording.UNSAID`."""
        return self.say(wording.UNSAID_LINE, unsaid=self._left_open(Unsaid((), (what,))))

    def progress(self, commitment: Commitment) -> str:
        """What was published since, beside the plan's own figure."""
        latest = self.progress_source.current().get(commitment.id) if self.progress_source else None
        if latest is None:
            return ""
        figure = commitment.figures[0] if commitment.figures else None
        value = f"{format_value(figure.value)}{figure.unit}" if figure else ""
        state = wording.PROGRESS_STATES.get(latest.state)
        return self.say(
            wording.PROGRESS_LINE,
            target=self.say(wording.PROGRESS_TARGET, value=value) if figure else "",
            date=latest.as_of.isoformat(),
            source=latest.source,
            latest=("，" if self.language == CHINESE else ", ").join(
                filter(None, [latest.figure, self.say(state) if state else ""])
            ),
            url=latest.url,
        )

    def plan_done(self, commitments: Sequence[Commitment], today_year: int) -> str:
        """That the plan does not say what was done of it, and how much of that staff recorded, until when."""
        first, last = self.period or ("", "")
        recorded = self.progress_source.current() if self.progress_source else {}
        dates = [recorded[c.id].as_of for c in commitments if c.id in recorded]
        told = self.say(wording.PROGRESS_RECORDED, count=len(dates), date=max(dates).isoformat()) if dates else ""
        over = self.period is not None and today_year > self.period[1]
        return self.say(
            wording.PLAN_DONE,
            first=first,
            last=last,
            over=self.say(wording.PLAN_OVER) if over else "",
            recorded=told or self.say(wording.PROGRESS_UNRECORDED),
        )

    def notice(self, commitment: Commitment, today_year: int) -> str | None:
        """That the plan's period is over, where what is promised might be taken for what is."""
        if commitment.kind in ("definition", "baseline") or self.period is None or today_year <= self.period[1]:
            return None
        return self.say(wording.PERIOD_ENDED_AGAIN) if self.noticed else self.period_over()

    def period_over(self) -> str:
        """That the plan's period is over, in full."""
        first, last = self.period or ("", "")
        return self.say(wording.PERIOD_ENDED, first=first, last=last)

    def place(self, citation: Citation) -> str:
        """Chapter, section and heading; in English the first two by their numbers."""
        parts = (citation.chapter, citation.section, citation.heading)
        if self.language != ENGLISH:
            return "".join(parts)
        return ", ".join(filter(None, map(_english_part, parts)))

    def source(self, citation: Citation) -> str:
        """Where a passage stands."""
        return self.say(wording.SOURCE_LINE, place=self.place(citation), page=citation.page)

    def lead(self, commitment: Commitment) -> str:
        """Who is in charge, where the plan says so behind the sentence or in its table; under what it calls that, if it does."""
        lead = commitment.passage.lead
        named = lead if "：" in lead else f"牵头单位：{lead}"
        return self.say(wording.LEAD_LINE, lead=named.rstrip("。")) if lead else ""

    def pointer(self, pointer: Pointer) -> str:
        """One line, so that the notice that repeats it is known for the same."""
        text = " ".join(pointer.text.split())
        return self.say(wording.POINTER, date=pointer.expires_on.isoformat(), text=text, url=pointer.url)

    def also_ask(self, related: Sequence[Related]) -> str:
        """The next questions under a line that leads to them."""
        return f"\n{self.say(wording.ALSO_ASK)}" + numbered(related) if related else ""


def numbered(related: Sequence[Related]) -> str:
    """Each on a line of its own, with its number."""
    return "".join(f"\n{number}. {item.title}" for number, item in enumerate(related, start=1))


def _english_part(text: str) -> str:
    """「第九章」 → 「chapter 9」; a title after it, and whatever has no number, stays as it is printed."""
    return _NUMBERED.sub(lambda m: f"{_PARTS[m[2]]} {spoken_number(m[1])} ", text, count=1).strip()
