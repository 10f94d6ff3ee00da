"""The menu under the conversation: `menu.yml` as people edit it, and as the platform wants it.

Source of the limits: 微信官方文档「自定义菜单 · 创建接口」; 企业微信「创建菜单」has the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.channels.wechat.errors import WeChatError

MENU = Path(__file__).with_name("menu.yml")
MAX_TOP, MAX_SUB = 3, 5
MAX_TOP_BYTES, MAX_SUB_BYTES, MAX_KEY_BYTES = 16, 60, 128
HOT = "hot"


class MenuWrong(WeChatError):
    """`menu.yml` breaks one of the platform's limits; says which entry and how to mend it."""


@dataclass(frozen=True)
class Button:
    """What a tap does: asks `question`, or has the bot say `say`."""

    key: str
    question: str = ""
    say: str = ""


@dataclass(frozen=True)
class Menu:
    """The entries in order, as read."""

    entries: Sequence[Mapping[str, Any]]

    @classmethod
    def load(cls, path: Path = MENU) -> Menu:
        """Read and check a menu file. Raises `MenuWrong`."""
        entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        if not isinstance(entries, list) or not 0 < len(entries) <= MAX_TOP:
            raise MenuWrong(f"{path.name}：一级菜单要有 1 到 {MAX_TOP} 个 / 1 to {MAX_TOP} entries at the top")
        menu = cls(entries)
        for entry in entries:
            _check(path.name, entry)
        keys = [button.key for button in menu.buttons().values()]
        if len(keys) != sum(1 for leaf in menu._leaves() if "key" in leaf):
            raise MenuWrong(f"{path.name}：有两个按钮用了同一个 key / a key is used twice")
        return menu

    def buttons(self) -> dict[str, Button]:
        """The tappable entries by the `EventKey` they send."""
        return {
            leaf["key"]: Button(leaf["key"], leaf.get("question", ""), leaf.get("say", ""))
            for leaf in self._leaves()
            if "key" in leaf
        }

    def for_platform(self, plan_url: str) -> dict[str, Any]:
        """The body of the platform's create call; links to the plan are left out when `plan_url` is empty."""
        buttons = []
        for entry in self.entries:
            if "buttons" not in entry:
                buttons += _for_platform([entry], plan_url)
                continue
            below = _for_platform(entry["buttons"], plan_url)
            if below:
                buttons.append({"name": entry["name"], "sub_button": below})
        return {"button": buttons}

    def _leaves(self) -> Iterator[Mapping[str, Any]]:
        for entry in self.entries:
            yield from entry.get("buttons", [entry])


def _for_platform(leaves: Sequence[Mapping[str, Any]], plan_url: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for leaf in leaves:
        if "key" in leaf:
            made.append({"type": "click", "name": leaf["name"], "key": leaf["key"]})
        elif plan_url:
            made.append({"type": "view", "name": leaf["name"], "url": plan_url})
    return made


def _check(file: str, entry: Any, most_bytes: int = MAX_TOP_BYTES) -> None:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name:
        raise MenuWrong(f"{file}：每一项都要有 name / every entry needs a name")
    if len(name.encode()) > most_bytes:
        raise MenuWrong(f"{file}：“{name}”超过 {most_bytes} 字节，请改短 / name too long")
    below = entry.get("buttons")
    if below is not None:
        if most_bytes != MAX_TOP_BYTES or not isinstance(below, list) or not 0 < len(below) <= MAX_SUB:
            raise MenuWrong(f"{file}：“{name}”下面要有 1 到 {MAX_SUB} 项，只能再分一级 / 1 to {MAX_SUB} entries below")
        for leaf in below:
            _check(file, leaf, MAX_SUB_BYTES)
        return
    key = entry.get("key")
    does = [field for field in ("question", "say") if entry.get(field)]
    if entry.get("view") == "plan" and not key:
        return
    if not isinstance(key, str) or not 0 < len(key.encode()) <= MAX_KEY_BYTES or len(does) != 1:
        raise MenuWrong(
            f"{file}：“{name}”要有 key，并且 question、say 二选一；或者只写 view: plan / see the file's head"
        )
    if entry.get("say") not in (None, HOT):
        raise MenuWrong(f"{file}：“{name}”的 say 只能是 {HOT} / only {HOT} can be said")
