"""Documents beside the plan in use: putting a built one on the shelf, saying how one stands, taking one away.

What nobody evaluated reaches residents by two people: one administrator puts it there as a draft, another makes it hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.orm import Session

from knowledge.adopting.shelving import adopted_record
from knowledge.groundwork.errors import KnowledgeError
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import BY_PERIOD, DRAFT, ENDED, IN_FORCE, OWN, DocumentRecord
from review.accounts.audit import Actor, write_audit
from review.adopting.folders import PlanFolder
from review.errors import InvalidInput, NothingThere

AUTO = "auto"  # on the page: as the period says
CHOICES = (DRAFT, IN_FORCE, ENDED, AUTO)
OWN_NAME = "own"  # of the plan in use, in forms and in the audit log
PAIRING_S = 180.0  # it loads two stores, five seconds of a processor when idle
SECOND_PERSON = "放上书架的人不能自己让它现行，请另一位管理员来 / who put it on the shelf cannot make it hold: another administrator has to"


def put_beside(actor: Actor, folder: PlanFolder) -> DocumentRecord:
    """Copy a built plan to the shelf as a draft; a new build in place of one that held is a draft again.

    Takes seconds, so not in a transaction. Raises `NothingThere`.
    """
    if not folder.is_built:
        raise NothingThere("还没有建库 / it has not been built yet")
    try:
        record, store = adopted_record(folder.built)
        return DocumentShelf().put(replace(record, status=DRAFT, put_by=actor.name), store)
    except KnowledgeError as error:
        raise NothingThere(f"{error} / it cannot be put on the shelf") from error


def pair_anew() -> None:
    """Have the commitments of all documents compared, in a process of its own; what fails leaves the pages without pairs."""
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-m", "knowledge", "shelf", "compare"],
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=PAIRING_S,
        )


def tell(session: Session, actor: Actor, action: str, record: DocumentRecord) -> None:
    """Write down that a document was put there or taken away."""
    told = {"title": record.short_title, "status": record.status or AUTO}
    before, after = (None, told) if action == "shelf.put" else (told, None)
    write_audit(session, actor, action, f"document:{record.id}", before, after)


def tell_status(session: Session, actor: Actor, name: str, before: str, status: str) -> None:
    """Write down that a document stands otherwise than before."""
    write_audit(session, actor, "shelf.status", f"document:{name}", {"status": before}, {"status": status})


def set_status(actor: Actor, name: str, status: str) -> str:
    """Say how a document stands; how it stood before. It waits for whoever changes the shelf, so not in a transaction.

    Raises `InvalidInput`, also where a second person has to do it, and `NothingThere`.
    """
    if status not in CHOICES:
        raise InvalidInput("请选一种状态 / choose how it stands")
    shelf, document_id = DocumentShelf(), OWN if name == OWN_NAME else name
    try:
        shelved = shelf.read()
        before = shelved.own_status if document_id == OWN else shelved.document(document_id).status
        if before == DRAFT and status != DRAFT and shelved.document(document_id).put_by == actor.name:
            raise InvalidInput(SECOND_PERSON)
        if document_id == OWN and status == DRAFT:
            raise InvalidInput("在用的规划不能是草案 / the plan in use cannot be a draft")
        shelf.set_status(document_id, BY_PERIOD if status == AUTO else status)
    except KnowledgeError as error:
        raise NothingThere(f"{error} / there is no such document") from error
    return before or AUTO


def take_away(document_id: str) -> DocumentRecord:
    """Off the shelf, with its store; what was known of it. Waits as well. Raises `NothingThere`."""
    shelf = DocumentShelf()
    try:
        record = shelf.read().document(document_id)
        shelf.remove(document_id)
    except KnowledgeError as error:
        raise NothingThere(f"{error} / there is no such document") from error
    return record
