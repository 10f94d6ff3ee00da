"""The likeliest parts of speech of characters that no dictionary joins: jieba's search (Viterbi), with its results kept.

Residents' questions are made of the same few runs of such characters. Sums are added and ties broken as in
`jieba.posseg.viterbi`, so that the same states are found (a test compares); only states that a character may have are
looked at, without a list of all that may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

State = tuple[str, str]  # where in a word a character stands, and the word's part of speech
Reached = dict[State, tuple[float, State]]  # the best sum that leads to a state, and the state before
Found = tuple[float, list[State]]
REMEMBERED = 16384  # runs: two in five of a build's, some 10 MB where all are used
_NEVER = -3.14e100  # jieba's logarithm of the probability of what it never met
_NOWHERE = ("", "")  # less than any state


class RunTagger:
    """Callable as `jieba.posseg.viterbi`, over its tables. Safe to share between threads; results are not to be changed."""

    def __init__(
        self,
        states: Mapping[str, Sequence[State]],
        start: Mapping[State, float],
        following: Mapping[State, Mapping[State, float]],
        odds: Mapping[State, Mapping[str, float]],
    ) -> None:
        self._states, self._start, self._following, self._odds = states, start, following, odds
        self._found: Callable[[str], Found] = lru_cache(maxsize=REMEMBERED)(self.search)

    def __call__(self, run: str, *_tables: object) -> Found:
        """The sum of the likeliest states of a run of characters, and these states."""
        return self._found(run)

    def search(self, run: str) -> Found:
        """The same, worked out anew."""
        first = self._states.get(run[0], self._following)
        steps = [{state: (self._start[state] + self._odds[state].get(run[0], _NEVER), _NOWHERE) for state in first}]
        for character in run[1:]:
            steps.append(self._step(steps[-1], character))
        total, state = max((total, state) for state, (total, _) in steps[-1].items())
        route = [state]
        for reached in steps[:0:-1]:
            route.append(reached[route[-1]][1])
        return total, route[::-1]

    def _step(self, reached: Reached, character: str) -> Reached:
        before = [(total, state, self._following[state]) for state, (total, _) in reached.items()]
        possible: Iterable[State] = self._states.get(character, self._following)
        expected = (state for _, _, following in before for state in following)
        return self._led_to(before, possible, character) or self._led_to(before, set(expected), character)

    def _led_to(
        self, before: list[tuple[float, State, Mapping[State, float]]], possible: Iterable[State], character: str
    ) -> Reached:
        """Those of the states that any before them leads to; of two that lead there alike, it is the larger one."""
        found: Reached = {}
        for state in possible:
            own = self._odds[state].get(character, _NEVER)
            best, came = float("-inf"), _NOWHERE
            for total, each, following in before:
                odds = following.get(state)
                if odds is not None:
                    through = total + odds + own
                    if through > best or (through == best and each > came):
                        best, came = through, each
            if came is not _NOWHERE:
                found[state] = best, came
        return found
