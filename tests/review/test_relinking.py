"""What staff recorded of a commitment outlives a rebuild of its document, and is placed again where the sentence was reworded."""

from __future__ import annotations

import html
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge.adopting.shelving import adopted_record
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import opened, read_store
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.published.progress import PublishedProgress
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.gone import words_gone
from knowledge.shelf.stored import read_shelved
from review.accounts.audit import Actor
from review.accounts.roles import Role
from review.commitments import progress
from review.commitments.progress import Reported
from settings.bot import DOCUMENTS_DIR
from tests.documents.stores import HERE, SUCCESSOR, make_store, shelf_in
from tests.review.conftest import Console, Visitor

pytestmark = pytest.mark.slow
REPORT = {
    "state": "under_way",
    "figure": "40 公里",
    "as_of": "2026-10-01",
    "source": "测试",
    "url": "https://example.cn/a",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> DocumentShelf:
    """The invented successor on it."""
    return shelf_in(tmp_path_factory.mktemp("documents"))[0]


@pytest.fixture(scope="module")
def console(start_console: Callable[..., Console], shelf: DocumentShelf) -> Iterator[Console]:
    """A console beside that shelf."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DOCUMENTS_DIR.name, str(shelf.folder))
        yield start_console()


def commitment(shelf: DocumentShelf, words: str) -> Commitment:
    """The one of the successor whose headline has these words."""
    stored = read_shelved(shelf.paths(shelf.read().document(SUCCESSOR)), SUCCESSOR)
    return next(each for each in stored.commitments if words in each.headline)


def rebuilt(shelf: DocumentShelf, folder: Path, old: str, new: str) -> None:
    """The successor as it is put there again, one sentence worded otherwise."""
    plan, document = folder / "plan.txt", HERE / "successor.yml"
    plan.write_text((HERE / "successor.txt").read_text("utf-8").replace(old, new), encoding="utf-8")
    make_store(plan, document, folder / "knowledge", mark="successor-reworded")
    shelf.put(*adopted_record(folder, SUCCESSOR))


def published(console: Console, commitment_id: str) -> bool:
    """Whether residents see progress of it."""
    source = PublishedProgress(console.desk.settings.url)
    found = source.current().get(commitment_id)
    source.close()
    return found is not None


def record(visitor: Visitor, commitment_id: str) -> None:
    """Progress, from its page."""
    address = f"/commitments/{commitment_id}"
    assert visitor.get(address).status_code == 200
    assert visitor.post(f"{address}/progress", **REPORT).status_code == 303


def test_records_survive_a_rebuild_and_follow_a_reworded_sentence(
    console: Console, shelf: DocumentShelf, tmp_path: Path
) -> None:
    """Of a sentence that stays nothing has to be done; of the other one the record is offered to the sentence in its place."""
    editor = console.as_role(Role.EDITOR)
    greenway, lifts = commitment(shelf, "绿道"), commitment(shelf, "加装电梯")
    listed = html.unescape(editor.get(f"/commitments?document={SUCCESSOR}").text)
    assert f"/commitments/{greenway.id}" in listed and "哪份文件" in listed
    page = html.unescape(editor.get(f"/commitments/{greenway.id}").text)
    assert "《青浦区“十五五”规划（测试用，虚构）》" in page and "标题、对象、示例问题" not in page
    record(editor, greenway.id)
    record(editor, lifts.id)
    assert "没有：记录的承诺都在" in editor.get("/commitments/relink").text
    rebuilt(shelf, tmp_path, "到2030年，新建绿道120公里", "到2030年，全区新建绿道130公里")
    assert words_gone(shelf.folder) == {greenway.id: greenway.headline}
    page = html.unescape(editor.get("/commitments/relink").text)
    assert greenway.headline in page and lifts.headline not in page and "进展 1" in page
    assert published(console, lifts.id) and published(console, greenway.id)
    reworded = commitment(shelf, "绿道")
    assert reworded.id != greenway.id and f'value="{reworded.id}"' in page
    reply = editor.post("/commitments/relink", old=greenway.id, new=lifts.id.replace(SUCCESSOR, "d-gone"))
    assert reply.status_code == 404
    assert editor.post("/commitments/relink", old=lifts.id, new=reworded.id).status_code == 422
    assert editor.post("/commitments/relink", old=greenway.id, new=reworded.id).status_code == 303
    assert published(console, reworded.id) and not published(console, greenway.id)
    assert "40 公里" in editor.get(f"/commitments/{reworded.id}").text
    assert "没有：记录的承诺都在" in editor.get("/commitments/relink").text
    assert "接到新的原句" in html.unescape(console.as_role(Role.ADMINISTRATOR).get("/audit").text)


def test_the_plan_in_use_is_compared_with_the_releases_that_are_kept(console: Console, tmp_path: Path) -> None:
    """What an older build of it said is read from its release, and the sentence that is worded nearly so is offered."""
    older, beds = tmp_path / "older", "到2025年，养老机构床位总数要增加到9500张"
    plan = tmp_path / "plan.txt"
    plan.write_text((HERE / "successor.txt").read_text("utf-8") + f"\n11.床位。{beds}。\n", encoding="utf-8")
    make_store(plan, HERE / "successor.yml", older, mark="older")
    with opened(KnowledgePaths.of(older).url) as engine:
        old = next(each for each in read_store(engine).commitments if "9500" in each.headline)
    model = tmp_path / "model.tar.gz"
    with tarfile.open(model, "w:gz") as packed:
        member, content = tarfile.TarInfo("metadata.json"), b'{"model_id": "older"}'
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    console.desk.shelf.folder = tmp_path / "releases"
    console.desk.shelf.keep(older, model, knowledge_version="older", formats={}, made_by="test")
    with console.desk.transaction() as session:
        reported = Reported("reached", "", date(2026, 1, 1), "测试", "https://example.cn/a")
        progress.record(session, Actor(None, "test"), old.id, reported, two_people=False)
    editor = console.as_role(Role.EDITOR)
    page = html.unescape(editor.get("/commitments/relink").text)
    offered = re.findall(r'name="new" value="([^"]+)"', page)
    assert beds in page.replace(" ", "") and "9500" in console.desk.plan.ids[offered[0]].headline
    assert editor.post("/commitments/relink", old=old.id, new=offered[0]).status_code == 303
    assert published(console, offered[0])


def test_a_shelved_commitment_has_no_sample_questions(console: Console, shelf: DocumentShelf) -> None:
    """The form is not there, and what is sent all the same is refused."""
    editor = console.as_role(Role.EDITOR)
    address = f"/commitments/{commitment(shelf, '加装电梯').id}"
    editor.get(address)
    assert editor.post(address, title="加装电梯", version="0", audience="", questions="一\n二\n三").status_code == 422
    assert editor.get("/commitments?document=d-gone").status_code == 404
