"""A plan adopted in the console: real uploads, read by real jobs in processes of their own."""

from __future__ import annotations

import html
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser
from sqlalchemy import select

from knowledge.__main__ import main
from knowledge.catalogue.store import opened, read_store
from knowledge.document.documents import load_document
from knowledge.document.plan_text import tidy
from knowledge.groundwork.settings import built_paths
from knowledge.shelf.folder import DocumentShelf
from releases.shelf import Shelf
from review.accounts.roles import Role
from review.adopting.adoptions import adoption
from review.adopting.command import building_command
from review.adopting.folders import MAX_STEM_CHARS, PlanFolder, safe_name
from review.adopting.questioning import add_question
from review.database.jobs import JobRow
from review.database.people import AuditRow
from review.jobs import book
from review.pages import releases
from review.receiving import INCOMING
from review.releases.succession import BY_SUCCESSION
from tests.documents.stores import HERE, make_store
from tests.journeys.variants import keep_as_built
from tests.knowledge.adopting.test_adopt import PLAN, rows
from tests.knowledge.adopting.test_bad_files import cut, good
from tests.review.conftest import PASSWORD, PATIENCE_S, SETUP, Console, Visitor
from tests.review.shelves import plan_report
from tests.review.test_browser import NARROW, NAVIGATION_MS, browser, signed_in, violations, watched

__all__ = ["browser"]  # its fixture, as Chromium is started there
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NAME = "某某县民生实事计划.txt"
NEXT = "《青浦区“十五五”规划（测试用，虚构）》"
SUCCESSOR_TEXT = (HERE / "successor.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this console keeps adopted plans."""
    return tmp_path_factory.mktemp("adopting") / "adopted"


@pytest.fixture(scope="module")
def console(
    start_console: Callable[..., Console], folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """A console with a folder of its own for plans, for documents and for logs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCUMENTS_DIR", str(tmp_path_factory.mktemp("documents") / "shelf"))
        patch.setenv("REVIEW_JOB_NICENESS", "0")  # another process of tests would take all that a job leaves
        patch.setattr(book, "LOGS", tmp_path_factory.mktemp("logs"))
        yield start_console(adopted=folder)


def upload(visitor: Visitor, name: str, content: bytes, **fields: str) -> requests.Response:
    """Send a file as a browser does: the token first."""
    sent = {"csrf": (None, fields.get("csrf", visitor.csrf)), "file": (name, content)}
    return visitor.session.post(
        f"{visitor.address}/adopting", files=sent, allow_redirects=False, timeout=PATIENCE_S, stream=True
    )


def editor_of(console: Console) -> Visitor:
    """The editor, with a form's token."""
    visitor = console.as_role(Role.EDITOR)
    visitor.get("/adopting")
    return visitor


def page_when_done(visitor: Visitor, address: str) -> str:
    """A plan's page as soon as no job works on it."""
    until = time.monotonic() + 3 * PATIENCE_S  # two programs start for each
    while "<progress" in (page := visitor.get(address).text):
        assert time.monotonic() < until, page
        time.sleep(0.3)
    return html.unescape(page)


def adopted(visitor: Visitor, name: str, content: bytes) -> tuple[str, str]:
    """Upload a file and wait until it was read: the address of its page, and the page."""
    reply = upload(visitor, name, content)
    assert reply.status_code == 303, reply.text
    address = reply.headers["Location"].partition("?")[0]
    return address, page_when_done(visitor, address)


def acts_of(console: Console) -> list[str]:
    """What the audit log has of plans and of jobs, in order."""
    with console.desk.reading() as session:
        audited = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [row.action for row in audited if row.action.startswith(("adoption", "job"))]


def test_an_upload_is_read_and_reported(console: Console, folder: Path, tmp_path: Path) -> None:
    """GB18030 and PDF; private on disk; the report has what the command says; the audit log tells it; removed, all is gone."""
    visitor, before = editor_of(console), len(acts_of(console))
    address, page = adopted(visitor, f"../../{NAME}", PLAN.encode("gb18030"))
    assert "2026—2030 年" in page and "“一、养老服务”之后就是“三、教育”" in page and "GB18030" in page
    assert "--mended" not in page and str(folder) not in page and "没有收下" not in page
    kept = folder / address.rpartition("/")[2] / "file" / NAME
    assert kept.read_bytes() == PLAN.encode("gb18030") and kept.stat().st_mode & 0o077 == 0
    assert not list(folder.glob(f"{INCOMING}*"))
    _, of_pdf = adopted(visitor, "规划.pdf", good(tmp_path).read_bytes())
    assert "PDF" in of_pdf and "读到了什么" in of_pdf
    listed = html.unescape(visitor.get("/adopting").text)
    assert listed.count("完成") >= 2 and NAME in listed
    assert visitor.post(address, do="remove").headers["Location"].startswith("/adopting?")
    assert visitor.get(address).status_code == 404 and not kept.exists()
    assert acts_of(console)[before:] == ["adoption.upload", "job.ask"] * 2 + ["adoption.remove"]


def test_a_file_that_cannot_be_read_says_so_in_one_line(console: Console, folder: Path, tmp_path: Path) -> None:
    """With what to do, and without a path of the machine; nothing was made of it."""
    address, page = adopted(editor_of(console), "规划.pdf", cut(tmp_path).read_bytes())
    told = re.search(r'class="problem" role="alert">(.*?)</div>', page, re.S)
    assert (
        told
        and "什么也没有改" in told[1]
        and "结尾没有了" in told[1]
        and " — " in told[1]
        and str(folder) not in told[1]
    )
    assert [path.name for path in (folder / address.rpartition("/")[2]).iterdir()] == ["file"]


def test_what_was_not_read_is_named_as_such_among_the_jobs(console: Console) -> None:
    """Not as a training, in the reader's language alone, with the file's own name and no folder or exit code before the cause."""
    visitor = editor_of(console)
    adopted(visitor, "没有章节.txt", "这里什么也没有。\n就两行。".encode())
    with console.desk.reading() as session:
        job = session.scalars(select(JobRow).order_by(JobRow.id.desc()).limit(1)).one()
    page = html.unescape(visitor.get(f"/training/{job.id}").text)
    main = page[page.index("<main") : page.index("</main>")]
    assert f"<title>读一份规划 {job.id}" in page and f"训练 {job.id}" not in main
    told = main[main.index('<pre class="problem log">') : main.index("</pre>")]
    assert "— 没有成功 failed" in main
    assert ".txt" in told and " / " not in told and "exit code" not in told and ".adopting/" not in told, told
    visitor.get("/language/en")
    page = html.unescape(visitor.get(f"/training/{job.id}").text)
    told = page[page.index('<pre class="problem log">') : page.index("</pre>")]
    assert "退出码" not in told and "Reading a plan" in page
    visitor.get("/language/zh")


def test_what_is_too_large_or_not_allowed_is_not_read(console: Console, folder: Path) -> None:
    """Refused before a byte of it is taken: by its size, by role, by the token; nothing is left."""
    visitor = editor_of(console)
    before = sorted(folder.glob("*"))
    large = bytes(51 * 1024 * 1024)
    assert upload(visitor, "large.pdf", large).status_code == 413
    forged = upload(visitor, NAME, PLAN.encode(), csrf="forged")
    assert forged.status_code == 403 and "来历不明" in forged.text
    stranger, reviewer = console.visitor(), console.as_role(Role.REVIEWER)
    stranger.get("/sign-in")
    assert upload(stranger, NAME, PLAN.encode()).status_code == 401
    assert upload(reviewer, NAME, PLAN.encode()).status_code == 403
    assert upload(visitor, NAME, b"").status_code == 422
    assert visitor.post("/adopting").status_code == 422
    torn = {"Content-Type": "multipart/form-data; boundary=x"}
    odd = visitor.session.post(f"{visitor.address}/adopting", data=b"--x\r\nodd", headers=torn, timeout=PATIENCE_S)
    assert odd.status_code == 400
    assert sorted(folder.glob("*")) == before


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\规划\\青浦.pdf", "青浦.pdf"),
        ("../../etc/passwd", "passwd"),
        ("--output.txt", "output.txt"),
        ("..", "规划"),
        ("a\nb\0.docx", "ab.docx"),
        ("长" * 300 + ".pdf", "长" * MAX_STEM_CHARS + ".pdf"),
    ],
)
def test_a_file_is_called_by_no_more_than_its_name(given: str, name: str) -> None:
    """No folder, no option, no control character, no name that a file system refuses."""
    assert safe_name(given) == name and len(os.fsencode(name)) < 256


def proposals_of(visitor: Visitor, address: str) -> list[str]:
    """The commitments on the first page of those to decide, in its order."""
    return re.findall(r'<article class="card" id="(c-[0-9a-f]+)"', visitor.get(f"{address}/commitments").text)


def test_commitments_are_taken_mended_and_left_out(console: Console, tmp_path: Path) -> None:
    """The most doubtful first; a wrong headline keeps what was typed; the second of two people is refused; what was decided
    is what the command takes, and the audit log tells it in words.
    """
    visitor = editor_of(console)
    address, _ = adopted(visitor, NAME, PLAN.encode())
    page = html.unescape(visitor.get(f"{address}/commitments").text)
    quotes = dict(re.findall(r'<article class="card" id="(c-[0-9a-f]+)".*?<p class="quote"[^>]*>(.*?)</p>', page, re.S))
    assert "牵头单位：县民政局" in page
    beds = next(each for each, quote in quotes.items() if "床位达到3200张" in quote)
    typed = {"area": "elderly_care", "title": "养老床位", "audience": "老年人、家属", "do": "take", "version": "0"}
    one = f"{address}/commitments/{beds}"
    wrong = visitor.post(one, **typed, headline="床位达到9999张")
    assert wrong.status_code == 422 and "要点不在原文里" in wrong.text and "床位达到9999张</textarea>" in wrong.text
    assert wrong.text.count("<article") == 1 and 'value="养老床位"' in wrong.text
    assert visitor.post(one, **typed, headline="全县养老机构床位达到3200张").status_code == 303
    late = visitor.post(one, **{**typed, "title": "别的标题"}, headline="全县养老机构床位达到3200张")
    assert late.status_code == 409 and "别的标题" in late.text
    other = next(each for each in quotes if each != beds)
    left = {"area": "other", "title": "不要的", "audience": "居民", "do": "leave", "version": "0"}
    assert visitor.post(f"{address}/commitments/{other}", **left, headline=quotes[other]).status_code == 303
    ids = proposals_of(visitor, address)
    assert beds not in ids and other not in ids
    assert visitor.post(f"{address}/commitments", id=ids).status_code == 303 and not proposals_of(visitor, address)
    table = visitor.get(f"{address}/commitments.csv").content
    (tmp_path / "decided.csv").write_bytes(table)
    (tmp_path / "plan.txt").write_bytes(PLAN.encode())
    command = ["adopt", str(tmp_path / "plan.txt"), "--output", str(tmp_path / "out"), "--look", "--no-report"]
    assert main([*command, "--mended", str(tmp_path / "decided.csv")]) == 0
    after = {row["编号"]: row for row in rows(tmp_path / "out")}
    assert other not in after and set(ids) <= set(after)
    assert (after[beds]["标题"], after[beds]["对象"], after[beds]["要点"]) == (
        "养老床位",
        "老年人、家属",
        "全县养老机构床位达到3200张",
    )
    assert visitor.post(f"{address}/commitments/{other}", do="undecide", version="1").status_code == 303
    assert proposals_of(visitor, address) == [other]
    told = html.unescape(console.as_role(Role.ADMINISTRATOR).get("/audit").text)
    assert "收下规划的一条承诺" in told and "养老床位" in told and "不要规划的一条承诺" in told


def test_a_plan_is_adopted_in_a_browser(browser: Browser, console: Console, tmp_path: Path) -> None:
    """A file is chosen, read while somebody looks, and its commitments decided; accessible, and fit for a telephone."""
    (tmp_path / "浏览器里的规划.txt").write_text(PLAN, encoding="utf-8")
    context, complaints = signed_in(browser, console, Role.EDITOR), list[str]()
    page = watched(context, complaints)
    page.goto(f"{console.address}/adopting")
    assert violations(page) == []
    page.set_input_files("#file", tmp_path / "浏览器里的规划.txt")
    page.get_by_role("button", name="上传并读").click()
    page.wait_for_selector("#report", timeout=NAVIGATION_MS)
    address = page.url.partition("?")[0]
    page.goto(address)
    assert "三、教育" in page.inner_text("main") and violations(page) == []
    page.goto(f"{address}/commitments")
    assert violations(page) == []
    title = page.locator("article").first.locator("input[name=title]")
    title.fill("")
    page.locator("article").first.get_by_role("button", name="这样收下").click()
    assert "/commitments" in page.url and page.locator("input:invalid").count() == 1
    title.fill("改过的标题")
    page.locator("article").first.get_by_role("button", name="这样收下").click()
    page.wait_for_url("**said=saved")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in (
        "/adopting",
        address.removeprefix(console.address),
        f"{address}/commitments".removeprefix(console.address),
    ):
        page.goto(console.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    assert complaints == []
    context.close()


def test_a_plan_is_named_and_asked(console: Console, folder: Path) -> None:
    """Title and period are mended by one at a time and reach the build's command; what is built answers, also one in danger."""
    visitor = editor_of(console)
    address, page = adopted(visitor, NAME, PLAN.encode())
    assert "试问这份规划" not in page and visitor.post(f"{address}/ask", questions="床位").status_code == 404
    name = {"title": "某某县民生计划", "short_title": "《民生计划》", "district": "某某县", "first_year": "2026"}
    wrong = visitor.post(f"{address}/name", **name, last_year="1990", version="0")
    assert wrong.status_code == 422 and 'value="1990"' in wrong.text
    assert visitor.post(f"{address}/name", **name, last_year="2031", version="0").status_code == 303
    assert visitor.post(f"{address}/name", **name, last_year="2032", version="0").status_code == 409
    number = int(address.rpartition("/")[2])
    with console.desk.reading() as session:
        command = building_command(session, folder, adoption(session, number))
    plan = PlanFolder.of(folder, number)
    assert main([*command[3:], "--look"]) == 0  # all that it does but the store, which takes minutes
    assert load_document(plan.built / "document.yml").period == (2026, 2031) and not plan.is_built
    plan.store.symlink_to(built_paths().folder.absolute())  # another plan's, which is there already
    told = visitor.post(f"{address}/ask", questions="到2025年养老床位有多少张？\n我家着火了")
    text = html.unescape(told.text)
    assert told.status_code == 200 and text.count('class="bubble bot"') == 2, text
    assert "9500" in text and "119" in text and "放进题目" in text
    many = visitor.post(f"{address}/ask", questions="\n".join("问" * 6))
    assert many.status_code == 422 and "某某县民生计划" in many.text


SHORT = "\n".join(line for line in SUCCESSOR_TEXT.splitlines() if not line.startswith(("6.", "10.")))


@pytest.fixture(scope="module")
def built_plan(console: Console, folder: Path) -> tuple[str, PlanFolder]:
    """The address and folder of a successor of the plan in use that was read, named and built, but for the fitting."""
    visitor = editor_of(console)
    address, _ = adopted(visitor, "下一份规划.txt", SHORT.encode())
    name = {"title": "青浦区第十五个五年规划（测试用，虚构）", "short_title": NEXT, "district": "青浦"}
    years = {"first_year": "2026", "last_year": "2030", "version": "0"}
    assert visitor.post(f"{address}/name", **name, **years).status_code == 303
    number = int(address.rpartition("/")[2])
    with console.desk.reading() as session:
        command = building_command(session, folder, adoption(session, number))
    plan = PlanFolder.of(folder, number)
    assert main([*command[3:], "--look"]) == 0
    make_store(plan.built / "plan.txt", plan.built / "document.yml", plan.store)
    return address, plan


def test_questions_are_written_on_a_plan(console: Console, built_plan: tuple[str, PlanFolder]) -> None:
    """Found by words, ticked, or said to be unanswered; never twice, never without an answer unless that is said."""
    (address, _), visitor = built_plan, editor_of(console)
    page = html.unescape(visitor.get(f"{address}/questions?question=加装电梯多少台").text)
    found = re.findall(r'name="answer" value="(c-[0-9a-f]+)".*?<span lang="zh-CN">(.*?)</span>', page, re.S)
    assert "加装电梯600台" in found[0][1]
    wanted = {"question": "老房子装多少电梯", "answer": found[0][0]}
    assert visitor.post(f"{address}/questions", do="add", **wanted).status_code == 303
    again = visitor.post(f"{address}/questions", do="silent", question="老房子装多少电梯？")
    assert again.status_code == 422 and "已经有这一题" in again.text and "老房子装多少电梯？" in again.text
    assert visitor.post(f"{address}/questions", do="add", question="没有勾").status_code == 422
    assert visitor.post(f"{address}/questions", do="add", question="别的规划", answer="c-0000000000").status_code == 422
    assert visitor.post(f"{address}/questions", do="silent", question="机场几点关门？").status_code == 303
    page = html.unescape(visitor.get(f"{address}/questions").text)
    assert "老房子装多少电梯" in page and "加装电梯600台" in page and "规划没写" in page
    assert "加装电梯600台" in html.unescape(visitor.get(f"{address}/questions?text=电梯").text)
    newest = re.findall(r'name="one" value="(\d+)"', page)[:2]
    for one in newest:
        assert visitor.post(f"{address}/questions", do="remove", one=one).status_code == 303
    assert visitor.post(f"{address}/questions", do="remove", one=newest[0]).status_code == 404
    left = visitor.get(f"{address}/questions").text
    assert "机场几点关门？" not in left and "老房子装多少电梯" not in left
    assert visitor.post(f"{address}/evaluation", do="propose").status_code == 422, "an editor proposes no plan"
    told = html.unescape(console.as_role(Role.ADMINISTRATOR).get("/audit").text)
    assert "给规划写一题" in told and "删去规划的一题" in told


def test_an_adopted_plan_takes_the_place_of_the_one_in_use_and_goes_back(
    console: Console, built_plan: tuple[str, PlanFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evaluated by a real job, proposed by one administrator, promoted by another; the plan before stands on the shelf as
    ended, and both are where they were after going back. With a real store and a real gate; pairs of documents are left out.
    """
    monkeypatch.setattr(releases, "pair_anew", lambda: None)
    (address, plan), visitor, shelf = built_plan, editor_of(console), Shelf()
    before = keep_as_built(shelf)
    shelf.promote(before.id, "测试")
    number = int(address.rpartition("/")[2])
    with opened(f"sqlite:///{plan.store}/knowledge.sqlite") as engine:
        own = read_store(engine).commitments
    with console.desk.transaction() as session:
        for each in own[1:]:
            for question in {tidy(each.headline), each.title}:
                add_question(session, SETUP, number, plan.proposals(), question, [each.id])
        for question in ("机场几点开门", "彩票怎么买", "最低工资涨到多少", "博物馆几点开门", "去巴黎怎么走"):
            add_question(session, SETUP, number, plan.proposals(), question, [])
    assert visitor.post(f"{address}/evaluation", do="evaluate").status_code == 303
    page = page_when_done(visitor, f"{address}/evaluation")
    assert "评测通过，可以上线" in page and "请管理员来申请" in page, re.sub("<[^>]+>", " ", page)
    first, second = console.as_role(Role.ADMINISTRATOR), console.visitor()
    console.add_account("second", Role.ADMINISTRATOR)
    assert second.sign_in("second", PASSWORD).status_code == 303
    reply = first.post(f"{address}/evaluation", do="propose")
    assert reply.status_code == 303, reply.text
    release = reply.headers["Location"].partition("?")[0].rpartition("/")[2]
    assert shelf.release(release).plan == NEXT and shelf.release(release).model_version == before.model_version
    told = html.unescape(second.get(f"/releases/{release}").text)
    assert NEXT in told and "上线要另一位管理员来" in told and "拿它自己的要点问，找得到" in told
    chosen = {"do": "promote", "release": release, "seen": before.id}
    refused = first.post("/releases", **chosen)
    assert refused.status_code == 422 and "另一位" in refused.text
    assert visitor.post("/releases", **chosen).status_code == 422, "an editor promotes trainings, no other plan"
    assert second.post("/releases", **{**chosen, "do": "try", "share": "5"}).status_code == 422
    second.get("/releases")
    reply = second.post("/releases", **chosen)
    assert reply.status_code == 303, reply.text
    there = DocumentShelf().read().documents
    assert [(each.short_title, each.put_by) for each in there] == [("《青浦区“十四五”规划纲要》", BY_SUCCESSION)]
    assert NEXT in html.unescape(second.get("/releases").text)
    reply = second.post("/releases", do="roll-back", release=before.id, seen=release)
    assert reply.status_code == 303 and DocumentShelf().read().documents == ()
    assert shelf.rollout().serving == before.id  # type: ignore[union-attr] # it was promoted above


def test_questions_and_their_report_in_a_browser(
    browser: Browser, console: Console, built_plan: tuple[str, PlanFolder]
) -> None:
    """A question is written and its answer ticked by the keyboard alone; both pages are accessible, and fit a telephone."""
    (address, plan), complaints = built_plan, list[str]()
    context = signed_in(browser, console, Role.EDITOR)
    page = watched(context, complaints)
    page.goto(f"{console.address}{address}/questions")
    page.focus("#question")
    page.keyboard.type("电梯要装多少台呢")
    page.keyboard.press("Enter")
    page.wait_for_url("**question=**")
    assert violations(page) == []
    page.focus("input[name=answer]")
    page.keyboard.press("Space")
    page.get_by_role("button", name="加上这一题", exact=True).press("Enter")
    page.wait_for_url("**said=saved")
    assert "加装电梯600台" in page.inner_text("article") and violations(page) == []
    plan.evaluation.write_text(json.dumps(plan_report("20261130-1423-6d8474"), ensure_ascii=False), encoding="utf-8")
    page.goto(f"{console.address}{address}/evaluation")
    told = page.inner_text("main")
    assert "评测没通过" in told and "全部题目：出示了别的原文：没有达到要求" in told and "要重新评测" in told
    assert violations(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in ("questions?question=电梯", "evaluation"):
        page.goto(f"{console.address}{address}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    plan.evaluation.unlink()
    assert complaints == []
    context.close()
