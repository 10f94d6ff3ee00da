"""Residents in danger on the console: first in the inbox, in no group and no correction, counted apart; the replies' wording."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from danger.published import FRESH_S, PublishedReplies
from danger.replies import SIMPLIFIED, TRADITIONAL, shipped
from review.accounts.roles import Role
from review.correcting.danger import WHY, is_correctable
from review.database.people import AuditRow
from review.database.work import CorrectionRow, GroupRow, TriageRow
from review.releases.inputs import real_questions
from review.reports.charts import ALARM
from review.triage.reasons import WEIGHTS, LoggedTurn, Reason, reasons_of, score_of
from tests.review.conftest import Console
from tests.review.turns import turn
from wire.trace import TurnCandidate

BEDS = "c-702f53f084"
Start = Callable[..., Console]


def acute(number: int, question: str = "我家着火了", kind: str = "fire", **changes: Any) -> Any:
    """A turn that was answered with the numbers and nothing else: the bot did not try to understand it."""
    nothing: dict[str, Any] = {"intents": {}, "candidates": [], "answerable": None, "silence": None, "topic": None}
    return turn(number, question, "danger", danger=kind, **{**nothing, "headline": "请马上拨打 119", **changes})


def logged(console: Console, *turns: Any) -> Console:
    """Put turns into the log and read them."""
    console.log_turns(turns)
    console.desk.triage.read_all()
    return console


def shown_questions(page: str) -> list[str]:
    """The questions of an inbox page, in order."""
    return [html.unescape(q) for q in re.findall(r"<a data-open href=\"/conversations/[^\"]*\">([^<]*)</a>", page)]


@pytest.fixture(scope="module")
def inbox(start_console: Start) -> Console:
    """A log in which everything went wrong, and among it danger."""
    near = [TurnCandidate(BEDS, 0.5), TurnCandidate("c-2", 0.45)]
    return logged(
        start_console(),
        turn(1, "又出错又点踩", "error", feedback="down"),
        acute(2, "我家着火了", "fire", session="s-talk"),
        turn(3, "心口闷怎么办", "out_of_scope", danger="medical"),
        turn(4, "出错的", "error"),
        turn(5, "养老床位有几张，我胸口不舒服", danger="medical", candidates=near),
        acute(6, "我不想活了", "self_harm"),
        turn(7, "平常的问题"),
    )


@pytest.fixture(scope="module")
def work(start_console: Start) -> Console:
    """A log to work on: an answer, a refusal, acute danger on that day and today, and an answer with the numbers under it."""
    return logged(
        start_console(),
        turn(1),
        turn(2, "拒", "not_in_plan"),
        acute(3),
        acute(4, asked_at=datetime.now(timezone.utc)),
        turn(5, "养老院床位够吗", danger="medical"),
    )


def test_acute_danger_outweighs_every_sum_of_other_reasons() -> None:
    """Whatever else is wrong with other turns, and however many reasons are added to one."""
    others = [weight for reason, weight in WEIGHTS.items() if reason is not Reason.DANGER]
    assert WEIGHTS[Reason.DANGER] > sum(others)
    believed = (Reason.SHOWN_WRONG, Reason.CORRECTED)  # what a resident may have gone home with
    assert WEIGHTS[Reason.PERHAPS_DANGER] > max(
        w for r, w in WEIGHTS.items() if r not in (Reason.DANGER, Reason.PERHAPS_DANGER, *believed)
    )


def test_old_places_in_the_inbox_keep_their_meaning() -> None:
    """The bits of reasons that databases hold already are as they were; the new ones were free."""
    old = {"DOWN": 1, "REFUSED": 2, "UNSURE": 4, "ASKED_AGAIN": 8, "HANDED_OFF": 16, "NEW_WORDS": 32, "FAILED": 64}
    added = {"DANGER": 128, "PERHAPS_DANGER": 256, "CORRECTED": 512, "SHOWN_WRONG": 1024, "ASKED_IN_PAUSE": 2048}
    assert {reason.name: reason.value for reason in Reason} == {**old, **added}
    assert score_of(Reason(127)) == 22.5


def test_danger_comes_first_with_its_kind_and_cannot_be_overlooked(inbox: Console) -> None:
    """Acute danger, then what went wrong twice, then doubtful cases, then one reason; each view says how many wait."""
    viewer = inbox.as_role(Role.VIEWER)
    page = viewer.get("/inbox").text
    assert shown_questions(page) == [
        "我不想活了",
        "我家着火了",
        "心口闷怎么办",
        "又出错又点踩",
        "养老床位有几张，我胸口不舒服",
        "出错的",
        "平常的问题",
    ]
    assert page.count("居民可能遇到危险 <") == 2 and page.count("可能有危险，已附求助电话 <") == 2
    for kind in ("火灾", "轻生或自伤", "突发急病或受伤"):
        assert f'<li class="badge danger">{kind}</li>' in page
    for query in ("", "?topic=housing", "?order=newest&feedback=up", "?status=done"):
        assert re.search(r"<b>2</b> 条危险求助还没有人处理", viewer.get(f"/inbox{query}").text), query
    talk = viewer.get("/conversations/s-talk").text
    assert "居民可能遇到危险" in talk and '<li class="badge danger">火灾</li>' in talk


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("reason=128", {"我不想活了", "我家着火了"}),
        ("reason=256", {"心口闷怎么办", "养老床位有几张，我胸口不舒服"}),
        ("outcome=danger", {"我不想活了", "我家着火了"}),
        ("topic=none", {"我不想活了", "我家着火了"}),
    ],
)
def test_filters_choose_danger(inbox: Console, query: str, expected: set[str]) -> None:
    """By reason, by outcome, and with what has no topic."""
    assert set(shown_questions(inbox.as_role(Role.VIEWER).get(f"/inbox?{query}").text)) == expected


def test_what_somebody_dealt_with_is_counted_no_more(work: Console) -> None:
    """The warning above the inbox goes with the last one, and comes back with a thumb down."""
    reviewer = work.as_role(Role.REVIEWER)
    assert "<b>2</b> 条危险求助还没有人处理" in reviewer.get("/inbox").text
    for number in (3, 4):
        reviewer.post("/inbox", turn=f"a-{number:032d}:1", do="done")
    assert "条危险求助还没有人处理" not in reviewer.get("/inbox").text
    work.desk.turns.give_feedback(f"a-{3:032d}", "down")
    work.read_vote(f"a-{3:032d}", "down")
    assert "<b>1</b> 条危险求助还没有人处理" in reviewer.get("/inbox").text


def test_danger_adds_to_the_other_reasons() -> None:
    """With an error, or with a thumb down, a turn has them all."""
    both = reasons_of(_as_logged("danger", "fire", feedback="down"), lambda _: True)
    assert both == Reason.DANGER | Reason.DOWN
    assert reasons_of(_as_logged("error", "fire"), lambda _: True) == Reason.PERHAPS_DANGER | Reason.FAILED
    assert reasons_of(_as_logged("chat", ""), lambda _: True) == Reason(0)


def _as_logged(outcome: str, danger: str, **changes: Any) -> Any:
    at = datetime(2026, 3, 2, tzinfo=timezone.utc)
    return LoggedTurn("a", at, "s", "web", "问", "", outcome, "", danger, **changes)


def test_danger_is_in_no_group_and_no_report(start_console: Start) -> None:
    """Refused with a doubtful case, and rated down with an acute one: neither is something that the plan leaves out."""
    recently = datetime.now(timezone.utc) - timedelta(hours=1)
    same = ("公租房怎么申请", "怎么申请公租房", "公租房哪里申请")
    console = logged(
        start_console(),
        *(turn(n, q, "not_in_plan", asked_at=recently) for n, q in enumerate(same)),
        *(turn(n + 10, q, "not_in_plan", asked_at=recently, danger="crime") for n, q in enumerate(same)),
        *(acute(n + 20, q, feedback="down", asked_at=recently) for n, q in enumerate(same)),
    )
    console.desk.grouper.run()
    with console.desk.reading() as session:
        groups = session.scalars(select(GroupRow)).all()
        assert {group.kind for group in groups} == {"work", "report"}
        assert {turn_id for group in groups for turn_id in group.turns} <= {f"a-{n:032d}" for n in range(3)}
    with console.desk.log.session() as log:
        asked = real_questions(log, datetime.now(timezone.utc))
    assert sorted(each["question"] for each in asked) == sorted(same) and {each["asked"] for each in asked} == {1}


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "link", "commitment_id": BEDS},
        {"kind": "silent"},
        {"kind": "not_ours"},
        {"kind": "intent", "intent": "thanks"},
        {"kind": "word", "word": "助老卡", "means": "敬老卡", "word_kind": "synonym"},
    ],
)
def test_danger_takes_no_correction(inbox: Console, fields: dict[str, str]) -> None:
    """Not the acute one nor the doubtful one that was refused; the page offers none, says why, and the form is refused."""
    reviewer = inbox.as_role(Role.REVIEWER)
    for number in (2, 3):
        page = reviewer.get(f"/turns/a-{number:032d}/correct").text
        assert "危险由专门的规则判断，纠正不会改变它。" in page
        assert f'action="/turns/a-{number:032d}/correct"' not in page
        reply = reviewer.post(f"/turns/a-{number:032d}/correct", question="养老床位", back="/inbox", **fields)
        assert reply.status_code == 422 and WHY.partition(" / ")[0] in reply.text
    with inbox.desk.reading() as session:
        assert session.scalars(select(CorrectionRow)).all() == []
        assert session.get(TriageRow, f"a-{2:032d}").status == "new"
    rows = reviewer.get("/inbox").text
    assert f"/turns/a-{2:032d}/correct" not in rows and f"/turns/a-{5:032d}/correct" in rows


def test_the_answer_beside_a_doubtful_case_can_be_corrected(work: Console) -> None:
    """The page says that the numbers stay; danger itself is judged before anything that is corrected."""
    reviewer = work.as_role(Role.REVIEWER)
    assert "纠正只改上面的答复，电话照样附上" in reviewer.get(f"/turns/a-{5:032d}/correct").text
    fields = {"kind": "link", "commitment_id": BEDS, "question": "养老院床位够吗", "back": "/inbox"}
    assert reviewer.post(f"/turns/a-{5:032d}/correct", **fields).status_code == 303
    assert is_correctable("answered", "medical") and not is_correctable("not_in_plan", "medical")


def test_a_call_for_help_becomes_no_example_wherever_it_is_typed(work: Console) -> None:
    """Neither as the question of another turn's correction nor as a sample question of a commitment."""
    editor = work.as_role(Role.EDITOR)
    editor.get("/inbox")
    reply = editor.post(f"/turns/a-{1:032d}/correct", question="我不想活了", kind="silent", back="/inbox")
    assert reply.status_code == 422 and "是求助" in reply.text
    fields = {"title": "养老床位", "audience": "老人", "questions": "床位够不够住\n老了住得进去伐\n救命啊"}
    reply = editor.post(f"/commitments/{BEDS}", version="0", **fields)
    assert reply.status_code == 422 and "是求助" in reply.text
    with work.desk.reading() as session:
        assert session.scalars(select(CorrectionRow.turn_id).where(CorrectionRow.turn_id == f"a-{1:032d}")).all() == []


def test_the_dashboard_marks_danger(work: Console) -> None:
    """How many today and in the period, linked to them; shares of answers leave them out; a colour of their own."""
    viewer = work.as_role(Role.VIEWER)
    page = viewer.get("/dashboard?since=2026-03-01&until=2026-03-03").text
    banner = re.search(r'<p class="problem alarm">(.*?)</p>', page)[1]
    assert re.findall(r"<b>(\d+)</b>", banner) == ["1", "1"]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', banner)]
    assert [len(shown_questions(viewer.get(link).text)) for link in links] == [1, 1]
    tiles = dict(re.findall(r"<li>([^<]+)<b>([^<]+)</b>", page))
    assert (tiles["问答"], tiles["答上的"], tiles["拒答的"]) == ("4", "67%", "33%")
    pictures = [base64.b64decode(p).decode() for p in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)]
    assert [ALARM in picture for picture in pictures[:3]] == [True, True, False]
    assert "危险求助" in pictures[0]
    quiet = viewer.get("/dashboard?since=2026-02-01&until=2026-02-02").text
    assert ALARM not in "".join(
        base64.b64decode(p).decode() for p in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", quiet)
    )


def test_without_danger_the_dashboard_says_so_quietly(console: Console) -> None:
    """Nobody has to wonder whether it is counted."""
    page = console.as_role(Role.VIEWER).get("/dashboard").text
    assert '<p class="quiet">危险求助：今天 0 · 这段时间 0</p>' in page and "problem alarm" not in page


def test_the_page_shows_what_is_said_with_its_numbers_and_sources(console: Console) -> None:
    """Every kind; the whole reply in three scripts with its size; who may not edit has no form."""
    viewer = console.as_role(Role.VIEWER)
    page = html.unescape(viewer.get("/danger").text)
    for kind in shipped().kinds.values():
        assert kind.zh_name in page and all(line in page for line in (*kind.zh, *kind.en))
        assert all(f"<b>{number}</b>" in page and shipped().numbers[number].source in page for number in kind.numbers)
    sizes = [int(size.replace(",", "")) for size in re.findall(r"([\d,]+) / 2,048 字节", page)]
    assert len(sizes) == 3 * len(shipped().kinds) and max(sizes) <= 2048
    assert "請馬上撥打 119（消防救援）" in page and "Call 119 now (fire and rescue)." in page
    assert "版本和纠正都关不掉它" in page
    assert "<textarea" not in viewer.get("/danger/fire").text
    assert viewer.get("/danger/flood").status_code == 404
    viewer.get("/language/en")
    english = viewer.get("/danger").text
    viewer.get("/language/zh")
    assert "suicide or self-harm" in english and "psychological help line" in english


FIRE = {
    "numbers": "119 120 110",
    "zh": "先出来，弯腰走楼梯。\n到了外面再打 119。",
    "en": "Get out first, stay low.\nCall 119 from outside.",
}


def form_of(page: str) -> dict[str, str]:
    """The name of the wording that the page shows, for the form to send back."""
    return {"seen": re.search(r'name="seen" value="([^"]+)"', page)[1]}


def test_a_changed_reply_reaches_residents_and_can_be_taken_back(console: Console) -> None:
    """Who replies reads it from the same database within `FRESH_S`; both changes stand in the audit log, whole."""
    now = [0.0]
    said = PublishedReplies(console.desk.settings.url, clock=lambda: now[0])
    before = said.current().acute(("fire",), SIMPLIFIED).text
    editor = console.as_role(Role.EDITOR)
    reply = editor.post("/danger/fire", **form_of(editor.get("/danger/fire").text), **FIRE)
    assert reply.status_code == 303 and reply.headers["Location"].startswith("/danger?said=danger-changed")
    assert said.current().acute(("fire",), SIMPLIFIED).text == before
    now[0] += FRESH_S
    assert FRESH_S <= 10
    text = said.current().acute(("fire",), SIMPLIFIED).text
    assert text.splitlines()[:3] == [
        "请马上拨打 119（消防救援）。",
        "也可以拨打：120（医疗急救）、110（公安报警）。",
        "先出来，弯腰走楼梯。",
    ]
    assert "先出來，彎腰走樓梯。" in said.current().acute(("fire",), TRADITIONAL).text
    assert '<span class="badge clarify">已改动</span>' in editor.get("/danger").text
    reply = editor.post("/danger/fire/restore", **form_of(editor.get("/danger/fire").text))
    assert reply.status_code == 303
    now[0] += FRESH_S
    assert said.current().acute(("fire",), SIMPLIFIED).text == before
    said.close()
    with console.desk.reading() as session:
        entries = session.scalars(select(AuditRow).where(AuditRow.target == "danger:fire").order_by(AuditRow.id)).all()
    original = shipped().kinds["fire"]
    assert [entry.action for entry in entries] == ["danger.change", "danger.restore"]
    assert entries[0].before == {"numbers": list(original.numbers), "zh": list(original.zh), "en": list(original.en)}
    assert entries[0].after == {"numbers": FIRE["numbers"].split(), "zh": FIRE["zh"].split("\n"), "en": FIRE["en"].split("\n")}  # fmt: skip
    assert (entries[1].before, entries[1].after) == (entries[0].after, entries[0].before)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"numbers": ""}, "要有 1 到 4 个不同的号码"),
        ({"numbers": "119"}, "不能去掉 120"),
        ({"numbers": "120 119"}, "第一个号码必须是 119"),
        ({"numbers": "119 120 999"}, "号码 '999' 不认识"),
        ({"zh": ""}, "“火灾”中文：要有 1 到 4 句"),
        ({"zh": "一\n二\n三\n四\n五"}, "“火灾”中文：要有 1 到 4 句，现在是 5 句"),
        ({"zh": "快" * 121}, "“火灾”中文：一句最多 120 字"),
        ({"en": "x" * 201}, "“火灾”英文：一句最多 200 字"),
        ({"zh": "看 https://example.cn"}, "“火灾”中文：不能有网址"),
        ({"zh": "<b>快跑</b>"}, "“火灾”中文：不能有网址或尖括号"),
        ({"zh": "\n".join(["\U0001f525" * 120] * 4)}, "微信一条最多 2048 字节"),
    ],
)
def test_a_reply_that_could_hurt_is_not_saved(console: Console, changes: dict[str, str], said: str) -> None:
    """The page says what is wrong, where, and how to mend it, and keeps what was typed."""
    editor = console.as_role(Role.EDITOR)
    fields = {**form_of(editor.get("/danger/fire").text), **FIRE, **changes}
    reply = editor.post("/danger/fire", **fields)
    page = html.unescape(reply.text)
    assert reply.status_code == 422 and said in page and "没有保存" in page and "再保存" in page
    for name in ("zh", "en"):
        assert f">{fields[name]}</textarea>" in page
    assert "已改动" not in editor.get("/danger/fire").text


def test_the_second_of_two_editors_is_told(console: Console) -> None:
    """Neither a change nor 恢复原样 overwrites what the person has not seen."""
    editor, admin = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    seen = form_of(editor.get("/danger/smoke").text)
    admin.get("/danger/smoke")
    assert editor.post("/danger/smoke", **seen, **FIRE).status_code == 303
    assert admin.post("/danger/smoke", **seen, **{**FIRE, "zh": "别的话"}).status_code == 409
    assert admin.post("/danger/smoke/restore", **seen).status_code == 409
    now = editor.get("/danger/smoke").text
    assert "先出来，弯腰走楼梯。" in now
    assert editor.post("/danger/smoke/restore", **form_of(now)).status_code == 303


def test_the_month_s_report_and_the_table_count_danger(work: Console) -> None:
    """On paper and as CSV as well."""
    assert "危险求助 1" in work.as_role(Role.VIEWER).get("/dashboard/report?month=2026-03").text
    rows = work.as_role(Role.VIEWER).get("/dashboard.csv?since=2026-03-02&until=2026-03-02")
    header, line = rows.content.decode("utf-8-sig").split()
    assert dict(zip(header.split(","), line.split(",")))["危险求助"] == "1"
