"""Names that nothing announces: three characters that are far likelier a person's name than anything else.

How likely is counted, not listed: how often each character is given to people in a dictionary's forty thousand names,
beside how often it stands in its other words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from conversations.masking_persons import dictionary, is_everyday, is_known_person, may_be_plain, surname_at

LEAST = 0.5  # of the likelihood's logarithm: below are words of the project's own lines, above hardly any
LEAST_EVERYDAY = 2.0  # where the surname itself is a word
_RARE = 3  # a word that the dictionary counts less often is none
_CHARS = 6_000  # in use; smooths what was seldom seen
_CALLED_OR_BEGINS = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[找给叫让请和跟与被是会诉报父夫母妻居人师友员户工]|(?:和|跟|与|是|找|问)老)$"
)
# What the dictionary counts as names and everybody else as something else, mostly places and dishes.
_NO_PERSONS = re.compile(
    r"^(?:卫健|东浩|红马|康复|师范|白羊|阳光|金山|金窝|吴江|张江|闵行|杨浦|练塘|练秋|万寿|林荫|孔雀|李子|孙子|宫保|黄梅|马斯克|时普|惠托|师德|廉[祖租]|马云|林子|章子|乔迁|洪水"
    r"|(.).\1|[\u4e00-\u9fff](?:青浦|金泽|徐泾|赵巷|朱家|托育|养老|托班))|[村镇路街桥湖河园寺塔山江站科银育率委局办部会和好校院甲辅树]$"
)


@dataclass
class _Given:
    """How often a character is the first or the second of a given name, and how often it stands in words."""

    first: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)

    def likelihood(self, given: str) -> float:
        """Logarithm: above 0 a given name, below anything else."""
        return self._of(self.first, given[0]) + self._of(self.second, given[1])

    def _of(self, place: Counter[str], character: str) -> float:
        among_names = (place[character] + 0.3) / (self._names + 300)
        among_words = (self.elsewhere[character] + 2000) / (self._all + 2000 * _CHARS)
        return math.log(among_names / among_words)

    def count(self) -> None:
        """Sums, once all is counted."""
        self._names, self._all = sum(self.first.values()), sum(self.elsewhere.values())


@lru_cache(maxsize=1)
def _given() -> _Given:
    found = _Given()
    for word, count, tag in dictionary():
        if not tag.startswith("nr"):
            for character in word:
                found.elsewhere[character] += count
            if 2 <= len(word) <= 4 and count >= _RARE:
                found.words.add(word)
        elif len(word) == 3 and surname_at(word, 0) == 1:
            found.first[word[1]] += 1
            found.second[word[2]] += 1
    found.count()
    return found


def likely(text: str) -> Iterator[tuple[int, int]]:
    """Where such a name stands: at the beginning of a phrase, or after what calls or means somebody."""
    for at in range(len(text) - 2):
        if (
            surname_at(text, at) == at + 1
            and may_be_plain(text, at)
            and _CALLED_OR_BEGINS.search(text[max(0, at - 2) : at])
        ):
            name = text[at : at + 3]
            least = LEAST_EVERYDAY if is_everyday(name[0]) else LEAST
            if _given().likelihood(name[1:]) >= least and not _is_something_else(text, at):
                yield at, at + 3


def _is_something_else(text: str, at: int) -> bool:
    """A word, a part of words, or somebody whom books name."""
    name, words = text[at : at + 3], _given().words
    around = ((-1, 1), (-2, 1), (-1, 2), (-3, 1), (0, 2), (0, 3), (1, 3), (2, 4), (2, 5), (1, 4), (1, 5), (2, 6))
    parts = {text[at + first : at + after] for first, after in around if at + first >= 0}
    return bool(_NO_PERSONS.search(name)) or is_known_person(name) or not words.isdisjoint(parts)
