"""Forms keep what was typed where something is wrong with it; what is refused otherwise can be copied; secrets never."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import review
from conversations.requests import StaffRequest
from review.accounts.roles import Role
from review.database.columns import now
from review.database.work import GroupRow
from review.labels import FIELD_LABELS
from review.unanswered.grouping import WORK
from review.visit import NOT_TYPED
from tests.review.conftest import Console
from tests.review.turns import turn

BEDS = "c-702f53f084"
EVIL = '"><script>alert(1)</script>'
pytestmark = pytest.mark.slow  # a console


def fields(page: str) -> dict[str, str]:
    """Name → value of every field on a page, in any form; of a choice the chosen one."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        named, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if named and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(named[1], html.unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("/notices", {"zh": "反了" + EVIL, "en": "wrong way", "kind": "emergency", "answering_off": "1"}
     | {"starts_at": "2026-05-02T00:00", "ends_at": "2026-05-01T00:00"}, "公告不能这样发：“结束”结束时间不晚于开始时间"),
    (f"/commitments/{BEDS}", {"title": "养老床位", "audience": "老人", "questions": "只有一个", "version": "0"}, "示例问题"),
    (f"/commitments/{BEDS}/progress", {"state": "reached", "figure": "9620 张", "as_of": "2024-12-31"}
     | {"source": "公报", "url": "http://not-safe.example"}, "https"),
    ("/users", {"name": "x", "full_name": "张三" + EVIL, "role": "editor"}, "用户名"),
    ("/danger/fire", {"numbers": "119", "zh": "快跑", "en": "Run" + "!" * 6000}, "6003 字"),
    ("/requests/QP-9", {"status": "odd", "note": "写了很久的处理情况", "version": "?"}, "状态"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "typed", "why"), REFUSED, ids=[path for path, _, _ in REFUSED])
def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
    console: Console, path: str, typed: dict[str, str], why: str
) -> None:
    """On its own page, which says what is wrong; nothing typed runs."""
    if "QP-9" in path and not console.desk.requests.open_requests():
        console.desk.requests.record(StaffRequest("QP-9", "complaint", "s-x", "物业不管", answer_id="a-9"))
    admin = console.as_role(Role.ADMINISTRATOR)
    admin.get("/account")
    reply = admin.post(path, **typed)
    assert reply.status_code == 422 and "您填的还在下面" in reply.text and "<script>alert" not in reply.text
    assert why in html.unescape(re.search(r'class="problem" role="alert">([^<]+)<', reply.text)[1])
    shown = fields(reply.text)
    wanted = {name: value for name, value in typed.items() if (name, value) != ("status", "odd")}
    assert {name: shown.get(name) for name in wanted} == wanted


TURN = f"a-{1:032d}"
CORRECT = f"/turns/{TURN}/correct"
OF_A_TURN: list[tuple[str, dict[str, str], str]] = [
    (CORRECT, {"kind": "pointer", "text": "我写的长指引" + EVIL, "url": "ftp://x", "expires_on": "2027-01-01"}, "https"),
    (CORRECT, {"kind": "word", "word": "大锅 饭", "means": "食堂", "word_kind": "dialect"}, "没有空格"),
    (CORRECT, {"kind": "link", "rewritten": "yes", "question": "长" * 201, "commitment_id": BEDS, "q": "养老床位"}, "200 个字"),
    (CORRECT, {"kind": "silent", "aspect": "address", "question": " "}, "问题 1 到"),
    (f"/turns/{TURN}/notes", {"text": "写了很久的备注" * 150}, "“备注”有 1050 字"),
    ("/inbox", {"turn": f"{TURN}:1", "do": "tag", "tag": "红,绿", "back": f"/conversations/s-{1:032d}"}, "标签 1 到"),
    ("/inbox", {"turn": f"{TURN}:1", "do": "tag", "tag": "红,绿", "back": "/inbox?status=all&topic=elderly_care"}, "标签 1 到"),
]  # fmt: skip


@pytest.fixture
def one_turn(start_console: Callable[..., Console]) -> Console:
    """A console of its own with a turn in its inbox."""
    found = start_console()
    found.log_turns([turn(1)])
    found.read_turns(1)
    return found


def test_forms_about_a_turn_come_back_filled_in(one_turn: Console) -> None:
    """On the page that they stood on, with its search or filter; its links and its language lead to that page again."""
    reviewer = one_turn.as_role(Role.REVIEWER)
    for path, typed, why in OF_A_TURN:
        reviewer.get("/account")
        reply = reviewer.post(path, **({"back": "/inbox?status=all", "question": "养老床位有多少"} | typed))
        page = html.unescape(reply.text)
        assert reply.status_code == 422 and "您填的还在下面" in page, (path, typed)
        assert why in page.split('role="alert">')[1].split("<br>")[0] and "<script>alert" not in reply.text, why
        values = re.findall(r'value="([^"]*)"', reply.text) + re.findall(r">([^<]*)</textarea>", reply.text)
        shown, wrote_by_the_page = set(map(html.unescape, values)), {"kind", "rewritten", "do", "back"}
        wanted = {value for name, value in typed.items() if name not in wrote_by_the_page and value.strip()}
        assert wanted <= shown, (path, wanted - shown)
        for name in ("aspect", "word_kind"):
            assert name not in typed or f'value="{typed[name]}" selected' in reply.text
        there = re.search(r'href="/language/en\?next=([^"]*)"', reply.text)[1]
        assert reviewer.get(unquote(there)).status_code == 200, there
    assert "养老床位" in reply.text and 'value="elderly_care" selected' in reply.text and " checked" in reply.text


def test_the_forms_of_a_group_come_back_filled_in(one_turn: Console) -> None:
    """With the search that they stood under, and with what was to be left out."""
    group = {"id": "w-abc", "kind": WORK, "made_at": now(), "days": 9, "size": 1, "sessions": 1, "typical": TURN}
    with one_turn.desk.transaction() as session:
        session.add(GroupRow(**group, turns=[TURN]))
    reviewer = one_turn.as_role(Role.REVIEWER)
    reviewer.get("/unanswered/w-abc")
    pointer = {
        "kind": "pointer",
        "text": "我写的指引",
        "url": "https://oa/x",
        "expires_on": "2027-01-01",
        "q": "养老床位",
    }
    reply = reviewer.post("/unanswered/w-abc", question="养老床位有多少", **pointer)
    assert reply.status_code == 422 and "单位内部网的名字" in reply.text
    again = fields(reply.text)
    assert {name: again[name] for name in ("text", "url", "expires_on", "q")} == {
        n: pointer[n] for n in ("text", "url", "expires_on", "q")
    }
    left = reviewer.post("/unanswered/w-abc", question="x", rewritten="yes", kind="silent", without=TURN, q="")
    assert left.status_code == 422 and f'name="without" value="{TURN}" checked' in left.text


def test_who_comes_too_late_finds_her_form_beside_what_is_stored(one_turn: Console) -> None:
    """And may put hers in its place, having seen the other."""
    one_turn.desk.requests.record(StaffRequest("QP-8", "complaint", "s-x", "物业不管", answer_id="a-8"))
    reviewer, editor = one_turn.as_role(Role.REVIEWER), one_turn.as_role(Role.EDITOR)
    reviewer.get("/requests/QP-8"), editor.get("/requests/QP-8")
    assert editor.post("/requests/QP-8", status="in_progress", note="先到的话", version="never").status_code == 303
    late = reviewer.post("/requests/QP-8", status="done", note="后到的话", version="never")
    assert late.status_code == 409 and "同事刚改过" in late.text and "先到的话" in late.text
    again = fields(late.text)
    assert (again["note"], again["status"]) == ("后到的话", "done") and again["version"] != "never"
    assert reviewer.post("/requests/QP-8", **{**again, "csrf": reviewer.csrf}).status_code == 303


def test_who_words_a_danger_reply_too_late_finds_hers_beside_what_is_stored(console: Console) -> None:
    """The lines that a colleague saved meanwhile, and those that were typed, in their fields."""
    editor, page = console.as_role(Role.EDITOR), "/danger/gas"
    seen = fields(editor.get(page).text)
    typed = {**{name: seen[name] for name in ("seen", "numbers", "en")}, "zh": seen["zh"] + "\n到楼下等"}
    assert editor.post(page, **{**typed, "zh": seen["zh"] + "\n别开灯"}).status_code == 303
    late = editor.post(page, **typed)
    assert late.status_code == 409 and "现在存着的" in late.text and "别开灯" in late.text
    assert fields(late.text)["zh"].endswith("到楼下等")


def test_what_comes_to_nothing_is_told_by_the_names_of_its_fields_with_a_way_back(one_turn: Console) -> None:
    """Where no page of a form can be shown again."""
    editor = one_turn.as_role(Role.EDITOR)
    editor.get("/inbox")
    page = f"{one_turn.address}/inbox?status=all"
    reply = editor.post("/inbox/filters", headers={"Referer": page}, query="status=all", name="养老" * 3000)
    assert reply.status_code == 422 and "“把这个筛选存为”有 6000 字" in html.unescape(reply.text)
    assert ">把这个筛选存为</label>" in reply.text and 'href="/inbox?status=all"' in reply.text
    assert ">name<" not in reply.text
    for strange in ("https://evil.example/x", "http://[", "javascript:alert(1)", f"{one_turn.address}//evil.example"):
        reply = editor.post("/inbox/filters", headers={"Referer": strange}, name="x" * 5000)
        assert reply.status_code == 422 and "evil" not in reply.text and "回到刚才那一页" not in reply.text


def test_every_field_that_is_typed_in_has_a_label() -> None:
    """Whoever adds a field says in `review/labels.py` what it is called."""
    templates = [
        path.read_text(encoding="utf-8") for path in (Path(review.__file__).parent / "templates").glob("*.html")
    ]
    names = {
        name for text in templates for name in re.findall(r'<(?:textarea|select|input)[^>]* name="([a-z_]+)"', text)
    }
    names |= {name for text in templates for name in re.findall(r'parts\.field\("([a-z_]+)"', text)}
    filters = {"action", "account", "assigned", "channel", "confidence", "feedback", "group", "kind", "mine", "month"}
    filters |= {"order", "outcome", "since", "until", "topic", "target", "show", "id", "without", "file", "do"}
    secrets = {"again", "new", "old", "password", "proof", "sealed", "next", "sure", "answering_off", "disabled"}
    assert names - filters - secrets - NOT_TYPED <= set(FIELD_LABELS), names - set(FIELD_LABELS)


def test_what_two_people_change_at_once_can_be_copied(console: Console) -> None:
    """The second is refused, and finds the words again."""
    editor = console.as_role(Role.EDITOR)
    editor.get(f"/commitments/{BEDS}")
    edited: dict[str, Any] = {
        "title": "床位总数",
        "audience": "老人",
        "questions": "床位够不够住\n老了住得进去伐\n乐龄床位几张",
    }
    assert editor.post(f"/commitments/{BEDS}", version="0", **edited).status_code == 303
    late = editor.post(f"/commitments/{BEDS}", version="0", **edited)
    assert late.status_code == 409 and "乐龄床位几张</textarea>" in late.text
    refused = editor.post("/turns/a-none/notes", text="写了很久的备注" + EVIL)
    assert refused.status_code == 404 and "写了很久的备注" in refused.text and "<script>alert" not in refused.text


def test_secrets_are_never_shown_again(console: Console) -> None:
    """Not where a password is refused, whoever typed it."""
    editor = console.as_role(Role.EDITOR)
    editor.get("/account/password")
    reply = editor.post("/account/password", old="我的旧密码 123456", new="短", again="短")
    assert reply.status_code in (403, 422) and "我的旧密码" not in reply.text
    stranger = console.visitor()
    stranger.get("/sign-in")
    assert "下雨天" not in stranger.post("/sign-in", name="nobody", password="下雨天记得带伞").text
