"""The topics of the plan and the areas that the last of them is divided in: keys and names, in the order that is shown."""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "other"
FOUR_TOPICS = ("elderly_care", "childcare", "schooling", "housing")  # what residents are invited to ask for
TOPICS = (*FOUR_TOPICS, OTHER)
AREA_NAMES: Mapping[str, str] = {
    "elderly_care": "养老",
    "childcare": "托育和儿童",
    "schooling": "教育",
    "housing": "住房",
    "health": "医疗健康",
    "social_security": "社会保障",
    "employment": "就业",
    "special_groups": "重点人群",
    "community": "社区",
    "transport": "交通",
    "environment": "生态环境",
    "culture_sport": "文化体育",
    "city_management": "城市管理",
    "rural": "乡村",
    "economy": "经济",
    "government": "政务与法治",
    OTHER: "其他",
}
# As a topic `other` holds all areas but the four; as an area only what is in none of them.
TOPIC_NAMES: Mapping[str, str] = {**{topic: AREA_NAMES[topic] for topic in FOUR_TOPICS}, OTHER: "其他民生"}
