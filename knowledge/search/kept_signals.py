"""The file of a build in which a finder finds what it looks up for each question: `signals.npz`, mapped and not read.

All processes of a machine share its memory, and none works out at its start what the build has worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.groundwork import formats
from knowledge.groundwork.kept_files import Plain, mapped_arrays, write_arrays
from knowledge.search.coverage import Coverage
from knowledge.search.keywords import KeywordIndex
from knowledge.search.plain_parts import plain_tfidf, tfidf_of
from knowledge.search.projection import Projection, SampleIndex, Space, Vectored
from knowledge.search.signals import Indexed, SignalComputer

FORMAT = formats.SIGNALS


@dataclass(frozen=True)
class KeptSignals:
    """What a build keeps for the signals; `fingerprint` says of which build it is."""

    fingerprint: str
    vectored: Vectored
    indexed: Indexed

    @classmethod
    def of(cls, fingerprint: str, computer: SignalComputer) -> KeptSignals:
        """Of the computer that a build has fitted with."""
        return cls(fingerprint, computer.vectored, computer.indexed)

    def save(self, path: Path) -> None:
        """Write all of it but the projection, which is kept with the models."""
        samples, space = self.vectored.samples, self.indexed.space
        about = {"fingerprint": self.fingerprint, "texts": list(samples.texts)}
        rows: dict[str, NDArray[Any]] = {
            "owners": samples.owners,
            "samples": samples.vectors,
            "headlines": self.vectored.headlines,
            "quotes": self.vectored.quotes,
            "seen_samples": space.samples,
            "seen_headlines": space.headlines,
            "seen_quotes": space.quotes,
        }
        parts = {
            "rows": Plain(about, rows),
            "characters": plain_tfidf(self.indexed.characters),
            "grams": _plain_matrix(self.indexed.grams),
            "keywords": _plain_keywords(self.indexed.keywords),
            "coverage": _plain_coverage(self.indexed.coverage),
        }
        write_arrays(path, FORMAT, Plain.joined(parts))

    @classmethod
    def load(cls, path: Path, projection: Projection) -> KeptSignals:
        """What `save` wrote, with the projection of the same build. Raises `FileUnreadable`, and `KeyError`."""
        plain = mapped_arrays(path, FORMAT)
        kept = plain.part("rows")
        rows = kept.arrays
        samples = SampleIndex(tuple(kept.about["texts"]), rows["owners"], rows["samples"])
        space = Space(projection, rows["seen_samples"], rows["seen_headlines"], rows["seen_quotes"])
        indexed = Indexed(
            space,
            _coverage(plain.part("coverage")),
            tfidf_of(plain.part("characters")),
            _matrix(plain.part("grams")),
            _keywords(plain.part("keywords")),
        )
        return cls(kept.about["fingerprint"], Vectored(samples, rows["headlines"], rows["quotes"]), indexed)


def _plain_matrix(matrix: csr_matrix) -> Plain:
    arrays = {"data": matrix.data, "columns": matrix.indices, "starts": matrix.indptr}
    return Plain({"shape": list(matrix.shape)}, arrays)


def _matrix(plain: Plain) -> csr_matrix:
    arrays = plain.arrays
    return csr_matrix((arrays["data"], arrays["columns"], arrays["starts"]), shape=tuple(plain.about["shape"]))


def _plain_keywords(index: KeywordIndex) -> Plain:
    arrays = {"starts": index.starts, "rows": index.rows, "values": index.values}
    return Plain({"words": list(index.words), "documents": index.documents}, arrays)


def _keywords(plain: Plain) -> KeywordIndex:
    arrays = plain.arrays
    return KeywordIndex(
        plain.about["words"], plain.about["documents"], arrays["starts"], arrays["rows"], arrays["values"]
    )


def _plain_coverage(coverage: Coverage) -> Plain:
    return Plain({}, {each.name: getattr(coverage, each.name) for each in fields(Coverage)})


def _coverage(plain: Plain) -> Coverage:
    return Coverage(**{each.name: plain.arrays[each.name] for each in fields(Coverage)})
