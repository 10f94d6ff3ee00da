"""Words that staff published, put in place of what residents type: the longest first, and never inside another word."""

from __future__ import annotations

from collections.abc import Sequence

from jieba import Tokenizer

from knowledge.published.corrections import Word

USUAL = 20  # jieba's count from which a word is one that people use (`slips.RARE_WORD`)


class LiveWords:
    """Applies the words of one state of the corrections. Immutable; safe to share between threads.

    `tokenizer` knows the plan's terms: where the dictionary sees a word that reaches beyond what would be replaced,
    nothing is replaced there: 「养老原」 for 养老院 leaves 「养老原来」 alone. A later word replaces an earlier one for the same.
    """

    def __init__(self, words: Sequence[Word], tokenizer: Tokenizer) -> None:
        self._words = {each.word: each for each in words}
        self._lengths = sorted({len(each.word) for each in words}, reverse=True)
        self._tokenizer = tokenizer

    def stand_in(self, text: str) -> bool:
        """Whether one of the words stands in a text, be it within another."""
        return any(word in text for word in self._words)

    def apply(self, text: str, guesses: list[tuple[str, str]] | None = None) -> str:
        """The text with every word said as it is meant; (typed, taken for) of typing errors is appended to `guesses`."""
        if not self.stand_in(text):
            return text
        usual = self._usual_words(text)
        parts, at = [], 0
        while at < len(text):
            found = self._word_at(text, at, usual)
            if found is None:
                parts.append(text[at])
                at += 1
                continue
            parts.append(found.means)
            at += len(found.word)
            if guesses is not None and found.kind == "typo":
                guesses.append((found.word, found.means))
        return "".join(parts)

    def _word_at(self, text: str, at: int, usual: Sequence[tuple[int, int]]) -> Word | None:
        for length in self._lengths:
            word = self._words.get(text[at : at + length])
            end = at + length
            if word is None or _is_cut_out(text, at, end) or _is_said_already(text, at, word):
                continue
            if not any(start < end and at < stop and (start < at or stop > end) for start, stop in usual):
                return word
        return None

    def _usual_words(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each usual word of two or more characters."""
        known = self._tokenizer.FREQ
        return [
            (start, end)
            for word, start, end in self._tokenizer.tokenize(text, HMM=False)
            if len(word) >= 2 and (known.get(word) or 0) >= USUAL and word not in self._words
        ]


def _is_cut_out(text: str, start: int, end: int) -> bool:
    """Whether it begins or ends within Latin letters or a number: 「ai」 in 「aids」."""
    return _continues(text, start) or _continues(text, end)


def _continues(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at : at + 1]
    return at > 0 and before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _is_said_already(text: str, at: int, word: Word) -> bool:
    """Whether it stands within what it means: 「敬老卡」 in 「上海敬老卡」."""
    inside = word.means.find(word.word)
    while inside >= 0:
        if text.startswith(word.means, at - inside) and at >= inside:
            return True
        inside = word.means.find(word.word, inside + 1)
    return False
