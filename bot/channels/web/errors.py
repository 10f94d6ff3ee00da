"""What can be wrong with a request to the web channel: one class, one table from code to status and words."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "请求不完整或写法不对 / the request is incomplete or malformed"),
    "too_large": (413, "请求太大，上限 16 KB / the request is too large, at most 16 KB"),
    "contact": (
        400,
        "请写上 5 到 100 字的电话或邮箱，并勾选同意 / a phone number or e-mail address, and consent, are needed",
    ),
    "session": (401, "会话已过期或无效，请重新取得 / the session is expired or invalid, ask for a new one"),
    "origin": (403, "这个网站没有登记，请联系管理员加到 WEB_ORIGINS / this site is not listed in WEB_ORIGINS"),
    "unknown": (404, "没有找到 / not found"),
    "rate_limited": (429, "问得太快了，请稍等 {seconds} 秒再试 / too many requests, try again in {seconds} s"),
    "unavailable": (503, "服务暂时不可用，请稍后再试 / temporarily unavailable, try again later"),
}


class ApiError(Exception):
    """The request cannot be served. `detail` says which field; `retry_after_s` from when the same may be tried."""

    def __init__(self, code: str, detail: str = "", retry_after_s: int = 0) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status."""
        return WORDS[self.code][0]

    def body(self) -> dict[str, Any]:
        """`{"error", "message"}`; with `retry_after_s` where it helps."""
        message = WORDS[self.code][1].format(seconds=self.retry_after_s)
        body: dict[str, Any] = {
            "error": self.code,
            "message": f"{message}（{self.detail}）" if self.detail else message,
        }
        if self.retry_after_s:
            body["retry_after_s"] = self.retry_after_s
        return body
