"""Whose address the audit log has, behind proxies and without."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

from review.visit import MAX_ADDRESS_CHARS, Visit

PROXY = "10.0.0.1"


def address(proxies: int, *forwarded: str) -> str:
    """Of a visit that came from a proxy with these headers."""
    headers = CIMultiDict(("X-Forwarded-For", value) for value in forwarded)
    request: Any = SimpleNamespace(remote=PROXY, headers=headers)
    desk: Any = SimpleNamespace(settings=SimpleNamespace(proxies_count=proxies))
    return Visit(request, desk, {}).address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "wanted"),
    [
        (0, (), PROXY),
        (0, ("203.0.113.7",), PROXY),
        (1, ("203.0.113.7",), "203.0.113.7"),
        (1, ("6.6.6.6, 203.0.113.7",), "203.0.113.7"),
        (1, ("6.6.6.6", "203.0.113.7"), "203.0.113.7"),
        (2, ("6.6.6.6, 203.0.113.7, 10.0.0.2",), "203.0.113.7"),
        (2, ("203.0.113.7",), PROXY),
        (1, (), PROXY),
        (1, ("",), PROXY),
        (1, ("2001:db8::1",), "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_wrote_counts(proxies: int, forwarded: tuple[str, ...], wanted: str) -> None:
    """What a stranger puts before it does not, and without proxies nothing does."""
    assert address(proxies, *forwarded) == wanted


def test_a_long_address_is_cut() -> None:
    """The column has a length, and a proxy may be wrong."""
    assert len(address(1, "x" * 500)) == MAX_ADDRESS_CHARS
