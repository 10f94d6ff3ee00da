"""What a route is: method, path, who may, and the page behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from aiohttp import web

from review.accounts.roles import Role

if TYPE_CHECKING:
    from review.visit import Visit


class Open(Enum):
    """Routes that need less than a role."""

    ANYBODY = "anybody"
    HALF_SIGNED_IN = "half signed in"  # a session, whatever is still to be done


ANYBODY, HALF_SIGNED_IN = Open.ANYBODY, Open.HALF_SIGNED_IN


@dataclass(frozen=True)
class Route:
    """One line of the route table (`review/routes.py`).

    `hashes`: the page works on a password, for long. `form`: the page that a form of this route stands on; it is shown
    again, with what was typed (`Visit.kept`), where that cannot be taken; and, where it `shows_stored`, where a colleague
    saved something else meanwhile. `takes_file`: the form may bring a large file,
    which is read only when it is known that its sender may send it.
    """

    method: str
    path: str
    least: Role | Open
    page: Callable[[Visit], web.Response]
    hashes: bool = False
    form: Callable[[Visit], web.Response] | None = None
    takes_file: bool = False
    shows_stored: bool = False
