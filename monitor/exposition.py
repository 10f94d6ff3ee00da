"""`GET /metrics` of a process, whatever serves its other addresses: who may read it, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from monitor.metrics import BUILD
from settings.monitor import METRICS_TOKEN
from version import product_version
from wire.action_token import bears
from wire.secret_files import check_secret

PATH = "/metrics"
CONTENT_TYPE = CONTENT_TYPE_LATEST
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")  # headers of a proxy: the caller is somebody behind it


@dataclass(frozen=True)
class Exposition:
    """What a process tells. `look` brings numbers up to date that nothing else does; it may take a while and may fail."""

    process: str
    look: Callable[[], None] = lambda: None
    _token: str = field(default_factory=lambda: _token(), repr=False)

    def __post_init__(self) -> None:
        BUILD.info({"version": product_version(), "process": self.process})

    def may_read(self, peer: str, headers: Mapping[str, str]) -> bool:
        """Who bears `METRICS_TOKEN`; where none is set, programs of this machine, but nobody whom a proxy lets in."""
        if self._token:
            return bears(headers.get("Authorization", ""), self._token)
        return _is_loopback(peer) and not any(name in headers for name in FORWARDED)

    def text(self) -> bytes:
        """All numbers, in Prometheus' format. Not for an event loop: `look` asks databases."""
        self.look()
        return generate_latest()


def _token() -> str:
    """`METRICS_TOKEN`, "" where none is set. Raises `SecretRefused` for one that protects nothing."""
    token = METRICS_TOKEN.read()
    return check_secret(token, METRICS_TOKEN.name) if token else ""


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        return False
