"""Reading JSON that strangers send: no more of it than may be, nothing in it that cannot be stored or sent again."""

from __future__ import annotations

from typing import Any

from sanic import Sanic, response
from sanic.compat import Header
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.headers import AcceptContainer
from sanic.request import Request
from sanic.response import HTTPResponse

from wire.message import whole_text

MAX_BODY_BYTES = 64 * 1024  # of any request to the bot; a message of 1,000 characters is 4 KB at most
MAX_DEPTH = 32  # of lists and objects in one another; ours have two
OF_A_REFUSAL = "NONE"  # the method of the request that Sanic makes where it could read none
TOO_LARGE = f"请求体太大，上限是 {MAX_BODY_BYTES // 1024} KB / the body is too large"


class NoJsonObject(ValueError):
    """A body that is no JSON object."""


class CheckedRequest(Request):
    """A request whose body has a length that can be, and one only, and whose method and address can be read.

    Sanic 21.12 fails at a word and at every transfer encoding but `chunked`, waits for ever for less than none, and reads
    one of two lengths, and of two hosts, where a proxy before it may read the other. A method of bytes that are no text
    it cannot say in its refusal: that would be a 500. Where an address is none it makes the request of its refusal with
    the same one, fails again, and closes the connection without a word.
    """

    def __init__(
        self, url_bytes: bytes, headers: Header, version: str, method: str, *others: Any, **named: Any
    ) -> None:
        if not method.isascii():
            raise InvalidUsage("Method")
        if not str(headers.get("content-length", "0")).strip().isdecimal():
            raise InvalidUsage("Content-Length")
        encodings, lengths = headers.getall("transfer-encoding", []), headers.getall("content-length", [])
        if (encodings and (encodings != ["chunked"] or lengths)) or len(lengths) > 1:
            raise InvalidUsage("Transfer-Encoding")
        if len(headers.getall("host", [])) > 1:
            raise InvalidUsage("Host")
        try:
            super().__init__(url_bytes, headers, version, method, *others, **named)
        except Exception as error:  # whatever its parser makes of it
            if method != OF_A_REFUSAL:
                raise InvalidUsage("Address") from error
            super().__init__(b"*", headers, version, method, *others, **named)

    @property
    def accept(self) -> AcceptContainer:
        """What the caller takes, or anything where it writes what is no media type.

        Sanic asks while it makes the reply to an error, and fails at such a word: that would be a 500.
        """
        try:
            return super().accept
        except Exception:  # whatever its parser makes of it
            self.parsed_accept = AcceptContainer()
            return self.parsed_accept


def refuse_large_bodies(app: Sanic) -> None:
    """No body over `MAX_BODY_BYTES` is read, whoever it is for: 413, and the connection is closed."""
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.request_class = CheckedRequest

    @app.exception(PayloadTooLarge)
    async def refuse(_request: Request, _error: PayloadTooLarge) -> HTTPResponse:
        return response.json({"error": TOO_LARGE}, status=413, ensure_ascii=False)


def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in a body. Raises `NoJsonObject`."""
    try:
        body = request.json
    except Exception as error:  # whatever the decoder makes of it, down to its stack
        raise NoJsonObject from error
    if not isinstance(body, dict):
        raise NoJsonObject
    whole: dict[str, Any] = _whole(body, MAX_DEPTH)
    return whole


def _whole(value: Any, depth: int) -> Any:
    if depth == 0:
        raise NoJsonObject
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, list):
        return [_whole(each, depth - 1) for each in value]
    if isinstance(value, dict):
        return {whole_text(name): _whole(each, depth - 1) for name, each in value.items()}
    return value
