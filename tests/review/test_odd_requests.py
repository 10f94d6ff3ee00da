"""Nothing that stands in an address, a form or a header is a failure of ours: it is found, refused, or not there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest

from review.accounts.roles import Role
from review.typed import MAX_NUMBER, day, key_moment, month, whole_number
from tests.review.conftest import PATIENCE_S, Console, Visitor
from tests.review.test_auth_matrix import MATRIX

ODD = (
    *("9" * 30, "9" * 5000, "2147483648", "9223372036854775808", "0", "-1", "1e999", "NaN", "٣", "２", "²"),
    *("%00", "%ED%A0%80", "%FF%FE", "a" * 3000, "'\"><;--", "0001-01-01", "9999-12-31", "2026-02-30", "9999-12", "1-1"),
    *("1|0001-01-01T00:00|x", "9999-12-31T23:59:59%2B14:00|x", "nan|2026-01-01T00:00|x", "..%2F..", "%7B%7B7*7%7D%7D"),
)
NAMES = (
    *("page", "before", "after", "since", "until", "month", "text", "q", "topic", "kind", "status", "order", "reason"),
    *("assigned", "turn", "back", "next", "said", "account", "action", "target", "intent", "channel", "outcome", "tag"),
    *(
        "feedback",
        "confidence",
        "place",
        "version",
        "verdict",
        "expires_on",
        "as_of",
        "starts_at",
        "ends_at",
        "chosen",
        "to",
    ),
    *("share", "title", "name", "role", "csrf", "old", "new", "password", "code", "commitment_id", "question", "state"),
)
LEFT_ALONE = {"/sign-out", "/account/sessions/close", "/training", "/releases"}  # what they do is tested elsewhere


def addresses(method: str) -> Iterator[str]:
    """Of every route of a method; each number of an address also as numbers that no row has."""
    for (each, route), (_, address) in MATRIX.items():
        if each == method and not (method == "POST" and address in LEFT_ALONE):
            yield address
            if "{" in route:
                head, _, last = address.rpartition("/")
                yield from (f"{head}/{odd}" for odd in ODD)
                yield from (address.replace("/9", f"/{odd}") for odd in ODD if "/9" in address and last != "9")


def administrator(console: Console) -> Visitor:
    """Who may do everything."""
    return console.as_role(Role.ADMINISTRATOR)


def test_odd_addresses_are_no_failure_of_ours(console: Console) -> None:
    """Every page, every route that takes a form, with ids that no row has."""
    visitor = administrator(console)
    for address in addresses("GET"):
        assert visitor.get(address).status_code < 500, address[:80]
    for address in addresses("POST"):
        visitor.get("/account")
        assert visitor.post(address).status_code < 500, address


def test_odd_values_are_no_failure_of_ours(console: Console) -> None:
    """In the query of every page, one name at a time, the values in turn."""
    visitor, odd = administrator(console), random.Random(1)
    for address in {address for (method, _), (_, address) in MATRIX.items() if method == "GET"}:
        for name in NAMES:
            value = odd.choice(ODD)
            assert visitor.get(f"{address}?{name}={value}").status_code < 500, (address, name, value)


def test_odd_forms_are_no_failure_of_ours(console: Console) -> None:
    """Every field in every form, one value in all of them."""
    visitor = administrator(console)
    for address in [address for (m, _), (_, address) in MATRIX.items() if m == "POST" and address not in LEFT_ALONE]:
        for value in ODD[::3]:
            visitor.get("/account")
            body = "&".join(
                [f"csrf={quote_plus(visitor.csrf)}", *(f"{name}={value}" for name in NAMES if name != "csrf")]
            )
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            reply = visitor.session.post(
                console.address + address, data=body, headers=headers, allow_redirects=False, timeout=PATIENCE_S
            )
            assert reply.status_code < 500, (address, value)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"csrf=\xff\xfe&name=\xff"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"csrf=a"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"csrf=a"),
        ("multipart/form-data", b"csrf=a"),
        ("multipart/form-data; boundary=x", b"--y"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="f"\r\n\r\na\r\n--x--',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
        ("text/plain", b"\x00"),
    ],
)
def test_odd_bodies_are_no_failure_of_ours(console: Console, kind: str, body: bytes) -> None:
    """Bytes that are no text, charsets that are none, parts without an end: a refusal, as a page."""
    visitor = console.visitor()
    for path in ("/sign-in", "/inbox"):
        headers = {"Content-Type": kind}
        reply = visitor.session.post(
            console.address + path, data=body, headers=headers, allow_redirects=False, timeout=PATIENCE_S
        )
        assert 400 <= reply.status_code < 500, (path, reply.status_code)
        assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize("origin", ["http://[", "null", "http://%", "//", "http://[::1", ""])
def test_odd_origins_are_refused(console: Console, origin: str) -> None:
    """The form is not ours."""
    visitor = console.visitor()
    visitor.get("/sign-in")
    reply = visitor.post("/sign-in", headers={"Origin": origin}, name="nobody", password="wrong")
    assert reply.status_code == 403


def test_numbers_and_days_have_their_bounds() -> None:
    """Those that every database and every time zone takes."""
    assert whole_number(str(MAX_NUMBER)) == MAX_NUMBER and whole_number("０７") == 7
    assert [whole_number(text) for text in (str(MAX_NUMBER + 1), "9" * 5000, "-1", "²", "")] == [None] * 5
    assert day("") is None and month("") is None
    assert str(day("2026-06-30")) == "2026-06-30" and str(month("2026-05")) == "2026-05-01"
    assert key_moment("2026-06-30T18:00:00+08:00").isoformat() == "2026-06-30T10:00:00+00:00"
