"""Python's search for garbage, which is wasted where hundreds of thousands of objects are made and all are kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles within it, for a few seconds of work that makes many objects and no cycles.

    Each search goes over all that the process holds, a loaded model among it: two thirds of the time that an export took.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
