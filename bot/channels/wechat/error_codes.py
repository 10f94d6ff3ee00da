"""What the platform's `errcode` means and what to do about it.

Source: 微信官方文档「全局返回码说明」「客服消息」; 企业微信开发者中心「全局错误码」.
"""

from __future__ import annotations

from enum import Enum


class Remedy(Enum):
    """What the caller does."""

    NEW_TOKEN = "refresh the token once and call again"  # noqa: S105 - no secret
    AGAIN = "wait a moment and call again"
    LATER = "try again in minutes; the answer is kept"
    NEVER = "do not try again; the answer waits for the follower's next message"


_MEANINGS = {
    -1: (Remedy.AGAIN, "平台繁忙"),
    40001: (Remedy.NEW_TOKEN, "access_token 或 AppSecret 不对"),
    40014: (Remedy.NEW_TOKEN, "access_token 不合法"),
    42001: (Remedy.NEW_TOKEN, "access_token 已过期"),
    42007: (Remedy.NEW_TOKEN, "access_token 因修改密码等失效"),
    45009: (Remedy.LATER, "今天的接口调用次数已用完"),
    45011: (Remedy.LATER, "接口调用太频繁"),
    45033: (Remedy.LATER, "同时调用太多"),
    45047: (Remedy.LATER, "给这位用户的客服消息已到上限，等他再发一条"),
    40003: (Remedy.NEVER, "OpenID 不对或不属于这个公众号"),
    40013: (Remedy.NEVER, "AppID 不对 — 核对配置"),
    40125: (Remedy.NEVER, "AppSecret 不对 — 核对配置"),
    40164: (Remedy.NEVER, "本机 IP 不在白名单 — 在平台后台添加"),
    41002: (Remedy.NEVER, "缺少 AppID — 核对配置"),
    43004: (Remedy.NEVER, "用户没有关注公众号"),
    45002: (Remedy.NEVER, "消息超过长度上限"),
    45015: (Remedy.NEVER, "用户超过 48 小时没有互动，不能再推送"),
    48001: (Remedy.NEVER, "账号没有客服消息接口的权限 — 未认证的账号请把 verified 改为 false"),
    48002: (Remedy.NEVER, "用户在设置里拒收消息"),
    50002: (Remedy.NEVER, "账号被限制使用接口 — 在平台后台查看"),
    60020: (Remedy.NEVER, "本机 IP 不在企业微信的可信 IP 里 — 在管理后台添加"),
    81013: (Remedy.NEVER, "接收人不在应用的可见范围"),
}


def remedy_for(code: int) -> Remedy:
    """What to do; an unknown code is tried again later."""
    return _MEANINGS[code][0] if code in _MEANINGS else Remedy.LATER


def explain(code: int) -> str:
    """A line for the log: the code and what it means."""
    return f"{code} {_MEANINGS[code][1] if code in _MEANINGS else '未知错误码，见平台文档「全局返回码」'}"
