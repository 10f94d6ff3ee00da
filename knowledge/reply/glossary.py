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
from knowledge.language.phrase import Phrase, any_of, anything, as_typed, maybe, one_of
from knowledge.language.question import Question

_FIELDS = ("term", "means", "source")
_MARKS = re.compile(r"[“”\"「」]")
DEFINED_CHARS = (3, 12)  # of what the plan defines: 「两环」 is a word of many things, a whole row's name no word
ENGLISH_CHARS = 40  # of a word or two of English of which the meaning is asked
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


# 「What is respite care?」, 「What does sponge city mean?」
_OPENED = any_of(" |,|please|so|and|tell me|can you|could you|i want to know|i would like to know|do you know")
_LED = ' the term | the word | the phrase | a | an | the | |“|"'
_CLOSED = ' |”|"|?|.|!|,|exactly| then|please|in the plan|in this plan|in your plan'
_ASKED_IN_ENGLISH = Phrase(
    _OPENED,
    one_of(
        "what is meant by|what's meant by|what is the meaning of|what's the meaning of|the meaning of|what is|what's|what are|define|explain"
    ),
    any_of(_LED),
    *anything("name"),
    any_of(_CLOSED),
)
_MEANT_IN_ENGLISH = Phrase(
    _OPENED,
    one_of("what does|what do"),
    any_of(_LED),
    *anything("name"),
    any_of(_CLOSED),
    one_of("mean|stand for|refer to"),
    any_of(_CLOSED),
)


@dataclass(frozen=True)
class ExplainedTerm:
    """A word of the plan, what it means in plain words (without a full stop), where that is from, and its other names.

    `english` are its names in English, and `means_in_english` says it in English; both may be missing.
    """

    term: str
    means: str
    source: str
    names: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    means_in_english: str = ""

    @property
    def every_name(self) -> tuple[str, ...]:
        """All that it is called, those in English in lower case."""
        return (self.term, *self.names, *(name.lower() for name in self.english))

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
        names = [name for each in found for name in each.every_name]
        for item, each in zip(items, found):
            for name in each.every_name:
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
        named = [each for each in self.terms if any(name in question.text for name in each.every_name)]
        return [each for each in named if each.stands_in(sentence)]

    def asked_outright(self, text: str) -> ExplainedTerm | DefinedTerm | None:
        """The term of which a normalised question asks the meaning and nothing else: 「公租房是什么意思」, "What is respite care?"."""
        if name := _name_in_english(text):
            return self._by_name.get(bare_name(name))
        read = _ASKED.read(text)
        if read is None or not (read["before"] or read["after"]):
            return None
        return self._by_name.get(bare_name(read["name"]))

    def unexplained_in(self, question: Question, commitment: Commitment) -> str:
        """The word of which the meaning is asked and which nobody explains: not staff, nor this passage of the plan; "" for none."""
        if commitment.kind == "definition" or self.asked_in(question, commitment):
            return ""
        meant = _MEANT_IN_ENGLISH.read(as_typed(question.text.lower()))
        if meant:
            return bare_name(meant["name"]) if len(meant["name"]) <= ENGLISH_CHARS else ""
        read = _ASKED.read(question.text)
        if read is None:
            return ""
        asks_meaning = read["after"] in _MEANING or read["before"] in _MEANING
        return bare_name(read["name"]) if asks_meaning and len(read["name"]) <= DEFINED_CHARS[1] else ""

    @cached_property
    def _by_name(self) -> Mapping[str, ExplainedTerm | DefinedTerm]:
        explained = {bare_name(name): each for each in self.terms for name in each.every_name}
        return {**{each.term: each for each in self.defined}, **explained}


def _name_in_english(text: str) -> str:
    """The name of which a question in English asks the meaning, in lower case; "" if it asks none."""
    typed = as_typed(text.lower())
    read = _MEANT_IN_ENGLISH.read(typed) or _ASKED_IN_ENGLISH.read(typed)
    return read["name"] if read else ""


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
    names, english = (item.get(field, []) if isinstance(item, dict) else [] for field in ("names", "english"))
    in_english = item.get("means_in_english", "") if isinstance(item, dict) else ""
    lists = isinstance(names, list) and isinstance(english, list) and isinstance(in_english, str)
    told = [*values, *names, *english] if lists else [None]
    if not all(isinstance(value, str) and value.strip() for value in told):
        raise CatalogueError(path, line_of(item), f"这一条不全：{item!r}", f"写上 {'、'.join(_FIELDS)}，各一行文字")
    term, means, source = (value.strip().rstrip("。") for value in values)
    return ExplainedTerm(
        *(term, means, source),
        names=tuple(name.strip() for name in names),
        english=tuple(name.strip() for name in english),
        means_in_english=in_english.strip().rstrip("."),
    )
