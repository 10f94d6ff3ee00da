"""Followers' state and messages under way, nonces and access tokens, as several processes share them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from conversations.access_tokens import AccessTokens
from conversations.database import Database
from conversations.deliveries import Deliveries, Delivery
from conversations.followers import Followers, FollowerState
from conversations.nonces import Nonces
from conversations.turn_log import TurnLog
from conversations.vault import Vault
from tests.conversations.conftest import EVERY_DATABASE

NOW = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
LEASE = NOW + timedelta(seconds=6)
REPLY = {"text": "答", "choices": [], "answer_id": "a-1", "aside": False}


@pytest.fixture
def database(url: str) -> Database:
    """A log of its own."""
    return Database(url)


@pytest.fixture
def deliveries(database: Database) -> Deliveries:
    """Of one process."""
    return worker(database, "one")


def worker(database: Database, name: str) -> Deliveries:
    """A process's view of the messages."""
    return Deliveries(database, Vault(), Followers(database, Vault()), name)


def delivery(key: str, minutes: int = 0, session: str = "s-1") -> Delivery:
    """A message that came so many minutes ago."""
    return Delivery(key, session, "main", NOW - timedelta(minutes=minutes), message={"text": "我家在幸福路"})


@EVERY_DATABASE
def test_a_message_is_accepted_once(deliveries: Deliveries, database: Database) -> None:
    """By whichever process is first; what it says is sealed and can be read back."""
    assert deliveries.accept(delivery("d1"), "oX", LEASE)
    other = worker(database, "other")
    assert not other.accept(delivery("d1"), "oX", LEASE)
    found = other.get("d1")
    assert found and found.message == {"text": "我家在幸福路"} and found.state == "received"
    assert other.get("nothing") is None


@EVERY_DATABASE
def test_messages_of_a_new_follower_at_once_are_all_accepted(database: Database) -> None:
    """In several processes: that the follower is new to each of them costs no message."""
    database.ensure_ready()
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda n: worker(database, f"w{n}").accept(delivery(f"d{n % 8}"), "oX", LEASE), range(16))
        )
    assert found.count(True) == 8


@EVERY_DATABASE
def test_only_an_orphan_can_be_claimed(deliveries: Deliveries, database: Database) -> None:
    """By one process, after its worker's lease; a living worker extends it."""
    other = worker(database, "other")
    deliveries.accept(delivery("d1"), "oX", LEASE)
    assert not other.claim("d1", NOW, LEASE)
    later = LEASE + timedelta(seconds=1)
    assert [d.id for d in other.orphans(["main"], later)] == ["d1"] and not other.orphans(["else"], later)
    deliveries.extend(["d1"], later + timedelta(seconds=6))
    assert not other.claim("d1", later, later) and not other.orphans(["main"], later)
    much_later = later + timedelta(minutes=1)
    assert other.claim("d1", much_later, much_later + timedelta(seconds=6))
    assert not deliveries.claim("d1", much_later, much_later)
    deliveries.extend(["d1"], much_later + timedelta(hours=1))  # no longer this worker's
    assert other.orphans(["main"], much_later + timedelta(minutes=1))


def test_what_is_owed_comes_oldest_first(deliveries: Deliveries) -> None:
    """Received or answered, of this follower, from before."""
    for key, minutes, session in (("d3", 1, "s-1"), ("d1", 3, "s-1"), ("d2", 2, "s-1"), ("x", 2, "s-2")):
        deliveries.accept(delivery(key, minutes, session), "oX", LEASE)
    deliveries.settle(delivery("d2", 2), REPLY, "answered")
    deliveries.settle(delivery("d3", 1), REPLY, "replied")
    assert [(d.id, d.state) for d in deliveries.owed("s-1", NOW)] == [("d1", "received"), ("d2", "answered")]
    assert [d.id for d in deliveries.owed("s-1", NOW - timedelta(minutes=2))] == ["d1"]


@EVERY_DATABASE
def test_settling_is_all_or_nothing(deliveries: Deliveries, database: Database) -> None:
    """The reply, what it carries, the follower's state; the question itself is forgotten."""
    followers = Followers(database, Vault())
    deliveries.accept(delivery("d1", 1), "oX", LEASE)
    deliveries.accept(delivery("d2"), "oX", LEASE)
    state = FollowerState([{"title": "题", "question": "问"}], "剩下的", "a-1")
    deliveries.settle(delivery("d2"), REPLY, "replied", ["d1"], state)
    assert [deliveries.get(key).state for key in ("d1", "d2")] == ["carried", "replied"]
    assert deliveries.get("d2").message == {} and deliveries.get("d2").reply == REPLY
    assert followers.state("s-1") == FollowerState(({"title": "题", "question": "问"},), "剩下的", "a-1")
    assert deliveries.accept(delivery("d3"), "oX", LEASE)  # another message leaves the state as it is
    assert followers.state("s-1").rest == "剩下的" and followers.state("s-2") == FollowerState()


def test_what_was_carried_stays_carried(deliveries: Deliveries) -> None:
    """A late writer does not make it owed again."""
    deliveries.accept(delivery("d1", 1), "oX", LEASE)
    deliveries.accept(delivery("d2"), "oX", LEASE)
    deliveries.settle(delivery("d2"), REPLY, "replied", ["d1"])
    deliveries.settle(delivery("d1"), REPLY, "answered", (), None, NOW)
    deliveries.mark("d1", "answered", NOW)
    assert deliveries.get("d1").state == "carried" and not deliveries.due(["main"], NOW)


def test_a_due_push_is_claimed_by_one(deliveries: Deliveries, database: Database) -> None:
    """And due again later unless it went."""
    deliveries.accept(delivery("d1"), "oX", LEASE)
    deliveries.settle(delivery("d1"), REPLY, "answered", (), None, NOW)
    assert [d.id for d in deliveries.due(["main"], NOW)] == ["d1"]
    again = NOW + timedelta(minutes=1)
    other = worker(database, "other")
    assert [d.claim_push("d1", NOW, again) for d in (deliveries, other)] == [True, False]
    assert not other.due(["main"], NOW) and other.due(["main"], again)
    deliveries.mark("d1", "pushed")
    assert not other.due(["main"], again)


@EVERY_DATABASE
def test_old_messages_are_deleted(deliveries: Deliveries) -> None:
    """What has left after ten minutes, what is owed after 48 hours."""
    deliveries.accept(delivery("owed", 60), "oX", LEASE)
    deliveries.accept(delivery("left", 60), "oX", LEASE)
    deliveries.settle(delivery("left"), REPLY, "replied")
    deliveries.accept(delivery("stale", 49 * 60), "oX", LEASE)
    deliveries.forget_old(NOW)
    assert [deliveries.get(key) is not None for key in ("owed", "left", "stale")] == [True, False, False]


def test_another_secret_opens_nothing(deliveries: Deliveries, database: Database, monkeypatch) -> None:
    """The message and the follower are lost, not the process."""
    deliveries.accept(delivery("d1"), "oX", LEASE)
    AccessTokens(database, Vault(), lambda: NOW).write("main", "t", NOW + timedelta(hours=2))
    monkeypatch.setenv("CONVERSATIONS_SECRET", "quite-another-secret")
    assert worker(database, "one").get("d1").message == {}
    assert Followers(database, Vault()).platform_id("s-1", NOW) is None
    assert AccessTokens(database, Vault(), lambda: NOW).read("main") is None


def test_the_platforms_id_expires(deliveries: Deliveries, database: Database) -> None:
    """48 hours after the follower's last message, for reading at once and for good when old ones are deleted."""
    followers = Followers(database, Vault())
    deliveries.accept(delivery("d1", minutes=60), "oX", LEASE)
    assert followers.platform_id("s-1", NOW + timedelta(hours=47)) is None
    deliveries.accept(delivery("d2", minutes=-60), "oX", LEASE)
    assert followers.platform_id("s-1", NOW + timedelta(hours=48)) == "oX"
    assert followers.platform_id("s-1", NOW + timedelta(hours=49)) is None
    followers.forget_old(NOW + timedelta(hours=49))
    assert followers.platform_id("s-1", NOW) is None


def test_erasing_a_session_erases_its_follower(url: str, tracker: object, deliveries: Deliveries) -> None:
    """Whoever asks for it, staff or the follower who leaves."""
    followers = Followers(Database(url), Vault())
    for session in ("s-1", "s-2"):
        deliveries.accept(delivery(session, session=session), "oX", LEASE)
    TurnLog(url).erase_session("s-1")
    assert followers.platform_id("s-1", NOW) is None and deliveries.get("s-1") is None
    assert followers.platform_id("s-2", NOW) == "oX" and deliveries.get("s-2")


@EVERY_DATABASE
def test_a_nonce_is_new_once(database: Database) -> None:
    """For each account, to all threads and processes at once; forgotten when its request is too old anyway."""
    nonces = Nonces(database)
    database.ensure_ready()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Nonces(database).first_use("main", "n", NOW), range(16)))
    assert found.count(True) == 1
    assert nonces.first_use("other", "n", NOW)
    nonces.forget_old(NOW + timedelta(minutes=10))
    assert not nonces.first_use("main", "n", NOW)
    nonces.forget_old(NOW + timedelta(minutes=12))
    assert nonces.first_use("main", "n", NOW)


@EVERY_DATABASE
def test_one_process_refreshes_a_token(database: Database) -> None:
    """The others are told to wait until it has written, or its time is over."""
    now = [NOW]
    one, other = (AccessTokens(database, Vault(), lambda: now[0]) for _ in range(2))
    assert one.read("main") is None
    span = timedelta(seconds=8)
    assert one.may_refresh("main", span) and not other.may_refresh("main", span)
    now[0] += timedelta(seconds=9)  # the first died
    assert other.may_refresh("main", span) and not one.may_refresh("main", span)
    other.write("main", "t1", NOW + timedelta(hours=2))
    assert one.read("main") == ("t1", NOW + timedelta(hours=2))
    assert one.may_refresh("main", span)
    one.drop("main", "another")
    assert one.read("main")
    one.drop("main", "t1")
    assert one.read("main") is None
