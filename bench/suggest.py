"""`python -m bench.suggest`: how long a suggestion takes, over every beginning of every sample question, three ways typed."""

from __future__ import annotations

import random
import statistics
import time

from bench.machine import this_machine
from knowledge.catalogue.store import opened, read_store
from knowledge.groundwork import settings
from knowledge.language.sounds import spelling
from knowledge.reply.suggest import SuggestionIndex

QUESTIONS = 300  # of some 7,300; each gives about 30 queries


def queries(questions: list[str]) -> list[str]:
    """What a resident's keystrokes make of each question: its words, its pinyin and its initials, letter by letter."""
    typed = []
    for question in questions:
        syllables = spelling(question)
        for whole in (question, "".join(syllables), "".join(s[0] for s in syllables)):
            typed += [whole[:end] for end in range(1, min(len(whole), 20) + 1)]
    return typed


def main() -> None:
    """Print the figures."""
    with opened(settings.knowledge_paths().url) as engine:
        stored = read_store(engine)
    commitments, voices = stored.commitments, stored.meta.get("voices") or ()
    started = time.perf_counter()
    index = SuggestionIndex(commitments, without=voices)
    built_ms = (time.perf_counter() - started) * 1000
    questions = sorted({q for c in commitments for q in c.questions})
    typed = queries(random.Random(4).sample(questions, QUESTIONS))
    taken_ms = []
    for query in typed:
        started = time.perf_counter()
        index.suggest(query)
        taken_ms.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(taken_ms, n=1000)
    print(this_machine().line)
    print(f"{len(index)} keys, built in {built_ms:.0f} ms; {len(typed)} queries")
    print(f"p50 {cuts[499]:.2f} ms, p95 {cuts[949]:.2f} ms, p99.9 {cuts[998]:.2f} ms, max {max(taken_ms):.2f} ms")


if __name__ == "__main__":
    main()
