"""`python -m scripts.china_places`: writes the provinces and cities of China that a plan may be silent on.

From jionlp's table of administrative divisions. What it writes is kept, so that the product does not need the package.
"""

from __future__ import annotations

from jionlp.dictionary.dictionary_loader import china_location_loader

from knowledge.document.other_places import FILE

HEAD = """# The provinces and cities of China, each province first: scripts/china_places.py made it from jionlp's table.
# Whoever asks of one that is not the plan's own does not ask of the plan (knowledge/document/other_places.py).
provinces:
"""
MIN_CHARS = 2


def main() -> None:
    """Write the file."""
    lines = [HEAD]
    for province in china_location_loader().values():
        cities = [city for city in map(_short, filter(_is_division, province.values())) if len(city) >= MIN_CHARS]
        lines.append(f"  {_short(province)}: [{', '.join(cities)}]\n")
    FILE.write_text("".join(lines), encoding="utf-8")


def _is_division(value: object) -> bool:
    return isinstance(value, dict) and bool(value.get("_alias"))


def _short(division: dict[str, object]) -> str:
    alias = division["_alias"]
    return str(alias if isinstance(alias, str) else "".join(map(str, alias)) if isinstance(alias, list) else alias)


if __name__ == "__main__":
    main()
