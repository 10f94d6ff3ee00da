"""Mounts the pages at the app's root. Written for Rasa 3.6.21, which mounts channels under `/webhooks/<prefix>`.

`rasa.core.channels.channel.register` joins `/webhooks/` with the channel's `url_prefix()` by `urljoin`, so an
absolute prefix, `/`, leaves `/webhooks/`. Only `/` itself is taken, by Rasa's “Hello from Rasa”: a request
middleware answers before it. `tests/bot/pages/test_channel.py` holds both against the installed Rasa.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from secrets import token_hex
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import rasa_patches
from bot.channels.callers import network_of
from bot.channels.limits import Allowance, Buckets
from bot.pages.comparing import compared
from bot.pages.documents import ChosenDocument, NoSuchDocument, WholePages, chosen_document
from bot.pages.files import read_folder, serve
from bot.pages.library import Library, LibraryCache
from bot.pages.looked_for import words_of
from bot.pages.promises import KIND_NAMES, Wanted, as_found, chart_of, looser, topics_of
from bot.pages.reader import chapters_of, find
from bot.pages.rendering import FOLDER, html_response, page, render
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import AREA_NAMES, FOUR_TOPICS
from knowledge.groundwork.errors import KnowledgeError
from knowledge.published.reading import published
from settings.bot import REQUEST_REPLY_DAYS

WIDGET = FOLDER.parent.parent / "widget"
FILTERS = ("topic", "kind", "place", "q", "numbers")  # of the list of commitments
MAX_DRAFT_CHARS = 1000  # as long as a question may be
SAMPLES = (  # of the home page: one for each of the four topics
    "到2025年养老院床位有多少张",
    "小孩两岁有没有托班可以上",
    "小学放学以后有课后服务吗",
    "公租房以后会多建一点吗",
)
VIEWS = Allowance(burst=60, per_minute=120)  # of the plan from one network: its page has 270 KB and took 1.3 s at first


def samples_of(commitments: Sequence[Commitment]) -> Sequence[str]:
    """Questions for the home page: `SAMPLES` where the catalogue is theirs; of another plan a title with numbers on each topic."""
    if any(commitment.questions for commitment in commitments):
        return SAMPLES
    measured = [each for each in commitments if each.figures and each.kind != "definition"]
    found = [next((each.title for each in measured if each.topic == topic), "") for topic in FOUR_TOPICS]
    return [title for title in found if title]


class PagesChannel(InputChannel):
    """No messages come this way; it is a channel because that is what Rasa lets a project mount."""

    def __init__(self) -> None:
        rasa_patches.check_rasa()
        self._libraries = LibraryCache()
        self._whole = WholePages()
        self._widget = read_folder(WIDGET)
        self._assets = read_folder(FOLDER / "assets")
        self._views = Buckets(VIEWS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages")

    @classmethod
    def name(cls) -> str:
        """As in `credentials.yml`."""
        return "pages"

    def url_prefix(self) -> str:
        """The root."""
        return "/"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PagesChannel:
        """No credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`/`, `/ask`, `/embed`, `/plan`, `/plan/commitments`, `/assets/…`, `/widget/…`."""
        routes = Blueprint("pages", __name__)

        @routes.listener("before_server_start")
        async def take_the_root(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            async def home(request: Request) -> HTTPResponse | None:
                if request.path != "/" or request.method not in ("GET", "HEAD"):
                    return None
                told = await asyncio.get_running_loop().run_in_executor(None, self._of_plan)
                return page("home.html", modules=self._modules, reply_days=REQUEST_REPLY_DAYS.read(), **told)

            app.register_middleware(home, "request")

        @routes.route("/ask", methods=["GET", "HEAD"])
        async def ask(request: Request) -> HTTPResponse:
            draft = request.args.get("q", "")[:MAX_DRAFT_CHARS]
            return page("ask.html", modules=self._modules, new_id=partial(token_hex, 16), draft=draft)

        @routes.route("/embed", methods=["GET", "HEAD"])
        async def embed(request: Request) -> HTTPResponse:
            return page("embed.html", origin=f"{request.scheme}://{request.host}")

        @routes.route("/plan", methods=["GET", "HEAD"])
        async def plan(request: Request) -> HTTPResponse:
            wanted = {name: request.args.get(name, "") for name in ("document", "q")}
            return await self._shown(request, self._plan, wanted)

        @routes.route("/plan/commitments", methods=["GET", "HEAD"])
        async def commitments(request: Request) -> HTTPResponse:
            wanted = {name: request.args.get(name, "") for name in ("document", "with", *FILTERS)}
            return await self._shown(request, self._commitments, wanted)

        @routes.route("/assets/<name>", methods=["GET", "HEAD"])
        async def asset(request: Request, name: str) -> HTTPResponse:
            return serve(request, self._assets.get(name))

        @routes.route("/widget/<name>", methods=["GET", "HEAD"])
        async def widget(request: Request, name: str) -> HTTPResponse:
            return serve(request, self._widget.get(name))

        return routes

    async def _shown(self, request: Request, show: Callable[[Any], HTTPResponse], wanted: Any) -> HTTPResponse:
        """Off the event loop: a page of the whole plan takes longer than a resident's turn may wait.

        In one thread of its own, and at a pace: whoever reads much takes nothing from those who ask.
        """
        if wait_s := self._views.wait_s(network_of(request)):
            return page("too_many.html", status=429, retry_after_s=wait_s)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, show, wanted)
        except NoSuchDocument:
            return page("no_document.html", status=404)
        except KnowledgeError:
            return page("unavailable.html", status=503)

    def _of_plan(self) -> dict[str, Any]:
        """What the home page says of the plan in use: its name, its years, and questions that it answers."""
        try:
            stored = self._libraries.library().stored
        except KnowledgeError:
            return {"plan": "", "period": None, "samples": ()}
        return {
            "plan": stored.meta.get("short_title") or "",
            "period": stored.meta.get("period"),
            "samples": samples_of(stored.commitments),
        }

    @cached_property
    def _modules(self) -> list[str]:
        """What the widget's entry imports, to be loaded beside it."""
        return [name for name in self._widget if name not in ("qingpu-ask.js", "types.js") and name.endswith(".js")]

    def _plan(self, wanted: Mapping[str, str]) -> HTTPResponse:
        chosen = chosen_document(self._libraries.documents(), wanted["document"])
        library, words = self._libraries.library(chosen.document), words_of(wanted["q"])
        if words:
            return html_response(render("plan.html", **self._plan_values(library, wanted["q"].strip(), words, chosen)))
        plain = published().current().plain
        return html_response(
            self._whole.page((library, plain, chosen), lambda: self._plan_values(library, "", (), chosen))
        )

    @staticmethod
    def _plan_values(library: Library, query: str, words: tuple[str, ...], chosen: ChosenDocument) -> dict[str, Any]:
        hits = find(library, words)
        near = [] if hits else find(library, words, near=True)
        return {
            "meta": library.stored.meta,
            "chapters": chapters_of(library, words, published().current().plain, near=bool(near)),
            "query": query,
            "words": words,
            "hits": hits or near,
            "near": bool(near),
            "chosen": chosen,
        }

    def _commitments(self, arguments: dict[str, str]) -> HTTPResponse:
        chosen = chosen_document(self._libraries.documents(), arguments["document"])
        if arguments["with"] and len(chosen.all) > 1:
            return self._compared(chosen, chosen_document(chosen.all, arguments["with"]))
        library = self._libraries.library(chosen.document)
        places = list(library.stored.meta.get("places") or {})
        wanted, count = as_found(library, Wanted.read(arguments, places))
        topics = topics_of(library, wanted, published().current().plain)
        return page(
            "commitments.html",
            meta=library.stored.meta,
            chosen=chosen,
            wanted=wanted,
            query=arguments["q"].strip(),
            topics=topics,
            count=count,
            in_plan=0 if count or not wanted.words else len(find(library, wanted.words, near=True)),
            chart=chart_of(topics),
            areas=AREA_NAMES,
            four=[AREA_NAMES[topic] for topic in FOUR_TOPICS],
            kinds=KIND_NAMES,
            places=places,
            looser=[] if topics else looser(library, arguments, places),
        )

    def _compared(self, one: ChosenDocument, other: ChosenDocument) -> HTTPResponse:
        libraries = self._libraries.library(one.document), self._libraries.library(other.document)
        return page("compare.html", one=one, other=other, rows=compared(one, other, libraries))
