"""The numbers of all formats that this code reads; a release names those that it is written in."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.catalogue.store import SCHEMA_VERSION
from knowledge.encoder import vectors
from knowledge.language import normalise, vocabulary
from knowledge.search import kept_models, kept_nlu

READ: Mapping[str, int] = {
    "store": SCHEMA_VERSION,
    "vectors": vectors.FORMAT,
    "vocabulary": vocabulary.FORMAT,
    "understood": normalise.FORMAT,
    "models": kept_models.FORMAT,
    "nlu": kept_nlu.FORMAT,
}
