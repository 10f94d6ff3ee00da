"""Words that the plan uses and does not explain: staff's explanations with their sources, from `knowledge/sources/glossary.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import Question

_FIELDS = ("term", "means", "source")


@dataclass(frozen=True)
class ExplainedTerm:
    """A word of the plan, what it means in plain words (without a full stop), and where that is from."""

    term: str
    means: str
    source: str

    @property
    def question(self) -> str:
        """How it is asked for."""
        return f"{self.term}是什么意思"


@dataclass(frozen=True)
class Glossary:
    """Explained terms, those whose names hold others first."""

    terms: tuple[ExplainedTerm, ...] = ()

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
        names = [each.term for each in found]
        for item, name in zip(items, names):
            if names.count(name) > 1:
                raise CatalogueError(path, line_of(item), f"“{name}”写了两次", "留一条")
        return cls(tuple(sorted(found, key=lambda each: -len(each.term))))

    def in_headline(self, commitment: Commitment) -> list[ExplainedTerm]:
        """The terms in a commitment's own clause."""
        run = squash(commitment.headline)
        return [each for each in self.terms if each.term in run]

    def asked_in(self, question: Question, commitment: Commitment) -> list[ExplainedTerm]:
        """The terms whose meaning a question asks for and which the commitment's sentence holds."""
        if "what_is" not in question.asks:
            return []
        sentence = squash(commitment.quote)
        return [each for each in self.terms if each.term in question.text and each.term in sentence]


def _term(path: Path, item: Any) -> ExplainedTerm:
    values: Sequence[Any] = [item.get(field) for field in _FIELDS] if isinstance(item, dict) else [None]
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise CatalogueError(path, line_of(item), f"这一条不全：{item!r}", f"写上 {'、'.join(_FIELDS)}，各一行文字")
    return ExplainedTerm(*(value.strip().rstrip("。") for value in values))
