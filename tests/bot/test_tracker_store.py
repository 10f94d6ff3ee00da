"""The tracker store and a real PostgreSQL that hangs, is stopped, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import TurnTrackerStore
from tests.services import Postgres, postgres

pytestmark = pytest.mark.slow  # a PostgreSQL of its own


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """It is hung and stopped, so nobody shares it."""
    with postgres() as running:
        yield running


@pytest.fixture
def store(server: Postgres) -> Iterator[TurnTrackerStore]:
    """A store of a database of its own."""
    url = server.new_database()
    made = TurnTrackerStore(Domain.empty(), host=url)  # as Rasa passes an endpoint's whole address
    yield made
    made.engine.dispose()


async def keep(store: TurnTrackerStore, sender: str, said: str) -> None:
    """One more event of a conversation."""
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(said))
    await store.save(tracker)


async def said(store: TurnTrackerStore, sender: str) -> list[str]:
    """What a conversation has."""
    tracker = await store.retrieve(sender)
    assert isinstance(tracker, DialogueStateTracker)
    return [str(event.text) for event in tracker.events if isinstance(event, UserUttered)]


async def test_a_server_that_hangs_holds_up_whoever_asks_it_and_nobody_else(
    server: Postgres, store: TurnTrackerStore
) -> None:
    """The event loop goes on; what was given up ends by itself when the server goes on."""
    await keep(store, "s", "一")
    with server.server.hung():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(keep(store, "s", "二"), 0.5)
        asking = [asyncio.ensure_future(said(store, "s")) for _ in range(20)]
        beats = 0
        while beats < 20:
            await asyncio.sleep(0.01)
            beats += 1
        assert not any(task.done() for task in asking)
    found = await asyncio.wait_for(asyncio.gather(*asking), 60)
    assert all(words[0] == "一" for words in found)


async def test_after_a_restart_nobody_gets_a_connection_that_was_cut(server: Postgres, store: TurnTrackerStore) -> None:
    """Each connection of the pool would have failed one turn."""
    await asyncio.gather(*(keep(store, f"s-{number}", "一") for number in range(6)))
    server.server.stop()
    with pytest.raises(Exception, match=r"refused|closed"):
        await keep(store, "s-0", "二")
    server.start()
    await asyncio.gather(*(keep(store, f"s-{number}", "三") for number in range(6)))
    assert [await said(store, f"s-{number}") for number in range(6)] == [["一", "三"]] * 6
