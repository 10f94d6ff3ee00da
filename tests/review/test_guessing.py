"""Guessing at the sign-in: it is slowed down, whoever guesses and however, and the staff's own browsers stay open."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from review import visit as visits
from review.accounts import browsers, guessing
from review.accounts.guessing import FORGET_AFTER, Limits, name_counter
from review.database.columns import now
from review.database.people import AccountRow, AuditRow, BrowserRow, GuessRow, SessionRow
from tests.review.conftest import PASSWORD, Console, Visitor

Start = Callable[..., Console]
WRONG = "wrong password here"
TRIES = 2
LIMITS = Limits(TRIES, 1000, timedelta(minutes=15))


@pytest.fixture(scope="module")
def console(start_console: Start) -> Console:
    """A console that locks after few tries: passwords are judged slowly."""
    return start_console(lock_after=TRIES, lock_network_after=1000)


@pytest.fixture
def fresh(console: Console) -> Iterator[Console]:
    """A console at which nobody has guessed yet."""
    with console.desk.transaction() as session:
        session.execute(delete(GuessRow))
    yield console


def guess(console: Console, name: str, times: int = TRIES, address: str = "") -> list[int]:
    """A stranger types wrong passwords; the statuses."""
    stranger = console.visitor()
    if address:
        stranger.session.headers["X-Forwarded-For"] = address
    return [stranger.sign_in(name, WRONG).status_code for _ in range(times)]


def signed_in(console: Console, name: str) -> Visitor:
    """Somebody who has signed in, in a browser that is known from then on."""
    console.add_account(name)
    visitor = console.visitor()
    assert visitor.sign_in(name, PASSWORD).status_code == 303
    return visitor


def locks(console: Console, name: str) -> list[dict[str, object]]:
    """What the audit log says of an account's locks."""
    with console.desk.reading() as session:
        query = select(AuditRow).where(AuditRow.action == "account.lock", AuditRow.account == name)
        return [row.after for row in session.scalars(query.order_by(AuditRow.id))]


def test_strangers_who_guess_lock_strangers_out_and_not_the_owner(fresh: Console) -> None:
    """Wrong passwords lock a name, the right password included, but not where its owner has signed in before."""
    owner = signed_in(fresh, "owner")
    assert guess(fresh, "owner") == [403] * TRIES
    stranger = fresh.visitor()
    reply = stranger.sign_in("owner", PASSWORD)
    assert reply.status_code == 429 and "以前登录过的浏览器照常能登录" in reply.text
    assert 0 < int(reply.headers["Retry-After"]) <= 15 * 60
    assert locks(fresh, "owner") == [{"who": "name", "minutes": 15}]
    owner.post("/sign-out")
    assert owner.sign_in("owner", PASSWORD).status_code == 303
    assert fresh.visitor().sign_in("owner", PASSWORD).status_code == 429  # the owner's success frees no stranger


def test_a_known_browser_that_guesses_locks_itself_only(fresh: Console) -> None:
    """Somebody at the owner's desk; another browser of the owner and strangers are let in."""
    desk, other = signed_in(fresh, "two-browsers"), fresh.visitor()
    assert other.sign_in("two-browsers", PASSWORD).status_code == 303
    for visitor in (desk, other):
        visitor.post("/sign-out")
    assert [desk.sign_in("two-browsers", WRONG).status_code for _ in range(TRIES)] == [403] * TRIES
    assert desk.sign_in("two-browsers", PASSWORD).status_code == 429
    assert locks(fresh, "two-browsers") == [{"who": "browser", "minutes": 15}]
    assert other.sign_in("two-browsers", PASSWORD).status_code == 303
    assert fresh.visitor().sign_in("two-browsers", PASSWORD).status_code == 303


def test_a_known_browser_is_known_for_its_own_account_only(fresh: Console) -> None:
    """With an account of one's own nothing is gained against another's."""
    signed_in(fresh, "victim")
    thief = signed_in(fresh, "thief")
    mine, theirs = (fresh_cookie(fresh, name) for name in ("thief", "victim"))
    thief.session.cookies.set(theirs, thief.session.cookies[mine])
    guess(fresh, "victim")
    assert thief.sign_in("victim", PASSWORD).status_code == 429


def fresh_cookie(console: Console, name: str) -> str:
    """The name of an account's cookie."""
    with console.desk.reading() as session:
        return browsers.cookie_of(session.scalars(select(AccountRow.id).where(AccountRow.name == name)).one())


def test_a_name_that_nobody_has_locks_as_well(fresh: Console) -> None:
    """The replies do not tell which names exist, the lock's included."""
    signed_in(fresh, "somebody")
    assert guess(fresh, "nobody-at-all", TRIES + 1) == guess(fresh, "somebody", TRIES + 1) == [403] * TRIES + [429]
    assert locks(fresh, "nobody-at-all") == []


def test_a_network_that_tries_many_names_is_locked(start_console: Start) -> None:
    """A /64 of IPv6 is one; another network, and a known browser in this one, go on."""
    console = start_console(proxies_count=1, lock_network_after=3)
    owner = signed_in(console, "in-the-network")
    for number in range(3):
        assert guess(console, f"name-{number}", 1, f"2001:db8:1:2::{number:x}") == [403]
    assert guess(console, "name-9", 1, "2001:db8:1:2:ffff::9") == [429]
    assert guess(console, "name-9", 1, "2001:db8:1:3::9") == [403]
    owner.session.headers["X-Forwarded-For"] = "2001:db8:1:2::7"
    assert owner.sign_in("in-the-network", PASSWORD).status_code == 303
    with console.desk.reading() as session:
        (entry,) = session.scalars(select(AuditRow).where(AuditRow.action == "network.lock")).all()
    assert (entry.account_id, entry.address, entry.after) == (
        None,
        "2001:db8:1:2::2",
        {"who": "network", "minutes": 15},
    )


def test_signing_in_to_an_own_account_frees_no_network(fresh: Console) -> None:
    """Between guesses at others."""
    with fresh.desk.transaction() as session:
        caller = guessing.caller_of(session, "mine", "203.0.113.9", None, "")
        for _ in range(5):
            assert guessing.count_wrong(session, caller, Limits(99, 6, timedelta(minutes=15))) == {}
            guessing.forgive(session, caller)
        assert list(guessing.count_wrong(session, caller, Limits(99, 6, timedelta(minutes=15)))) == ["network"]


def test_locks_last_twice_as_long_each_time_and_are_forgotten_after_a_quiet_day(fresh: Console) -> None:
    """15, 30, 60, 120, 240 minutes and no longer."""
    with fresh.desk.transaction() as session:
        caller = guessing.caller_of(session, "doubling", "203.0.113.10", None, "")
        lasting = []
        for _ in range(6):
            for _ in range(TRIES):
                full = guessing.count_wrong(session, caller, LIMITS)
            lasting.append(full["name"].total_seconds() / 60)
        assert lasting == [15, 30, 60, 120, 240, 240]
        session.execute(
            update(GuessRow)
            .where(GuessRow.key == name_counter("doubling"))
            .values(last_at=now() - FORGET_AFTER - timedelta(seconds=1), failures=TRIES - 1)
        )
        session.expire_all()
        assert guessing.count_wrong(session, caller, LIMITS) == {}


def test_the_counts_are_in_the_database_and_hold_for_another_console(fresh: Console, start_console: Start) -> None:
    """A second process on the same tables, or the same one after a restart, knows them."""
    signed_in(fresh, "shared")
    settings = fresh.desk.settings
    second = start_console(url=settings.url, log_url=settings.log_url, lock_after=TRIES)
    assert guess(fresh, "shared", 1) + guess(second, "shared", 1) == [403] * TRIES
    assert [each.visitor().sign_in("shared", PASSWORD).status_code for each in (fresh, second)] == [429, 429]


def test_neither_names_nor_addresses_are_kept(fresh: Console) -> None:
    """Only keyed hashes."""
    guess(fresh, "gossip", 1)
    with fresh.desk.reading() as session:
        keys = session.scalars(select(GuessRow.key)).all()
    assert {key.partition(":")[0] for key in keys} == {"name", "network"}
    assert all(
        len(key.partition(":")[2]) == 32 and "gossip" not in key and "127" not in key.split(":")[0] for key in keys
    )


def test_the_cookie_of_a_known_browser_is_guarded_and_lasts(fresh: Console) -> None:
    """Half a year; no script reads it; the database has its hash only, and signing out keeps it."""
    visitor = signed_in(fresh, "lasting")
    cookie = next(each for each in visitor.session.cookies if each.name.startswith(browsers.COOKIE))
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Lax"
    assert cookie.expires - now().timestamp() > timedelta(days=179).total_seconds()
    with fresh.desk.reading() as session:
        assert cookie.value not in session.scalars(select(BrowserRow.token_hash)).all()
    visitor.post("/sign-out")
    assert visitor.session.cookies[cookie.name] == cookie.value


def test_browsers_are_forgotten_on_request_and_with_a_new_password(fresh: Console) -> None:
    """A thief's browser, too, is a stranger then; the one in which it was done stays known."""
    mine, thief = signed_in(fresh, "forgetful"), fresh.visitor()
    thief.sign_in("forgetful", PASSWORD)
    mine.get("/account")
    assert mine.post("/account/sessions/close").status_code == 303
    guess(fresh, "forgetful")
    assert thief.sign_in("forgetful", PASSWORD).status_code == 429
    mine.get("/account/password")
    new = "三月的油菜花开满了田埂 8"
    assert mine.post("/account/password", old=PASSWORD, new=new, again=new).status_code == 303
    mine.post("/sign-out")
    assert mine.sign_in("forgetful", new).status_code == 303


def test_an_account_has_a_number_of_browsers_at_the_most(fresh: Console) -> None:
    """The oldest are forgotten."""
    number = fresh.add_account("many-browsers")
    with fresh.desk.transaction() as session:
        tokens = [browsers.remember_browser(session, number, "") for _ in range(browsers.MOST + 2)]
        assert browsers.count_browsers(session, number) == browsers.MOST
        assert browsers.known_browser(session, number, tokens[-1]) is not None
        session.execute(update(BrowserRow).values(seen_at=now() - browsers.KEPT - timedelta(seconds=1)))
        session.expire_all()
        assert browsers.known_browser(session, number, tokens[-1]) is None


def test_a_reset_lets_strangers_in_again(fresh: Console) -> None:
    """The person comes with a temporary password in a browser that nobody knows."""
    from review.accounts import book, passwords
    from tests.review.conftest import SETUP

    number = fresh.add_account("reset-me")
    guess(fresh, "reset-me")
    temporary = passwords.temporary_password()
    hashed = passwords.hash_password(temporary)
    with fresh.desk.transaction() as session:
        book.reset_account(session, SETUP, book.find_account(session, number), hashed)
    assert fresh.visitor().sign_in("reset-me", temporary).status_code == 303


def test_whoever_stole_a_session_guesses_no_password_in_it(fresh: Console) -> None:
    """Wrong ones end all sessions of the account; signing in stays open, nothing is proven for a while."""
    thief = signed_in(fresh, "stolen")
    thief.get("/account/password")
    assert thief.post("/account/password", old=WRONG, new="x", again="x").status_code == 403
    thief.get("/account/password")
    assert thief.post("/account/password", old=WRONG, new="x", again="x").status_code == 429
    with fresh.desk.reading() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "stolen")).one()
        assert session.scalar(select(func.count()).where(SessionRow.account_id == account.id)) == 0
    assert locks(fresh, "stolen") == [{"who": "signed in", "minutes": 15}]
    owner = fresh.visitor()
    assert owner.sign_in("stolen", PASSWORD).status_code == 303
    owner.get("/account/password")
    new = "三月的油菜花开满了田埂 8"
    assert owner.post("/account/password", old=PASSWORD, new=new, again=new).status_code == 429


def test_a_proxy_that_nobody_told_of_is_warned_of_once(fresh: Console, caplog: pytest.LogCaptureFixture) -> None:
    """Else all strangers behind it would be locked out together, and nobody would know why."""
    visits._warn_of_proxy.cache_clear()
    with caplog.at_level(logging.WARNING, "review.visit"):
        guess(fresh, "proxied", 2, "203.0.113.7")
    assert [record.getMessage() for record in caplog.records] == [visits.BEHIND_A_PROXY]
