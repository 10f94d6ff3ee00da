"""Which release serves, which is tried out on a share of sessions, and which served before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from releases.errors import ReleaseBroken

BUCKETS = 100  # a session falls into one of these by its hash: shares are whole per cent


@dataclass(frozen=True)
class Rollout:
    """`serving`, `candidate` ("" for none) and `previous` (newest first) are release ids; `share` is the per cent of
    sessions that the candidate answers; `changed_at` has a time zone.
    """

    serving: str
    candidate: str = ""
    share: int = 0
    previous: tuple[str, ...] = ()
    changed_at: str = ""
    changed_by: str = ""

    def release_of(self, session: str) -> str:
        """The release that answers a session: always the same one as long as the rollout says the same."""
        return self.candidate if self.candidate and bucket_of(session) < self.share else self.serving

    @property
    def in_use(self) -> tuple[str, ...]:
        """The releases that a process must have loaded, the serving one first."""
        return (self.serving, self.candidate) if self.candidate and self.share else (self.serving,)

    @property
    def changed(self) -> datetime | None:
        """When it was changed last."""
        return datetime.fromisoformat(self.changed_at) if self.changed_at else None


def bucket_of(session: str) -> int:
    """0 to 99, evenly spread and the same in every process and on every day."""
    return int.from_bytes(hashlib.sha256(f"canary {session}".encode()).digest()[:8], "big") % BUCKETS


def read_rollout(path: Path) -> Rollout | None:
    """The rollout in a file, None if there is none. Raises `ReleaseBroken` for one that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        data: Mapping[str, Any] = json.loads(text)
        return Rollout(**{**data, "previous": tuple(data.get("previous") or ())})
    except (ValueError, TypeError) as error:
        raise ReleaseBroken(f"{path} 读不出（{error}） — 删掉它再运行 make train，或改正它") from error


def write_rollout(path: Path, rollout: Rollout) -> None:
    """Replace the rollout: readers see the old one or the new one, never a part."""
    part = path.with_suffix(".part")
    data = {**asdict(rollout), "previous": list(rollout.previous)}
    part.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
    part.replace(path)
