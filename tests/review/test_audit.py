"""The audit log in words: what was done, to which question or name, and what changed; searchable by these."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

import review
from review.accounts.roles import Role
from review.database.work import TriageRow
from review.pages.audit_names import ACTION_NAMES
from review.pages.audit_words import changes
from tests.review.conftest import Console
from tests.review.turns import turn

BEDS = "c-702f53f084"


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
    assert lines(admin.get("/audit?text=%25").text) == ["没有记录"]
    assert len(lines(admin.get("/audit?action=turn.done").text)) == 2
    console.desk.turns.erase_session(f"s-{2:032d}")
    page = admin.get("/audit").text
    assert "请忘掉这句话" not in page and "（已删除）" in page
    assert lines(admin.get("/audit?text=请忘掉").text) == ["没有记录"]


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
