"""An adopted plan that passed its evaluation becomes a release, which waits for a second person to promote it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.encoder import text_encoder
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language import dictionary
from releases.release import Release
from releases.shelf import AdoptedPlan, Shelf
from review.accounts.audit import Actor, write_audit
from review.errors import GateNotPassed, InvalidInput
from review.releases.gate import GateReport
from review.releases.shelving import shelf_errors

PROPOSE = "release.propose"
OLD_STORE = "这个库是以前的程序建的，带着别的规划“没写”的题：请再建一次库、再评测 / this store was built by an earlier program: build and evaluate it again"


@dataclass(frozen=True)
class AdoptedFiles:
    """Where an adopted plan's store, its sources, staff's questions and the evaluation are."""

    store: Path
    sources: Sequence[Path]
    questions: Path
    evaluation: Path


def propose(actor: Actor, shelf: Shelf, files: AdoptedFiles, report: GateReport) -> Release:
    """Keep the plan with the model of the release that serves. Takes a second, so not in a transaction.

    The caller has seen that the report is of this store, these questions and what serves now. Raises `GateNotPassed`,
    `InvalidInput`, `NothingThere`.
    """
    # Brings all that fits models: not with each command.
    from knowledge.adopting.store import knows_another_plans_silence

    if not report.passed:
        raise GateNotPassed("评测没有通过，不能上线 / it did not pass its evaluation and cannot be promoted")
    try:
        if knows_another_plans_silence(KnowledgePaths.of(files.store)):
            raise InvalidInput(OLD_STORE)
    except FileUnreadable as error:
        raise InvalidInput(OLD_STORE) from error
    with shelf_errors():
        rollout = shelf.rollout()
        serving = shelf.release(rollout.serving) if rollout else None
        if serving is None or serving.id != report.serving:
            raise GateNotPassed("在用的版本换了，再评测一次 / another release serves now: evaluate again")
        name = str(report.data["title"])
        before = serving.before if serving.plan == name else serving.id
        release = shelf.keep(
            files.store,
            serving.model,
            knowledge_version=str(report.data["knowledge"]),
            formats=READ,
            made_by=actor.name,
            note=f"采用的规划：{name}",
            remade=(text_encoder.PREPARED, dictionary.PREPARED),
            adopted=AdoptedPlan(name, files.sources, before),
        )
    shutil.copyfile(files.questions, release.questions)
    found = {**report.data, "candidate": release.id}
    release.gate.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
    return release


def tell(session: Session, actor: Actor, release: Release) -> None:
    """Write down who wants it promoted."""
    write_audit(session, actor, PROPOSE, f"release:{release.id}", None, {"plan": release.plan})
