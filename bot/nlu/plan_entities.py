"""Entities by rule: the district's places, audiences, years and amounts that stand in the understood question."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.question_tokenizer import UNDERSTOOD
from knowledge.document.documents import load_document
from knowledge.groundwork import settings

_AUDIENCES = "老年人|老人|长者|残疾人|退役军人|孕妇|婴幼儿|儿童|小孩|孩子|学生|小学生|中学生|青年|大学生|毕业生|农民|渔民|妇女|女性|教师|老师|医生|人才|外来人员|租客|失业"
_YEAR = re.compile(r"20\d{2}年?")
_AMOUNT = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?:万|千|百)?(?:张|家|所|套|个|平方米|万平方米|%|人|名|公里|元|岁)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlanEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Entities `place` (official name as value), `audience`, `year`, `number`; offsets count in the understood text."""

    def __init__(self, places: dict[str, tuple[str, ...]]) -> None:
        names = {alias: place for place, aliases in places.items() for alias in (place, *aliases)}
        self._places = names
        ordered = sorted(names, key=len, reverse=True)
        self._place_pattern = re.compile("|".join(map(re.escape, ordered)) or "(?!)")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlanEntityExtractor:
        """Read the places of the plan's `document.yml`."""
        return cls(load_document(settings.DOCUMENT).places)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            understood = message.get(UNDERSTOOD)
            text = understood["text"] if understood else message.get(TEXT) or ""
            found = message.get(ENTITIES, []) + self.add_extractor_name(self._extract(text))
            message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _extract(self, text: str) -> list[dict[str, Any]]:
        rules = (
            ("place", self._place_pattern),
            ("audience", re.compile(_AUDIENCES)),
            ("year", _YEAR),
            ("number", _AMOUNT),
        )
        return [
            {
                "entity": name,
                "start": match.start(),
                "end": match.end(),
                "value": self._places.get(match.group(), match.group()) if name == "place" else match.group(),
            }
            for name, pattern in rules
            for match in pattern.finditer(text)
        ]
