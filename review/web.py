"""The edge: who is there, may they, is the form ours; errors become statuses here and nowhere else."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from review.accounts.browsers import KEPT
from review.accounts.sessions import FULL, NEW_PASSWORD, SECOND_FACTOR, SET_SECOND_FACTOR, find_session, keep_up
from review.desk import Desk
from review.errors import (
    ChangedMeanwhile,
    FormRefused,
    GateNotPassed,
    InvalidInput,
    JobRuns,
    NotAllowed,
    NothingThere,
    NotSignedIn,
    ReviewError,
    SignInRefused,
    TooManyTries,
    UploadTooLarge,
)
from review.receiving import received
from review.route import ANYBODY, Open, Route
from review.visit import Visit, cookie_name, csrf_of
from settings.bot import ADOPT_FILE_MB

logger = logging.getLogger(__name__)
DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
SESSION_COOKIE, VISITOR_COOKIE = "review_session", "review_visitor"
LASTING_S = int(KEPT.total_seconds())
MAX_BODY_BYTES = 256 * 1024  # the longest form is a group of questions to correct
MAX_ADDRESS_CHARS = 8000  # as much as proxies before the console take; what is longer gets a page that says so
MAX_LINE_BYTES = 64 * 1024  # beyond it, aiohttp answers by itself, in bare English
UNREADABLE = (ValueError, LookupError, AssertionError, HttpProcessingError)  # whatever aiohttp makes of odd forms
STATUS: Mapping[type[ReviewError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    FormRefused: 403,
    SignInRefused: 403,
    InvalidInput: 422,
    UploadTooLarge: 413,
    NothingThere: 404,
    ChangedMeanwhile: 409,
    JobRuns: 409,
    GateNotPassed: 409,
    TooManyTries: 429,
}
STAGE_PAGES = {
    SECOND_FACTOR: "/second-factor",
    SET_SECOND_FACTOR: "/account/second-factor",
    NEW_PASSWORD: "/account/password",
}
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "ask-qingpu",  # instead of which Python and which aiohttp
}


def handler_of(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """An aiohttp handler that runs a route's page in a thread, after all checks."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if route.takes_file and request.content_type == "multipart/form-data":
            return await _with_file(request, route)
        form = await _form(request) if request.method == "POST" else {}
        desk = request.app[DESK]
        threads = desk.hashing if route.hashes else desk.pool
        return await asyncio.get_running_loop().run_in_executor(threads, answer, desk, request, form, route)

    return handle


async def _with_file(request: web.Request, route: Route) -> web.StreamResponse:
    """Nothing is read for somebody who may not send it; what is refused halfway leaves nothing."""
    desk, loop = request.app[DESK], asyncio.get_running_loop()
    visit = Visit(request, desk, {})
    refusal = await loop.run_in_executor(desk.pool, _shut_out, visit, route)
    if refusal is not None:
        return refusal

    def check(fields: Mapping[str, Any]) -> None:
        visit.form = fields
        _check_form(visit)

    try:
        async with received(request, desk.settings.adopted, ADOPT_FILE_MB.read(), check) as form:
            return await loop.run_in_executor(desk.pool, answer, desk, request, form, route)
    except ReviewError as error:
        return _told(visit, error)
    except UNREADABLE as error:
        raise web.HTTPBadRequest(reason="the form cannot be read") from error


def _shut_out(visit: Visit, route: Route) -> web.Response | None:
    """The response to somebody who may not use a route, whatever they send; None where they may."""
    try:
        _identify(visit)
        return _not_admitted(visit, route)
    except ReviewError as error:
        return _told(visit, error)


def _told(visit: Visit, error: ReviewError) -> web.Response:
    return visit.problem(str(error), STATUS.get(type(error), 400))


async def _form(request: web.Request) -> Mapping[str, Any]:
    """The fields that were sent. Bytes that are no text, an unknown charset and parts without an end are refused."""
    try:
        return await request.post()
    except UNREADABLE as error:
        raise web.HTTPBadRequest(reason="the form cannot be read") from error


def answer(desk: Desk, request: web.Request, form: Mapping[str, Any], route: Route) -> web.Response:
    """The response to a request; never an exception."""
    visit, started, worked = Visit(request, desk, form), time.perf_counter(), time.thread_time()
    try:
        _identify(visit)
        response = _admitted(visit, route)
    except ReviewError as error:
        response = _told(visit, error)
    except Exception:
        number = uuid.uuid4().hex[:12]
        logger.exception("page failed number=%s method=%s path=%s", number, request.method, request.path)
        response = visit.problem(
            f"出错了，已经记下（编号 {number}）。请再试一次 / something failed and was recorded ({number}): try again",
            500,
        )
    _set_cookies(visit, response)
    response.headers.setdefault("Cache-Control", "no-store")
    took, work = time.perf_counter() - started, time.thread_time() - worked
    response.headers["Server-Timing"] = f"page;dur={took * 1000:.1f}, cpu;dur={work * 1000:.1f}"
    return response


def _admitted(visit: Visit, route: Route) -> web.Response:
    """The page, its form again, or where to go first. Raises what forbids it."""
    refusal = _refusal(visit, route)
    if refusal is not None:  # an aiohttp response without data is falsy
        return refusal
    try:
        return route.page(visit)
    except (InvalidInput, ChangedMeanwhile) as error:
        return _form_again(visit, route, error)


def _form_again(visit: Visit, route: Route, error: InvalidInput | ChangedMeanwhile) -> web.Response:
    """The form's own page with what was typed and what is wrong with it; the page of refusals where there is none."""
    status = STATUS[type(error)]
    is_late = isinstance(error, ChangedMeanwhile)
    if route.form is None or (is_late and not route.shows_stored):
        return visit.problem(str(error), status)
    visit.refused, visit.is_late = visit.half(str(error)), is_late
    try:
        response = route.form(visit)
    except ReviewError:
        visit.refused, visit.shown_at = "", ""
        return visit.problem(str(error), status)
    response.set_status(status)
    return response


@web.middleware
async def security_headers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The same protective headers on everything, refusals included; bare statuses become pages."""
    try:
        if len(request.raw_path) > MAX_ADDRESS_CHARS:
            raise web.HTTPRequestURITooLong
        response = await handler(request)
    except web.HTTPException as refused:
        if refused.status < 400:
            raise
        response = _bare(request, refused)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.app[DESK].settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _bare(request: web.Request, refused: web.HTTPException) -> web.Response:
    reasons = {
        404: "没有这个页面 / there is no such page",
        405: "这个地址不接受这种请求 / this address does not take such a request",
        400: "提交的内容读不出 / the form cannot be read",
        413: "提交的内容太大 / too much was sent",
        414: "网址太长，多半是查找的字太多：请缩短到几十个字再找"
        " / this address is too long, most likely for the words looked for: shorten them to a few dozen characters",
    }
    visit = Visit(request, request.app[DESK], {})
    response = visit.problem(reasons.get(refused.status, refused.reason), refused.status)
    if "Allow" in refused.headers:
        response.headers["Allow"] = refused.headers["Allow"]
    return response


def _identify(visit: Visit) -> None:
    desk = visit.desk
    token = visit.cookie(SESSION_COOKIE)
    if token:
        rotate = visit.request.method == "GET"
        with desk.reading() as session:
            found = find_session(session, token, idle=desk.idle, lifetime=desk.lifetime, rotate=rotate)
        visit.who = found.who
        if found.due:
            with desk.transaction() as session:
                visit.who = keep_up(session, found.who, token, rotate=rotate)
        if visit.who is None:
            visit.new_cookies[SESSION_COOKIE] = None
        else:
            desk.visited()
            visit.csrf = visit.who.csrf
            if visit.who.token != token:
                visit.new_cookies[SESSION_COOKIE] = visit.who.token
    if visit.who is None:
        visitor = visit.cookie(VISITOR_COOKIE)
        if len(visitor) < 32:
            visitor = secrets.token_urlsafe(32)
            visit.new_cookies[VISITOR_COOKIE] = visitor
        visit.csrf = csrf_of(visitor)


def _refusal(visit: Visit, route: Route) -> web.Response | None:
    """A redirection where something is to be done first, None where the page may run. Raises what forbids it."""
    if visit.request.method == "POST":
        _check_form(visit)
    return _not_admitted(visit, route)


def _not_admitted(visit: Visit, route: Route) -> web.Response | None:
    least = route.least
    if least is ANYBODY:
        return None
    who = visit.who
    if who is None:
        if visit.request.method == "GET":
            return visit.go(f"/sign-in?next={quote(visit.request.path_qs, safe='')}")
        raise NotSignedIn("登录已结束，请重新登录 / your session has ended: sign in again")
    if isinstance(least, Open):
        return None
    if who.stage != FULL and not route.path.startswith(STAGE_PAGES[who.stage]):
        return visit.go(STAGE_PAGES[who.stage])
    if not who.role.may_act_as(least):
        raise NotAllowed("您的角色不能做这件事，请找管理员 / your role does not allow this: ask an administrator")
    return None


def _check_form(visit: Visit) -> None:
    sent = visit.form.get("csrf", "")
    fresh = isinstance(sent, str) and hmac.compare_digest(sent.encode("utf-8", "replace"), visit.csrf.encode())
    origin = visit.request.headers.get("Origin")
    own = {urlsplit(visit.desk.settings.public_url).netloc, visit.request.host}
    if not fresh or (origin is not None and _host_of(origin) not in own):
        if visit.request.path != "/sign-in" and visit.who is None:
            raise NotSignedIn("登录已结束，请重新登录 / your session has ended: sign in again")
        raise FormRefused(
            "页面太旧或来历不明，请刷新后再提交 / this form is too old or not ours: reload the page and send again"
        )


def _host_of(origin: str) -> str:
    """Host and port of an origin, "" where a stranger writes what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _set_cookies(visit: Visit, response: web.Response) -> None:
    ages = dict.fromkeys(visit.lasting_cookies, LASTING_S)
    for name, value in {**visit.new_cookies, **visit.lasting_cookies}.items():
        secure = visit.desk.settings.secure_cookies
        response.set_cookie(
            cookie_name(secure, name),
            value or "",
            path="/",
            secure=secure,
            httponly=True,
            samesite="Lax",
            max_age=0 if value is None else ages.get(name),
        )
