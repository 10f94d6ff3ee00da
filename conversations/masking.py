"""Personal data → typed placeholders, before anything is stored or understood.

Numbers are read in any spelling (full width, Chinese digits, blanks, dashes, slashes and line ends between), whatever
is invisible in them; names and addresses in the phrases in which residents give them. The plan's own numbers, offices' addresses and hotlines stay.
Measured on `conversations/masking_lines.yml`; the rates stand in `docs/conversations.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from conversations.masking_homes import addresses
from conversations.masking_likely import likely
from conversations.masking_numbers import NUMBERS, digits_of
from conversations.masking_people import mentioned, named_otherwise
from conversations.masking_phrases import names
from conversations.masking_signs import past_unseen, visible_places

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
CONTACTS = ("mobile", "landline", "email", "wechat", "qq")  # by which a person can be reached
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
    """Read what masking needs, a second's work or two: before somebody waits for it, and not on an event loop."""
    mask("我叫张小明，找李小明")


def mask(text: str) -> Masked:
    """The text without personal data. Masking a masked text changes nothing."""
    found: list[PersonalData] = []
    places = visible_places(text)
    plain = digits_of("".join(text[place] for place in places))
    for kind, rule in _RULES:
        for first, after in rule(plain):
            start, end = places[first], past_unseen(text, places[after - 1] + 1)
            if all(end <= piece.start or piece.end <= start for piece in found):
                found.append(PersonalData(kind, start, end, text[start:end]))
    if not found:
        return Masked(text)
    found.sort(key=lambda piece: piece.start)
    parts, at = [], 0
    for piece in found:
        parts += [text[at : piece.start], PLACEHOLDERS[piece.kind]]
        at = piece.end
    return Masked("".join([*parts, text[at:]]), tuple(found))
