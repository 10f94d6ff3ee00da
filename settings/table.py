"""The table: every setting of the product, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from settings import backups, bot, conversations, monitor, programs, review
from settings.setting import Setting


def _of(module: ModuleType) -> tuple[Setting[Any], ...]:
    return tuple(value for value in vars(module).values() if isinstance(value, Setting))


SECTIONS: Mapping[str, tuple[Setting[Any], ...]] = {
    "机器人、渠道和知识 The bot, its channels and the knowledge": _of(bot),
    "会话记录和多进程 The log, and many processes": _of(conversations),
    "审核台 The review console": _of(review),
    "监控和日志 Monitoring, and the lines of the logs": _of(monitor),
    "备份 Backups": _of(backups),
    "程序之间的 Set by our programs, not by hand": _of(programs),
}
TABLE: Mapping[str, Setting[Any]] = {each.name: each for settings in SECTIONS.values() for each in settings}
