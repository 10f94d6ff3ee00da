"""Which accounts this deployment serves. Secrets come from the environment or a file that only the operator reads.

One account by the variables `WECHAT_*` (docs/settings.md); with `WECHAT_APP_ID` there is one.

Several accounts: `WECHAT_ACCOUNTS_FILE` (default `var/wechat-accounts.yml` if it exists), a YAML file
`accounts: {name: {app_id, token, mode, ...}}` with the same fields in lower case; `${NAME}` in a value is
replaced by that environment variable. The first account also answers at `/webhooks/wechat/callback`.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.channels.wechat.errors import AccountsWrong
from settings.bot import (
    WECHAT_ACCOUNTS_FILE,
    WECHAT_AES_KEY,
    WECHAT_AGENT_ID,
    WECHAT_API_URL,
    WECHAT_APP_ID,
    WECHAT_APP_SECRET,
    WECHAT_KIND,
    WECHAT_MODE,
    WECHAT_TOKEN,
    WECHAT_VERIFIED,
)

logger = logging.getLogger(__name__)
ONE_ACCOUNT = "main"  # the name of an account configured by variables
API_URLS = {"official": "https://api.weixin.qq.com", "wecom": "https://qyapi.weixin.qq.com"}
_SETTINGS = {
    "app_id": WECHAT_APP_ID,
    "token": WECHAT_TOKEN,
    "mode": WECHAT_MODE,
    "aes_key": WECHAT_AES_KEY,
    "app_secret": WECHAT_APP_SECRET,
    "verified": WECHAT_VERIFIED,
    "kind": WECHAT_KIND,
    "agent_id": WECHAT_AGENT_ID,
    "api_url": WECHAT_API_URL,
}
_FIELDS = tuple(_SETTINGS)
_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")  # what the platform's console accepts
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class Mode(str, Enum):
    """明文、兼容、安全 mode, as set in the platform's console."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class Kind(str, Enum):
    """An official account (公众号) or a WeCom application (企业微信应用)."""

    OFFICIAL = "official"
    WECOM = "wecom"


@dataclass(frozen=True)
class Account:
    """One account. Its representation shows no secret."""

    name: str
    app_id: str
    token: str = field(repr=False)
    mode: Mode = Mode.SAFE
    aes_key: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    verified: bool = False
    kind: Kind = Kind.OFFICIAL
    agent_id: int = 0
    api_url: str = ""

    @property
    def can_push(self) -> bool:
        """Whether a late answer may be sent through the platform's API."""
        return self.verified and bool(self.app_secret)


def load_accounts() -> dict[str, Account]:
    """The accounts by name, first the one that answers without a name; empty when none is configured.

    Raises `AccountsWrong`.
    """
    accounts = {}
    if WECHAT_APP_ID.is_set():
        fields = {name: setting.read() for name, setting in _SETTINGS.items()}
        accounts[ONE_ACCOUNT] = account_from(ONE_ACCOUNT, fields, "环境变量 WECHAT_*")
    path = WECHAT_ACCOUNTS_FILE.read()
    if path.exists():
        accounts.update(_from_file(path))
    elif WECHAT_ACCOUNTS_FILE.is_set():
        raise AccountsWrong(f"WECHAT_ACCOUNTS_FILE 指向的 {path} 不存在 — 建好这个文件，或去掉这个变量 / no such file")
    return accounts


def account_from(name: str, fields: Mapping[str, Any], where: str) -> Account:
    """One account from its fields, all checked. Raises `AccountsWrong` that names `where` and the field."""

    def wrong(field_name: str, what: str) -> AccountsWrong:
        return AccountsWrong(f"{where}，账号 {name}，{field_name}：{what}")

    unknown = set(fields) - set(_FIELDS)
    if unknown:
        raise wrong(sorted(unknown)[0], f"没有这个字段 — 可用的是 {', '.join(_FIELDS)} / unknown field")
    text = {key: str(fields.get(key) or "").strip() for key in _FIELDS}
    if not _NAME.fullmatch(name):
        raise wrong("名称", "只能用小写字母、数字、_ 和 -，至多 32 个 / name not allowed")
    if not text["app_id"]:
        raise wrong("app_id", "没有填 — 公众号填 AppID，企业微信填 CorpID / missing")
    if not _TOKEN.fullmatch(text["token"]):
        raise wrong("token", "应是 3 到 32 个字母或数字，与平台后台填的一样 / 3–32 letters or digits")
    kind = _one_of(Kind, text["kind"] or "official", lambda what: wrong("kind", what))
    mode = _one_of(Mode, text["mode"] or "safe", lambda what: wrong("mode", what))
    if kind is Kind.WECOM and mode is not Mode.SAFE:
        raise wrong("mode", "企业微信只有 safe / WeCom is always safe")
    if mode is not Mode.PLAIN and not _is_aes_key(text["aes_key"]):
        raise wrong("aes_key", "应是平台后台生成的 43 位 EncodingAESKey / the 43 characters of EncodingAESKey")
    if kind is Kind.WECOM and not text["agent_id"].isdecimal():
        raise wrong("agent_id", "企业微信要填应用的 AgentId（数字）/ WeCom needs the AgentId")
    verified = _switch(text["verified"], lambda what: wrong("verified", what))
    if verified and not text["app_secret"]:
        raise wrong("app_secret", "认证账号推送答复要用它 — 填上，或把 verified 改为 false / needed to push")
    return Account(
        name=name,
        app_id=text["app_id"],
        token=text["token"],
        mode=mode,
        aes_key=text["aes_key"],
        app_secret=text["app_secret"],
        verified=verified,
        kind=kind,
        agent_id=int(text["agent_id"] or 0),
        api_url=(text["api_url"] or API_URLS[kind.value]).rstrip("/"),
    )


def _from_file(path: Path) -> dict[str, Account]:
    if path.stat().st_mode & 0o077:
        logger.warning("%s 里有密钥，别人也能读 — 请 chmod 600 %s / readable by others", path, path)
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" 第 {mark.line + 1} 行" if mark else ""
        raise AccountsWrong(f"{path}{line} 不是合格的 YAML / not valid YAML") from None  # the cause shows secrets
    listed = content.get("accounts") if isinstance(content, dict) else None
    if not isinstance(listed, dict) or not all(isinstance(fields, dict) for fields in listed.values()):
        raise AccountsWrong(f"{path} 里要有 accounts: 名称: 各字段，见 docs/wechat.md / `accounts` missing")
    return {
        str(name): account_from(str(name), {k: _filled(v, path) for k, v in fields.items()}, str(path))
        for name, fields in listed.items()
    }


def _filled(value: Any, path: Path) -> Any:
    def variable(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise AccountsWrong(f"{path} 用到的环境变量 {match[1]} 没有设置 / variable not set")
        return os.environ[match[1]]  # a name that the operator chose, so it stands in no table

    return _VARIABLE.sub(variable, value) if isinstance(value, str) else value


def _one_of(choices: Any, value: str, wrong: Any) -> Any:
    try:
        return choices(value.lower())
    except ValueError:
        raise wrong(f"“{value}”不认识 — 可用的是 {'、'.join(c.value for c in choices)} / unknown value") from None


def _switch(value: str, wrong: Any) -> bool:
    if value.lower() in ("", "false", "no", "0"):
        return False
    if value.lower() in ("true", "yes", "1"):
        return True
    raise wrong("只能是 true 或 false / true or false")


def _is_aes_key(value: str) -> bool:
    try:
        return len(value) == 43 and len(base64.b64decode(value + "=", validate=True)) == 32
    except binascii.Error:
        return False
