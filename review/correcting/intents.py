"""The intents that staff may choose, in their words. A test holds them to `domain.yml`."""

from __future__ import annotations

from collections.abc import Mapping

INTENTS: Mapping[str, str] = {
    "ask_elderly_care": "问养老",
    "ask_childcare": "问托育和儿童",
    "ask_schooling": "问教育",
    "ask_housing": "问住房",
    "ask_other_service": "问其他民生",
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
