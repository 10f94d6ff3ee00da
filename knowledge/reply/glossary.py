"""Words of the plan that need explaining: staff's explanations from `knowledge/sources/glossary.yml`, and the plan's own definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.phrase import Phrase, any_of, anything, maybe
from knowledge.language.question import Question

_FIELDS = ("term", "means", "source")
_MARKS = re.compile(r"[“”\"「」]")
DEFINED_CHARS = (3, 12)  # of what the plan defines: 「两环」 is a word of many things, a whole row's name no word
_FILLED = any_of(
    "请问|我想问|想问|问一下|想知道|你好|您好|那么|那|这个|这|规划里面|规划里|规划上|规划|里面|说的|写的|讲的|提到的|的|到底|究竟|，|。|？|！|?|!| |呢|啊|呀|吗|么|哦|嘛|伐|了"
)
_ASKED = Phrase(
    _FILLED,
    maybe("什么叫做|什么叫|什么是|啥叫|啥是|何谓|解释一下|解释", "before"),
    _FILLED,
    *anything("name"),
    _FILLED,
    maybe(
        "这个词是什么意思|是什么意思|是啥意思|什么意思|啥意思|是什么|是啥|指的是什么|是指什么|指什么|指啥|怎么理解|怎么解释|有什么含义|含义是什么|含义|定义是什么|定义|意思|解释一下"
        "|是什么东西|是什么地方|是个什么|叫什么",
        "after",
    ),
    _FILLED,
)
_MEANING = (
    "是什么意思",
    "是啥意思",
    "什么意思",
    "啥意思",
    "这个词是什么意思",
    "什么叫",
    "什么叫做",
    "啥叫",
    "何谓",
    "怎么理解",
    "定义是什么",
)


@dataclass(frozen=True)
class ExplainedTerm:
    """A word of the plan, what it means in plain words (without a full stop), where that is from, and its other names."""

    term: str
    means: str
    source: str
    names: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """How it is asked for."""
        return f"{bare_name(self.term)}是什么意思"

    def stands_in(self, text: str) -> bool:
        """Whether a sentence of the plan uses it."""
        return bare_name(self.term) in bare_name(text)


@dataclass(frozen=True)
class DefinedTerm:
    """A word that the plan defines, and where."""

    term: str
    definition: Commitment

    @property
    def question(self) -> str:
        """How it is asked for."""
        return f"{self.term}是什么意思"

    def stands_in(self, text: str) -> bool:
        """Whether a sentence of the plan uses it, the definition itself left out."""
        return self.term in bare_name(text)


@dataclass(frozen=True)
class Glossary:
    """Explained terms, those whose names hold others first, and defined ones."""

    terms: tuple[ExplainedTerm, ...] = ()
    defined: tuple[DefinedTerm, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Empty without a file. Raises `CatalogueError` (file, line, mend) for what is missing or stands twice."""
        if not path.exists():
            return cls()
        data, lines = load_mapping(path)
        items = data.get("terms")
        if not isinstance(items, list):
            raise CatalogueError(path, lines.get("terms", 1), "没有 terms 列表", "写上 terms: 和各个词")
        found = [_term(path, item) for item in items]
        names = [name for each in found for name in (each.term, *each.names)]
        for item, each in zip(items, found):
            for name in (each.term, *each.names):
                if names.count(name) > 1:
                    raise CatalogueError(path, line_of(item), f"“{name}”写了两次", "留一条")
        return cls(tuple(sorted(found, key=lambda each: -len(each.term))))

    def with_definitions(self, commitments: Sequence[Commitment]) -> Glossary:
        """With what the plan itself defines."""
        found: dict[str, DefinedTerm] = {}
        for commitment in commitments:
            name = bare_name(squash(commitment.quote).split("。")[0]) if commitment.kind == "definition" else ""
            if DEFINED_CHARS[0] <= len(name) <= DEFINED_CHARS[1]:
                found.setdefault(name, DefinedTerm(name, commitment))
        return replace(self, defined=tuple(sorted(found.values(), key=lambda each: -len(each.term))))

    def in_headline(self, commitment: Commitment) -> list[ExplainedTerm]:
        """The terms in a commitment's own clause."""
        return _longest([each for each in self.terms if each.stands_in(squash(commitment.headline))])

    def in_sentence(self, commitment: Commitment) -> list[ExplainedTerm]:
        """Those in its clause, else those in its whole sentence."""
        return self.in_headline(commitment) or _longest(
            [t for t in self.terms if t.stands_in(squash(commitment.quote))]
        )

    def questions_on(self, commitment: Commitment) -> tuple[list[str], list[str]]:
        """What can be asked of the words in a commitment's own clause, and of those in the rest of its sentence."""
        own, whole = (self._questions_in(squash(text), commitment) for text in (commitment.headline, commitment.quote))
        return own, [question for question in whole if question not in own]

    def _questions_in(self, text: str, commitment: Commitment) -> list[str]:
        explained = [each.question for each in _longest([each for each in self.terms if each.stands_in(text)])]
        if commitment.kind == "definition":
            return explained
        return explained + [each.question for each in self.defined if each.stands_in(text)]

    def asked_in(self, question: Question, commitment: Commitment) -> list[ExplainedTerm]:
        """The terms whose meaning a question asks for and which the commitment's sentence holds."""
        asked = self.asked_outright(question.text)
        if isinstance(asked, ExplainedTerm):
            return [asked] if asked.stands_in(squash(commitment.quote)) else []
        if "what_is" not in question.asks:
            return []
        sentence = squash(commitment.quote)
        named = [each for each in self.terms if any(name in question.text for name in (each.term, *each.names))]
        return [each for each in named if each.stands_in(sentence)]

    def asked_outright(self, text: str) -> ExplainedTerm | DefinedTerm | None:
        """The term of which a normalised question asks the meaning and nothing else: 「公租房是什么意思」."""
        read = _ASKED.read(text)
        if read is None or not (read["before"] or read["after"]):
            return None
        return self._by_name.get(bare_name(read["name"]))

    def unexplained_in(self, question: Question, commitment: Commitment) -> str:
        """The word of which the meaning is asked and which nobody explains: not staff, nor this passage of the plan; "" for none."""
        read = _ASKED.read(question.text)
        if read is None or commitment.kind == "definition" or self.asked_in(question, commitment):
            return ""
        asks_meaning = read["after"] in _MEANING or read["before"] in _MEANING
        return bare_name(read["name"]) if asks_meaning and len(read["name"]) <= DEFINED_CHARS[1] else ""

    @cached_property
    def _by_name(self) -> Mapping[str, ExplainedTerm | DefinedTerm]:
        explained = {bare_name(name): each for each in self.terms for name in (each.term, *each.names)}
        return {**{each.term: each for each in self.defined}, **explained}


def bare_name(text: str) -> str:
    """Without quotation marks, in which the plan and residents may set it."""
    return _MARKS.sub("", text)


def _longest(found: Sequence[ExplainedTerm]) -> list[ExplainedTerm]:
    """Without those whose names stand within another's that was found before."""
    kept: list[ExplainedTerm] = []
    for each in found:
        if not any(each.term in longer.term for longer in kept):
            kept.append(each)
    return kept


def _term(path: Path, item: Any) -> ExplainedTerm:
    values: Sequence[Any] = [item.get(field) for field in _FIELDS] if isinstance(item, dict) else [None]
    names = item.get("names", []) if isinstance(item, dict) else []
    told = [*values, *names] if isinstance(names, list) else [None]
    if not all(isinstance(value, str) and value.strip() for value in told):
        raise CatalogueError(path, line_of(item), f"这一条不全：{item!r}", f"写上 {'、'.join(_FIELDS)}，各一行文字")
    term, means, source = (value.strip().rstrip("。") for value in values)
    return ExplainedTerm(term, means, source, tuple(name.strip() for name in names))
