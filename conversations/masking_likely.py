"""Names that nothing announces: three characters that are far likelier a person's name than anything else.

How likely is counted, not listed: how often each character is given to people in a dictionary's forty thousand names,
beside how often it stands in its other words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from conversations.masking_persons import is_everyday, is_known_person, may_be_plain, surname_at
from conversations.masking_words import USED, CommonWords, common_words

LEAST = 0.5  # of the likelihood's logarithm: below are words of the project's own lines, above hardly any
LEAST_EVERYDAY = 2.0  # where the surname itself is a word
LIKE_NAMES = 2.0  # of the same logarithm: a dictionary's name is surely one
_FEW_NAMES = 3
_CHARS = 6_000  # in use; smooths what was seldom seen
_CALLED_OR_BEGINS = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[找给叫让请和跟与被是会诉报父夫母妻居人师友员户工]|(?:和|跟|与|是|找|问)老)$"
)
# What the dictionary counts as names and everybody else as something else, mostly places and dishes.
_NO_PERSONS = re.compile(
    r"^(?:卫健|东浩|红马|康复|师范|白羊|阳光|金山|金窝|吴江|张江|闵行|杨浦|练塘|练秋|万寿|林荫|孔雀|李子|孙子|宫保|黄梅|马斯克|时普|惠托|师德|廉[祖租]|马云|林子|章子|乔迁|洪水"
    r"|(.).\1|[\u4e00-\u9fff](?:青浦|金泽|徐泾|赵巷|朱家|托育|养老|托班))|[村镇路街桥湖河园寺塔山江站科银育率委局办部会和好校院甲辅树]$"
)


def likelihood(words: CommonWords, given: str) -> float:
    """Logarithm: above 0 two characters are a given name, below anything else."""
    return _of_character(words, given[0], 0) + _of_character(words, given[1], 1)


def _of_character(words: CommonWords, character: str, place: int) -> float:
    """The same of one character in its place: 0, 1."""
    counts = words.of(character)
    among_names = ((counts.first, counts.second)[place] + 0.3) / (words.names + 300)
    among_words = (counts.elsewhere + 2000) / (words.uses + 2000 * _CHARS)
    return math.log(among_names / among_words)


def begins_names(character: str) -> bool:
    """Whether names in the dictionary begin with it, more than once or twice."""
    return common_words().of(character).surname >= _FEW_NAMES


def given_likelihood(character: str, place: int) -> float:
    """Logarithm: above 0 the character is rather the first (`place` 0) or second (1) of a given name than of a word."""
    return _of_character(common_words(), character, place)


def is_somebody_else(name: str) -> bool:
    """Whether books name somebody so, or it is what a dictionary counts as a name and everybody else as a place or thing."""
    return bool(_NO_PERSONS.search(name)) or is_known_person(name)


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
            if likelihood(common_words(), name[1:]) >= least and not _is_something_else(text, at):
                yield at, at + 3


def _is_something_else(text: str, at: int) -> bool:
    """A word, a part of words, or somebody whom books name."""
    name, words = text[at : at + 3], common_words()
    around = ((-1, 1), (-2, 1), (-1, 2), (-3, 1), (0, 2), (0, 3), (1, 3), (2, 4), (2, 5), (1, 4), (1, 5), (2, 6))
    parts = {text[at + first : at + after] for first, after in around if at + first >= 0}
    return is_somebody_else(name) or any(words.holds(part, USED) for part in parts)
