"""One setting: its variable, what it may be, what it is when nobody sets it, what it means, and who reads it."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from environs import EnvError

from settings.errors import SettingWrong
from settings.kinds import SettingKind

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """A variable of the environment, read when it is asked for. One that is empty or blank counts as not set.

    `readers` are our packages that read it, and whoever else does (Rasa, Sanic, a file). `unset` says what holds where
    the reader works out the default. What is `secret` is never shown. `formerly` are older names: they hold where the
    name itself is not set, with a warning.
    """

    name: str
    kind: SettingKind[T]
    default: T
    zh: str
    en: str
    readers: tuple[str, ...]
    unset: str = ""
    secret: bool = False
    formerly: tuple[str, ...] = ()

    def read(self) -> T:
        """What it is now. Raises `SettingWrong` where that is not allowed."""
        name = self._set_as()
        if name is None:
            return self.default
        try:
            return self.kind.read(name)
        except EnvError:
            raise SettingWrong(self._complaint(name)) from None  # the cause shows secrets

    def is_set(self) -> bool:
        """Whether somebody set it."""
        return self._set_as() is not None

    @property
    def written(self) -> str:
        """The default as one would set it, "" if it is as good as unset."""
        value: Any = self.default
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, frozenset):
            return ",".join(sorted(value))
        return f"{value:g}" if isinstance(value, float) else str(value)

    def fill_in(self) -> None:
        """Set it to its default unless it is set: for libraries and child processes that read it by themselves."""
        if not self.is_set():
            os.environ[self.name] = self.written

    def _set_as(self) -> str | None:
        for name in (self.name, *self.formerly):
            if os.environ.get(name, "").strip():
                if name != self.name:
                    _warn_of_older_name(name, self.name)
                return name
        return None

    def _complaint(self, name: str) -> str:
        given = "（保密 secret）" if self.secret else repr(os.environ[name])
        default = f"，例如 {name}={self.written}" if self.written and not self.unset else ""
        return (
            f"{name} 是 {given} — 应是{self.kind.zh}{default}，或者不设 / "
            f"{name} is {given}: it must be {self.kind.en}, or unset"
        )


@cache
def _warn_of_older_name(older: str, name: str) -> None:
    logger.warning(
        "%s 改名为 %s，旧名字还能用 / %s is called %s now; the older name still works", older, name, older, name
    )
