"""The shelf in the console: a built plan put beside the plan in use by two people, asked as a draft, taken away."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.pairs import read_pairs
from knowledge.shelf.record import DRAFT, IN_FORCE, usual_id
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.adopting import adoptions, serving
from review.adopting.folders import PlanFolder
from review.database.people import AuditRow
from review.errors import InvalidInput
from review.typed import Uploaded
from settings.bot import DOCUMENTS_DIR
from tests.documents.stores import successor_store
from tests.review.conftest import PASSWORD, Console

pytestmark = pytest.mark.slow
TITLE = "青浦区国民经济和社会发展第十五个五年规划（测试用，虚构）"


@pytest.fixture(scope="module")
def console(start_console: Callable[..., Console], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console with folders of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DOCUMENTS_DIR.name, str(tmp_path_factory.mktemp("documents")))
        yield start_console(adopted=tmp_path_factory.mktemp("adopted"))


@pytest.fixture(scope="module")
def address(console: Console, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the successor as somebody uploaded it, built."""
    uploaded = tmp_path_factory.mktemp("upload") / "successor.txt"
    uploaded.write_text("规划", encoding="utf-8")
    with console.desk.transaction() as session:
        number = adoptions.adopt(session, _somebody(), console.desk.settings.adopted, _upload(uploaded))
    shutil.copytree(successor_store(), PlanFolder.of(console.desk.settings.adopted, number).built)
    return f"/adopting/{number}"


def _somebody() -> Actor:
    return Actor(None, "test-editor")


def _upload(path: Path) -> Uploaded:
    return Uploaded(path.name, path, path.stat().st_size)


def test_two_administrators_put_a_plan_beside_the_one_in_use(console: Console, address: str) -> None:
    """A draft first, for staff; whoever put it there cannot make it hold; all of it in the audit log; gone when taken away."""
    editor, first = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    assert "放上书架" not in editor.get(address).text
    assert "放上书架，也用来回答" in first.get(address).text
    reply = first.post(f"{address}/serve")
    assert reply.status_code == 303 and reply.headers["Location"].startswith("/documents"), reply.text
    shelf, name = DocumentShelf(), usual_id(TITLE)
    assert shelf.read().document(name).status == DRAFT and read_pairs(shelf.folder, (name, ""))
    page = html.unescape(first.get("/documents").text)
    assert "《青浦区“十五五”规划（测试用，虚构）》" in page and "草案" in page and "《青浦区“十四五”规划纲要》" in page
    refused = first.post("/documents", do="status", document=name, status=IN_FORCE)
    assert "请另一位管理员" in refused.text and shelf.read().document(name).status == DRAFT
    console.add_account("second-administrator", Role.ADMINISTRATOR)
    second = console.visitor()
    second.sign_in("second-administrator", PASSWORD)
    second.get("/documents")
    assert second.post("/documents", do="status", document=name, status=IN_FORCE).status_code == 303
    assert shelf.read().document(name).status == IN_FORCE
    assert "现行" in html.unescape(editor.get("/documents").text)
    assert second.post("/documents", do="status", document="own", status=DRAFT).status_code != 303
    assert second.post("/documents", do="remove", document=name).status_code == 303
    assert shelf.read().documents == () and not (shelf.folder / name).exists()
    with console.desk.reading() as session:
        acts = [row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]
    assert [act for act in acts if act.startswith("shelf")] == ["shelf.put", "shelf.status", "shelf.remove"]
    audit = html.unescape(first.get("/audit?q=").text)
    assert "放上书架" in audit and "改文件的状态" in audit and "从书架拿下来" in audit


def test_what_is_not_there_or_no_status_is_refused(console: Console) -> None:
    """With a sentence."""
    administrator = console.as_role(Role.ADMINISTRATOR)
    administrator.get("/documents")
    assert administrator.post("/documents", do="status", document="d-gone", status=IN_FORCE).status_code == 404
    assert administrator.post("/documents", do="dance", document="own").status_code == 422
    with pytest.raises(InvalidInput):
        serving.set_status(_somebody(), "own", "odd")
