"""The audit log in words: what was done, to which question or name, and what changed; searchable by these."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

import review
from conversations.requests import StaffRequest
from review.accounts.audit import write_audit
from review.accounts.roles import Role
from review.commands import COMMAND_LINE
from review.correcting import corrections
from review.correcting.corrections import Correction
from review.database.people import AccountRow
from review.database.work import TriageRow
from review.pages.audit_names import ACTION_NAMES, FIELD_NAMES
from review.pages.audit_words import changes
from tests.review.conftest import SETUP, Console
from tests.review.turns import turn

BEDS = "c-702f53f084"
Start = Callable[..., Console]
MINE = select(AccountRow.id).where(AccountRow.name == "test-administrator")


def lines(page: str) -> list[str]:
    """Each entry's cells, blanks and marks left out."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    plain = (html.unescape(re.sub(r"<[^>]+>", " ", row)) for row in body.split("</tr>"))
    return [" ".join(text.split()) for text in plain if text.strip()]


@pytest.mark.slow  # a console
def test_entries_say_what_was_done_to_what_and_are_found_by_it(console: Console) -> None:
    """The question of a turn, the title of a commitment, a person's name; what a resident erases is gone here too."""
    console.desk.turns.record(turn(1, "我家门口的公园什么时候修"))
    console.desk.turns.record(turn(2, "请忘掉这句话"))
    console.desk.triage.read_all()
    admin = console.as_role(Role.ADMINISTRATOR)
    admin.get("/inbox")
    for number in (1, 2):
        with console.desk.reading() as session:
            row = session.get(TriageRow, f"a-{number:032d}")
        admin.post("/inbox", turn=f"{row.turn_id}:{row.version}", do="done")
    edited = {"title": "养老床位总数", "audience": "老人", "questions": "床位够不够住\n老了住得进去伐\n乐龄床位几张"}
    admin.post(f"/commitments/{BEDS}", version="0", **edited)
    admin.post("/users", name="zhang-san", full_name="张三", role="viewer")
    shown = lines(admin.get("/audit").text)
    assert any("标为已处理 问题 我家门口的公园什么时候修 状态：待处理 → 已处理" in line for line in shown)
    assert any("改承诺 承诺 养老机构床位总数 标题：养老机构床位总数 → 养老床位总数" in line for line in shown)
    assert any("新建账号 账号 zhang-san 用户名：zhang-san 姓名：张三 角色：查看员 停用：否" in line for line in shown)
    for text, action in (("公园", "标为已处理"), ("养老机构床位", "改承诺"), ("张三", "新建账号"), (BEDS, "改承诺")):
        found = lines(admin.get("/audit", params={"text": text}).text)
        assert len(found) == 1 and action in found[0], text
    nothing = lines(admin.get("/audit?text=%25").text)
    assert len(nothing) == 1 and "没有这样的记录。放宽条件" in nothing[0] and "清除条件" in nothing[0]
    assert len(lines(admin.get("/audit?action=turn.done").text)) == 2
    console.desk.turns.erase_session(f"s-{2:032d}")
    page = admin.get("/audit").text
    assert "请忘掉这句话" not in page and "（已删除）" in page
    assert lines(admin.get("/audit?text=请忘掉").text) == nothing


@pytest.mark.slow  # a console
def test_what_touches_a_commitment_or_a_request_is_named_and_found_by_name(start_console: Start) -> None:
    """A correction by the commitment that it leads to, a request by its text; a note is told of without its words."""
    console = start_console()
    console.log_turns([turn(1, "老人公寓够不够住")])
    console.read_turns(1)
    console.desk.requests.record(StaffRequest("QP-7", "complaint", "s-x", "电梯坏了没人修", answer_id="a-7"))
    admin = console.as_role(Role.ADMINISTRATOR)
    with console.desk.transaction() as session:
        link = Correction("link", question="老人公寓够不够住", commitment_id=BEDS)
        corrections.record(session, SETUP, link, {BEDS}, is_to_wait=False)
        write_audit(session, COMMAND_LINE, "account.reset", "account:1")
    with console.desk.reading() as session:
        row, own = session.get(TriageRow, f"a-{1:032d}"), session.scalars(MINE).one()
    admin.get("/inbox")
    admin.post("/inbox", turn=f"{row.turn_id}:{row.version}", do="take")
    version = "never"
    for status, note in (("in_progress", "派单了，张三去看"), ("done", "修好了"), ("done", "")):
        page = admin.get("/requests/QP-7").text
        version = re.search(r'name="version" value="([^"]+)"', page)[1]
        assert admin.post("/requests/QP-7", status=status, note=note, version=version).status_code == 303
    shown = "\n".join(lines(admin.get("/audit").text))
    for wanted in (
        f"承诺：养老机构床位总数（{BEDS}）",
        "处理登记 登记 QP-7 电梯坏了没人修 状态：待处理 → 处理中 处理情况：没有写 → 写了",
        "状态：处理中 → 已处理 处理情况：写了 → 改了",
        "QP-7 电梯坏了没人修 处理情况：写了 → 删去了",
        "分派给：没人 → test-administrator",
        " 命令行 重置账号",
    ):
        assert wanted in shown, wanted
    assert own and "command line" not in shown and "张三" not in shown and "修好了" not in shown
    for text, action, count in (("养老机构床位", "纠正", 1), ("电梯坏了", "处理登记", 3)):
        found = lines(admin.get("/audit", params={"text": text}).text)
        assert len(found) == count and all(action in line for line in found), text


def test_every_way_to_sign_in_and_every_aspect_has_chinese_words() -> None:
    """And a request that is done is called what its own page calls it."""
    told = changes(None, {"how": "password and recovery code", "left": 9, "aspect": "address"}, str)
    assert told == ["方式：密码和恢复码", "还剩几个恢复码：9", "问的是哪方面：具体地址"]
    assert changes(None, {"status": "done"}, str, "request") == ["状态：已处理"]
    assert changes(None, {"status": "done"}, str, "turn") == ["状态：已处理"]


def test_every_field_that_is_audited_has_a_name() -> None:
    """Of what is written down where something is audited, as it stands in the source."""
    written: set[str] = set()
    for path in Path(review.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "write_audit":
                tables = (each for given in call.args for each in ast.walk(given) if isinstance(each, ast.Dict))
                written |= {key.value for table in tables for key in table.keys if isinstance(key, ast.Constant)}
    assert len(written) > 10 and written <= set(FIELD_NAMES), written - set(FIELD_NAMES)
    of_functions = {"left", "aspect", "numbers", "added", "removed", "files", "passed", "against", "blocked_by"}
    assert of_functions | {"candidate", "knowledge", "model", "note", "minutes"} <= set(FIELD_NAMES)


def test_changes_name_fields_and_values() -> None:
    """What stayed is left out; what was added or taken away is said; an unknown field keeps its own name."""
    told = changes({"role": "viewer", "name": "a", "old": 1}, {"role": "editor", "name": "a", "tag": ""}, str)
    assert told == ["角色：查看员 → 编辑", "old：1 → –", "标签：–"]
    assert changes(None, None, str) == []


def test_every_action_that_is_audited_has_a_name() -> None:
    """Whoever audits something new says in `review/pages/audit_names.py` what it is called."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(review.__file__).parent.rglob("*.py"))
    written = set(re.findall(r'write_audit\(\s*[\w.]+,\s*[\w.()]+(?:\([^()]*\))?,\s*"([a-z_-]+\.[a-z_-]+)"', source))
    assert len(written) > 20
    assert written <= set(ACTION_NAMES), written - set(ACTION_NAMES)
