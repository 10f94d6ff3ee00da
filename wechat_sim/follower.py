"""A follower with WeChat in the hand, and the platform that carries what they send: 5 seconds, three times."""

from __future__ import annotations

import http.client
import itertools
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from wechat_sim.envelope import Envelope

WAIT_S = 5.0
ATTEMPTS = 3
OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
_message_ids = itertools.count(random.randrange(10**15, 10**16))


@dataclass(frozen=True)
class Shown:
    """What the follower sees: `text` (None: nothing), after how many deliveries, and the last HTTP status (0: none)."""

    text: str | None
    attempts: int
    status: int


@dataclass
class Follower:
    """Sends messages to one callback address."""

    callback: str
    envelope: Envelope
    open_id: str = "oFollower_000000000000000001"
    account_id: str = "gh_qingpu"
    sleep: Callable[[float], None] = time.sleep

    def say(self, text: str) -> Shown:
        """Type a text."""
        return self.deliver(self.xml("text", Content=text))

    def speak(self, recognised: str | None = None) -> Shown:
        """Send a voice message, with what the platform recognised, if it did."""
        more = {} if recognised is None else {"Recognition": recognised}
        return self.deliver(self.xml("voice", MediaId="media", Format="amr", **more))

    def event(self, name: str, key: str = "", at: int | None = None) -> Shown:
        """Follow, leave, tap the menu, scan."""
        return self.deliver(self.event_xml(name, key, at))

    def send(self, kind: str, **fields: str) -> Shown:
        """Send an image, a location, a link …"""
        return self.deliver(self.xml(kind, **fields))

    def xml(self, kind: str, **fields: str) -> str:
        """A message's XML, with a new `MsgId` unless one is given."""
        return self._xml(kind, {"MsgId": str(next(_message_ids)), **fields}, int(time.time()))

    def event_xml(self, name: str, key: str = "", at: int | None = None) -> str:
        """An event's XML."""
        return self._xml("event", {"Event": name, "EventKey": key}, int(time.time()) if at is None else at)

    def deliver(self, xml: str) -> Shown:
        """What the platform does with a message: signed anew for each attempt, dropped after 5 s."""
        status = 0
        for attempt in range(1, ATTEMPTS + 1):
            started = time.monotonic()
            status, body = self.post(xml)
            if status == 200:
                return Shown(self.envelope.open_reply(body), attempt, status)
            if attempt < ATTEMPTS:
                self.sleep(max(0.0, WAIT_S - (time.monotonic() - started)))
        return Shown(OUT_OF_ORDER, ATTEMPTS, status)

    def verify(self, echo: str) -> tuple[int, str]:
        """Status and body of the console's verification."""
        return self._request("GET", self.envelope.verification(echo), b"")

    def post(self, xml: str) -> tuple[int, str]:
        """One delivery: status (0 when nothing came within 5 s) and body."""
        return self.post_raw(*self.envelope.message(xml))

    def post_raw(self, query: str, body: bytes) -> tuple[int, str]:
        """One delivery of exactly this."""
        return self._request("POST", query, body)

    def _request(self, method: str, query: str, body: bytes) -> tuple[int, str]:
        parts = urlsplit(self.callback)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=WAIT_S)
        try:
            headers = {"Content-Type": "text/xml"}
            connection.request(method, f"{parts.path}?{query}", body or None, headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _xml(self, kind: str, fields: Mapping[str, str], at: int) -> str:
        head = {"ToUserName": self.account_id, "FromUserName": self.open_id, "CreateTime": str(at), "MsgType": kind}
        return "<xml>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in {**head, **fields}.items()) + "</xml>"
