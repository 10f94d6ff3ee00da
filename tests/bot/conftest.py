"""What the tests of channels share."""

from __future__ import annotations

import pytest

from bot.without_tensorflow import import_extractors
from danger.watch import shared_watch

import_extractors()  # before a test imports Rasa: TensorFlow takes seconds and half a gigabyte, in each process of pytest


@pytest.fixture(scope="session")
def watch_loaded() -> None:
    """What the first look for danger loads is loaded: a turn has a deadline, and a busy machine is past it otherwise."""
    shared_watch().assess("您好")
