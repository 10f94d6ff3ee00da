"""The shelf's errors in the console's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from releases.errors import NoSuchRelease, ReleaseError, ShelfTaken
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere


@contextmanager
def shelf_errors() -> Iterator[None]:
    """Raise `NothingThere`, `ChangedMeanwhile` or `InvalidInput` for what the shelf raises."""
    try:
        yield
    except NoSuchRelease as error:
        raise NothingThere(str(error)) from error
    except ShelfTaken as error:
        raise ChangedMeanwhile(str(error)) from error
    except ReleaseError as error:
        raise InvalidInput(str(error)) from error
