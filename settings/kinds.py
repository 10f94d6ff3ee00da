"""What a setting may be: how environs reads it, and in words what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from environs import Env, ValidationError, validate

T = TypeVar("T")
_ENV = Env()
_ORIGIN = re.compile(r"https?://[^/\s*]+|null")  # `null` is that of every sandboxed frame and of files


@dataclass(frozen=True)
class SettingKind(Generic[T]):
    """`read` gives the value of a variable that is set, and raises `environs.EnvError` if it is not allowed."""

    read: Callable[[str], T]
    zh: str
    en: str


def whole(least: int, most: int | None = None) -> SettingKind[int]:
    """A whole number, both ends included."""
    check = validate.Range(min=least, max=most)
    zh = f"{least} 到 {most} 的整数" if most is not None else f"整数，至少 {least}"
    en = f"a whole number from {least} " + (f"to {most}" if most is not None else "on")
    return SettingKind(lambda name: _ENV.int(name, validate=check), zh, en)


def number(least: float) -> SettingKind[float]:
    """A number, `least` included; neither infinite nor NaN."""
    check = validate.Range(min=least)
    return SettingKind(
        lambda name: _ENV.float(name, validate=check), f"数字，至少 {least:g}", f"a number, {least:g} at the least"
    )


def one_of(*names: str, older: Mapping[str, str] | None = None) -> SettingKind[str]:
    """One of some names; `older` are values from before that mean one of them, which nobody is told of."""

    def meant(given: str) -> str:
        plain = given.strip().lower()
        return (older or {}).get(plain, plain)

    def be_one(given: str) -> None:
        if meant(given) not in names:
            raise ValidationError("none of these")

    listed = ", ".join(names)
    return SettingKind(
        lambda name: meant(_ENV.str(name, validate=be_one)), f"{'、'.join(names)} 之一", f"one of {listed}"
    )


def _origins(name: str) -> frozenset[str]:
    return frozenset(map(_origin, filter(str.strip, _ENV.list(name, validate=_be_origins))))


def _origin(text: str) -> str:
    return text.strip().rstrip("/").lower()


def _be_origins(listed: list[str]) -> None:
    for part in filter(str.strip, listed):
        if not _ORIGIN.fullmatch(_origin(part)):
            raise ValidationError(f"{part!r} is no origin")


def _address(name: str) -> str:
    return _ENV.str(name, validate=_be_address).strip().rstrip("/")


def _be_address(url: str) -> None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise ValidationError("no address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError("no http address")


TEXT: SettingKind[str] = SettingKind(lambda name: _ENV.str(name), "文字", "text")
WORD: SettingKind[str] = SettingKind(lambda name: _ENV.str(name).strip(), "文字", "text")
FILE: SettingKind[Path] = SettingKind(lambda name: _ENV.path(name), "路径", "a path")
DATABASE: SettingKind[str] = SettingKind(lambda name: _ENV.str(name).strip(), "SQLAlchemy 地址", "an SQLAlchemy URL")
PORT = whole(1, 65535)
SWITCH: SettingKind[bool] = SettingKind(
    lambda name: _ENV.bool(name), "1 或 0，也可写 on、off、true、false", "1 or 0; on, off, true, false"
)
LEVEL: SettingKind[int] = SettingKind(
    lambda name: _ENV.log_level(name), *("DEBUG、INFO、WARNING、ERROR 之一", "one of DEBUG, INFO, WARNING, ERROR")
)
ADDRESS: SettingKind[str] = SettingKind(
    _address, "http:// 或 https:// 开头的地址", "an address that begins with http:// or https://"
)
ORIGINS: SettingKind[frozenset[str]] = SettingKind(
    _origins,
    "协议和主机，例如 https://www.example.gov.cn，用逗号分开，不支持 *；null 是任何沙盒 iframe",
    "scheme and host, such as https://www.example.gov.cn, separated by commas, no *; null is any sandboxed frame",
)
