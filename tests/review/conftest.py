"""A console of its own for each test module: real tables, a real port on loopback, one account a role."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as data_field
from pathlib import Path
from typing import Any

import pytest
import requests
from aiohttp import web
from sqlalchemy import func, select

from conversations.turns import Turn
from review.accounts import book
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.app import build_app
from review.database.engine import engine_for, migrate, transaction
from review.database.work import TriageRow
from review.desk import Desk
from review.settings import Settings
from settings.review import beside_the_log
from tests.built import built_finder
from tests.journeys.processes import free_port

PASSWORD = "下雨天记得带把伞出门吧 2026"
PATIENCE_S = 180  # the first page that needs the plan loads it, on a machine that may be busy
REGRESSION_QUESTIONS = Path(__file__).with_name("regression_questions.yml")
SETUP = Actor(None, "测试 test")


@dataclass
class Console:
    """A running console."""

    desk: Desk
    address: str
    loop: asyncio.AbstractEventLoop
    signed_in: dict[str, Visitor] = data_field(default_factory=dict)

    def visitor(self) -> Visitor:
        """Somebody who has not signed in."""
        return Visitor(self.address)

    def as_role(self, role: Role) -> Visitor:
        """The account of that role, signed in; the same visitor for a whole module."""
        name = f"test-{role.value}"
        if name not in self.signed_in:
            visitor = self.visitor()
            reply = visitor.sign_in(name, PASSWORD)
            assert reply.status_code == 303, reply.text
            self.signed_in[name] = visitor
        return self.signed_in[name]

    def log_turns(self, turns: Iterable[Turn]) -> None:
        """Log turns in the order in which they were asked, as a bot does: the console reads on beside it.

        What is logged hours after a younger turn was read, no reader looks for any more.
        """
        for each in sorted(turns, key=lambda turn: turn.asked_at):
            self.desk.turns.record(each)

    def read_turns(self, count: int) -> None:
        """Until so many turns have their place in the inbox: by this call or by the console's own reading beside it."""
        deadline = time.monotonic() + 30
        while self._placed() < count:
            self.desk.triage.read_all()
            assert time.monotonic() < deadline, f"{self._placed()} of {count} turns were read"

    def read_vote(self, turn_id: str, value: str) -> None:
        """Until the inbox knows a thumb: by this call or by the console's own reading, which may still hold the one before."""
        deadline = time.monotonic() + 30
        while self._vote(turn_id) != value:
            self.desk.triage.read_on()
            assert time.monotonic() < deadline, f"{turn_id}: {self._vote(turn_id)!r} and not {value!r}"

    def _vote(self, turn_id: str) -> str | None:
        with self.desk.reading() as session:
            return session.scalar(select(TriageRow.feedback).where(TriageRow.turn_id == turn_id))

    def _placed(self) -> int:
        with self.desk.reading() as session:
            return session.scalar(select(func.count()).select_from(TriageRow)) or 0

    def add_account(self, name: str, role: Role = Role.REVIEWER, *, temporary: bool = False) -> int:
        """An account with `PASSWORD`; its id."""
        with self.desk.transaction() as session:
            return int(book.make_account(session, SETUP, name, name, role, PASSWORD, temporary=temporary).id)


class Visitor:
    """A browser without a screen: keeps cookies, finds the form token of the page it is on."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.csrf = ""

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET without following redirections; remembers the page's form token."""
        return self._remember(
            self.session.get(self.address + path, allow_redirects=False, timeout=PATIENCE_S, **options)
        )

    def post(
        self, path: str, csrf: str | None = None, headers: dict[str, str] | None = None, **fields: Any
    ) -> requests.Response:
        """POST a form with the token of the last page that had one, unless `csrf` is given."""
        data = {"csrf": self.csrf if csrf is None else csrf, **fields}
        return self._remember(
            self.session.post(
                self.address + path, data=data, headers=headers, allow_redirects=False, timeout=PATIENCE_S
            )
        )

    def sign_in(self, name: str, password: str, **fields: str) -> requests.Response:
        """Fill in the sign-in form, then open a page to have its form token."""
        self.get("/sign-in")
        reply = self.post("/sign-in", name=name, password=password, **fields)
        if reply.status_code == 303:
            self.get(reply.headers["Location"] if "factor" in reply.headers["Location"] else "/account")
        return reply

    def _remember(self, reply: requests.Response) -> requests.Response:
        found = re.search(r'name="csrf" value="([^"]+)"', reply.text)
        if found:
            self.csrf = found[1]
        return reply


@pytest.fixture(scope="module", autouse=True)
def own_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A secret and an empty shelf of the tests' own: the installation's are not theirs to use or switch.

    For a module, not for the session: the environment is also that of the products which other tests start.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVERSATIONS_SECRET", "a secret for tests only, long enough")
        patch.setenv("RELEASES_DIR", str(tmp_path_factory.mktemp("shelf")))
        yield


@pytest.fixture(scope="session")
def new_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A console's database with an account for each role: made once, since passwords are made to be slow."""
    path = tmp_path_factory.mktemp("tables") / "conversations-review.sqlite"
    engine = engine_for(f"sqlite:///{path}")
    migrate(engine)
    with transaction(engine) as session:
        for role in Role:
            name = f"test-{role.value}"
            book.make_account(session, SETUP, name, name, role, PASSWORD, temporary=False)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def start_console(tmp_path_factory: pytest.TempPathFactory, new_tables: Path) -> Iterator[Callable[..., Console]]:
    """Starts consoles with settings of the test's choice; all end with the module."""
    running: list[tuple[Console, threading.Thread]] = []

    def start(**changes: Any) -> Console:
        folder: Path = tmp_path_factory.mktemp("console")
        shutil.copy(new_tables, folder)
        port = free_port()
        url = f"sqlite:///{folder}/conversations.sqlite"
        address = f"http://127.0.0.1:{port}"
        own = {
            "url": beside_the_log(url),
            "log_url": url,
            "public_url": address,
            "port": port,
            "regression_questions": REGRESSION_QUESTIONS,
            "second_factor_from": None,  # `test_factors.py` has what holds by default
        }
        settings = Settings(**{**own, **changes})
        desk = Desk(settings, built_finder, eager=False)
        loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def serve() -> None:
            runner = web.AppRunner(build_app(desk), shutdown_timeout=0.2)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            ready.set()
            stop = asyncio.Event()
            loop.stop_console = stop.set  # type: ignore[attr-defined]
            await stop.wait()
            await runner.cleanup()

        thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="console")
        thread.start()
        assert ready.wait(30)
        console = Console(desk, address, loop)
        running.append((console, thread))
        return console

    yield start
    for console, thread in running:
        console.loop.call_soon_threadsafe(console.loop.stop_console)  # type: ignore[attr-defined]
        thread.join(30)
        console.loop.close()


@pytest.fixture(scope="module")
def console(start_console: Callable[..., Console]) -> Console:
    """A console with the default settings."""
    return start_console()
