"""How values are written on pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.turns import PAUSED
from danger.replies import shipped
from knowledge.catalogue.topics import TOPIC_NAMES

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(value: datetime | None) -> str:
    """A moment in Qingpu's time, to the minute; "" for none."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


def share(value: float | None) -> str:
    """A share as whole percent."""
    return "–" if value is None else f"{value * 100:.0f}%"


def thousands(value: float) -> str:
    """A count with separators."""
    return f"{value:,.0f}"


TOPIC_LABELS = {**TOPIC_NAMES, "": "没有主题", "none": "没有主题"}
OUTCOME_LABELS = {
    "answered": "答了",
    "not_in_plan": "规划没写",
    "out_of_scope": "不在范围",
    "clarify": "反问",
    "chat": "寒暄",
    "handoff": "转人工",
    "error": "出错",
    "danger": "危险求助",
    PAUSED: "停答",
}


CHANNEL_LABELS = {"web": "网页", "wechat": "微信", "rest": "其他系统", "cmdline": "命令行"}


def topic(value: str | None) -> str:
    """A topic's Chinese name."""
    return TOPIC_LABELS.get(value or "", value or "")


def outcome(value: str) -> str:
    """An outcome's short Chinese name."""
    return OUTCOME_LABELS.get(value, value)


def channel(value: str) -> str:
    """A channel's Chinese name; one that is unknown here keeps its own."""
    return CHANNEL_LABELS.get(value, value)


def danger(kind: str, language: str) -> str:
    """A kind of danger by name, in the reader's language (`danger/replies.yml`)."""
    known = shipped().kinds.get(kind)
    return kind if known is None else known.en_name if language == "en" else known.zh_name


FILTERS: Mapping[str, Callable[..., str]] = {
    "moment": moment,
    "share": share,
    "thousands": thousands,
    "topic": topic,
    "outcome": outcome,
    "danger": danger,
    "channel": channel,
}
