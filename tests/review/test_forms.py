"""Forms keep what was typed where something is wrong with it; what is refused otherwise can be copied; secrets never."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from conversations.requests import StaffRequest
from review.accounts.roles import Role
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
     | {"starts_at": "2026-05-02T00:00", "ends_at": "2026-05-01T00:00"}, "公告不能这样发"),
    (f"/commitments/{BEDS}", {"title": "养老床位", "audience": "老人", "questions": "只有一个", "version": "0"}, "示例问题"),
    (f"/commitments/{BEDS}/progress", {"state": "reached", "figure": "9620 张", "as_of": "2024-12-31"}
     | {"source": "公报", "url": "http://not-safe.example"}, "https"),
    ("/users", {"name": "x", "full_name": "张三" + EVIL, "role": "editor"}, "用户名"),
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


def test_what_two_people_change_at_once_can_be_copied(console: Console) -> None:
    """The second is refused, and finds the words again."""
    console.desk.turns.record(turn(1))
    console.desk.triage.read_all()
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
