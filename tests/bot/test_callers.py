"""Whose network a request counts for."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.callers import BEHIND_A_PROXY, _warn_of_proxy, knows_its_proxies, network_of


def asked_from(address: str, forwarded: str = "", **headers: str) -> Any:
    """A request as Sanic shows it."""
    return SimpleNamespace(ip=address, remote_addr=forwarded, headers=headers)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_ipv6_counts_by_its_first_half(address: str, network: str) -> None:
    """A household has 2**64 addresses; an IPv4 address is itself, also when it is written as IPv6."""
    assert network_of(asked_from(address)) == network
    assert network_of(asked_from("127.0.0.1", forwarded=address)) == (network or "127.0.0.1")


def test_an_unknown_proxy_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """With the mend; not where the operator has set how many there are."""
    _warn_of_proxy.cache_clear()
    behind = asked_from("127.0.0.1", **{"X-Forwarded-For": "203.0.113.7"})
    with caplog.at_level(logging.WARNING):
        monkeypatch.setenv("SANIC_PROXIES_COUNT", "1")
        assert knows_its_proxies() and network_of(behind) == "127.0.0.1" and caplog.messages == []
        monkeypatch.delenv("SANIC_PROXIES_COUNT")
        assert not knows_its_proxies()
        for _ in range(3):
            network_of(behind)
    assert caplog.messages == [BEHIND_A_PROXY]
