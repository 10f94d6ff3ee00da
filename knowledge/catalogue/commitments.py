"""From passages and catalogue to commitments: the unit of knowledge."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalogue.clause_runs import clause_runs
from knowledge.catalogue.entries import CatalogueEntry
from knowledge.catalogue.restating import fault_of
from knowledge.catalogue.table_figures import figures_in_cells, name_in_cells
from knowledge.catalogue.titles import MAX_TITLE_CHARS as MAX_TITLE_CHARS
from knowledge.catalogue.titles import audiences_of, title_of
from knowledge.catalogue.topics import OTHER
from knowledge.document.documents import Document
from knowledge.document.figures import Figure, read_figures, read_target, same_quantity
from knowledge.document.passages import Passage, definition_term, read_row
from knowledge.document.plan_text import squash
from knowledge.groundwork.errors import CatalogueError, QuoteNotInPlan

_ACTION = re.compile(
    r"推进|推动|推广|推行|建设|建立|建成|加强|加快|加大|完善|健全|落实|实施|开展|扩大|增加|提高|提升|优化|鼓励|支持|引进|引导|发展|深化|打造"
    r"|构建|探索|制定|规划|培育|强化|促进|保障|保护|改造|创建|创新|争取|实现|启动|试点|整治|配备|组建|拓展|畅通|广泛|夯实|巩固|解决|布局|布点"
)
_TARGET = re.compile(r"到20\d\d年|“十四五”期间|力争")


@dataclass(frozen=True)
class Commitment:
    """One thing the plan promises, measures or defines.

    `quote` is the whole sentence, verbatim; `headline` the run of it that says the thing itself (the
    whole sentence where nobody curated it). `id` is derived from kind and headline, so it is stable
    across rebuilds. `figures` are those of the headline first, then the rest of the sentence. `plain` is staff's line in
    plain words, which says no more than the sentence; "" where nothing is plainer.
    """

    id: str
    topic: str
    area: str
    kind: str
    title: str
    headline: str
    passage: Passage
    audience: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    baselines: tuple[tuple[int, str, Figure], ...] = field(default=())
    curated: bool = False
    plain: str = ""

    @property
    def quote(self) -> str:
        """The plan's sentence, verbatim."""
        return self.passage.text

    def is_called(self, words: str) -> bool:
        """Whether some words are part of its title or of another name that it has: 「电梯」 of 「加装电梯」."""
        return bool(words) and any(words in name for name in (self.title, *self.terms))


def commitment_id(kind: str, headline: str) -> str:
    """Stable id: the first 10 hex digits of SHA-1 over kind and squashed headline."""
    return "c-" + hashlib.sha1(f"{kind}|{squash(headline)}".encode()).hexdigest()[:10]


def assemble(
    passages: Sequence[Passage],
    catalogue: Sequence[CatalogueEntry],
    document: Document,
    topic_words: Mapping[str, Sequence[str]],
) -> list[Commitment]:
    """All commitments in the plan's order, curated ones first within a sentence.

    Without a catalogue each run of a sentence that promises one thing is a commitment, and no sentence is left out.
    Raises `QuoteNotInPlan` or `CatalogueError` for an entry whose quote stands nowhere, or in
    several sentences.
    """
    curated: dict[int, list[CatalogueEntry]] = defaultdict(list)
    squashed = [squash(passage.text) for passage in passages]
    for entry in catalogue:
        curated[_passage_of(entry, passages, squashed)].append(entry)
    found: list[Commitment] = []
    for index, passage in enumerate(passages):
        if curated[index]:
            found += [_curated(passage, entry, document) for entry in curated[index]]
        elif catalogue:
            found += _parsed(passage, document, topic_words)
        else:
            found += _uncurated(passage, document, topic_words)
    _refuse_duplicate_ids(found, catalogue)
    return _with_baselines(_once(found))


def _once(found: Sequence[Commitment]) -> list[Commitment]:
    """Without the sentences that a plan says again, word for word: the first place counts, or the curated one."""
    curated = {c.id for c in found if c.curated}
    first: dict[str, Commitment] = {}
    for commitment in found:
        if commitment.curated or commitment.id not in curated:
            first.setdefault(commitment.id, commitment)
    return list(first.values())


def _passage_of(entry: CatalogueEntry, passages: Sequence[Passage], squashed: Sequence[str]) -> int:
    quote = squash(entry.quote)
    hits = [
        index
        for index, text in enumerate(squashed)
        if quote in text
        and _fits_kind(entry.kind, passages[index])
        and (entry.page is None or passages[index].page == entry.page)
    ]
    if not hits:
        raise QuoteNotInPlan(
            entry.path,
            entry.line,
            f"规划里没有这句原文：{entry.quote}",
            "从规划文本里逐字复制一句之内的一段（空白不计）",
        )
    if len(hits) > 1 and entry.kind is None:
        body = [i for i in hits if passages[i].kind == "body" and passages[i].period == "plan"]
        hits = body[:1] or hits[:1]
    return hits[0]


def _fits_kind(kind: str | None, passage: Passage) -> bool:
    if kind in ("indicator", "definition"):
        return passage.kind == kind
    if kind == "baseline":
        return passage.period == "past"
    return True


def _kind(passage: Passage, headline: str) -> str | None:
    if passage.kind != "body":
        return passage.kind
    if passage.period == "past":
        return "baseline"
    text = squash(headline)
    figures = read_figures(text)
    if figures and _TARGET.search(squash(passage.text)):
        return "target"
    if figures or _ACTION.search(text):
        return "action"
    return None


def _curated(passage: Passage, entry: CatalogueEntry, document: Document) -> Commitment:
    headline = verbatim(passage.text, entry.quote)
    kind = entry.kind or _kind(passage, headline) or "action"
    return Commitment(
        id=commitment_id(kind, headline),
        topic=entry.topic,
        area=entry.area,
        kind=kind,
        title=entry.title,
        headline=headline,
        passage=passage,
        audience=entry.audience,
        terms=entry.terms,
        questions=entry.samples,
        places=places_in(passage.text, document),
        figures=_figures(passage, headline, document),
        curated=True,
        plain=_restated(passage, headline, entry, document),
    )


def _restated(passage: Passage, headline: str, entry: CatalogueEntry, document: Document) -> str:
    """The entry's line in plain words, once it is proven to say no more than the sentence."""
    fault = fault_of(entry.plain, headline, passage.text, document.places) if entry.plain else None
    if fault:
        raise CatalogueError(entry.path, entry.line, f"plain {fault[0]}", f"plain {fault[1]}；或者去掉这一行")
    return entry.plain


def verbatim(text: str, quote: str) -> str:
    """The run of `text` that equals `quote` once white space is removed from both."""
    positions = [i for i, character in enumerate(text) if not character.isspace()]
    at = squash(text).index(squash(quote))
    return text[positions[at] : positions[at + len(squash(quote)) - 1] + 1]


def _parsed(passage: Passage, document: Document, topic_words: Mapping[str, Sequence[str]]) -> list[Commitment]:
    kind = _kind(passage, passage.text)
    if kind is None:
        return []
    return [_of_parsed(passage, passage.text, kind, _parsed_title(passage), topic_of(passage, topic_words), document)]


def _uncurated(passage: Passage, document: Document, topic_words: Mapping[str, Sequence[str]]) -> list[Commitment]:
    """Of a plan that nobody curated: one for each run of the sentence that promises one thing."""
    if passage.kind != "body":
        return _parsed(passage, document, topic_words)
    topic = topic_of(passage, topic_words)
    return [
        _of_parsed(passage, run, _kind(passage, run) or "action", title_of(run), topic, document)
        for run in clause_runs(passage.text)
    ]


def _of_parsed(passage: Passage, headline: str, kind: str, title: str, topic: str, document: Document) -> Commitment:
    return Commitment(
        id=commitment_id(kind, headline),
        topic=topic,
        area=topic,
        kind=kind,
        title=title,
        headline=headline,
        passage=passage,
        audience=audiences_of(passage.text, passage.heading) if kind != "definition" else (),
        terms=tuple(filter(None, [definition_term(passage.text)])) if kind == "definition" else (),
        places=places_in(passage.text, document),
        figures=_figures(passage, headline, document),
    )


def _parsed_title(passage: Passage) -> str:
    if passage.kind == "definition":
        return (definition_term(passage.text) or passage.text)[:MAX_TITLE_CHARS]
    if passage.cells:
        return name_in_cells(passage.cells)
    row = read_row(passage.text) if passage.kind == "indicator" else None
    return row.name[:24] if row else title_of(passage.text)


def topic_of(passage: Passage, topic_words: Mapping[str, Sequence[str]]) -> str:
    """The topic whose words stand most often in the sentence (a heading's count half), else `other`."""
    scores = {
        topic: sum(passage.text.count(word) + 0.5 * passage.heading.count(word) for word in words)
        for topic, words in topic_words.items()
    }
    best = max(scores, key=lambda topic: scores[topic], default=OTHER)
    return best if scores.get(best, 0) >= 1 else OTHER


def places_in(text: str, document: Document) -> tuple[str, ...]:
    """The streets and towns named in a text, in the document's order; short names count."""
    return tuple(
        place for place, aliases in document.places.items() if place in text or any(alias in text for alias in aliases)
    )


def _figures(passage: Passage, headline: str, document: Document) -> tuple[Figure, ...]:
    if passage.cells:
        return figures_in_cells(passage.cells, document.period[1] if document.period else None)
    if passage.kind == "indicator":
        row = read_row(passage.text)
        if row is None:
            return ()
        value, qualifier = read_target(row.target)
        unit = "" if row.unit == "—" else row.unit
        return (Figure(row.name, value, unit, document.period[1] if document.period else None, qualifier),)
    if passage.kind == "definition":
        return ()
    default = document.baseline_year if passage.period == "past" else None
    everything = read_figures(passage.text, default_year=default)
    own = {(f.label, f.value) for f in read_figures(headline, default_year=default)}
    first = [f for f in everything if (f.label, f.value) in own]
    return tuple(first + [f for f in everything if f not in first])


def _with_baselines(found: Sequence[Commitment]) -> list[Commitment]:
    past = [
        (c.id, f) for c in found if c.kind == "baseline" for f in c.figures if f.printed_value in squash(c.headline)
    ]
    result = []
    for commitment in found:
        links: tuple[tuple[int, str, Figure], ...] = ()
        if commitment.kind in ("target", "indicator", "action"):
            links = tuple(
                (position, identifier, baseline)
                for position, figure in enumerate(commitment.figures)
                for identifier, baseline in _first_match(figure, past)
            )
        result.append(replace(commitment, baselines=links))
    return result


def _first_match(figure: Figure, past: Iterable[tuple[str, Figure]]) -> list[tuple[str, Figure]]:
    return next(([(identifier, old)] for identifier, old in past if same_quantity(figure, old)), [])


def _refuse_duplicate_ids(found: Sequence[Commitment], catalogue: Sequence[CatalogueEntry]) -> None:
    seen: dict[str, Commitment] = {}
    for commitment in found:
        other = seen.setdefault(commitment.id, commitment)
        if other is commitment or not commitment.curated:
            continue
        entry = [e for e in catalogue if squash(e.quote) == squash(commitment.headline)][-1]
        raise CatalogueError(
            entry.path,
            entry.line,
            f"与另一条承诺编号相同（{commitment.id}）：{entry.quote}",
            "两条引文相同，合并成一条",
        )
