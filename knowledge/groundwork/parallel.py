"""Work on all cores, with results that do not depend on how many there are."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
PART = 256  # pieces handed to a process at once: it takes the next part when it has done one

_work: Callable[[int, int], Any] | None = None  # what the processes forked next do


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(jobs: Sequence[Callable[[], object]], progress: Callable[[int], None] | None = None) -> None:
    """Do jobs that spend their time outside Python's lock, the first ones first. Raises what a job raises.

    `progress(1)` after each.

    Each has the linear algebra's one thread: more would spin against each other, and would add in another order.
    """
    with threadpool_limits(1), ThreadPoolExecutor(cores()) as pool:
        for job in as_completed([pool.submit(job) for job in jobs]):
            job.result()
            if progress:
                progress(1)


def in_processes(
    work: Callable[[int, int], Sequence[T]],
    total: int,
    progress: Callable[[int], None] | None = None,
    *,
    part: int = PART,
) -> Iterator[T]:
    """`work(start, stop)` for every part of `range(total)`, one after the other of what it returns, in order.

    `work` and all it refers to are inherited, not sent; only what it returns is. In this process itself where there is
    one core, where there is one part, or where processes cannot be forked safely. `progress` is told how many are done,
    after each `part` of so many pieces.
    """
    global _work
    parts = [(start, min(start + part, total)) for start in range(0, total, part)]
    with threadpool_limits(1):
        if min(cores(), len(parts)) < 2 or sys.platform != "linux":
            yield from _told((work(*each) for each in parts), parts, progress)
            return
        _work = work
        gc.freeze()  # what is garbage here is not for the children to clear: a runtime's threads are not there to be ended
        try:
            with multiprocessing.get_context("fork").Pool(min(cores(), len(parts))) as pool:
                yield from _told(pool.imap(_do, parts), parts, progress)
        finally:
            gc.unfreeze()
            _work = None


def _do(part: tuple[int, int]) -> Sequence[Any]:
    if _work is None:
        raise RuntimeError("a process without work")
    return _work(*part)  # type: ignore[no-any-return]


def _told(
    results: Iterator[Sequence[T]], parts: Sequence[tuple[int, int]], progress: Callable[[int], None] | None
) -> Iterator[T]:
    for (start, stop), found in zip(parts, results):
        yield from found
        if progress:
            progress(stop - start)
