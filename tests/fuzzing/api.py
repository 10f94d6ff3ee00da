"""Odd requests to the running bot, and what its replies must be: as docs/openapi.yml says, soon, and never 5xx."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response

from tests.fuzzing.figures import SLOW_S, Figures
from wechat_sim.envelope import PlatformAccount

OPENAPI = Path("docs/openapi.yml")
WITHOUT_OPERATIONS = ("HEAD", "OPTIONS")  # pages answer the one, preflights the other
EVERYWHERE = {400, 404, 405, 408, 413, 417}  # what any address may say of a request that is no request
NEIGHBOURS = [f"127.7.{number // 200}.{number % 200 + 1}" for number in range(2000)]  # each is an address of its own
READINESS = "/webhooks/web/ready"  # 503 is what it is for, on a machine so busy that the action server is late
QUESTIONS = (
    "养老院床位有多少",
    "小孩两岁有没有托班",
    "公租房会多建吗",
    "你好",
    "今天天气怎么样",
    "都不是",
    "How many beds?",
)
HANGS_AFTER_S = 90.0  # a turn of the tests' product may take 60 s on a busy machine
FINISHED_S = 0.3  # what is no whole request gets no reply: so long is waited for one


@dataclass(frozen=True)
class OddRequest:
    """Bytes to send, as they are; `whole` where a server can see that they end."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    path: str = ""  # the operation's, "" for none
    whole: bool = True
    head: bytes | None = None  # instead of the request line and the headers

    def bytes_for(self, host: str) -> bytes:
        """What goes over the wire."""
        if self.head is not None:
            return self.head + self.body
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}", *(f"{n}: {v}" for n, v in self.headers)]
        if self.body and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in self.headers):
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + self.body

    @property
    def shown(self) -> str:
        """For a report."""
        return f"{self.method} {self.target} {dict(self.headers)} {self.body[:1500]!r} {self.head!r:.300}"


@dataclass
class Neighbour:
    """Sends from one loopback address over one kept connection."""

    port: int
    address: str
    _connection: socket.socket | None = None

    def send(self, request: OddRequest) -> tuple[int, Mapping[str, list[str]], bytes]:
        """Status, headers by lower-case name, body; status 0 where nothing came back. A closed connection is opened anew."""
        for _ in range(2):
            fresh = self._connection is None
            try:
                return self._send(request)
            except TimeoutError:
                self.close()
                return 0, {}, b"silent"
            except (OSError, http.client.HTTPException, ValueError):
                self.close()
                if fresh:
                    break
        return 0, {}, b"closed"

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, request: OddRequest) -> tuple[int, Mapping[str, list[str]], bytes]:
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self.port), HANGS_AFTER_S, (self.address, 0))
        self._connection.settimeout(HANGS_AFTER_S if request.whole else FINISHED_S)
        self._connection.sendall(request.bytes_for(f"127.0.0.1:{self.port}"))
        reply = http.client.HTTPResponse(self._connection, method=request.method)
        reply.begin()
        body = reply.read()
        headers: dict[str, list[str]] = {}
        for name, value in reply.getheaders():
            headers.setdefault(name.lower(), []).append(value)
        if reply.will_close or not request.whole:
            self.close()
        return reply.status, headers, body


@dataclass
class BotUnderFire:
    """The bot at a port, its promises, and what came of what it was sent."""

    port: int
    figures: Figures
    pids: tuple[int, ...]  # of the processes that work for a reply
    wechat: PlatformAccount | None = None  # the first account, where there is one
    sessions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    waited_for: list[OddRequest] = field(default_factory=list)  # longer than may be; perhaps the machine was busy

    def __post_init__(self) -> None:
        self.schema = schemathesis.openapi.from_path(str(OPENAPI))
        self.operations = {
            (o.method.upper(), o.path): o for o in (each.ok() for each in self.schema.get_all_operations())
        }
        self.statuses = {
            key: {int(status) for status in o.definition.raw["responses"]} for key, o in self.operations.items()
        }
        self.names = sorted(path.name for folder in ("widget", "bot/pages/assets") for path in Path(folder).iterdir())
        self._addresses = itertools.cycle(NEIGHBOURS)

    def neighbour(self) -> Neighbour:
        """At the next address."""
        return Neighbour(self.port, next(self._addresses))

    def greet(self, count: int = 20) -> None:
        """Sessions and answers that requests can name; they are used up by erasures and made anew now and then."""
        from_here = self.neighbour()
        for number in range(count):
            _, _, body = from_here.send(OddRequest("POST", "/webhooks/web/session"))
            token = str(json.loads(body)["session"])
            self.sessions.append(token)
            asked = {"session": token, "message_id": f"greeting-{number}", "message": random.choice(QUESTIONS)}
            _, _, body = from_here.send(OddRequest("POST", "/webhooks/web/message", body=json.dumps(asked).encode()))
            self.answers.append(str(json.loads(body)[1]["custom"]["answer_id"]))
        from_here.close()

    def try_one(self, kind: str, from_here: Neighbour, request: OddRequest) -> None:
        """Send, judge, count."""
        status, headers, body, took_s = self._timed(from_here, request)
        self.figures.count(kind, status or body.decode(), took_s, request.shown)
        if took_s > SLOW_S and request.whole:
            self.waited_for.append(request)
        if status >= 500 and not (status == 503 and request.path == READINESS):
            self.figures.server_error(f"{request.method} {request.path}: {status}", f"{request.shown} → {body[:500]!r}")
        elif request.whole and request.path:
            self._judge(request, status, headers, body, took_s)

    def try_slow_ones_alone(self) -> None:
        """Each once more, by itself, by the time of the processor: how long it takes where nothing else runs."""
        from_here = self.neighbour()
        for request in self.waited_for:
            before_s = processor_s(self.pids)
            from_here.send(request)
            if (took_s := processor_s(self.pids) - before_s) > SLOW_S:
                self.figures.too_slow(
                    f"{request.method} {request.path}: {took_s:.1f} s of the processor", request.shown
                )
        from_here.close()

    @staticmethod
    def _timed(from_here: Neighbour, request: OddRequest) -> tuple[int, Mapping[str, list[str]], bytes, float]:
        started = time.monotonic()
        status, headers, body = from_here.send(request)
        return status, headers, body, time.monotonic() - started

    def _judge(
        self, request: OddRequest, status: int, headers: Mapping[str, list[str]], body: bytes, took_s: float
    ) -> None:
        where = f"{request.method} {request.path}"
        if status == 0:
            return self.figures.crash(f"{where}: {body.decode()}", request.shown)
        operation = self.operations.get((request.method, request.path))
        if operation is None or status not in self.statuses[request.method, request.path]:
            if status not in EVERYWHERE and request.method not in WITHOUT_OPERATIONS:
                self.figures.other(f"{where}: {status}", request.shown)
            return None
        sent = requests.Request(request.method, f"http://127.0.0.1:{self.port}/").prepare()
        try:
            operation.validate_response(Response(status, headers, body, sent, took_s, verify=False))
        except FailureGroup as wrong:
            self.figures.other(f"{where} {status}: {wrong.exceptions[0]!r:.300}", f"{request.shown} → {body[:500]!r}")
        return None


def processor_s(pids: tuple[int, ...]) -> float:
    """Seconds that processes have worked since they began."""
    ticks = 0
    for pid in pids:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])  # utime, stime: proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def by_schema(bot: BotUnderFire, key: tuple[str, str], case: Any, from_here: Neighbour, kind: str) -> None:
    """A request that schemathesis has made from the file."""
    made = case.as_transport_kwargs(base_url=f"http://127.0.0.1:{bot.port}")
    made.pop("cookies", None)
    prepared = requests.Request(
        **{k: v for k, v in made.items() if k in ("method", "url", "headers", "data", "json", "params", "files")}
    ).prepare()
    body = prepared.body.encode("utf-8", "replace") if isinstance(prepared.body, str) else prepared.body or b""
    headers = tuple((str(n), str(v)) for n, v in prepared.headers.items() if n.lower() != "content-length")
    headers += (("Content-Length", str(len(body))),) if prepared.method != "GET" else ()
    bot.try_one(kind, from_here, OddRequest(str(prepared.method), prepared.path_url, headers, body, key[1]))
