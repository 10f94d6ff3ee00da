"""While passwords are judged, which takes long by design, everything else goes on, and no attempt is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from review.accounts import passwords
from review.accounts.guessing import name_counter
from review.database.people import AccountRow, AuditRow, GuessRow
from tests.review.conftest import PASSWORD, Console
from tests.review.turns import turn

PATIENCE_S = 60
WRONG = "wrong password here"


class HeldHasher:
    """argon2 as it is, but a password that is held is judged only when the test says so."""

    def __init__(self) -> None:
        self._real = PasswordHasher()
        self._count = threading.Lock()
        self.held, self.go, self.begun = "", threading.Event(), threading.Semaphore(0)
        self.now, self.most = 0, 0

    def verify(self, hashed: str, password: str) -> bool:
        """As argon2 does, counting how many at once."""
        with self._count:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            if password == self.held:
                self.begun.release()
                assert self.go.wait(PATIENCE_S)
            return bool(self._real.verify(hashed, password))
        finally:
            with self._count:
                self.now -= 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldHasher]:
    """The hasher of the console for one test; nothing stays held after it."""
    held = HeldHasher()
    monkeypatch.setattr(passwords, "_HASHER", held)
    yield held
    held.go.set()


def test_strangers_at_the_sign_in_stop_neither_the_log_nor_other_pages(console: Console, hasher: HeldHasher) -> None:
    """Six wrong passwords are being judged: the log on the same file is written, a page is shown; two are judged at once."""
    console.add_account("besieged")
    visitors = [console.visitor() for _ in range(6)]
    hasher.held = WRONG
    with ThreadPoolExecutor(6) as pool:
        replies = [pool.submit(each.sign_in, name, WRONG) for each, name in zip(visitors, ("besieged", "nobody") * 3)]
        try:
            assert all(hasher.begun.acquire(timeout=PATIENCE_S) for _ in range(passwords.AT_ONCE))
            console.desk.turns.record(turn(1))
            assert console.visitor().get("/sign-in").status_code == 200
            assert not any(reply.done() for reply in replies)
        finally:
            hasher.go.set()
        assert {reply.result().status_code for reply in replies} == {403}
    assert console.desk.turns.turn(turn(1).id) is not None
    assert hasher.most == passwords.AT_ONCE


def test_an_account_locks_under_attempts_at_the_same_moment(console: Console) -> None:
    """Five at once count as five: the right password is refused afterwards, and the lock is in the audit log once."""
    console.add_account("rushed")
    visitors = [console.visitor() for _ in range(console.desk.settings.lock_after)]
    with ThreadPoolExecutor(len(visitors)) as pool:
        replies = list(pool.map(lambda each: each.sign_in("rushed", WRONG), visitors))
    assert {reply.status_code for reply in replies} == {403}
    assert console.visitor().sign_in("rushed", PASSWORD).status_code == 429
    with console.desk.reading() as session:
        locked = select(func.count()).where(AuditRow.action == "account.lock", AuditRow.account == "rushed")
        assert session.scalar(locked) == 1


def test_a_right_password_is_refused_if_the_account_locks_while_it_is_judged(
    console: Console, hasher: HeldHasher
) -> None:
    """What counts is the account as it is when the attempt is recorded: trying many at once gains nothing."""
    console.add_account("overtaken")
    hasher.held = PASSWORD
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(console.visitor().sign_in, "overtaken", PASSWORD)
        assert hasher.begun.acquire(timeout=PATIENCE_S)
        for _ in range(console.desk.settings.lock_after):
            assert console.visitor().sign_in("overtaken", WRONG).status_code == 403
        hasher.go.set()
        assert late.result().status_code == 403


def test_a_password_that_was_replaced_while_it_was_judged_opens_nothing(console: Console, hasher: HeldHasher) -> None:
    """The reset of an administrator holds from the moment it is done; the attempt does not count as a wrong one."""
    console.add_account("replaced")
    fresh = passwords.hash_password("一只白猫睡在窗台上晒着太阳 7")
    hasher.held = PASSWORD
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(console.visitor().sign_in, "replaced", PASSWORD)
        assert hasher.begun.acquire(timeout=PATIENCE_S)
        with console.desk.transaction() as session:
            row = session.scalars(select(AccountRow).where(AccountRow.name == "replaced")).one()
            row.password_hash = fresh
        hasher.go.set()
        assert late.result().status_code == 403
    with console.desk.reading() as session:
        row = session.scalars(select(AccountRow).where(AccountRow.name == "replaced")).one()
        assert row.signed_in_at is None
        assert session.get(GuessRow, name_counter("replaced")).failures == 0
