"""Questions that this plan can answer, while a resident types: by words, pinyin, initials, or a mixture of them.

The index is made once from the catalogue's sample questions. A look-up scans one string with one regular
expression for pinyin, or one short list for each pair of characters; measured in `bench/suggest.py`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.language.clauses import asks, clauses_of
from knowledge.language.script import simplified
from knowledge.language.sounds import spelling
from knowledge.reply.plain_questions import oddness

LIMIT = 5
MAX_QUERY_CHARS = 40  # what is longer is a question already
MIN_LETTERS = 2  # one Latin letter begins a twentieth of all questions and says nothing
ANYWHERE_LETTERS = 3  # fewer are looked for at beginnings only: two stand somewhere in a third of all questions
SHOWN_CHARS = (6, 24)  # shorter is a bare name, longer does not fit a line on a phone
SHARED_FROM = 0.4  # share of the typed pairs of characters that a question must have: another word order, a word more
BESIDE = 4  # samples of an entry that come before one another by their length only
LITERAL = 1.5  # a question that shows what was typed comes before one that is only known by that name
_FORMAT = 1  # of the file of spellings
_TYPED = re.compile(r"[a-zü0-9\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Suggestion:
    """A question and the commitment that answers it."""

    question: str
    commitment_id: str
    topic: str


class SuggestionIndex:
    """Immutable after construction; safe to share between threads.

    `without` are samples that nobody is offered: messages as others wrote them, slips and all. `spelt` is what a build
    kept (`kept_spellings`): to spell all of them anew is a fifth of what the bot's start costs.
    """

    def __init__(
        self, commitments: Sequence[Commitment], without: Collection[str] = (), spelt: Mapping[str, str] | None = None
    ) -> None:
        self._without = frozenset(without)
        self._suggestions: list[Suggestion] = []
        self._texts: list[str] = []
        self._literal: list[bool] = []
        self._places: list[int] = []
        self._first: dict[str, Suggestion] = {}
        self._commitments: dict[str, str] = {}
        for commitment in commitments:
            if commitment.curated and commitment.kind != "definition":
                self._add(commitment)
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            for pair in _pairs(text):
                self._pairs[pair].append(number)
        # Among equals: the four topics, then what stands first in the catalogue's entry, then the shorter question.
        self._ranks = [
            (s.topic not in FOUR_TOPICS, place, len(text), number)
            for number, (s, place, text) in enumerate(zip(self._suggestions, self._places, self._texts))
        ]
        known = spelt or {}
        self._spelt = "\n".join(known.get(text) or _spelt(text) for text in self._texts)
        self._starts = [0, *(m.end() for m in re.finditer("\n", self._spelt))]

    def _add(self, commitment: Commitment) -> None:
        """Every way to come to a commitment: its questions, each showing itself, its title and its other names."""
        asked = [question for question in commitment.questions if question not in self._without]
        shown = _shown(asked)
        if not shown:
            return
        keys = dict.fromkeys([*asked, commitment.title, *commitment.terms])
        for key in keys:
            question = key if key in shown else next((q for q in shown if key in q), shown[0])
            self._suggestions.append(Suggestion(question, commitment.id, commitment.topic))
            self._literal.append(question == key)
            self._places.append(shown.index(question) // BESIDE)
            self._texts.append(_plain(key))
        for question in asked:
            self._commitments.setdefault(question, commitment.id)
        self._first[commitment.id] = Suggestion(shown[0], commitment.id, commitment.topic)

    def __len__(self) -> int:
        return len(self._suggestions)

    def spellings(self) -> dict[str, str]:
        """How each text is spelt: what a build keeps."""
        return dict(zip(self._texts, self._spelt.split("\n")))

    def suggest(self, typed: str, limit: int = LIMIT) -> list[Suggestion]:
        """At most `limit` questions, best first, each of another commitment; none if nothing fits."""
        query = _plain(typed[:MAX_QUERY_CHARS])
        if not _HAN.search(query) and len(query) < MIN_LETTERS:
            return []
        scored = self._by_words(query) if _HAN.search(query) and not re.search("[a-zü]", query) else None
        scored = scored or self._by_sound(query)
        found: dict[str, Suggestion] = {}
        for number in sorted(scored, key=lambda n: (-scored[n] - LITERAL * self._literal[n], self._ranks[n])):
            suggestion = self._suggestions[number]
            found.setdefault(suggestion.commitment_id, suggestion)
            if len(found) == limit:
                break
        return list(found.values())

    def question_of(self, commitment_id: str) -> Suggestion | None:
        """The first short sample question of a commitment."""
        return self._first.get(commitment_id)

    def commitment_of(self, question: str) -> str | None:
        """The id of the commitment that a sample question belongs to."""
        return self._commitments.get(question)

    def _by_words(self, query: str) -> dict[int, float]:
        """3 where it begins so, 2 where it stands, and below 1 the share of typed pairs, rare ones first."""
        whole = {n: 3.0 if t.startswith(query) else 2.0 for n, t in enumerate(self._texts) if query in t}
        if len(whole) >= LIMIT or len(query) < 3:
            return whole
        weights = {p: math.log(1 + len(self._texts) / (1 + len(self._pairs.get(p, ())))) for p in _pairs(query)}
        shared: dict[int, float] = defaultdict(float)
        for pair, weight in weights.items():
            for number in self._pairs.get(pair, ()):
                shared[number] += weight
        total = sum(weights.values())
        return {n: s / total for n, s in shared.items() if s >= SHARED_FROM * total} | whole

    def _by_sound(self, query: str) -> dict[int, float]:
        """Whole syllables or nothing but initials before a mixture of them, beginnings before the middle."""
        spelt = "".join(spelling(query)) if _HAN.search(query) else query
        best: dict[int, float] = {}
        for start, run in self._sounding(spelt):
            number = bisect_right(self._starts, start) - 1
            syllables = run[1:].split("'")
            whole = "".join(syllables[:-1])  # the last syllable may be half typed
            clean = len(syllables) == len(spelt) or spelt.startswith(whole)
            score = (2.0 if clean else 0.0) + (1.0 if start == self._starts[number] else 0.0)
            best[number] = max(best.get(number, 0.0), score)
        return best

    def _sounding(self, spelt: str) -> Iterator[tuple[int, str]]:
        """Start and spelling of every run of syllables of which each begins as typed, in one pass."""
        letters = [re.escape(letter) for letter in spelt]
        anchor = "(?m)^" if len(spelt) < ANYWHERE_LETTERS else ""
        pattern = anchor + "'" + r"(?:[a-zü0-9]*')?".join(letters) + r"[a-zü0-9]*"
        for match in re.finditer(pattern, self._spelt):
            yield match.start(), match.group()


def keep_spellings(index: SuggestionIndex, path: Path) -> None:
    """Keep how the texts of an index are spelt."""
    write_json(path, _FORMAT, {"spelt": index.spellings()})


def kept_spellings(path: Path) -> dict[str, str]:
    """What `keep_spellings` kept; nothing where there is no such file that this code can read: each text is spelt then."""
    try:
        return dict(read_json(path, _FORMAT)["spelt"])
    except FileUnreadable:
        return {}


def starting_questions(commitments: Sequence[Commitment], curated: Path, count: int) -> list[str]:
    """At most `count` questions for a resident who has none yet: those of the file `curated` that these commitments answer.

    Without any (another plan) the catalogue's own: what has numbers first, the four topics taking turns.
    """
    if curated.exists():
        answered = {question for commitment in commitments for question in commitment.questions}
        listed = [str(question) for question in load_mapping(curated)[0].get("questions") or ()]
        if chosen := [question for question in listed if question in answered]:
            return chosen[:count]
    rows = [
        [
            q
            for c in sorted(commitments, key=_telling)
            if c.topic == topic and c.curated
            for q in _shown(c.questions)[:1]
        ]
        for topic in FOUR_TOPICS
    ]
    return [question for turn in zip_longest(*rows) for question in turn if question][:count]


def _telling(commitment: Commitment) -> int:
    """0 for a target with a number, 1 for other targets, 2 for actions, 3 for the rest; stable in the plan's order."""
    order = {"target": 1, "action": 2}
    return 0 if commitment.kind == "target" and commitment.figures else order.get(commitment.kind, 3)


def _shown(questions: Sequence[str]) -> list[str]:
    """Samples that a person would ask in one breath and in plain words; where there are none, those of a fitting length."""
    fitting = [q for q in questions if SHOWN_CHARS[0] <= len(q) <= SHOWN_CHARS[1]]
    asked = [q for q in fitting if len(clauses_of(q)) == 1 and asks(q)]
    return [q for q in asked if not oddness(q)] or asked or fitting


def _plain(text: str) -> str:
    plain = simplified(unicodedata.normalize("NFKC", text)).lower()
    return "".join(_TYPED.findall(plain))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _spelt(text: str) -> str:
    return "".join(f"'{syllable}" for syllable in spelling(text))
