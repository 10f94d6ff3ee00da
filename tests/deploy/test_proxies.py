"""The example proxies let out what residents need, and nothing else."""

from __future__ import annotations

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.docs.test_everything_is_named import UNROUTED, mounted
from tests.services import nginx

NGINX, CADDY = Path("deploy/nginx.conf"), Path("deploy/Caddyfile")
KEPT_IN = {
    "/webhooks/web/metrics",
    "/webhooks/rest",
    "/webhooks/rest/webhook",
    "/webhooks/rest/feedback",
    "/webhooks/rest/rehearse",
    "/webhooks/web/ready",
    "/webhooks/wechat",
}
OF_RASA = {"/version", "/status", "/model", "/conversations/s/messages", "/domain"}
TRICKS = {
    "/webhooks/web/ready/",
    "/webhooks/web//ready",
    "/webhooks/web/../rest/webhook",
    "/plan%2f..%2fversion",
}


class _Behind(BaseHTTPRequestHandler):
    """Where the bot would be: says what reached it."""

    def _say(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"path": self.path, "from": self.headers.get("X-Forwarded-For")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _say  # noqa: N815 - the names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    """The address of an nginx that runs the example, before a server that says what it got."""
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Behind)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    with nginx([behind.server_port]) as port:
        yield f"http://127.0.0.1:{port}"
    behind.shutdown()


def status_of(url: str, body: bytes | None = None) -> int:
    """The status; 0 if nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=20) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return 0


def addresses() -> set[str]:
    """Every address of the bot, with a name where a part may be any."""
    return {re.sub(r"<\w+>", "a-name", each.split(" ", 1)[1]) for each in {*mounted(), *UNROUTED}}


def is_let_out(path: str, proxy: Path) -> bool:
    """Whether one of the patterns of a proxy's file takes a path."""
    lines = [line for line in proxy.read_text(encoding="utf-8").splitlines() if not line.strip().startswith("#")]
    return any(
        re.search(pattern, path) for line in lines for pattern in re.findall(r"(?:~|path_regexp) (\^\S+\$)", line)
    )


@pytest.mark.slow  # starts nginx
def test_nginx_lets_out_what_residents_need(proxy: str) -> None:
    """Each address of the bot is either let out, or one that is named here as kept in; Rasa's own are kept in, tricks too."""
    closed = {path for path in addresses() | OF_RASA | TRICKS if status_of(proxy + path) != 200}
    assert closed == KEPT_IN | OF_RASA | TRICKS


@pytest.mark.slow  # starts nginx
def test_nginx_refuses_large_bodies_and_names_the_caller(proxy: str) -> None:
    """64 KB; and what a stranger writes as its address is replaced."""
    assert status_of(f"{proxy}/webhooks/web/message", b"x" * 65537) == 413
    request = urllib.request.Request(f"{proxy}/plan?q=x", headers={"X-Forwarded-For": "1.2.3.4"})
    with urllib.request.urlopen(request, timeout=20) as reply:
        assert json.load(reply) == {"path": "/plan?q=x", "from": "127.0.0.1"}
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert reply.headers["Server"] == "nginx"  # and not which one


@pytest.mark.parametrize("file", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_both_files_let_out_the_same(file: Path) -> None:
    """By their patterns: Caddy is not there to be started."""
    assert {path for path in addresses() | OF_RASA if not is_let_out(path, file)} == KEPT_IN | OF_RASA
    assert "64k" in file.read_text(encoding="utf-8").lower()
