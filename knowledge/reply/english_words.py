"""A question in English in the words of the plan and its residents, for a second search: `knowledge/sources/english.yml`.

The encoder reads both languages, but a name weighs little in it: 「geriatric wards」 comes near every ward, and no word
of an English question stands in a sample question. Known words are put side by side in the order in which they are said;
what is not known is left to the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.search.answerability import Probabilities
from knowledge.search.finding import Candidate, Finding

FILE = settings.SOURCES / "english.yml"  # read as answers are made, no part of what is built
_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+|['’](?=\s))?")
_PLURALS = (("ies", "y"), ("s", ""))
_SHORT = 3  # letters that a stem keeps at least
# Words that ask, join and point; they name nothing.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "will",
        "would",
        "shall",
        "can",
        "could",
        "may",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "what",
        "which",
        "who",
        "how",
        "when",
        "where",
        "why",
        "any",
        "some",
        "more",
        "much",
        "many",
        "i",
        "we",
        "you",
        "they",
        "he",
        "she",
        "my",
        "our",
        "your",
        "their",
        "me",
        "us",
        "them",
        "not",
        "no",
        "if",
        "so",
        "as",
        "about",
        "into",
        "than",
        "then",
        "also",
        "just",
        "please",
        "tell",
        "know",
        "say",
        "says",
        "going",
        "get",
        "got",
        "let",
        "s",
        "re",
        "ve",
        "ll",
        "m",
        "qingpu",
        "district",
        "government",
        "city",
        "2025",
        "2020",
        "plan",
        "planned",
    ]
)
AT_ITS_BEGINNING = 1  # words before 「who」 or 「where」 that asks; later it joins: couples who want a second child
KNOWN = 0.9  # share of the words from which nothing of weight is unknown
SHARE = 0.65  # of the second search among the candidates, where every word that names something is known
UNSURE = 0.9  # of the odds of one search, where the other finds something else first


@dataclass(frozen=True)
class Glossed:
    """A question in Chinese words, and the share of its naming words that are known."""

    text: str
    known: float


@dataclass(frozen=True)
class EnglishWords:
    """Phrase → Chinese, as it is written and by its stems; `asking` those that ask, which come last in Chinese."""

    words: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    asking: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path = FILE) -> EnglishWords:
        """Empty without a file. Raises `CatalogueError` for what is no phrase with its Chinese."""
        if not path.exists():
            return cls()
        data, lines = load_mapping(path)
        parts = []
        for name in ("words", "ways_of_asking"):
            listed = data.get(name)
            if not isinstance(listed, Mapping) or not all(isinstance(v, str) and v for v in listed.values()):
                raise CatalogueError(
                    path, lines.get(name, 1), f"{name} 不是一列“英文: 中文”", "每行写一个英文词和它的中文"
                )
            parts.append(_by_phrase({str(phrase): chinese for phrase, chinese in listed.items()}))
        return cls(*parts)

    def gloss(self, question: str) -> Glossed | None:
        """The known words of a question, each once, what asks last; None where none that names something is known."""
        said = _words_of(question)
        stems = [_stem(word) for word in said]
        longest = max(map(len, (*self.words, *self.asking)), default=0)
        named: dict[str, None] = {}
        asked: dict[str, None] = {}
        known, at = 0, 0

        def asks(phrase: tuple[str, ...], at: int) -> bool:
            return len(phrase) > 1 or phrase[0] not in _EMPTY or at <= AT_ITS_BEGINNING

        while at < len(said):
            length = 1
            for chars in range(min(longest, len(said) - at), 0, -1):
                phrases = (tuple(said[at : at + chars]), tuple(stems[at : at + chars]))
                if phrase := next((p for p in phrases if p in self.words or (p in self.asking and asks(p, at))), None):
                    (named if phrase in self.words else asked)[self.words.get(phrase) or self.asking[phrase]] = None
                    known += sum(word not in _EMPTY for word in phrase)
                    length = chars
                    break
            at += length
        naming = sum(word not in _EMPTY for word in said)
        if not named:
            return None
        return Glossed("".join((*named, *(asked or {"有没有": None}))).replace(" ", ""), known / max(1, naming))


def _by_phrase(listed: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    """Each as it is written, and by its stems where those are not another one: 「parking」 is no 「park」."""
    written = {tuple(_words_of(phrase)): chinese for phrase, chinese in listed.items()}
    stemmed = {tuple(map(_stem, phrase)): chinese for phrase, chinese in written.items()}
    return {**stemmed, **written}


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("-", " ").replace("’", "'"))


def _stem(word: str) -> str:
    """Without its endings: neighbourhoods → neighbourhood, nurseries → nursery, renovated → renovat."""
    word = re.sub(r"'(?:s|re|ve|ll|m|d)?$", "", word)
    if word in _EMPTY:
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= _SHORT:
            word = word[: -len(ending)] + instead
            break
    for ending in ("ing", "ed", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > _SHORT and stem[-1] == stem[-2] and stem[-1] not in "sl" else stem
    return word


def both(own: Finding, glossed: Finding, known: float) -> Finding:
    """One finding of two searches for the same: the shares of their candidates together, and the odds of what comes first.

    Where both find the same sentence first it is as sure as the surer of them; else as sure as the one that found it,
    a little less. That the plan is silent is the second search's word as far as the question's words are `known`.
    What is said of the question stays as it was said.
    """
    weight = SHARE * known
    shares: dict[str, float] = {}
    found: dict[str, Candidate] = {}
    for finding, part in ((glossed, weight), (own, 1 - weight)):
        for candidate in finding.candidates:
            identity = candidate.commitment.id
            found.setdefault(identity, candidate)
            shares[identity] = shares.get(identity, 0.0) + part * candidate.probability
    if not found or (own.aspect and not glossed.aspect and known < KNOWN):
        return own  # what no plan says may be asked for, in words that the second search does not hold
    order = sorted(found, key=lambda identity: -shares[identity])
    candidates = tuple(replace(found[identity], probability=shares[identity]) for identity in order)
    question = replace(own.question, asks=own.question.asks | glossed.question.asks)
    odds = _odds(own, glossed, candidates[0].commitment.quote)
    if own.aspect and glossed.aspect:
        silent, outside = (own.odds.silent, glossed.odds.silent), (own.odds.outside, glossed.odds.outside)
        odds = replace(odds, silent=max(silent), outside=min(outside))
    else:
        silent_too, outside_too = (1 - known) * own.odds.silent, (1 - known) * own.odds.outside
        odds = replace(odds, silent=known * odds.silent + silent_too, outside=known * odds.outside + outside_too)
    kinds = dict.fromkeys((*own.intents, *glossed.intents))
    intents = {k: known * glossed.intents.get(k, 0.0) + (1 - known) * own.intents.get(k, 0.0) for k in kinds}
    return replace(own, candidates=candidates, odds=odds, question=question, aspect=glossed.aspect, intents=intents)


def _odds(own: Finding, glossed: Finding, quote: str) -> Probabilities:
    agreeing = [each for each in (own, glossed) if each.candidates and each.candidates[0].commitment.quote == quote]
    if len(agreeing) == 2:
        return max((own.odds, glossed.odds), key=lambda odds: odds.answerable)
    if not agreeing:
        return own.odds
    odds = agreeing[0].odds
    return replace(odds, right=UNSURE * odds.right)
