"""Building the store: deterministic, atomic, and for any district's plan."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.building.build import build
from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.catalogue.store import opened, read_store
from knowledge.catalogue.verify import verify_store
from knowledge.groundwork import settings
from knowledge.groundwork.settings import KnowledgePaths, knowledge_paths
from knowledge.search.finder import Finder
from tests.training.project import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the small project is trained, minutes on a busy machine

OTHER_PLAN = """某某县国民经济和社会发展第十四个五年规划
第一章 发展目标
到2025年，全县养老机构床位达到3200张，护理型床位占比达到55%。
到2025年，森林覆盖率达到38.5%。
第二章 民生保障
（一）办好人民满意的教育
新建幼儿园12所，普惠性幼儿园覆盖率达到90%。
全面开展中小学课后服务，减轻家长接送负担。
（二）改善住房条件
新增公共租赁住房800套，优先保障环卫工人和公交司机。
改造老旧小区46个，加装电梯120台。
（三）健康
每个乡镇建成一所标准化卫生院，家庭医生签约率达到60%。
"""


def scratch(folder: Path) -> KnowledgePaths:
    """Paths for a build of its own, with the vectors that exist already (they are keyed by text)."""
    paths = KnowledgePaths(f"sqlite:///{folder}/knowledge.sqlite", folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(knowledge_paths().vectors, paths.vectors)
    return paths


@dataclass(frozen=True)
class TwoBuilds:
    """The small project's knowledge, as its first training built it and built once more."""

    first: KnowledgePaths
    second: KnowledgePaths


@pytest.fixture(scope="module")
def builds(
    first_training: tuple[Path, subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> TwoBuilds:
    """Two builds from the same inputs, each by a process of its own."""
    project, _ = first_training
    first, again = KnowledgePaths.of(project / "var/knowledge"), tmp_path_factory.mktemp("again")
    shutil.copy(first.vectors, again)
    done = run(project, "knowledge", "build", "--quiet", KNOWLEDGE_DIR=str(again))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return TwoBuilds(first, KnowledgePaths.of(again))


def export(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str) -> str:
    """What `export` prints for the store at `url`."""
    monkeypatch.setenv("KNOWLEDGE_URL", url)
    assert main(["export", "--format", form]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_same_input_gives_the_same_bytes(
    builds: TwoBuilds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Two builds export byte for byte the same."""
    first = export(builds.first.url, monkeypatch, capsys, form)
    second = export(builds.second.url, monkeypatch, capsys, form)
    assert first == second and len(first.splitlines()) > 30


def test_weights_are_the_same_after_a_rebuild(builds: TwoBuilds) -> None:
    """Fitting is deterministic too."""
    assert builds.first.ranking.read_bytes() == builds.second.ranking.read_bytes()


def test_every_quote_and_number_of_the_store_stands_in_the_plan() -> None:
    """`verify` finds no fault in the shipped knowledge."""
    with opened(knowledge_paths().url) as engine:
        assert verify_store(read_store(engine), settings.PLAN) == []


def test_verify_finds_a_forged_number(tmp_path: Path) -> None:
    """A store in which somebody changed a sentence does not pass."""
    from sqlalchemy import text

    copy = tmp_path / "forged.sqlite"
    shutil.copy(knowledge_paths().folder / "knowledge.sqlite", copy)
    with opened(f"sqlite:///{copy}") as engine:
        with engine.begin() as connection:
            connection.execute(text("UPDATE figure SET value = 20000 WHERE value = 9500"))
            connection.execute(text("UPDATE passage SET text = replace(text, '喘息服务', '无限服务')"))
        faults = verify_store(read_store(engine), settings.PLAN)
    assert any("20000" in fault for fault in faults) and any("无限服务" in fault for fault in faults)


def test_failed_build_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A truncated plan stops the build with a clear error; what served before is untouched."""
    paths = scratch(tmp_path / "k")
    shutil.copy(knowledge_paths().folder / "knowledge.sqlite", paths.folder / "knowledge.sqlite")
    before = {p.name: p.read_bytes() for p in paths.folder.iterdir()}
    text = settings.PLAN.read_text(encoding="utf-8")
    truncated = tmp_path / "plan.txt"
    truncated.write_text(text[: len(text) // 2], encoding="utf-8")
    monkeypatch.setenv("KNOWLEDGE_DIR", str(paths.folder))
    monkeypatch.delenv("KNOWLEDGE_URL", raising=False)
    assert main(["build", "--plan", str(truncated), "--document", str(settings.DOCUMENT), "--force", "--quiet"]) == 1
    assert "截断" in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in paths.folder.iterdir()} == before


def test_another_districts_plan_answers_without_a_catalogue(tmp_path: Path) -> None:
    """A plan as PDF, with nothing curated, says what it says as text, and gives the right passage first."""
    plan, pdf, nothing = tmp_path / "county.txt", tmp_path / "county.pdf", tmp_path / "none"
    plan.write_text(OTHER_PLAN, encoding="utf-8")
    write_pdf(pdf, OTHER_PLAN)
    as_text, as_pdf = (Sources(plan=each, document=nothing, catalogue=nothing, linked=nothing) for each in (plan, pdf))
    written, read = ({c.quote for c in parse(each).commitments} for each in (as_text, as_pdf))
    assert len(written) > 6 and written <= read  # where the page ends, a heading has lost its number
    paths = scratch(tmp_path / "county")
    build(as_pdf, paths, quiet=True)
    finder = Finder.open(paths)
    asked = {
        "养老床位要达到多少": "3200",
        "老旧小区装电梯吗": "电梯",
        "放学后有没有课后服务": "课后服务",
        "公租房有多少套": "800",
    }
    for question, words in asked.items():
        assert words in finder.find(question).candidates[0].commitment.quote, question
    chapters = {c.passage.chapter for c in finder.stored.commitments}
    assert {"第一章 发展目标", "第二章 民生保障"} <= chapters
    assert {c.topic for c in finder.stored.commitments} >= {"elderly_care", "schooling", "housing"}


def write_pdf(path: Path, text: str) -> None:
    """A real PDF with Chinese text, two pages."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    for page in text.split("（二）"):
        canvas.setFont("STSong-Light", 12)
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(60, 780 - 24 * number, line)
        canvas.showPage()
    canvas.save()


def test_search_and_stats_speak(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands for people print what they promise."""
    assert main(["search", "养老院床位有多少"]) == 0
    out = capsys.readouterr().out
    assert "第55页" in out.splitlines()[1]
    assert main(["stats"]) == 0
    assert "elderly_care" in capsys.readouterr().out


def test_export_rows_are_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each line of the JSON Lines export is an object with the contract's fields."""
    target = tmp_path / "out.jsonl"
    assert main(["export", "--output", str(target)]) == 0
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert {"id", "topic", "kind", "quote", "page", "figures"} <= set(rows[0])


def test_vectors_are_shipped_from_a_current_build_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is built of other inputs stays where it is, and is told how to mend; what is current comes along byte for byte."""
    monkeypatch.setattr(settings, "SHIPPED_VECTORS", tmp_path / "shipped.npz")
    built = settings.built_paths()
    assert main(["ship-vectors"]) == 0
    assert (tmp_path / "shipped.npz").read_bytes() == built.vectors.read_bytes()
    (tmp_path / "shipped.npz").unlink()
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "nothing"))
    assert main(["ship-vectors"]) == 1
    assert "knowledge build" in capsys.readouterr().err and not (tmp_path / "shipped.npz").exists()
