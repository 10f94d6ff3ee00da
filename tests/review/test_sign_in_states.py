"""Signing in as a machine of states: whatever the owner and strangers do, in whatever order, what must hold holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, update

from review.accounts import book, passwords, recovery
from review.accounts.sessions import FULL, SECOND_FACTOR
from review.database.columns import now
from review.database.people import AccountRow, GuessRow
from tests.review.conftest import PASSWORD, SETUP, Console, Visitor
from tests.review.test_factors import codes_of, offered

TRIES = 2
BROWSERS = st.sampled_from("ABC")
WRONG = "wrong password here"
RESET = "after-the-reset-k7vmq2xz9lw"
numbers = count()


@dataclass
class Counter:
    """What the model knows of a counter of wrong tries."""

    failures: int = 0
    locked: bool = False

    def wrong(self) -> None:
        """One more; full, it locks and begins anew."""
        self.failures += 1
        if self.failures >= TRIES:
            self.failures, self.locked = 0, True


@dataclass
class Browser:
    """What the model knows of a browser: its stage ("" is nobody), and its own counter once it is known."""

    visitor: Visitor
    stage: str = ""
    own: Counter | None = None


@dataclass
class Model:
    """What the model knows of the account."""

    password: str = PASSWORD
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    strangers: Counter = field(default_factory=Counter)


class SignIn(RuleBasedStateMachine):
    """One account, three browsers, at a real console over HTTP."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console, self.name = console, f"owner-{next(numbers)}"
        self.id = console.add_account(self.name)
        self.model = Model()
        self.browsers = {key: Browser(console.visitor()) for key in "ABC"}

    def counter(self, browser: Browser) -> Counter:
        """Where a wrong try in a browser goes."""
        return self.model.strangers if browser.own is None else browser.own

    def let_in(self, browser: Browser) -> None:
        """All was right."""
        if browser.own is None:
            self.model.strangers = Counter()
        browser.own, browser.stage = Counter(), FULL

    def change(self, table: Any, where: Any, **values: Any) -> None:
        """What cannot be waited for."""
        with self.console.desk.transaction() as session:
            session.execute(update(table).where(where).values(**values))

    def fresh_code(self) -> str:
        """The phone's code, as if half a minute had passed since the last one."""
        self.change(AccountRow, AccountRow.id == self.id, second_factor_step=0)
        return pyotp.TOTP(self.model.secret).now()

    @rule(key=BROWSERS, right=st.booleans())
    def sign_in(self, key: str, right: bool) -> None:
        """A right or wrong password."""
        browser = self.browsers[key]
        counter = self.counter(browser)
        reply = browser.visitor.sign_in(self.name, self.model.password if right else WRONG)
        if counter.locked:
            assert reply.status_code == 429
        elif not right:
            assert reply.status_code == 403
            counter.wrong()
        elif self.model.secret:
            assert reply.headers["Location"].startswith("/second-factor")
            browser.stage = SECOND_FACTOR
        else:
            assert reply.headers["Location"] == "/inbox"
            self.let_in(browser)

    @rule(key=BROWSERS, kind=st.sampled_from(("phone", "recovery", "wrong", "used", "again")))
    def type_code(self, key: str, kind: str) -> None:
        """Where one is asked for."""
        browser, model = self.browsers[key], self.model
        if browser.stage != SECOND_FACTOR:
            return
        counter = self.counter(browser)
        code = {"phone": self.fresh_code, "again": self.fresh_code}.get(kind, lambda: "zzzz-zzzz-zzzz-zzzz")()
        if kind == "again":  # that code was seen over a shoulder
            self.change(AccountRow, AccountRow.id == self.id, second_factor_step=2**31 - 1)
        if kind == "recovery" and model.codes:
            code = model.codes[0]
        if kind == "used" and model.used:
            code = model.used[0]
        right = kind == "phone" or (kind == "recovery" and bool(model.codes))
        browser.visitor.get("/second-factor")
        location = browser.visitor.post("/second-factor", code=code).headers.get("Location", "")
        if right and not counter.locked:
            assert location == ("/inbox" if kind == "phone" else "/account?said=recovery-code-used")
            if kind == "recovery":
                model.used.append(model.codes.pop(0))
            self.let_in(browser)
            return
        if not counter.locked:
            counter.wrong()
        assert ("said=shut-out" in location) == counter.locked
        browser.stage = "" if counter.locked else SECOND_FACTOR

    @precondition(lambda self: not self.model.secret)
    @rule(key=BROWSERS)
    def set_up_factor(self, key: str) -> None:
        """The other browsers are signed out with it."""
        browser = self.browsers[key]
        if browser.stage == FULL:
            self.model.secret, sealed = offered(browser.visitor)
            code = pyotp.TOTP(self.model.secret).now()
            self.model.codes = codes_of(browser.visitor.post("/account/second-factor", sealed=sealed, code=code).text)
            self.model.used = []
            self.only(browser)

    @precondition(lambda self: self.model.secret)
    @rule(key=BROWSERS)
    def make_codes(self, key: str) -> None:
        """Those from before are void."""
        browser = self.browsers[key]
        if browser.stage == FULL:
            browser.visitor.get("/account")
            made = codes_of(browser.visitor.post("/account/recovery-codes", proof=self.fresh_code()).text)
            assert len(made) == recovery.CODES
            self.model.used, self.model.codes = [*self.model.codes, *self.model.used], made

    @precondition(lambda self: self.model.secret)
    @rule(key=BROWSERS)
    def switch_factor_off(self, key: str) -> None:
        """With password and code."""
        browser = self.browsers[key]
        if browser.stage == FULL:
            browser.visitor.get("/account")
            fields = {"password": self.model.password, "proof": self.fresh_code()}
            reply = browser.visitor.post("/account/second-factor/remove", **fields)
            assert reply.headers["Location"] == "/account?said=factor-removed"
            self.model.secret, self.model.codes = "", []

    @rule(key=BROWSERS)
    def sign_others_out(self, key: str) -> None:
        """They are strangers then."""
        browser = self.browsers[key]
        if browser.stage == FULL:
            browser.visitor.get("/account")
            assert browser.visitor.post("/account/sessions/close").status_code == 303
            self.only(browser)
            for other in self.browsers.values():
                other.own = other.own if other is browser else None

    def only(self, browser: Browser) -> None:
        """Every other browser is signed out."""
        for other in self.browsers.values():
            other.stage = other.stage if other is browser else ""

    @rule(key=BROWSERS)
    def sign_out(self, key: str) -> None:
        """The browser stays known."""
        browser = self.browsers[key]
        if browser.stage:
            browser.visitor.get("/account" if browser.stage == FULL else "/second-factor")
            assert browser.visitor.post("/sign-out").status_code == 303
            browser.stage = ""

    @rule()
    def wait(self) -> None:
        """Until all locks are over."""
        self.change(GuessRow, GuessRow.locked_until.is_not(None), locked_until=now() - timedelta(seconds=1))
        for counter in (self.model.strangers, *(each.own for each in self.browsers.values() if each.own)):
            counter.locked = False

    @rule()
    def reset(self) -> None:
        """By an administrator; the new password is taken for one that the person chose."""
        with self.console.desk.transaction() as session:
            row = book.find_account(session, self.id)
            book.reset_account(session, SETUP, row, passwords.hash_password(RESET))
            row.must_change_password = False
        self.model = Model(RESET, used=[*self.model.codes, *self.model.used])
        for browser in self.browsers.values():
            browser.stage, browser.own = "", None

    @invariant()
    def each_browser_reaches_what_it_may(self) -> None:
        """And nothing else."""
        for browser in self.browsers.values():
            reply = browser.visitor.get("/account")
            there = {FULL: "", SECOND_FACTOR: "/second-factor"}.get(browser.stage, "/sign-in?next=%2Faccount")
            assert reply.headers.get("Location", "") == there, browser.stage

    @invariant()
    def what_is_kept_is_what_the_model_knows(self) -> None:
        """A second factor, and as many codes as were not used."""
        with self.console.desk.reading() as session:
            row = session.scalars(select(AccountRow).where(AccountRow.id == self.id)).one()
            assert bool(row.second_factor) == bool(self.model.secret)
            assert recovery.count_codes(session, self.id) == len(self.model.codes)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are argon2's here too, with the least memory: hundreds are judged."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


def test_any_order_of_signing_in_guessing_codes_and_resets(start_console: Callable[..., Console], quick: None) -> None:
    """Eight sequences of twenty steps, over HTTP, on real tables."""
    console = start_console(lock_after=TRIES, lock_network_after=10**6)
    run_state_machine_as_test(
        lambda: SignIn(console),
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            phases=(
                Phase.generate,
            ),  # explaining traces every line, shrinking takes minutes: the steps are told as they were
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    passwords._nobody.cache_clear()
