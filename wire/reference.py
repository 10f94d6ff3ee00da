"""The number under which something waits for staff: how it is drawn, and how it is found in what a resident types."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone
FIRST_YEAR = 2020  # long before the first number was given
_RANDOM = "[2-9A-HJKMNP-Z]{5}"
_DASH = r"[\s\-_‐-―－一~]{0,3}"
# In half width; however it is typed besides: in small letters, without 「QP」, with blanks or none.
REFERENCE = re.compile(
    rf"(?<![A-Z0-9])(?:Q\s?P{_DASH}(?P<day>[0-9]{{6}}){_DASH}(?P<part>{_RANDOM})"
    rf"|(?P<bare_day>[0-9]{{6}})-(?P<bare_part>{_RANDOM}))(?![A-Z0-9])",
    re.IGNORECASE,
)


def new_reference(at: datetime) -> str:
    """As 「QP261130-HHSY7」; the day is that of `at` in its own time zone."""
    return f"QP{at:%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(5))


def surely_drawn(plain: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand that can be nothing else: of a day since 2020, and with 「QP」 or a letter among the last five.

    「138123-45678」 is somebody's telephone, which has their shape: no mobile begins with such a day.
    """
    for found in REFERENCE.finditer(plain):
        number = as_drawn(found)
        try:
            day = datetime.strptime(number[2:8], "%y%m%d")
        except ValueError:
            continue
        if day.year >= FIRST_YEAR and (found["day"] or not number[9:].isdecimal()):
            yield found.span()


def as_drawn(found: re.Match[str]) -> str:
    """What `REFERENCE` found, as it was given."""
    return f"QP{found['day'] or found['bare_day']}-{found['part'] or found['bare_part']}".upper()
