"""When another plan begins to serve: what served until then goes to the shelf of documents, and comes back with a roll-back.

The shelf follows the release that serves: `settle` brings it there from wherever it is, and changes nothing the second time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.groundwork.errors import KnowledgeError
from knowledge.shelf.folder import DocumentShelf, Shelved, meta_of
from knowledge.shelf.record import BY_PERIOD, DRAFT, OWN, DocumentRecord, usual_id
from knowledge.shelf.standing import own_record
from releases.errors import NoSuchRelease, ReleaseBroken
from releases.release import Release
from releases.shelf import Shelf
from review.errors import NothingThere

BY_SUCCESSION = "换规划时放上"  # `put_by` of what no person put there
ASIDE = "shelved.json"  # in a release's folder: its plan's record on the shelf, while the plan itself serves


def settle(releases: Shelf, documents: DocumentShelf | None = None) -> bool:
    """Put the plans before the one that serves on the shelf, take that one off it; whether anything had to be done.

    Takes seconds where a store is copied, so not in a transaction. Raises `NothingThere`.
    """
    documents = documents or DocumentShelf()
    rollout = releases.rollout()
    if rollout is None:
        return False
    try:
        serving = releases.release(rollout.serving)
        shelved = documents.read()
        marked = [each for each in shelved.documents if each.put_by == BY_SUCCESSION]
        if not serving.plan and not marked and not _set_aside(releases):
            return False
        return _settled(releases, documents, serving, shelved)
    except (NoSuchRelease, ReleaseBroken, KnowledgeError, OSError) as error:
        raise NothingThere(
            f"版本已经换了，书架没有跟上：{error} — 修好后在“版本”里再换一次，或重启审核台 "
            "/ the release was switched, the shelf did not follow: mend this, then switch again or restart the console"
        ) from error


def _settled(releases: Shelf, documents: DocumentShelf, serving: Release, shelved: Shelved) -> bool:
    own = own_record(dict(meta_of(serving.knowledge)))
    earlier, is_whole = _before(releases, serving)
    before = {usual_id(record.title): (release, record) for release, record in earlier}
    there = {usual_id(each.title): each for each in shelved.documents}
    changed = False
    for name, (release, record) in before.items():
        if name not in there:
            status = shelved.own_status if release.id == serving.before else BY_PERIOD
            documents.put(replace(record, id=name, status=status, put_by=BY_SUCCESSION), release.knowledge)
            if release.id == serving.before:
                documents.set_status(OWN, BY_PERIOD)  # what staff said of the plan before goes with it
            changed = True
    for name, record in there.items():
        if name == usual_id(own.title):
            _take_off(documents, serving, record)
            changed = True
        elif record.put_by == BY_SUCCESSION and name not in before and is_whole:
            documents.remove(record.id)
            changed = True
    return _put_back(releases, documents, serving, own) or changed


def _before(releases: Shelf, serving: Release) -> tuple[Sequence[tuple[Release, DocumentRecord]], bool]:
    """The releases of the plans before, the latest first, each with its plan's record, and whether all are kept still.

    One that is gone was removed after many trainings: its plan was copied to the shelf while it was there, and stays.
    """
    found: list[tuple[Release, DocumentRecord]] = []
    at = serving
    while at.before and len(found) < len(releases.releases()):
        try:
            at = releases.release(at.before)
        except (NoSuchRelease, ReleaseBroken):
            return found, False
        found.append((at, own_record(dict(meta_of(at.knowledge)))))
    return found, True


def _take_off(documents: DocumentShelf, serving: Release, record: DocumentRecord) -> None:
    """The plan that serves now answers as itself. What a person put on the shelf is remembered for a roll-back."""
    if record.put_by == BY_SUCCESSION:
        documents.set_status(OWN, BY_PERIOD if record.status == DRAFT else record.status)
    else:
        (serving.folder / ASIDE).write_text(json.dumps(record.as_json(), ensure_ascii=False), encoding="utf-8")
    documents.remove(record.id)


def _put_back(releases: Shelf, documents: DocumentShelf, serving: Release, own: DocumentRecord) -> bool:
    """What a person had put on the shelf before its plan served stands there again, now that it does not."""
    changed = False
    for release, record in _set_aside(releases).items():
        name = usual_id(record.title)
        there = [each for each in documents.read().documents if usual_id(each.title) == name]
        if name == usual_id(own.title) or any(each.put_by == BY_SUCCESSION for each in there):
            continue  # it serves, or stands there as the plan before: its time comes with a roll-back
        if not there:
            documents.put(record, releases.release(release).knowledge)
        (releases.folder / release / ASIDE).unlink(missing_ok=True)
        changed = True
    return changed


def _set_aside(releases: Shelf) -> Mapping[str, DocumentRecord]:
    """Release → its plan's record, where one is remembered."""
    found = {}
    for release in releases.releases():
        record = _read(release.folder / ASIDE)
        if record is not None:
            found[release.id] = record
    return found


def _read(path: Path) -> DocumentRecord | None:
    try:
        return DocumentRecord.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
