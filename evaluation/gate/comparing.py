"""From two releases to a report: asks what has to be asked, judges, and says of what the report is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from evaluation.gate.asking import responses_of
from evaluation.gate.judging import Sets, Side, verdict
from evaluation.gate.progress_meter import ProgressMeter
from evaluation.gate.remembered import Remembered
from evaluation.gate.responses import Conversation, Response
from evaluation.truthfulness import OfferedPassages
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import opened, read_store
from releases.release import Release


def compare(serving: Release, candidate: Release, sets: Sets) -> dict[str, Any]:
    """The report. Raises `GateError` if a release cannot be loaded, `KnowledgeError` if its store cannot be read."""
    begin = time.monotonic()
    asked = [*sets.own, *sets.private]
    remembered = Remembered(serving.folder, sets.private)
    stored = {each.id: commitments_of(each) for each in (serving, candidate)}  # a broken store is found before asking
    new = [conversation for conversation in asked if remembered.answer(conversation) is None]
    both = [(serving, new), (candidate, asked)] if new else [(candidate, asked)]
    with ProgressMeter(len(new) + len(asked)) as progress:
        *of_serving, found = responses_of(both, progress.one)
    answered = of_serving[0] if of_serving else {}
    remembered.keep(answered)
    # Once it serves, the next evaluation asks it nothing again.
    Remembered(candidate.folder, sets.private).keep(found)
    report = verdict(
        sets,
        Side(_all(asked, answered, remembered), _sentences(stored[serving.id]), OfferedPassages.of(stored[serving.id])),
        Side(found, _sentences(stored[candidate.id]), OfferedPassages.of(stored[candidate.id])),
    )
    return {
        **report,
        "made_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "serving": serving.id,
        "candidate": candidate.id,
        "seconds": round(time.monotonic() - begin, 1),
        "asked_of_serving": len(new),
    }


def sentences_of(release: Release) -> dict[str, str]:
    """Commitment id → the plan's sentence it stands in, of the release's own store."""
    return _sentences(commitments_of(release))


def commitments_of(release: Release) -> Sequence[Commitment]:
    """All commitments of the release's own store."""
    with opened(f"sqlite:///{release.knowledge}/knowledge.sqlite") as engine:
        return read_store(engine).commitments


def _sentences(commitments: Sequence[Commitment]) -> dict[str, str]:
    return {commitment.id: commitment.quote for commitment in commitments}


def _all(
    asked: Sequence[Conversation], answered: dict[Conversation, Response], remembered: Remembered
) -> dict[Conversation, Response]:
    """New answers before remembered ones: of a failed question there is only the new one."""
    return {c: answered.get(c) or remembered.answer(c) or Response("error") for c in asked}
