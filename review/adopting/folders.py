"""Where a plan that is being adopted lies: private to the console's user, and served to nobody."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.adopting.folder import DOCUMENT, REPORT_DATA, STORE, TABLE
from knowledge.adopting.proposals import ListedProposal, listed
from knowledge.adopting.report import Report, read_report
from knowledge.document.documents import Document, load_document
from knowledge.groundwork.errors import CatalogueError
from review.typed import plain

MAX_STEM_CHARS, MAX_ENDING_CHARS = 60, 8  # of a file's name: in UTF-8 below the 255 bytes of a name
NAMELESS = "规划"


@dataclass(frozen=True)
class PlanFolder:
    """The folder of one adoption: `file/` what was uploaded, `read/` what adopting it left, `decided/` what people made
    of that, in the shape that the command takes, `built/` what adopting it with these decisions left, with a store.
    """

    path: Path

    @classmethod
    def of(cls, root: Path, adoption_id: int) -> PlanFolder:
        """That of an adoption."""
        return cls(root.absolute() / str(adoption_id))

    @property
    def read(self) -> Path:
        """Where the report and the proposals are."""
        return self.path / "read"

    @property
    def decided(self) -> Path:
        """Where the decisions are, for the command."""
        return self.path / "decided"

    @property
    def built(self) -> Path:
        """Where the command leaves what it made with them."""
        return self.path / "built"

    @property
    def store(self) -> Path:
        """The knowledge of this plan alone; residents are never answered from it."""
        return self.built / STORE

    @property
    def questions(self) -> Path:
        """Staff's questions as the evaluation takes them."""
        return self.path / "questions.json"

    @property
    def evaluation(self) -> Path:
        """What evaluating it with them found last."""
        return self.path / "evaluation.json"

    @property
    def is_built(self) -> bool:
        """Whether it can be asked."""
        return self.store.is_dir()

    def file(self, name: str) -> Path:
        """The uploaded file."""
        return self.path / "file" / name

    def take(self, incoming: Path, name: str) -> None:
        """Put an uploaded file in its place; what an earlier installation left under this number goes."""
        self.remove()
        self.file(name).parent.mkdir(parents=True, mode=0o700)
        incoming.replace(self.file(name))

    def report(self) -> Report | None:
        """What was read, None where nothing is."""
        try:
            return read_report((self.read / REPORT_DATA).read_bytes())
        except (OSError, ValueError):
            return None

    def drafted(self) -> Document | None:
        """Title and period as the file says them, None where nothing was read."""
        try:
            return load_document(self.read / DOCUMENT)
        except (OSError, CatalogueError):
            return None

    def proposals(self) -> Sequence[ListedProposal]:
        """The commitments that the plan seems to make, the most doubtful first; none where nothing was read."""
        path = self.read / TABLE
        try:
            return _proposals(path, path.stat().st_mtime_ns)
        except (OSError, ValueError, KeyError):
            return ()

    def remove(self) -> None:
        """All of it."""
        shutil.rmtree(self.path, ignore_errors=True)


@lru_cache(maxsize=4)
def _proposals(path: Path, _written_at: int) -> Sequence[ListedProposal]:
    """Read once, until the file is another."""
    return tuple(listed(path.read_bytes()))


def safe_name(given: str) -> str:
    """A name for an uploaded file: what its sender calls it, without folders, odd characters and a dot in front."""
    last = plain(given).replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable()).strip(" .-")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    return (stem[:MAX_STEM_CHARS] or NAMELESS) + dot + ending[:MAX_ENDING_CHARS]
