"""The provinces and cities that are not a district's own: whoever asks of one of them does not ask of its plan."""

from __future__ import annotations

from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping

FILE = settings.LEXICON / "china_places.yml"


def other_places(*named: str) -> tuple[str, ...]:
    """Names of all provinces and cities, long ones first, but those `named` in a plan's title, district or source.

    The province of a named city is its own as well. None where no province or city is named: which are other ones is not
    known then. Raises `CatalogueError` for a file that cannot be read.
    """
    data, _ = load_mapping(FILE)
    own, names = set[str](), set[str]()
    for province, cities in data["provinces"].items():
        here = {name for name in (province, *cities) if any(name in text for text in named)}
        own |= here | ({province} if here else set())
        names |= {province, *cities}
    return tuple(sorted(names - own, key=lambda name: (-len(name), name))) if own else ()
