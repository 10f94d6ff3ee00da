"""The staff's work over HTTP: inbox, conversation, corrections, groups, commitments, requests, notices, dashboard."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from conversations.notices import NoticeBoard
from conversations.requests import StaffRequest
from knowledge.published.corrections import LiveCorrections
from knowledge.published.progress import PublishedProgress
from review.accounts.roles import Role
from review.correcting.publishing import live_now
from review.database.people import AuditRow
from review.database.work import CorrectionRow, GroupRow, TriageRow
from tests.review.conftest import Console, Visitor
from tests.review.turns import turn
from wire.trace import TurnCandidate

BEDS = "c-702f53f084"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
Start = Callable[..., Console]


def logged(console: Console, *turns: Any) -> Console:
    """Put turns into the log and read them."""
    console.log_turns(turns)
    console.desk.triage.read_all()
    return console


def triage(console: Console, number: int) -> TriageRow:
    """A turn's place in the inbox."""
    with console.desk.reading() as session:
        return session.get(TriageRow, f"a-{number:032d}")


def shown_questions(page: str) -> list[str]:
    """The questions of an inbox page, in order."""
    return [html.unescape(q) for q in re.findall(r"<a data-open href=\"/conversations/[^\"]*\">([^<]*)</a>", page)]


def chosen(row: TriageRow) -> str:
    """What a form sends for a turn."""
    return f"{row.turn_id}:{row.version}"


def actions(console: Console) -> list[str]:
    """Every audited action so far."""
    with console.desk.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


@pytest.fixture(scope="module")
def inbox(start_console: Start) -> Console:
    """A log with one turn of each kind."""
    same = [TurnCandidate("c-1", 0.5), TurnCandidate("c-2", 0.3)]
    return logged(
        start_console(),
        turn(1, "平常的问题"),
        turn(2, "像是份内的", "not_in_plan", answerable=0.5),
        turn(3, "点了踩的", feedback="down"),
        turn(4, "说法一", "not_in_plan", session="s-again", candidates=same, answerable=0.1),
        turn(5, "说法二", session="s-again", candidates=same, channel="wechat"),
        turn(6, "转人工", "handoff"),
        turn(7, "拿不准的", answerable=0.5),
        turn(8, "出错的", "error", topic=None),
        turn(9, EVIL, "out_of_scope", intents={"out_of_scope": 0.9}, topic=None, feedback_comment=EVIL),
        turn(10, "要改写的"),
        turn(11, "停答时问的", "error", topic=None, step="paused"),
    )


def test_what_is_worth_a_persons_time_comes_first_and_says_why(inbox: Console) -> None:
    """What was shown and voted down, failures, the machine's own doubts, then pauses; the reasons stand beside each."""
    page = inbox.as_role(Role.VIEWER).get("/inbox").text
    found = shown_questions(page)
    assert found[:2] == ["点了踩的", "出错的"]
    assert set(found[2:6]) == {"像是份内的", "说法一", "转人工", "拿不准的"}
    assert found.index("停答时问的") > max(map(found.index, ("像是份内的", "说法一", "转人工", "拿不准的")))
    for reason in (
        "停答期间问的 ",
        "给了原文，居民说不对 ",
        "出错 ",
        "居民点了踩 ",
        "换个说法又问了一遍 ",
        "像是份内的事却没答 ",
        "要找人工或投诉 ",
        "答了但拿不准 ",
    ):
        assert reason in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("text=拿不准", {"拿不准的"}),
        ("outcome=handoff", {"转人工"}),
        ("channel=wechat", {"说法二"}),
        ("feedback=down", {"点了踩的"}),
        ("topic=none", {"出错的", "停答时问的", EVIL}),
        ("outcome=error", {"出错的"}),
        ("outcome=paused", {"停答时问的"}),
        ("reason=8", {"说法一"}),
        ("confidence=middle", {"像是份内的", "拿不准的"}),
        ("since=2026-03-03", set()),
        ("until=2026-03-01", set()),
        ("text=100%25", set()),
    ],
)
def test_filters_choose(inbox: Console, query: str, expected: set[str]) -> None:
    """Each filter alone; the text is taken literally."""
    reply = inbox.as_role(Role.VIEWER).get(f"/inbox?status=all&{query}")
    assert set(shown_questions(reply.text)) == expected


@pytest.mark.parametrize(
    "query", ["status=odd", "since=yesterday", "topic=nonsense", "reason=x", "assigned=me", "after=a"]
)
def test_a_filter_that_no_form_sends_is_refused(inbox: Console, query: str) -> None:
    """With a message, not with a failure."""
    assert inbox.as_role(Role.VIEWER).get(f"/inbox?{query}").status_code == 422


def test_what_residents_type_is_never_run(inbox: Console) -> None:
    """Stored markup is shown as text, on every page that shows questions, comments, notes and tags."""
    reviewer = inbox.as_role(Role.REVIEWER)
    row = triage(inbox, 9)
    reviewer.get("/inbox")
    reviewer.post(f"/turns/{row.turn_id}/notes", text=EVIL, back="/inbox")
    reviewer.post("/inbox", turn=chosen(triage(inbox, 9)), do="tag", tag="<b>x</b>")
    pages = (
        "/inbox?status=all",
        f"/conversations/{row.session}",
        f"/turns/{row.turn_id}/correct",
        f"/turns/{row.turn_id}/correct?q={EVIL}",
    )
    for path in pages:
        page = reviewer.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>x</b>" not in page, path
        assert "&lt;script&gt;" in page, path


def test_pages_follow_each_other_by_key_without_gap_or_repetition(start_console: Start) -> None:
    """Every turn once, in one order, whether by score or by time."""
    console = logged(
        start_console(), *(turn(n, f"问题{n}", feedback="down" if n % 3 == 0 else None) for n in range(60))
    )
    viewer = console.as_role(Role.VIEWER)
    for order in ("score", "newest"):
        path, seen = f"/inbox?order={order}", []
        while path:
            page = viewer.get(path).text
            seen += shown_questions(page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            path = html.unescape(following[1]) if following else ""
        assert len(seen) == len(set(seen)) == 60
        assert seen[0] == ("问题57" if order == "score" else "问题59")


def test_two_people_do_not_tread_on_each_other(start_console: Start) -> None:
    """Who comes second is told who came first, and nothing is overwritten; tags exclude nobody."""
    console = logged(start_console(), turn(1), turn(2))
    first, second = console.as_role(Role.REVIEWER), console.as_role(Role.EDITOR)
    first.get("/inbox"), second.get("/inbox")
    seen = [chosen(triage(console, 1)), chosen(triage(console, 2))]
    assert first.post("/inbox", turn=seen[0], do="done").status_code == 303
    late = second.post("/inbox", turn=seen, do="take")
    assert late.status_code == 409
    assert "test-reviewer" in late.text
    assert triage(console, 2).assigned_to == 0
    assert second.post("/inbox", turn=seen[0], do="tag", tag="复查").status_code == 303
    assert second.post("/inbox", turn=chosen(triage(console, 1)), do="new").status_code == 303
    assert triage(console, 1).status == "new"
    assert [a for a in actions(console) if a.startswith("turn.")] == ["turn.done", "turn.tag", "turn.reopen"]


def test_a_thumb_down_brings_a_finished_turn_back(start_console: Start) -> None:
    """What a resident says later counts."""
    console = logged(start_console(), turn(1))
    reviewer = console.as_role(Role.REVIEWER)
    reviewer.get("/inbox")
    reviewer.post("/inbox", turn=chosen(triage(console, 1)), do="done")
    console.desk.turns.give_feedback(f"a-{1:032d}", "down", "答非所问")
    console.read_vote(f"a-{1:032d}", "down")
    assert triage(console, 1).status == "new"
    assert "居民点了踩" in reviewer.get("/inbox").text
    console.desk.turns.give_feedback(f"a-{1:032d}", "up")
    console.read_vote(f"a-{1:032d}", "up")
    assert triage(console, 1).reasons == 0


def test_an_erased_conversation_is_gone_from_every_page(start_console: Start) -> None:
    """The console keeps no copy of what the log erases."""
    console = logged(start_console(), turn(1, "请删除我说过的话"), turn(2))
    console.desk.turns.erase_session(f"s-{1:032d}")
    viewer = console.as_role(Role.VIEWER)
    assert "请删除我说过的话" not in viewer.get("/inbox?status=all").text
    assert viewer.get(f"/conversations/s-{1:032d}").status_code == 404
    console.desk.triage.forget_erased()
    assert triage(console, 1) is None


def test_filters_are_saved_for_oneself(inbox: Console) -> None:
    """A name, a filter; others do not see it."""
    viewer, other = inbox.as_role(Role.VIEWER), inbox.as_role(Role.EDITOR)
    viewer.get("/inbox?topic=none")
    assert viewer.post("/inbox/filters", name="没主题的", query="topic=none").status_code == 303
    page = viewer.get("/inbox?topic=none").text
    assert "没主题的" in page and "没主题的" not in other.get("/inbox?topic=none").text
    number = re.search(r"/inbox/filters/(\d+)/delete", page)[1]
    assert other.post(f"/inbox/filters/{number}/delete").status_code == 303
    assert "没主题的" in viewer.get("/inbox?topic=none").text
    viewer.post(f"/inbox/filters/{number}/delete")
    assert "没主题的" not in viewer.get("/inbox?topic=none").text


def test_a_conversation_shows_what_the_bot_thought(start_console: Start) -> None:
    """The whole dialogue; intents, probabilities, candidates with what spoke for each."""
    console = logged(
        start_console(),
        turn(
            1,
            session="s-talk",
            step="weighed",
            candidates=[TurnCandidate(BEDS, 0.8, {"sample_projected": 0.9, "sample_projected_below_best": 0.0})],
        ),
        turn(2, "谢谢", "chat", session="s-talk", candidates=[], answerable=None, silence=None),
    )
    page = console.as_role(Role.VIEWER).get("/conversations/s-talk").text
    assert "weighed" not in page  # a step is named, its name in the source is not
    for words in (
        "养老床位有多少",
        "答复 1",
        "谢谢",
        "问养老 90%",
        "当作一个完整的问题",
        "养老机构床位总数",
        "像示例问题（学过的） +",
        "42 ms",
    ):
        assert words in page, words


def test_an_empty_inbox_says_what_to_do_next(start_console: Start) -> None:
    """With a filter, without one, and in the audit log."""
    console = start_console()
    viewer, admin = console.as_role(Role.VIEWER), console.as_role(Role.ADMINISTRATOR)
    for page, said, leads in (
        (viewer.get("/inbox?outcome=handoff"), "放宽条件", '<a href="/inbox">'),
        (viewer.get("/inbox"), "都处理完了", '<a href="/unanswered">'),
        (admin.get("/audit?text=没有人提过"), "放宽条件", '<a href="/audit">'),
        (admin.get("/audit?before=1"), "还没有记录。有人登录", "</table>"),
    ):
        assert said in page.text.split("<h1>")[1] and leads in page.text.split(said)[1], said


def post_correction(visitor: Visitor, number: int, **fields: str) -> Any:
    """Correct a turn as the page's forms do."""
    visitor.get(f"/turns/a-{number:032d}/correct")
    return visitor.post(f"/turns/a-{number:032d}/correct", back="/inbox", **{"question": "养老床位", **fields})


def test_every_kind_of_correction_is_recorded(start_console: Start) -> None:
    """Link, intent, silent, not ours, pointer, word: approved at once, audited, the turn done."""
    console = logged(start_console(), *(turn(n) for n in range(6)))
    editor = console.as_role(Role.EDITOR)
    soon = (date.today() + timedelta(days=30)).isoformat()
    kinds: list[dict[str, str]] = [
        {"kind": "link", "commitment_id": BEDS},
        {"kind": "intent", "intent": "ask_housing"},
        {"kind": "silent", "question": "托班的夜宵吃什么"},
        {"kind": "not_ours", "question": "哪家奶茶好喝"},
        {
            "kind": "pointer",
            "question": "敬老卡怎么办",
            "text": "请看区民政局的办事指南",
            "url": "https://www.shqp.gov.cn/x",
        }
        | {"expires_on": soon},
        {"kind": "word", "word": "助老卡", "means": "敬老卡", "word_kind": "synonym"},
    ]
    for number, fields in enumerate(kinds):
        assert post_correction(editor, number, **fields).headers["Location"] == "/inbox?said=corrected", fields
        assert triage(console, number).status == "done"
    with console.desk.reading() as session:
        rows = session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)).all()
    assert [row.kind for row in rows] == [fields["kind"] for fields in kinds]
    assert {row.status for row in rows} == {"approved"}
    assert actions(console).count("correction.make") == 6
    page = console.as_role(Role.VIEWER).get("/corrections").text
    assert "助老卡 → 敬老卡" in page and "请看区民政局的办事指南" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "odd"},
        {"kind": "link", "commitment_id": "c-none"},
        {"kind": "intent", "intent": "rule_the_world"},
        {"kind": "pointer", "text": "看这里", "url": "javascript:alert(1)", "expires_on": "2030-01-01"},
        {"kind": "pointer", "text": "看这里", "url": "http://plain.example.cn", "expires_on": "2030-01-01"},
        {"kind": "pointer", "text": "看这里", "url": "https://a.example.cn", "expires_on": "2020-01-01"},
        {"kind": "pointer", "text": "看这里", "url": "https://a.example.cn", "expires_on": "soon"},
        {"kind": "word", "word": "一样", "means": "一样", "word_kind": "typo"},
    ],
)
def test_a_correction_that_cannot_be_is_refused(inbox: Console, fields: dict[str, str]) -> None:
    """Nothing is recorded, the turn stays open."""
    assert post_correction(inbox.as_role(Role.REVIEWER), 1, **fields).status_code == 422
    assert triage(inbox, 1).status == "new"


def test_personal_data_typed_into_a_correction_is_masked(inbox: Console) -> None:
    """As in the log."""
    reviewer = inbox.as_role(Role.REVIEWER)
    reviewer.get("/inbox")
    reviewer.post(f"/turns/a-{10:032d}/correct", kind="silent", question="我的手机13812345678能办吗")
    with console_rows(inbox) as rows:
        assert not any("13812345678" in row.question for row in rows)


def console_rows(console: Console) -> Any:
    """All corrections, inside a reading session."""
    from contextlib import contextmanager

    @contextmanager
    def rows() -> Any:
        with console.desk.reading() as session:
            yield session.scalars(select(CorrectionRow)).all()

    return rows()


def test_where_two_people_are_wanted_nobody_approves_their_own(start_console: Start) -> None:
    """Pending until another editor approves; a decision made meanwhile is not overwritten; approved can be withdrawn."""
    console = logged(start_console(two_people=True), turn(1))
    editor, admin = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    whole = {"kind": "silent", "question": "托班的夜宵吃什么"}
    assert post_correction(editor, 1, **whole).headers["Location"].endswith("corrected-pending")
    editor.get("/corrections"), admin.get("/corrections")
    assert editor.post("/corrections/1", version="1", verdict="approved").status_code == 403
    assert admin.post("/corrections/1", version="1", verdict="approved").status_code == 303
    assert editor.post("/corrections/1", version="1", verdict="refused").status_code == 409
    assert editor.post("/corrections/1", version="2", verdict="withdrawn").status_code == 303
    assert actions(console)[-2:] == ["correction.approved", "correction.withdrawn"]


def test_what_a_reviewer_corrects_waits_for_an_editor(start_console: Start) -> None:
    """The page says so before and after; nobody gets it until an editor approves, who does not wait for a second person."""
    console = logged(start_console(), turn(1), turn(2))
    reviewer, editor = console.as_role(Role.REVIEWER), console.as_role(Role.EDITOR)
    assert "您的纠正由编辑批准后才生效" in reviewer.get(f"/turns/a-{1:032d}/correct").text
    assert "批准后才生效" not in editor.get(f"/turns/a-{1:032d}/correct").text
    whole = {"kind": "silent", "question": "托班的夜宵吃什么"}
    assert post_correction(reviewer, 1, **whole).headers["Location"] == "/inbox?said=corrected-for-editor"
    assert triage(console, 1).status == "done"
    with console.desk.reading() as session:
        assert session.get(CorrectionRow, 1).status == "pending" and live_now(session) == LiveCorrections()
    assert "等编辑批准" in reviewer.get("/inbox?said=corrected-for-editor").text
    reviewer.get("/corrections")
    assert reviewer.post("/corrections/1", version="1", verdict="approved").status_code == 403
    editor.get("/corrections?status=pending")
    assert editor.post("/corrections/1", version="1", verdict="approved").status_code == 303
    with console.desk.reading() as session:
        row = session.get(CorrectionRow, 1)
        assert (row.made_by, row.decided_by) == ("test-reviewer", "test-editor")
        assert [each.question for each in live_now(session).questions] == [whole["question"]]


def test_questions_that_mean_the_same_are_corrected_together(start_console: Start) -> None:
    """Grouped by meaning, the biggest first, named by the typical one; one click corrects all but those left out."""
    recently = datetime.now(timezone.utc) - timedelta(hours=1)
    questions = [
        "公租房怎么申请",
        "申请公租房要什么手续",
        "公租房哪里申请",
        "怎么申请公租房",
        "今天天气怎么样",
        "明天天气好吗",
        "老小区加装电梯补贴多少",
    ]
    turns = [
        turn(
            n, q, "not_in_plan", asked_at=recently + timedelta(minutes=n), intents={"ask_housing": 0.9}, answerable=0.1
        )
        for n, q in enumerate(questions)
    ]
    console = logged(start_console(), *turns)
    assert console.desk.grouper.run() >= 2
    viewer, reviewer = console.as_role(Role.VIEWER), console.as_role(Role.REVIEWER)
    page = viewer.get("/unanswered").text
    found = re.findall(r'data-open href="(/unanswered/[^"]+)">([^<]+)<', page)
    assert "公租房" in found[0][1]
    group = reviewer.get(found[0][0]).text
    assert all(question in group for question in questions[:4])
    assert reviewer.post(found[0][0], kind="silent", question="x", without=f"a-{3:032d}").status_code == 303
    with console_rows(console) as rows:
        assert {row.question for row in rows} == set(questions[:3])
        assert len({row.group_id for row in rows}) == 1
    assert [triage(console, n).status for n in range(4)] == ["done", "done", "done", "new"]
    assert reviewer.post("/unanswered/w-0000", kind="silent", question="x").status_code == 404


def test_the_report_for_the_plans_owners_names_nobody(start_console: Start) -> None:
    """Only what at least three sessions asked; on the page and as CSV."""
    recently = datetime.now(timezone.utc) - timedelta(hours=1)
    many = [
        turn(n, f"公租房{w}申请", "not_in_plan", asked_at=recently, aspect="how_to_apply")
        for n, w in enumerate(("怎么", "如何", "哪里"))
    ]
    few = [turn(n + 10, "托班多少钱一个月", "not_in_plan", asked_at=recently, session="s-one") for n in range(3)]
    console = logged(start_console(), *many, *few)
    console.desk.grouper.run()
    viewer = console.as_role(Role.VIEWER)
    page = viewer.get("/unanswered/report").text
    assert "公租房" in page and "怎么申请办理" in page
    assert "托班多少钱" not in page
    rows = list(csv.DictReader(io.StringIO(viewer.get("/unanswered/report.csv").content.decode("utf-8-sig"))))
    assert [(row["次数"], row["会话"], row["缺的是"]) for row in rows] == [("3", "3", "怎么申请办理")]
    with console.desk.reading() as session:
        assert session.scalars(select(GroupRow).where(GroupRow.kind == "report")).first().days == 30


def test_the_quote_cannot_be_edited_but_title_audience_and_questions_can(start_console: Start) -> None:
    """Overrides are kept with before and after; the second of two editors is refused."""
    console = start_console()
    editor = console.as_role(Role.EDITOR)
    page = editor.get(f"/commitments/{BEDS}").text
    assert not re.search(r'name="quote"', page)
    fields = {
        "title": "养老床位总数",
        "audience": "老人\n家属",
        "questions": "床位够不够住\n老了住得进去伐\n乐龄床位几张",
    }
    assert editor.post(f"/commitments/{BEDS}", version="0", **fields, quote="改掉原文").status_code == 303
    assert "养老床位总数" in editor.get("/commitments?text=养老机构床位").text
    assert editor.post(f"/commitments/{BEDS}", version="0", **fields).status_code == 409
    assert editor.post(f"/commitments/{BEDS}", version="1", **{**fields, "questions": "只有一个"}).status_code == 422
    with console.desk.reading() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "commitment.edit")).one()
    assert entry.before["title"] == "养老机构床位总数" and entry.after["title"] == "养老床位总数"


def test_progress_reaches_who_answers_and_can_be_withdrawn(start_console: Start) -> None:
    """The approved entry of the latest date is what the action server reads; withdrawn, the one before stands again."""
    console = start_console(two_people=True)
    editor, admin = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    ticks = iter(range(0, 10_000, 100))
    board = PublishedProgress(console.desk.settings.url, clock=lambda: float(next(ticks)))
    entry = {"state": "under_way", "source": "政府工作报告", "url": "https://www.shqp.gov.cn/report"}
    editor.get(f"/commitments/{BEDS}"), admin.get(f"/commitments/{BEDS}")
    for day, figure in (("2023-12-31", "9100 张"), ("2024-12-31", "9620 张")):
        assert editor.post(f"/commitments/{BEDS}/progress", **entry, as_of=day, figure=figure).status_code == 303
    assert board.current().get(BEDS) is None
    for number in (1, 2):
        assert admin.post(f"/commitments/{BEDS}/progress/{number}", version="1", verdict="approved").status_code == 303
    assert board.current().get(BEDS).figure == "9620 张"
    assert admin.post(f"/commitments/{BEDS}/progress/2", version="2", verdict="withdrawn").status_code == 303
    assert board.current().get(BEDS).figure == "9100 张"
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    assert editor.post(f"/commitments/{BEDS}/progress", **entry, as_of=tomorrow, figure="1").status_code == 422
    board.close()


def test_contacts_stay_sealed_until_somebody_asks_and_that_is_audited(start_console: Start) -> None:
    """A request moves on with status and note; the contact is shown once, to who asked; the CSV has none."""
    console = start_console()
    console.desk.requests.record(StaffRequest("QP-7", "complaint", "s-x", "=HYPERLINK(1)物业不管", answer_id="a-7"))
    console.desk.requests.add_contact("a-7", "13812345678")
    viewer, reviewer = console.as_role(Role.VIEWER), console.as_role(Role.REVIEWER)
    assert "13812345678" not in viewer.get("/requests/QP-7").text
    reviewer.get("/requests/QP-7")
    assert "13812345678" in reviewer.post("/requests/QP-7/contact").text
    page = reviewer.get("/requests/QP-7").text
    assert "13812345678" not in page
    version = re.search(r'name="version" value="([^"]+)"', page)[1]
    assert reviewer.post("/requests/QP-7", status="done", note="已回电", version=version).status_code == 303
    assert reviewer.post("/requests/QP-7", status="open", note="", version=version).status_code == 409
    exported = reviewer.get("/requests.csv?status=all").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in exported and "138" not in exported
    assert {"request.reveal-contact", "request.change", "requests.export"} <= set(actions(console))


def test_a_follow_up_s_candidates_are_those_of_its_context(start_console: Start) -> None:
    """First the passage that it was answered with, then what its words mean after the turn before; of a refused one, too."""
    console = start_console()
    then = next(c.id for c in console.desk.plan.ids.values() if c.kind == "baseline" and "8278" in c.quote)
    product = [c.id for c in console.desk.plan.ids.values() if "生产总值" in c.title][:2]
    alone = [TurnCandidate(identifier, 0.4) for identifier in product]
    asked = {"session": "s-follow", "candidates": alone, "step": "figure_of_then"}
    console.log_turns(
        [
            turn(40, "养老床位有多少", session="s-follow", step="weighed"),
            turn(41, "那2020年呢", citations=[then], **asked),
            turn(42, "那2020年呢", "not_in_plan", **{**asked, "session": "s-other"}),
            turn(43, "养老床位有多少", session="s-cold", step="weighed", candidates=alone),
        ]
    )
    reviewer = console.as_role(Role.REVIEWER)

    def offered(number: int) -> list[str]:
        page = reviewer.get(f"/turns/a-{number:032d}/correct").text
        return re.findall(r'<h3><a href="/commitments/(c-[0-9a-f]+)">', page)

    assert offered(41)[0] == then and BEDS in offered(41) and len(offered(41)) <= 5
    assert offered(42)[:2] == product[:2], "nothing came before it"
    assert offered(43) == product, "what was understood by itself has its own"


def test_staff_see_by_when_a_reply_is_expected_and_what_is_late(
    start_console: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day that the resident was told, on the list, the request's page and in the export; done, or at 0, nothing is due."""
    console = start_console()
    book, old = console.desk.requests, datetime(2026, 11, 2, 4, tzinfo=timezone.utc)
    book.record(StaffRequest("QP261102-AAAAA", "complaint", "s-x", "楼上漏水", created_at=old))
    book.record(StaffRequest("F261102-0001", "failed_question", "s-y", "没答成", created_at=old))
    reviewer = console.as_role(Role.REVIEWER)
    for address in ("/requests", "/requests/QP261102-AAAAA"):
        assert re.search(r'badge bad">2026-11-09 · 已过<', reviewer.get(address).text), address
    assert "2026-11-09" not in reviewer.get("/requests/F261102-0001").text, "nobody was told its number"
    assert "2026-11-09" in reviewer.get("/requests.csv").content.decode("utf-8-sig")
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "2")
    assert "2026-11-04 · 已过" in reviewer.get("/requests").text
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "0")
    assert "已过" not in reviewer.get("/requests").text
    monkeypatch.delenv("REQUEST_REPLY_DAYS")
    book.change("QP261102-AAAAA", status="done")
    assert "已过" not in reviewer.get("/requests?status=all").text


def test_a_notice_is_posted_and_ended(start_console: Start) -> None:
    """What residents' channels read is what the page wrote; the switch is one of its fields."""
    console = start_console()
    editor = console.as_role(Role.EDITOR)
    board = NoticeBoard(console.desk.settings.log_url)
    editor.get("/notices")
    assert editor.post("/notices", zh="台风来了，暂停服务", kind="emergency", answering_off="1").status_code == 303
    standing = board.standing()
    assert [(n.zh, n.answering_off, n.author) for n in standing] == [("台风来了，暂停服务", True, "test-editor")]
    assert "现在不回答问题" in editor.get("/notices").text
    assert editor.post("/notices", zh="", kind="information").status_code == 422
    assert (
        editor.post("/notices", zh="反了", starts_at="2026-05-02T00:00", ends_at="2026-05-01T00:00").status_code == 422
    )
    assert editor.post(f"/notices/{standing[0].id}/end").status_code == 303
    assert board.standing() == []
    assert [a for a in actions(console) if a.startswith("notice.")] == ["notice.post", "notice.end"]
    board.close()


def test_the_dashboard_adds_up_what_the_log_holds(start_console: Start) -> None:
    """Turns, sessions, shares, thumbs, trend; the CSV has the same days; a replaced thumb counts once."""
    earlier = [turn(n, asked_at=datetime(2026, 2, 20, 4, n, tzinfo=timezone.utc)) for n in range(4)]
    now = [turn(n + 10, outcome="answered" if n % 4 else "not_in_plan", session=f"s-{n // 2}") for n in range(8)]
    console = logged(start_console(), *earlier, *now)
    console.desk.turns.give_feedback(f"a-{11:032d}", "down")
    console.desk.triage.read_on()
    console.desk.turns.give_feedback(f"a-{11:032d}", "up")
    console.read_vote(f"a-{11:032d}", "up")
    viewer = console.as_role(Role.VIEWER)
    page = viewer.get("/dashboard?since=2026-02-25&until=2026-03-06").text
    tiles = dict(re.findall(r"<li>([^<]+)<b>([^<]+)</b>", page))
    assert (tiles["问答"], tiles["会话"], tiles["答上的"], tiles["拒答的"]) == ("8", "4", "75%", "25%")
    assert (tiles["评价里的赞"], tiles["评价"]) == ("100%", "1")
    assert "+100%" in page and "居民删掉的和过了保存期限的会话也算在内" in page
    rows = list(
        csv.DictReader(
            io.StringIO(viewer.get("/dashboard.csv?since=2026-03-01&until=2026-03-03").content.decode("utf-8-sig"))
        )
    )
    assert [(row["日期"], row["合计"]) for row in rows] == [
        ("2026-03-01", "0"),
        ("2026-03-02", "8"),
        ("2026-03-03", "0"),
    ]
    assert "2026-02" in viewer.get("/dashboard/report?month=2026-02").text
    assert viewer.get("/dashboard?since=2020-01-01&until=2026-01-01").status_code == 422
