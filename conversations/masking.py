"""Personal data → typed placeholders, before anything is stored or understood.

Numbers are read in any spelling (full width, Chinese digits, blanks, dashes, slashes and line ends between), whatever
is invisible in them; names and addresses in the phrases in which residents give them. The plan's own numbers, offices' addresses and hotlines stay.
Measured on `conversations/masking_lines.yml`; the rates stand in `docs/conversations.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from conversations.masking_homes import addresses
from conversations.masking_likely import likely
from conversations.masking_numbers import NUMBERS, digits_of
from conversations.masking_people import mentioned, named_otherwise
from conversations.masking_phrases import names
from conversations.masking_signs import past_unseen, visible_places
from conversations.masking_tagger import tagger
from wire.reference import surely_drawn

PLACEHOLDERS = {
    "mobile": "〔手机号〕",
    "landline": "〔电话号码〕",
    "id_number": "〔身份证号〕",
    "bank_card": "〔银行卡号〕",
    "email": "〔邮箱〕",
    "permit": "〔证件号〕",
    "plate": "〔车牌号〕",
    "wechat": "〔微信号〕",
    "qq": "〔QQ号〕",
    "name": "〔姓名〕",
    "address": "〔住址〕",
}
_MASKED = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
REMEMBERED = 256  # texts in which nothing was found
_harmless: dict[str, None] = {}
CONTACTS = ("mobile", "landline", "email", "wechat", "qq")  # by which a person can be reached
Piece = tuple[str, int, int]  # kind, start, end
Rule = Callable[[str], Iterator[tuple[int, int]]]
# The order decides where two overlap: the surer comes first.
_RULES: tuple[tuple[str, Rule], ...] = (
    *NUMBERS,
    ("address", addresses),
    ("name", names),
    ("name", mentioned),
    ("name", named_otherwise),
    ("name", likely),
)


@dataclass(frozen=True)
class PersonalData:
    """A piece of personal data: its kind and where it stood in the original text. The value is for memory only."""

    kind: str
    start: int
    end: int
    value: str = field(repr=False)


@dataclass(frozen=True)
class Masked:
    """A text with placeholders, and what was taken out, in the order of the text."""

    text: str
    found: tuple[PersonalData, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that were found, each once, sorted."""
        return tuple(sorted({piece.kind for piece in self.found}))

    @property
    def contact(self) -> str:
        """How the person can be reached, by all that was given; "" if nothing was."""
        return "；".join(piece.value for piece in self.found if piece.kind in CONTACTS)


def load() -> None:
    """Read what masking needs, a part of a second's work: before somebody waits for it, and not on an event loop."""
    mask("我叫张小明，找李小明")


def mask(text: str) -> Masked:
    """The text without personal data. Masking a masked text changes nothing.

    A text in which nothing was found is known for a while: the channel masks what is said, and the log what it is told.
    """
    if text in _harmless:
        return Masked(text)
    masked = _masked(text)
    if not masked.found:
        _harmless[text] = None
        while len(_harmless) > REMEMBERED:
            with suppress(KeyError, RuntimeError):  # another thread was at it as well
                del _harmless[next(iter(_harmless))]  # the oldest
    return masked


def _masked(text: str) -> Masked:
    places = visible_places(text)
    found: list[PersonalData] = []
    for kind, first, after in _pieces(digits_of("".join(text[place] for place in places))):
        start, end = places[first], past_unseen(text, places[after - 1] + 1)
        found.append(PersonalData(kind, start, end, text[start:end]))
    if not found:
        return Masked(text)
    parts, at = [], 0
    for piece in found:
        parts += [text[at : piece.start], PLACEHOLDERS[piece.kind]]
        at = piece.end
    return Masked("".join([*parts, text[at:]]), tuple(found))


def _pieces(plain: str) -> list[Piece]:
    """Kind, start and end of all personal data, in the order of the text.

    The number of a request is none, whatever its letters look like: without it nobody could ask how it stands.
    """
    found = _found(plain)
    if not found:
        return found
    ours = [("", *span) for span in surely_drawn(plain)]
    return [(kind, *part) for kind, start, end in found for part in _between(start, end, ours)] if ours else found


def _found(plain: str) -> list[Piece]:
    """What the rules find, and what the tagger adds."""
    ruled = by_rules(plain)
    pieces = list(ruled)
    if _MASKED.search(plain):  # so that masking again changes nothing
        return sorted(pieces, key=lambda piece: piece[1])
    for kind, start, end in tagger().found(plain, numbers_among(ruled)):
        pieces = _joined(pieces, kind, start, end)
    return sorted(pieces, key=lambda piece: piece[1])


def _joined(pieces: list[Piece], kind: str, start: int, end: int) -> list[Piece]:
    """With one more; of what overlaps with it, the same kind is drawn into it, and another kind keeps its place."""
    kept = list[Piece]()
    for other, first, after in pieces:
        if other == kind and first < end and start < after:
            start, end = min(start, first), max(end, after)
        else:
            kept.append((other, first, after))
    for part in _between(start, end, kept):
        kept.append((kind, *part))
    return kept


def _between(start: int, end: int, others: Iterable[Piece]) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that none of the others has."""
    for _, first, after in sorted(others, key=lambda piece: piece[1]):
        if first < end and start < after:
            if start < first:
                yield start, first
            start = max(start, after)
    if start < end:
        yield start, end


def by_rules(plain: str) -> list[Piece]:
    """What the rules find in a text as `digits_of` gives it. The order of the rules decides where two overlap."""
    found: list[Piece] = []
    for kind, rule in _RULES:
        for start, end in rule(plain):
            if all(end <= first or after <= start for _, first, after in found):
                found.append((kind, start, end))
    return found


def numbers_among(pieces: Iterable[Piece]) -> list[tuple[int, int, str]]:
    """Start, end and kind of those that are no names and no homes, in the order of the text: as the tagger takes them."""
    return sorted((start, end, kind) for kind, start, end in pieces if kind not in ("name", "address"))
