"""A release's answers, kept beside it, so that as the serving one it is asked only what it was never asked.

They are kept of a candidate too: once it is promoted they are the serving release's. A candidate itself is always asked
everything anew. A release that serves exactly its own files answers alike each time, as long as the code that serves it
is the same: the file names that code by its fingerprint and is thrown away with it. Conversations stand in it as hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from bench.bots import ROOT
from evaluation.gate.responses import Conversation, Response, key_of
from knowledge.groundwork import settings

FILE = "answers.json"
_CODE = ("actions", "bot", "conversations", "danger", "knowledge", "releases", "settings", "wire")
_FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "requirements.lock")


def code_fingerprint() -> str:
    """SHA-256 over all that answers besides a release: our code, Rasa's settings, the locked libraries."""
    digest = hashlib.sha256()
    sources = [path for folder in _CODE for kind in ("py", "yml") for path in (ROOT / folder).rglob(f"*.{kind}")]
    for path in sorted([*sources, *(ROOT / name for name in _FILES)]):
        if path.parent not in (settings.CATALOGUE, settings.TRAINING) and path != settings.DIALECT:  # in the release
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class Remembered:
    """What a release in `folder` said to conversations. Of `private` ones, which residents typed, no word is kept."""

    def __init__(self, folder: Path, private: Collection[Conversation]) -> None:
        self._path = folder / FILE
        self._private = private
        self._code = code_fingerprint()
        self._known = self._read()

    def answer(self, conversation: Conversation) -> Response | None:
        """What it said, None if it was never asked."""
        return self._known.get(self._key(conversation))

    def keep(self, responses: Mapping[Conversation, Response]) -> None:
        """Add responses. Failures are not kept: they are asked again."""
        for conversation, response in responses.items():
            if response.outcome != "error":
                private = conversation in self._private
                self._known[self._key(conversation)] = (
                    replace(response, understood="", text="") if private else response
                )
        part = self._path.with_suffix(".part")
        data = {"code": self._code, "answers": {key: asdict(response) for key, response in self._known.items()}}
        part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        part.replace(self._path)

    def _key(self, conversation: Conversation) -> str:
        return key_of(conversation) + ("-private" if conversation in self._private else "")

    def _read(self) -> dict[str, Response]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            if data["code"] != self._code:
                return {}
            return {key: Response.from_json(each) for key, each in data["answers"].items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError):
            return {}  # another version's: asked anew
