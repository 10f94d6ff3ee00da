"""Shared by all tests: the real plan, the knowledge and model that `make test` has built, no network beyond loopback."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("UNDERWAY_DIR", tempfile.mkdtemp(prefix="ask-qingpu-underway-"))  # never this installation's
os.environ["DOCUMENTS_DIR"] = str(Path(os.environ["UNDERWAY_DIR"]) / "documents")  # an empty shelf
os.environ.setdefault("KNOWLEDGE_DIR", "var/knowledge")  # what `make test` built, whatever release serves here

from knowledge.catalogue.commitments import Commitment  # noqa: E402
from knowledge.document.documents import Document, load_document  # noqa: E402
from knowledge.document.passages import Passage, passages_of  # noqa: E402
from knowledge.groundwork import settings  # noqa: E402
from knowledge.search.finder import Finder  # noqa: E402
from tests.built import NOTHING_BUILT, built_finder  # noqa: E402
from tests.products import shared_product, site, site_and_product  # noqa: E402, F401
from tests.training.fixtures import copy_project, first_training, project  # noqa: E402, F401


@pytest.fixture(autouse=True)
def process_as_it_was() -> Iterator[None]:
    """A command of ours that ran inside this process changes how it logs, and whose files are: not for the next test."""
    make, hooks, mask = logging.getLogRecordFactory(), (sys.excepthook, threading.excepthook), os.umask(0o022)
    os.umask(mask)
    yield
    logging.setLogRecordFactory(make)
    sys.excepthook, threading.excepthook = hooks
    os.umask(mask)


@pytest.fixture(autouse=True)
def built_knowledge_is_for_slow_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever needs it says so: `make test-fast` runs where nothing is built."""
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setenv("KNOWLEDGE_DIR", NOTHING_BUILT)


def pytest_runtest_setup() -> None:
    """Sockets beyond loopback are blocked: everything must work offline."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are left out, places that hold nothing else are not imported either: that takes seconds."""
    if config.option.markexpr != NOT_SLOW:
        return None
    return f"{collection_path.relative_to(ROOT).as_posix()}/".startswith(SLOW_PLACES) or None


LONGEST_FIRST = (
    "tests/journeys/test_refinement.py",
    "shared_product",
    "first_training",
    "tests/evaluation/test_gate.py",
    "tests/journeys/test_wechat.py",
    "tests/journeys/test_scaled.py",
    "tests/journeys/test_releases.py",
)  # groups that take a minute of processor time or more, by that: begun last, one would run alone at the end


SLOW_PLACES = (  # folders and files
    "tests/journeys/",  # the whole product, most of it in a browser
    "tests/widget/",
    "tests/backups/",
    "tests/fuzzing/",
    "tests/knowledge/adopting/",  # files are read in processes of their own
    "tests/knowledge/building/",
    "tests/knowledge/document/files/",
    "tests/bot/wechat/test_deliverer.py",  # waits for what is late
    "tests/bot/wechat/test_platform_calls.py",
    "tests/conversations/test_commands.py",
    "tests/conversations/test_masking_quality.py",
    "tests/knowledge/language/test_dictionary.py",
    "tests/releases/test_in_use.py",
    "tests/review/test_moving.py",
    "tests/review/test_secret.py",
    "tests/test_upgrades.py",
)
NOT_SLOW = "not slow"  # the expression of `make test-fast`
SLOW_FIXTURES = {
    "finder",  # the built knowledge
    "start_console",  # a console, whose pages read it
    "shared_product",
    "first_training",
    "browser",
    "server",  # PostgreSQL
    "queue_port",  # RabbitMQ
}


@pytest.hookimpl(tryfirst=True)  # before the groups are read; the random order is made around this hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share something costly run in one process, so that it is made once; the longest groups come first.

    What needs more than a checkout is marked `slow`, which `make test-fast` leaves out.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))
        if _is_slow(item):
            item.add_marker(pytest.mark.slow)
    rank = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(_group_of(item), len(rank)))


def _group_of(item: pytest.Item) -> str:
    """What a test shares with others: the product, the small project, or else what its file has."""
    names = getattr(item, "fixturenames", ())
    return next((name for name in LONGEST_FIRST if name in names), item.location[0])


def _is_slow(item: pytest.Item) -> bool:
    """Whether its folder, a fixture or a parameter says so; a test that opens such things itself is marked in its file."""
    of_postgresql = "postgresql" in getattr(getattr(item, "callspec", None), "params", {}).values()
    fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return of_postgresql or bool(fixtures) or item.nodeid.startswith(SLOW_PLACES)


@pytest.fixture(scope="session")
def document() -> Document:
    """Qingpu's document.yml."""
    return load_document(settings.DOCUMENT)


@pytest.fixture(scope="session")
def passages(document: Document) -> list[Passage]:
    """Every passage of the real plan."""
    return passages_of(settings.PLAN, document)


@pytest.fixture(scope="session")
def finder() -> Finder:
    """The finder on the knowledge that `make test` has built."""
    return built_finder()


@pytest.fixture(scope="session")
def commitments(finder: Finder) -> tuple[Commitment, ...]:
    """Every commitment of the built store."""
    return finder.stored.commitments
