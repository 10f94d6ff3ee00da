"""An adopted plan is proposed: what is checked of its evaluation, whoever asks for it, on a page or on the command line."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from knowledge.adopting.folder import DOCUMENT, MENDED, TEXT
from releases.release import Release
from releases.shelf import Shelf
from review.accounts.audit import Actor
from review.adopting.adoptions import adoption
from review.adopting.folders import PlanFolder
from review.adopting.outdated import outdated
from review.adopting.questioning import questions
from review.database.engine import reading, transaction
from review.errors import ChangedMeanwhile, GateNotPassed
from review.releases import candidate
from review.releases.candidate import AdoptedFiles
from review.releases.gate import GateReport, read_report
from review.releases.shelving import shelf_errors
from review.settings import Settings


def propose_plan(engine: Engine, settings: Settings, shelf: Shelf, actor: Actor, adoption_id: int) -> Release:
    """The release that was made of it, which another administrator promotes.

    Raises `GateNotPassed`, `ChangedMeanwhile` where it changed since its evaluation, `InvalidInput`, `NothingThere`.
    """
    folder = PlanFolder.of(settings.adopted, adoption_id)
    report = evaluation_of(folder)
    with shelf_errors():
        rollout = shelf.rollout()
    with reading(engine) as session:
        adoption(session, adoption_id)
        rows = questions(session, adoption_id)
    if report is None:
        raise GateNotPassed("还没有评测 / it has not been evaluated yet")
    if outdated(report.data, folder, rows, rollout.serving if rollout else ""):
        raise ChangedMeanwhile("评测以后变了，先再评测一次 / it changed since: evaluate it again first")
    sources = [folder.built / TEXT, folder.built / DOCUMENT, *sorted(folder.built.glob(f"{MENDED}.*"))]
    files = AdoptedFiles(folder.store, sources, folder.questions, folder.evaluation)
    release = candidate.propose(actor, shelf, files, report)
    with transaction(engine) as session:
        candidate.tell(session, actor, release)
    return release


def evaluation_of(folder: PlanFolder) -> GateReport | None:
    """What a plan's last evaluation found, None where there was none that can be read."""
    try:
        return read_report(folder.evaluation)
    except (OSError, ValueError, KeyError, TypeError):
        return None
