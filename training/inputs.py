"""What a model is made of, as hashes: a stage whose inputs are the same has nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.catalogue.store import opened, read_meta
from knowledge.groundwork.settings import KnowledgePaths

MODEL = Path("models/ask-qingpu.tar.gz")
MADE_OF = MODEL.with_name("ask-qingpu.json")  # kept beside the model
SCRATCH = Path("models/.training")


@dataclass(frozen=True)
class MadeOf:
    """What the model was made of (`model_inputs`) and the seconds it took."""

    inputs: str
    seconds: float


def model_inputs(knowledge_version: str) -> str:
    """SHA-256 over all that the Rasa model is made of: its files' names and bytes, and the knowledge."""
    digest = hashlib.sha256(knowledge_version.encode())
    for path in _files():
        digest.update(path.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def knowledge_version_of(paths: KnowledgePaths) -> str:
    """The fingerprint of a built store. Raises `StoreUnavailable`."""
    with opened(paths.url) as engine:
        return str(read_meta(engine).get("fingerprint") or "")


def read_made_of() -> MadeOf | None:
    """What stands beside the model; None if nothing that can be read."""
    try:
        data = json.loads(MADE_OF.read_text(encoding="utf-8"))
        return MadeOf(str(data["inputs"]), float(data["seconds"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_made_of(made_of: MadeOf) -> None:
    """Put it beside the model."""
    part = MADE_OF.with_suffix(".part")
    part.write_text(json.dumps(asdict(made_of), indent=2), encoding="utf-8")
    part.replace(MADE_OF)


def _files() -> Iterator[Path]:
    yield from (Path("config.yml"), Path("domain.yml"), Path("data/rules.yml"), Path("bot/model_training.py"))
    yield from sorted(Path("data/nlu").glob("*.yml"))
    yield from sorted(Path("bot/nlu").glob("*.py"))
