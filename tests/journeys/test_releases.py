"""Another release serves, is tried out and is taken back, while residents go on asking."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.groundwork.formats import READ
from knowledge.shelf.folder import DocumentShelf
from releases.release import Release
from releases.rollout import bucket_of
from releases.shelf import AdoptedPlan, Shelf
from review.releases.succession import settle
from tests.documents.stores import successor_store
from tests.journeys.load import Load
from tests.journeys.processes import WITHOUT_CONSOLE, Product
from tests.journeys.variants import KNOWLEDGE, keep_as_built, keep_variant, version_of

MOVED = "认知障碍床位要建多少张"  # a sample question, so it is answered by whoever owns it
OWNER, OTHER = "c-adbd2dfd3d", "c-702f53f084"
IN_DANGER = {"我想自杀": "12356", "楼下着火了": "119"}  # message → the number that has to be called
GREENWAYS, NEXT = "新建绿道多少公里", "《青浦区“十五五”规划（测试用，虚构）》"
WITHIN_S = 10.0  # a switch is in force
ASKED = [MOVED, "到2025年养老院床位有多少张", "托班怎么报名", "公租房以后会多建一点吗", "今天天气怎么样"]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Two releases; the built one serves."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf") / "releases")
    shelf.promote(keep_as_built(shelf).id, "测试")
    return shelf


@pytest.fixture(scope="module")
def variant(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Another release, which answers one question by another commitment, and wrongly takes danger for a question."""
    folder = tmp_path_factory.mktemp("variant")
    return keep_variant(shelf, folder, "variant", {MOVED: OTHER}, added=dict.fromkeys(IN_DANGER, OTHER))


@pytest.fixture(scope="module")
def product(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Bot and action server, following the shelf."""
    follow = {"RELEASES_DIR": str(shelf.folder), "KNOWLEDGE_DIR": ""}
    running = Product(tmp_path_factory.mktemp("product"), settings=follow, procfile=WITHOUT_CONSOLE)
    running.start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def built(shelf: Shelf, product: Product) -> Iterator[Release]:
    """Each test begins and ends with the built release serving everybody."""
    serving = next(release for release in shelf.releases() if release.knowledge_version == version_of(KNOWLEDGE))
    yield serving
    shelf.promote(serving.id, "测试")
    until(lambda: first(product.ask(MOVED)[1]) == OWNER)


def first(custom: dict[str, Any]) -> str:
    """The commitment that is cited first."""
    return str(custom["citations"][0]["commitment_id"])


def until(holds: Callable[[], bool], every_s: float = 0.2) -> float:
    """Seconds until something holds."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < 60, "it did not come to hold"
        time.sleep(every_s)
    return time.monotonic() - started


def logged(product: Product, answer_ids: list[str]) -> list[tuple[str, str]]:
    """Model and knowledge of logged turns, in the order of the answers."""
    with sqlite3.connect(product.folder / "conversations.sqlite") as log:
        known = {i: (m, k) for i, m, k in log.execute("SELECT id, model, knowledge FROM turn")}
    return [known[answer_id] for answer_id in answer_ids]


def session_of(product: Product, answer_id: str) -> str:
    """The session of a logged turn: what the bot hashes to choose a release."""
    with sqlite3.connect(product.folder / "conversations.sqlite") as log:
        (session,) = log.execute("SELECT session FROM turn WHERE id = ?", (answer_id,)).fetchone()
    return str(session)


def test_a_release_is_promoted_and_taken_back_without_a_turn_lost(
    product: Product, shelf: Shelf, built: Release, variant: Release
) -> None:
    """Five messages a second all along: every one is answered; each turn in the log names the versions that answered it."""
    asks = lambda: first(product.ask(MOVED)[1])  # noqa: E731
    assert asks() == OWNER
    with Load(product, ASKED) as load:
        time.sleep(3)
        shelf.promote(variant.id, "测试")
        forward = until(lambda: asks() == OTHER)
        time.sleep(3)
        shelf.roll_back("测试")
        back = until(lambda: asks() == OWNER)
        time.sleep(2)
    print(f"\npromoted in {forward:.1f} s, rolled back in {back:.1f} s, {load.sent} messages meanwhile")
    assert back <= WITHIN_S
    assert load.failures == [] and len(load.answers) == load.sent
    assert all(custom["outcome"] != "error" for *_, custom in load.answers)
    versions = logged(product, [custom["answer_id"] for *_, custom in load.answers])
    assert set(versions) == {
        (built.model_version, built.knowledge_version),
        (variant.model_version, variant.knowledge_version),
    }
    for (*_, custom), version in zip(load.answers, versions):
        if custom["citations"] and first(custom) in (OWNER, OTHER) and custom["headline"].startswith("标准化"):
            assert version[1] == built.knowledge_version


def test_a_wrong_release_takes_no_danger_away(product: Product, shelf: Shelf, variant: Release) -> None:
    """Its store holds the very words of danger as sample questions; promoted, it answers others wrongly, but not these."""
    shelf.promote(variant.id, "测试")
    until(lambda: first(product.ask(MOVED)[1]) == OTHER)
    for number, (message, wanted) in enumerate(IN_DANGER.items()):
        text, custom = product.ask(message, sender=f"in-danger-{number}")
        assert custom["outcome"] == "danger" and wanted in [h["number"] for h in custom["hotlines"]]
        assert wanted in text.splitlines()[0] and custom["citations"] == []


def test_a_share_of_sessions_tries_the_candidate(product: Product, shelf: Shelf, variant: Release) -> None:
    """Each session gets what its hash says, every time; the others notice nothing; ending the trial ends it."""
    shelf.try_out(variant.id, 50, "测试")
    names = [f"resident-{n}" for n in range(40)]
    until(lambda: OTHER in {first(product.ask(MOVED, sender=name)[1]) for name in names})
    answers = {name: [product.ask(MOVED, sender=name)[1] for _ in range(2)] for name in names}
    chosen = set()
    for name, customs in answers.items():
        bucket = bucket_of(session_of(product, customs[0]["answer_id"]))
        assert {first(custom) for custom in customs} == {OTHER if bucket < 50 else OWNER}, name
        chosen |= {name} if bucket < 50 else set()
    assert chosen and chosen != set(names)
    shelf.stop_trying("测试")
    until(lambda: all(first(product.ask(MOVED, sender=name)[1]) == OWNER for name in chosen))


def test_a_release_that_cannot_be_loaded_does_not_serve(
    product: Product, shelf: Shelf, built: Release, variant: Release, tmp_path: Path
) -> None:
    """What served goes on serving, the log says why, and going back is possible."""
    broken = keep_variant(shelf, tmp_path, "broken", {})
    (broken.knowledge / "models.npz").unlink()
    broken.model.write_bytes(b"cut off")
    shelf.promote(broken.id, "测试")
    until(lambda: f"release {broken.id} cannot be loaded" in product.log())
    assert "ReleaseDamaged" in product.log()
    assert first(product.ask(MOVED)[1]) == OWNER
    until(lambda: broken.id in product.get("/webhooks/web/ready")[1])
    assert product.get("/webhooks/web/ready")[0] == 200
    shelf.roll_back("测试", built.id)
    shelf.promote(variant.id, "测试")
    until(lambda: first(product.ask(MOVED)[1]) == OTHER)


def test_an_adopted_plan_takes_the_place_of_another_and_goes_back(
    product: Product, shelf: Shelf, built: Release, tmp_path: Path
) -> None:
    """Residents are answered from it, by its name on every page; what the plan before says is still there, as ended; after a
    roll-back all is as it was.
    """
    documents = DocumentShelf(Path(product.environment["DOCUMENTS_DIR"]))
    (tmp_path / "plan.txt").write_text("规划", encoding="utf-8")
    adopted = shelf.keep(
        *(successor_store() / "knowledge", built.model),
        knowledge_version="successor-made-for-tests",
        formats=READ,
        made_by="测试",
        adopted=AdoptedPlan(NEXT, [tmp_path / "plan.txt"], built.id),
    )
    shelf.promote(adopted.id, "测试")
    assert settle(shelf, documents) and not settle(shelf, documents)

    def cited() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = product.ask(GREENWAYS, uuid.uuid4().hex)[1]["citations"]
        return found

    until(lambda: len(cited()) == 2, every_s=1.0)  # the last comes what the plan before said, from the shelf
    now, then = cited()
    assert now["document_id"] == "" and now["document"] == NEXT and "十四五" in then["document"]
    status, page = product.get("/")
    assert status == 200 and f"<h1>{NEXT}里" in page and "2026—2030 年" in page and "十四五" not in page
    assert json.loads(product.get("/webhooks/web/hot")[1])["plan"] == NEXT
    _, page = product.get(f"/plan?document={then['document_id']}")
    assert "十四五" in page and product.ask("你们下一个规划是什么")[1]["headline"].count("十六五") == 1
    shelf.roll_back("测试")
    assert settle(shelf, documents) and documents.read().documents == ()
    until(lambda: ["十四五" in each["document"] for each in cited()] == [True], every_s=1.0)
    assert "十四五" in product.get("/")[1]
