"""No XML can do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.errors import Malformed
from bot.channels.wechat.xml_fields import read_fields

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "'
    + b"x" * 100
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(8))
    + b"]><xml><Content>&i;</Content></xml>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
        b"<!DOCTYPE xml><xml/>",
        b"<xml>&nothing;</xml>",
        b"<xml>" * 10_000,
        b"<xml>" + b"<a/>" * 10_000 + b"</xml>",
        b"<other/>",
        b"<xml>",
        b"",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="no-such"?><xml/>',
    ],
)
def test_dangerous_or_broken_xml_is_malformed(body: bytes) -> None:
    """DTDs, entities, depth, numbers of elements, and everything that is no XML."""
    with pytest.raises(Malformed):
        read_fields(body)


def test_fields_are_read() -> None:
    """Text, CDATA, empty elements; nested ones by their own text only."""
    body = "<xml><A>养</A><B><![CDATA[<老>&]]></B><C/><D><E>x</E></D></xml>"
    assert read_fields(body.encode()) == {"A": "养", "B": "<老>&", "C": "", "D": ""}


@given(st.binary(max_size=300) | st.text(st.characters(codec="utf-8"), max_size=100).map(str.encode))
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    """No other exception comes out."""
    try:
        assert isinstance(read_fields(b"<xml><A>" + body + b"</A></xml>"), dict)
    except Malformed:
        pass
