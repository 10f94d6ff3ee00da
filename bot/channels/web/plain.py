"""Asking without scripts: a plain form is posted, and the answer is a page with the form again; so is a contact left.

No cookie: the page carries the session's token in its forms, so that a follow-up is one, and each form a message id,
so that a page sent again is not asked again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.origins import allowed_origin
from bot.channels.web.errors import ApiError
from bot.channels.web.requests import MAX_BODY_BYTES, MAX_TEXT_CHARS, MESSAGE_ID
from bot.channels.web.tokens import SessionRefused, SessionTokens
from bot.pages.rendering import page
from wire.message import whole_text

REFERENCE = re.compile(r"QP\d{6}-[2-9A-Z]{5}")
_ENGLISH_LINE = re.compile(r"[A-Z][ -~]{6}")  # as widget/strings.js tells the plan's words from the bot's
NUMBER = re.compile(  # as widget/answer.js dials them: 120 kilometres are none
    r"(?<!\d)(12345|12338|1235[56]|110|119|120|96110|962777)"
    r"(?!\d| ?[公千万亿个张家所套条座处项名人台件平亩倍岁年月天米吨户页多余%％])"
)


@dataclass(frozen=True)
class LineRun:
    """A run of a line; `number` where a telephone dials it."""

    text: str
    number: bool = False


@dataclass(frozen=True)
class PlainAnswer:
    """An answer/1 for a page: its text's lines, those of the list of questions apart, and what can be dialled or opened."""

    outcome: str
    language: str
    lines: tuple[tuple[LineRun, ...], ...]
    hotlines: tuple[Mapping[str, str], ...]
    links: tuple[Mapping[str, Any], ...]
    related: tuple[Mapping[str, str], ...]
    next_steps: tuple[Mapping[str, str], ...] = ()
    reference: str = ""  # of what this answer registered
    lead: str = ""  # what the questions offered are, as its text says it

    @classmethod
    def read(cls, messages: Sequence[Mapping[str, Any]]) -> PlainAnswer:
        """From the channel's messages."""
        custom: Mapping[str, Any] = next((m["custom"] for m in messages if "custom" in m), {})
        text = "\n".join(m["text"] for m in messages if "text" in m)
        related = custom.get("related") or []
        offered = {f"{n}. {each['title']}" for n, each in enumerate(related, start=1)}
        steps = tuple(custom.get("next_steps") or ())
        shown_below = (*(f" {each['url']}" for each in steps),)
        lines = [line for line in text.split("\n") if line.strip() and line not in offered]
        lines = [line for line in lines if not line.endswith(shown_below)]
        has_lead = bool(related and lines and lines[-1].endswith(("：", ":")))
        lead = lines.pop()[:-1] if has_lead else ""  # the head of the list, which stands above the buttons
        urgent, cited = custom.get("outcome") == "danger", custom.get("citations") or ()
        several = len({c["document"] for c in cited}) > 1
        registered = REFERENCE.search(text) if custom.get("outcome") == "handoff" else None
        return cls(
            outcome=custom.get("outcome", ""),
            language="en" if custom.get("language") == "en" else "zh-CN",
            lines=tuple(map(dialled, lines)),
            hotlines=tuple(custom.get("hotlines") or ()) if urgent else (),
            links=tuple(
                {"url": c["url"], "page": c["page"], "document": c["document"] if several else ""} for c in cited
            ),
            related=tuple(related),
            next_steps=steps,
            reference=registered[0] if registered else "",
            lead=lead,
        )


def tongue_of(line: str) -> str:
    """The language of a line: in an answer in English the plan's words stay Chinese."""
    return "en" if _ENGLISH_LINE.match(line) else "zh-CN"


def dialled(line: str) -> tuple[LineRun, ...]:
    """A line with the numbers of help lines apart. Joined, the pieces give it again."""
    parts = NUMBER.split(line)
    return tuple(LineRun(part, number=n % 2 == 1) for n, part in enumerate(parts) if part)


@dataclass(frozen=True)
class PlainQuestion:
    """What a form says: the question, its id, and the session's token ("" at the first)."""

    text: str
    message_id: str
    token: str

    @classmethod
    def read(cls, request: Request) -> PlainQuestion:
        """From a posted form. A question that is missing is empty, an id that is none is made anew. Raises `ApiError`."""
        if len(request.body) > MAX_BODY_BYTES:
            raise ApiError("too_large")
        form = request.form or {}
        text, named, token = (whole_text(str(form.get(name) or "")) for name in ("message", "message_id", "session"))
        message_id = named if MESSAGE_ID.fullmatch(named) else new_id()
        return cls(text.strip()[:MAX_TEXT_CHARS], message_id, token)

    def under(self, token: str) -> PlainQuestion:
        """The same, in the session that this token names."""
        return replace(self, token=token)


async def answered_form(
    request: Request,
    tokens: SessionTokens,
    limit_new: Callable[[], None],
    reply: Callable[..., Awaitable[Sequence[Mapping[str, Any]]]],
) -> HTTPResponse:
    """The page that answers a posted form. `limit_new` raises `ApiError` where no new session may begin now.

    `reply` takes sender, message id and text, and may raise `ApiError`, too: the page then says why, and keeps the words.
    """
    question = None
    try:
        if allowed_origin(request, frozenset()) is None:  # the form stands on our own pages
            raise ApiError("origin")
        question = PlainQuestion.read(request)
        issued = tokens.issue(question.token, f"form-{question.message_id}")  # sent again it is the same session
        if not issued.renewed:
            limit_new()
        question = question.under(issued.token)
        if not question.text:
            return empty_page(issued.token)
        sender = tokens.session_of(issued.token)
        return answer_page(question, await reply(sender, question.message_id, question.text))
    except ApiError as error:
        return refusal_page(question, error)


async def answered_contact(
    request: Request, tokens: SessionTokens, leave: Callable[[str, Mapping[str, Any]], Awaitable[None]]
) -> HTTPResponse:
    """The page after a contact was left with what was registered; `leave` takes the sender and the fields, and may raise.

    What was wrong is said on the same page, with what was written.
    """
    fields: dict[str, Any] = {"reference": "", "contact": "", "language": ""}
    token, error = "", None
    try:
        if allowed_origin(request, frozenset()) is None:
            raise ApiError("origin")
        if len(request.body) > MAX_BODY_BYTES:
            raise ApiError("too_large")
        form = request.form or {}
        fields = {name: whole_text(str(form.get(name) or "")) for name in fields}
        fields["consent"] = bool(form.get("consent"))
        token = whole_text(str(form.get("session") or ""))
        await leave(tokens.session_of(token), fields)
    except SessionRefused:
        error = ApiError("session")
    except ApiError as refused:
        error = refused
    language = "en" if fields["language"] == "en" else "zh-CN"
    about = {"reference": fields["reference"], "contact": fields["contact"] if error else "", "left": error is None}
    return _page("", token, error=error, language=language, **about)


def new_id() -> str:
    """A message id for a form."""
    return secrets.token_hex(16)


def answer_page(question: PlainQuestion, messages: Sequence[Mapping[str, Any]]) -> HTTPResponse:
    """The answer, and the form for the next question."""
    return _page(question.text, question.token, answer=PlainAnswer.read(messages))


def refusal_page(question: PlainQuestion | None, error: ApiError) -> HTTPResponse:
    """What went wrong, and the form with what was written."""
    text, token = (question.text, question.token) if question else ("", "")
    return _page(text, token, draft=text, error=error)


def empty_page(token: str) -> HTTPResponse:
    """Nothing was written: the form alone, which says so."""
    return _page("", token, problem="请先写下您想问的 / write your question first")


def _page(
    question: str,
    token: str,
    *,
    answer: PlainAnswer | None = None,
    draft: str = "",
    problem: str = "",
    error: ApiError | None = None,
    language: str = "",
    reference: str = "",
    contact: str = "",
    left: bool = False,
) -> HTTPResponse:
    values: dict[str, Any] = {"question": question, "session": token, "answer": answer, "draft": draft}
    values |= {"problem": error.body()["message"] if error else problem, "left": left, "contact": contact}
    values["reference"] = answer.reference if answer else reference
    values["language"] = language or (answer.language if answer else "zh-CN")
    status, later = (error.status, error.retry_after_s) if error else (200, 0)
    return page("plain.html", status=status, retry_after_s=later, new_id=new_id, tongue_of=tongue_of, **values)
