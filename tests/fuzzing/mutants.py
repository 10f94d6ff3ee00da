"""Right requests to every address of docs/openapi.yml, spoiled: in a field, a header, a byte, or as HTTP."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tests.fuzzing.api import QUESTIONS, BotUnderFire, OddRequest
from tests.fuzzing.oddities import as_bytes, damaged, odd_text, spoiled
from tests.fuzzing.parsers import odd_message
from wechat_sim.envelope import Envelope

HEADERS = (
    "Origin",
    "Referer",
    "Sec-Fetch-Site",
    "Cookie",
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "X-Forwarded-For",
    "Forwarded",
    "User-Agent",
    "Authorization",
    "Expect",
    "Range",
    "X-Odd",
)


class Mutants:
    """Right requests to every operation of the file, spoiled."""

    def __init__(self, bot: BotUnderFire, random_: random.Random) -> None:
        self._bot, self._random = bot, random_
        self._keys = [key for key in bot.operations if key[1] not in ("/plan", "/plan/commitments")]
        self._slow_keys = [key for key in bot.operations if key not in self._keys]  # at a pace for each address
        self._makers: Mapping[str, Callable[[], dict[str, Any]]] = {
            "/webhooks/rest/webhook": lambda: {
                "sender": f"f{self._random.getrandbits(64)}",
                "message": self._question(),
            },
            "/webhooks/rest/feedback": lambda: {
                "sender": "f1",
                "answer_id": self._answer(),
                "value": "up",
                "comment": "好",
            },
            "/webhooks/web/session": lambda: {"session": self._session()},
            "/webhooks/web/message": lambda: {
                "session": self._session(),
                "message_id": f"m-{self._random.getrandbits(64)}",
                "message": self._question(),
            },
            "/webhooks/web/feedback": lambda: {
                "session": self._session(),
                "answer_id": self._answer(),
                "value": "down",
            },
            "/webhooks/web/contact": lambda: {
                "session": self._session(),
                "reference": "QP261129-AB2CD",
                "contact": "13812345678",
                "consent": True,
            },
        }

    def one(self) -> OddRequest:
        """The next."""
        method, path = self._random.choice(self._slow_keys if self._random.random() < 0.02 else self._keys)
        target, headers, body = self._target(method, path), [], b""
        if path in self._makers:
            headers.append(
                ("Content-Type", "application/json" if self._random.random() < 0.97 else odd_header(self._random))
            )
            body = as_bytes(spoiled(self._makers[path](), self._random), self._random)
        elif path == "/webhooks/web/form":
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            body = self._query(
                {"message": self._question(), "message_id": "x" * 16, "session": self._session()}
            ).encode()
        elif "wechat/callback" in path:
            target, body = self._wechat(method, path)
        if method == "DELETE" or path in ("/webhooks/web/history", "/webhooks/web/request"):
            headers.append(
                (
                    "Authorization",
                    f"Bearer {self._session()}" if self._random.random() < 0.8 else odd_header(self._random),
                )
            )
        for _ in range(self._random.choice((0, 0, 0, 1, 3))):
            headers.append((self._random.choice(HEADERS), odd_header(self._random)))
        if body and self._random.random() < 0.2:
            body = damaged(body, self._random)
        if self._random.random() < 0.02:
            method = self._random.choice(("PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get"))
        return OddRequest(method, target, tuple(headers), body, path)

    def broken(self) -> OddRequest:
        """One whose request line, headers or framing are no HTTP."""
        whole = self.one()
        lengths = [
            ("Content-Length", self._random.choice(("-1", "abc", "1e3", "9" * 30, "٣", "5, 5", "", "+5", "0x5"))),
            ("Transfer-Encoding", self._random.choice(("chunked", "gzip", "chunked, chunked", "identity"))),
        ]
        if self._random.random() < 0.5:
            return replace(whole, headers=(*whole.headers, self._random.choice(lengths)), whole=False)
        head = damaged(whole.bytes_for("127.0.0.1")[: -len(whole.body) or None], self._random)
        return replace(whole, head=damaged(head, self._random), whole=False)

    def _question(self) -> str:
        return self._random.choice(QUESTIONS) if self._random.random() < 0.3 else odd_text(self._random)

    def _session(self) -> str:
        return self._random.choice(self._bot.sessions or [""])

    def _answer(self) -> str:
        return self._random.choice(self._bot.answers or ["a-0"])

    def _target(self, method: str, path: str) -> str:
        if "{name}" in path and "callback" not in path:
            name = self._random.choice(self._bot.names) if self._random.random() < 0.5 else odd_text(self._random)[:80]
            return path.replace("{name}", quote(name.encode("utf-8", "replace"), safe="") or "x")
        names = [parameter.name for parameter in self._bot.operations[method, path].query]
        pairs = {name: odd_text(self._random)[:300] for name in names if self._random.random() < 0.8}
        return f"{path}?{self._query(pairs)}" if pairs else path

    def _query(self, pairs: Mapping[str, str]) -> str:
        text = "&".join(f"{quote(n)}={quote(v.encode('utf-8', 'replace'))}" for n, v in pairs.items())
        if self._random.random() < 0.1:
            text += self._random.choice(
                ("&", "&&&=", "&%", "&q", "&q[]=1", "&q=%ff%fe", "&" + "a=1&" * 200, "#x", "&q=" + "%25" * 300)
            )
        return text

    def _wechat(self, method: str, path: str) -> tuple[str, bytes]:
        """Signed as the platform signs, so that the body is read; the account's name is right half of the time."""
        account = self._bot.wechat
        target = path.replace(
            "{name}",
            "plain"
            if self._random.random() < 0.8
            else quote(odd_text(self._random)[:30].encode("utf-8", "replace"), safe="") or "x",
        )
        if account is None or self._random.random() < 0.1:
            return target, odd_message(self._random)
        query = Envelope(account).verification(odd_text(self._random)[:50].encode("utf-8", "replace").decode())
        raw = (
            odd_message(self._random)
            .replace(b"oOpenId", f"o{self._random.getrandbits(60)}".encode())
            .replace(b">7<", f">{self._random.getrandbits(60)}<".encode())
        )
        return f"{target}?{query}", raw if method == "POST" else b""


def odd_header(random_: random.Random) -> str:
    """A header's value: anything but line ends, which would end it."""
    text = random_.choice(
        (
            odd_text(random_)[:300],
            "Bearer ",
            "Bearer x.y.z",
            "https://evil.example",
            "null",
            "http://[",
            "cross-site",
            "text/plain",
            "*/*;q=9",
            "a=b; c",
            "gzip;q=0",
        )
    )
    return "".join(c for c in text if c not in "\r\n\0\x0b\x0c").strip() or "x"
