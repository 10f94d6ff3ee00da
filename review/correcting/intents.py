"""The intents that staff may choose, in their words. A test holds them to `domain.yml`."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.catalogue.topics import TOPIC_NAMES
from knowledge.catalogue.training_data import TOPIC_OF_INTENT

INTENTS: Mapping[str, str] = {
    **{intent: f"问{TOPIC_NAMES[topic]}" for intent, topic in TOPIC_OF_INTENT.items()},
    "out_of_scope": "与本区公共服务无关",
    "handoff": "要找人工",
    "complaint": "投诉、反映情况",
    "greet": "打招呼",
    "thanks": "道谢",
    "goodbye": "道别",
    "help": "怎么用",
    "identity": "你是谁",
    "ask_source": "追问出处",
    "ask_more": "追问还有什么",
    "ask_when": "追问时间",
    "ask_how_many": "追问数字",
    "follow_up": "追问另一件事",
}
