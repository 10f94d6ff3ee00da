"""The vectors of many texts: one encoder with one thread in a process for each core.

Two threads on one short text take 15 % more of the processors than one (docs/performance.md), and each waits for the other.
A text goes through the graph by itself: of several at once the last bits would differ (measured: in 96 of 100 texts), and
what is kept by text must not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from knowledge.encoder.text_encoder import (
    DIMENSIONS,
    E5Encoder,
    EncoderFiles,
    Vectors,
    prepared,
    stack_vectors,
    text_key,
)
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork.parallel import in_processes
from knowledge.groundwork.settings import KnowledgePaths

PART = (
    32  # texts handed to a process at once: less than a second of work, so that progress can be told and ends are even
)


def encode_many(
    texts: Sequence[tuple[str, str]], files: EncoderFiles, progress: Callable[[int], None] | None = None
) -> Vectors:
    """The vector of each (role, text), shape `(n, 384)`, unit length, whatever the number of cores; role `query` or `passage`.

    `progress` is told how many more are done.
    """
    longest_first = sorted(range(len(texts)), key=lambda at: -len(texts[at][1]))  # no long one is left for the end
    mine: list[E5Encoder] = []  # of the process that works: each fills its own copy once

    def encode(start: int, stop: int) -> list[Vectors]:
        if not mine:
            mine.append(E5Encoder(files, threads=1))
        encoders = {"query": mine[0].queries, "passage": mine[0].passages}
        part = [texts[at] for at in longest_first[start:stop]]
        return [encoders[role]([text])[0] for role, text in part]

    vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
    vectors[longest_first] = stack_vectors(list(in_processes(encode, len(texts), progress, part=PART)))
    return vectors


def query_vectors(texts: Sequence[str], built: KnowledgePaths, progress: Callable[[int], None]) -> Vectors:
    """Vectors of texts as queries, shape `(n, 384)`, on all cores; those that a build made are taken from there."""
    made = load_vectors(built.vectors) if built.vectors.exists() else {}
    keys = {text: text_key("query", text) for text in texts}
    missing = [text for text, key in keys.items() if key not in made]
    progress(len(texts) - len(missing))
    new = dict(zip(missing, encode_many([("query", text) for text in missing], prepared(built.folder), progress)))
    return np.stack([new[text] if text in new else made[keys[text]] for text in texts])
