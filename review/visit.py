"""One request as a page sees it: who is there, what was typed in, and ways to answer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import aiohttp_jinja2
from aiohttp import web
from multidict import MultiDict, MultiMapping
from sqlalchemy.orm import Session

from review.accounts.audit import Actor
from review.accounts.roles import ROLE_NAMES, Role
from review.accounts.sessions import SignedIn, find_session
from review.desk import Desk
from review.errors import InvalidInput, NothingThere
from review.filtering import Fault, TakenQuery, shortened
from review.labels import label_of
from review.language import LANGUAGE_COOKIE, NOT_DONE, SAID, in_language, translator
from review.navigation import NAVIGATION
from review.typed import plain, plain_query, whole_number

logger = logging.getLogger(__name__)
T = TypeVar("T")
BEHIND_A_PROXY = (
    "前面有反向代理时请设 REVIEW_PROXIES_COUNT，否则登录试错时所有生人算一个地址，一起被锁定 / "
    "behind a reverse proxy set REVIEW_PROXIES_COUNT, or all strangers at the sign-in count as one address"
)
MAX_FIELD_CHARS = 4000
OF_SECRETS = ("/sign-in", "/second-factor", "/account", "/users")  # what is typed there is not shown again
NOT_TYPED = frozenset(
    (
        "csrf",
        "version",
        "seen",
        "back",
        "do",
        "turn",
        "kind",
        "verdict",
        "query",
        "q",
        "instead_of",
        "rewritten",
        "answer",
        "one",
    )
)  # a page wrote these
MAX_ADDRESS_CHARS = 45  # of an IPv6 address with an IPv4 one in it


@dataclass
class Visit:
    """A request under way. `who` is None on the pages before signing in; `csrf` stands in every form.

    `refused` says what is wrong with the form, in the person's language, while its page is shown again; `is_late`: what is
    wrong is that somebody else saved first. `shown_at` is then that page's own address. `faults` says what of
    the address could not be taken.
    """

    request: web.Request
    desk: Desk
    form: Mapping[str, Any]
    who: SignedIn | None = None
    csrf: str = ""
    new_cookies: dict[str, str | None] = field(default_factory=dict)
    lasting_cookies: dict[str, str] = field(default_factory=dict)  # stay when the browser is closed
    refused: str = ""
    is_late: bool = False
    shown_at: str = ""
    faults: Sequence[str] = ()

    def take_over(self, session: Session, token: str) -> None:
        """Go on with a new token of this person's session, which the rest of the page and the cookie hold then."""
        session.flush()
        self.new_cookies["review_session"] = token
        self.who = find_session(session, token, idle=self.desk.idle, lifetime=self.desk.lifetime, rotate=False).who
        self.csrf = self.person.csrf

    @property
    def person(self) -> SignedIn:
        """Who is signed in, on pages that only signed-in people reach."""
        assert self.who is not None
        return self.who

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit log."""
        return Actor(self.person.account_id, self.person.name, self.address)

    @property
    def address(self) -> str:
        """The browser's address, as the reverse proxies that are set before the console tell it; else who connected."""
        count = self.desk.settings.proxies_count
        told = [part.strip() for part in ",".join(self.request.headers.getall("X-Forwarded-For", [])).split(",")]
        address = told[-count] if 0 < count <= len(told) else ""
        return plain(address)[:MAX_ADDRESS_CHARS] or self.request.remote or ""

    def warn_of_proxy(self) -> None:
        """Say once in the log that all strangers would be locked out as one."""
        if self.desk.settings.proxies_count == 0 and "X-Forwarded-For" in self.request.headers:
            _warn_of_proxy()

    def cookie(self, name: str) -> str:
        """What a cookie of this console holds, "" if it is not there."""
        return self.request.cookies.get(cookie_name(self.desk.settings.secure_cookies, name), "")

    @property
    def language(self) -> str:
        """`zh` unless English was chosen."""
        return "en" if self.request.cookies.get(LANGUAGE_COOKIE) == "en" else "zh"

    @property
    def query(self) -> Mapping[str, str]:
        """What stands after `?` in the address of the page that is shown."""
        if self.shown_at:
            return plain_query(MultiDict(parse_qsl(urlsplit(self.shown_at).query)))
        return plain_query(self.request.query)

    @property
    def here(self) -> str:
        """The address of the page that is shown, which can be asked for again; where a form was sent, of the form's page."""
        return self.shown_at or (self.request.path_qs if self.request.method != "POST" else self.came_from)

    @property
    def plain_path(self) -> str:
        """The address of the page without what it asks for; "" where it leads elsewhere."""
        return self.request.path if is_local(self.request.path) else ""

    @property
    def came_from(self) -> str:
        """The page of this console that a form stands on, as browsers and forms tell it; "" where neither does."""
        told = _parts(self.request.headers.get("Referer", ""))
        if told is not None and told.netloc in (urlsplit(self.desk.settings.public_url).netloc, self.request.host):
            page = told.path + (f"?{told.query}" if told.query else "")
            if is_local(page):
                return page
        back = self.form.get("back", "")
        return back if isinstance(back, str) and is_local(back) else ""

    def part(self, name: str) -> str:
        """A part of the address, as `{id}`."""
        return plain(self.request.match_info[name])

    def numbered(self, name: str) -> int:
        """A part of the address that is a number. Raises `NothingThere` for one that no row has."""
        number = whole_number(self.part(name))
        if number is None:
            raise NothingThere("没有这一条 / there is no such thing")
        return number

    def taken(self, found: TakenQuery) -> Mapping[str, str]:
        """What of an address holds; what does not is told on the page, and no link of the page repeats it."""
        if found.faults:
            self.faults = (*self.faults, *found.told(self.language))
            query = urlencode(dict(found.query))
            self.shown_at = self.request.path + (f"?{query}" if query else "")
        return found.query

    def page_number(self) -> int:
        """Which page of a list is wanted, from 1."""
        return max(1, whole_number(self.query.get("page", "")) or 1)

    def paged(self, found: Sequence[T], per_page: int) -> tuple[Sequence[T], dict[str, Any]]:
        """The page of a list that is wanted, and what its links need: its number, and whether it is the last.

        The first where there is no such page, which is told.
        """
        pages, wanted = max(1, -(-len(found) // per_page)), self.query.get("page", "")
        number = whole_number(wanted) if wanted else 1
        if number is None or not 0 < number <= pages:
            self.taken(
                TakenQuery(self.query).without(Fault("page", "page", {"value": shortened(wanted), "most": pages}))
            )
            number = 1
        end = number * per_page
        return found[end - per_page : end], {"number": number, "last": end >= len(found)}

    def typed(self, name: str, *, most: int = MAX_FIELD_CHARS) -> str:
        """A field of the form, trimmed; "" if it is missing. Raises `InvalidInput` if it is longer than `most`."""
        value = self.form.get(name, "")
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > most:
            label = label_of(name, self.request.path)
            raise InvalidInput(
                f"“{label}”有 {len(text)} 字，上限 {most} 字"
                f" / “{translator('en')(label)}” has {len(text)} characters, at most {most} are taken"
            )
        return plain(text)

    def all_typed(self, name: str) -> list[str]:
        """All values of a field that may stand in the form several times."""
        values = self.form.getall(name, []) if isinstance(self.form, MultiMapping) else []
        return [plain(value) for value in values if isinstance(value, str)]

    def needed(self, name: str, what: str, *, most: int = MAX_FIELD_CHARS) -> str:
        """A field that must not be empty; `what` names it, 「中文 / English」."""
        text = self.typed(name, most=most)
        if not text:
            chinese, _, english = what.partition(" / ")
            raise InvalidInput(f"请填写{chinese} / {english} is missing")
        return text

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the form, or `default`."""
        number = whole_number(self.typed(name))
        return default if number is None else number

    def kept(self, name: str, default: Any = "") -> Any:
        """What a field of a form shows: what was typed, while a refused form is shown again, else `default`.

        Whoever came too late has seen meanwhile what was saved: the version is that of now.
        """
        if not self.refused or (self.is_late and name == "version"):
            return default
        value = self.form.get(name, "")
        return plain(value) if isinstance(value, str) else default

    @property
    def typed_texts(self) -> list[tuple[str, str]]:
        """(label, text) of what was typed into a form that came to nothing: for its author to take along.

        Nothing of the pages on which secrets are typed.
        """
        if self.request.method != "POST" or self.who is None or self.request.path.startswith(OF_SECRETS):
            return []
        texts = ((name, plain(value)) for name, value in self.form.items() if isinstance(value, str))
        typed = ((label_of(name, self.request.path), text) for name, text in texts if name not in NOT_TYPED)
        return [(label, text) for label, text in typed if text.strip()]

    def may(self, least: Role) -> bool:
        """Whether the person's role is enough."""
        return self.who is not None and self.who.role.may_act_as(least)

    @property
    def is_to_wait(self) -> bool:
        """Whether what this person corrects waits for an editor: a reviewer's always, an editor's where two people are wanted."""
        return self.desk.settings.two_people or not self.may(Role.EDITOR)

    @property
    def said_of_correction(self) -> str:
        """What the next page says of a correction that stands against nothing (a key of `language.SAID`)."""
        if not self.may(Role.EDITOR):
            return "corrected-for-editor"
        return "corrected-pending" if self.is_to_wait else "corrected"

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page in the person's language."""
        say = translator(self.language)
        shown = {
            "visit": self,
            "who": self.who,
            "csrf": self.csrf,
            "language": self.language,
            "_": say,
            "Role": Role,
            "role_names": ROLE_NAMES,
            "said": say(SAID.get(self.query.get("said", ""), "")),
            "is_done": self.query.get("said", "") not in NOT_DONE,
            "settings": self.desk.settings,
            "path": self.request.path,
            "navigation": NAVIGATION,
            **values,
        }
        if self.faults and status == 200:
            status = 422
        body = aiohttp_jinja2.render_string(template, self.request, shown)
        return web.Response(text=body, status=status, content_type="text/html", charset="utf-8")

    def half(self, message: str) -> str:
        """The half of 「中文 / English」 that the person reads."""
        return in_language(message, self.language)

    def with_query(self, **changes: Any) -> str:
        """The address's query with some values set (an empty one removed)."""
        values = {**self.query, **{name: str(value) for name, value in changes.items()}}
        values.pop("said", None)
        return urlencode({name: value for name, value in values.items() if value != ""})

    def problem(self, message: str, status: int) -> web.Response:
        """The page of a refusal."""
        return self.page("problem.html", status=status, message=in_language(message, self.language), code=status)

    def go(self, path: str, said: str = "", **query: str) -> web.Response:
        """Another page, which says that something was done (a key of `language.SAID`)."""
        parts = {**query, **({"said": said} if said else {})}
        anchor = ""
        if "#" in path:
            path, _, anchor = path.partition("#")
        mark = "&" if "?" in path else "?"
        address = path + (mark + urlencode(parts) if parts else "") + (f"#{anchor}" if anchor else "")
        return web.Response(status=303, headers={"Location": address})


def cookie_name(secure: bool, name: str) -> str:
    """`__Host-` keeps other sites of the same domain from planting one; browsers take it over TLS only."""
    return f"__Host-{name}" if secure else name


@cache
def _warn_of_proxy() -> None:
    logger.warning("%s", BEHIND_A_PROXY)


def csrf_of(cookie: str) -> str:
    """The form token of a visitor who has not signed in: follows from the cookie, but does not show it."""
    return hashlib.sha256(f"csrf:{cookie}".encode()).hexdigest()


def _parts(address: str) -> SplitResult | None:
    """An address in its parts, None where a stranger writes what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def is_local(path: str) -> bool:
    """Whether an address given by a link leads to a page of this console and nowhere else."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return plain and not any(ord(c) < 33 or c == "\\" for c in path)
