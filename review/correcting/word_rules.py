"""What a word may be that goes live at once. A wrong link misleads who asks that question; a wrong word misleads everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from danger.watch import shared_watch
from knowledge.language.question import amounts_in
from knowledge.published.corrections import Word
from knowledge.search.finder import Finder
from review.errors import InvalidInput

_NEGATED = re.compile(r"[不没未无非别勿]")
_LETTERS = re.compile(r"[\u3400-\u9fffa-z0-9]+")
DIALECT = "dialect"


def check_word(finder: Finder, word: Word, others: Iterable[Word]) -> None:
    """Raise `InvalidInput` for a word that changes what a question asks, or takes a word of the plan away.

    `others` are the words that are live already: one word must not lead on to another, for a text is read twice.
    """
    said, meant = (finder.normalizer.written(text).strip(" ，") for text in (word.word, word.means))
    if not _LETTERS.fullmatch(said) or not _LETTERS.fullmatch(meant):
        raise InvalidInput("词里只能有汉字、字母和数字 / a word has only characters, letters and digits")
    if said == meant:
        raise InvalidInput("两个词读出来是一样的 / both words are read as the same already")
    if len(said) == 1 and finder.normalizer.vocabulary.is_common_word(said):
        raise InvalidInput(
            f"“{said}”一个字到处都有，请写成更长的词 / one character stands everywhere: write more of it"
        )
    if finder.computer.is_name(said):
        raise InvalidInput(
            f"“{said}”是规划里的名称，换掉会答错 / the plan itself calls something so: it must not be replaced"
        )
    if any(map(shared_watch().is_word_of_danger, (said, meant))):
        raise InvalidInput("紧急情况的词不能改 / words of an emergency are left alone")
    _check_question_words(finder, said, meant, dialect=word.kind == DIALECT)
    for other in others:
        if other.word != said and (other.word in meant or said in other.means):
            raise InvalidInput(
                f"和已有的“{other.word}→{other.means}”接在一起了，请直接写最后的意思 / it leads on to another word: write what is meant in the end"
            )


def _check_question_words(finder: Finder, said: str, meant: str, *, dialect: bool) -> None:
    """Numbers, places, negation and what is asked for stay as they are; only dialect words may add what they mean."""
    one, other = finder.read(said), finder.read(meant)
    numbers = (re.findall(r"\d+", said), sorted(amounts_in(said))) == (
        re.findall(r"\d+", meant),
        sorted(amounts_in(meant)),
    )
    if not numbers:
        raise InvalidInput("两个词里的数字不一样 / the numbers in both words differ")
    if not set(one.places) <= set(other.places):
        raise InvalidInput("不能把一个街镇换成别的 / a street or town must not become another")
    denied, denies = bool(_NEGATED.search(said)), bool(_NEGATED.search(meant))
    if (denied and not denies) or (denies and not denied and not dialect):
        raise InvalidInput("一个词是否定的，另一个不是 / one of the words denies, the other does not")
    if not one.asks <= other.asks or (other.asks - one.asks and not dialect):
        raise InvalidInput("这会改变问的是什么（多少、何时、有没有…） / that would change what is asked for")
