"""What staff write beside answers: approved by an editor, live at once, taken back as fast, and told in the audit log."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from knowledge.published.corrections import LiveCorrections, NextStep
from knowledge.published.tables import read
from review.accounts.roles import Role
from review.commitments.addresses import check_page, check_public
from review.correcting.publishing import publish_missing
from review.database.columns import now
from review.database.work import StaffLineRow
from review.errors import InvalidInput
from tests.review.conftest import Console, Visitor
from tests.review.turns import turn

pytestmark = pytest.mark.slow  # consoles with the built knowledge

BEDS = "c-702f53f084"
PAGE = f"/commitments/{BEDS}"
FIRST, SECOND = "到2025年，养老院一共要有9500张床。", "养老院的床到2025年要有9500张。"
SERVICES = "https://zwdt.sh.gov.cn/qingpu"
Start = Callable[..., Console]


def live(console: Console) -> LiveCorrections:
    """What answers read now."""
    with console.desk.engine.connect() as connection:
        return read(connection)


def write(visitor: Visitor, text: str) -> int:
    """The status of writing a line in plain words."""
    visitor.get(PAGE)
    return visitor.post(f"{PAGE}/plain", plain=text).status_code


def test_a_reviewer_writes_plain_words_and_an_editor_lets_them_go_live(start_console: Start) -> None:
    """Withdrawn, the line before stands again: at last that of the release."""
    console = start_console()
    reviewer, editor = console.as_role(Role.REVIEWER), console.as_role(Role.EDITOR)
    assert write(reviewer, FIRST) == 303 and live(console).plain == {}
    assert reviewer.post(f"{PAGE}/plain/1", version="1", verdict="approved").status_code == 403
    editor.get(PAGE)
    assert editor.post(f"{PAGE}/plain/1", version="1", verdict="approved").status_code == 303
    assert live(console).plain == {BEDS: FIRST}
    assert write(editor, SECOND) == 303 and live(console).plain == {BEDS: SECOND}
    shipped = console.desk.plan.ids[BEDS].plain
    for number, version, left in ((2, "1", FIRST), (1, "2", shipped)):
        assert editor.post(f"{PAGE}/plain/{number}", version=version, verdict="withdrawn").status_code == 303
        assert live(console).plain == {BEDS: left}
    assert editor.post(f"{PAGE}/plain/1", version="3", verdict="approved").status_code == 422
    assert editor.post(f"{PAGE}/plain/1", version="1", verdict="withdrawn").status_code == 409
    told = html.unescape(re.sub(r"<[^>]+>", " ", console.as_role(Role.ADMINISTRATOR).get("/audit").text))
    for words in ("写大白话", "批准大白话", "撤下大白话", f"文字：{FIRST}", "状态：等批准 → 已批准"):
        assert words in told, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("到2025年，养老院要有9600张床。", "「9600」"),
        ("养老院的床位免费。", "「免费」"),
        ("在徐泾镇要有9500张床。", "徐泾"),
        ("到2025年，养老机构床位总数增加到9500张。", "就是规划原话"),
        ("", "不是一句 80 字以内的话"),
    ],
)
def test_a_line_that_says_more_than_the_plan_is_not_taken(console: Console, text: str, said: str) -> None:
    """The page comes again with what was typed, and names what is too much."""
    editor = console.as_role(Role.EDITOR)
    editor.get(PAGE)
    reply = editor.post(f"{PAGE}/plain", plain=text)
    assert reply.status_code == 422 and said in html.unescape(reply.text) and text in html.unescape(reply.text)
    assert live(console).plain == {}


REFUSED_HOSTS = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "127.0.0.1.", "0", "0.0.0.0"),
    *("192.168.1.1", "10.0.0.8:8443", "172.16.9.9", "169.254.169.254", "100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255"),
    *("[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fd00::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[::ffff:127.0.0.1]"),
    *("[::ffff:7f00:1]", "[64:ff9b::10.0.0.1]", "[2002:c0a8:101::1]", "[::127.0.0.1]", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1"),
    *("localhost", "intranet", "oa", "oa.", "printer.local", "oa.internal", "x.LOCALHOST", "wiki.lan", "a.corp", "1.0.168.192.in-addr.arpa"),
    *("a..cn", "-a.cn", "www.shqp.gov.cn@127.0.0.1", "127.0.0.1%2f.cn", "127.0.0.1\\.cn", "256.1.1.1", "1.2.3.4.5", "a.0x1", "[1", "a.cn:x"),
)  # fmt: skip
TAKEN_HOSTS = ("www.shqp.gov.cn", "zwdt.sh.gov.cn:8443", "a.cn", "青浦.中国", "xn--fiqs8s.cn", "local.sh.gov.cn", "[2400:3200::1]", "223.5.5.5", "www.shqp.gov.cn.")  # fmt: skip


@pytest.mark.parametrize("host", REFUSED_HOSTS)
def test_an_address_of_ones_own_network_is_no_public_page(host: str) -> None:
    """In whatever spelling a browser takes; the message says what is wrong in both languages."""
    with pytest.raises(InvalidInput, match=" / ") as refused:
        check_page(f"https://{host}/x")
    assert "居民打不开" in str(refused.value) and "residents cannot open" in str(refused.value)


@pytest.mark.parametrize("host", TAKEN_HOSTS)
def test_an_address_of_the_public_web_is_taken(host: str) -> None:
    """A number as well, and a name that is not written in Latin letters."""
    check_public(f"https://{host}/x")


def test_no_way_to_a_resident_takes_an_address_of_ones_own_network(start_console: Start) -> None:
    """Links, progress and pointers; nor is one approved that was written before."""
    console = start_console()
    console.log_turns([turn(1)])
    console.read_turns(1)
    editor, private, soon = console.as_role(Role.EDITOR), "https://192.168.1.1/", str(date.today() + timedelta(days=9))
    editor.get("/next-steps")
    for path, form in (
        ("/next-steps", {"about": "", "name": "随申办"}),
        (f"{PAGE}/progress", {"state": "reached", "figure": "", "as_of": "2024-12-31", "source": "公报"}),
        (f"/turns/a-{1:032d}/correct", {"kind": "pointer", "question": "床", "text": "看这里", "expires_on": soon}),
    ):
        reply = editor.post(path, url=private, **form)
        assert reply.status_code == 422 and "192.168.1.1 是本机、内部网或保留的地址" in reply.text, path
    with console.desk.transaction() as session:
        session.add(
            StaffLineRow(
                kind="step",
                about="",
                text="旧的",
                url=private,
                before="",
                status="pending",
                made_by="x",
                made_at=now(),
                version=1,
            )
        )
    assert editor.post("/next-steps/1", version="1", verdict="approved").status_code == 422
    assert (
        editor.post("/next-steps/1", version="1", verdict="refused").status_code == 303
        and live(console).next_steps == ()
    )


def test_where_two_people_are_needed_nobody_approves_their_own(start_console: Start) -> None:
    """A line and a link of an editor wait for another person."""
    console = start_console(two_people=True)
    editor, admin = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    assert write(editor, FIRST) == 303 and live(console) == LiveCorrections()
    assert editor.post("/next-steps", about="", name="随申办", url=SERVICES).status_code == 303
    assert editor.post(f"{PAGE}/plain/1", version="1", verdict="approved").status_code == 403
    admin.get(PAGE)
    assert admin.post(f"{PAGE}/plain/1", version="1", verdict="approved").status_code == 303
    assert admin.post("/next-steps/2", version="1", verdict="approved").status_code == 303
    assert live(console).plain == {BEDS: FIRST} and live(console).next_steps == (NextStep("随申办", SERVICES),)


def test_links_are_written_for_all_answers_a_topic_or_a_commitment(start_console: Start) -> None:
    """Only public https pages; what is withdrawn is gone; a console that starts publishes what is missing."""
    console = start_console()
    reviewer, editor = console.as_role(Role.REVIEWER), console.as_role(Role.EDITOR)
    assert "还没有链接" in editor.get("/next-steps").text
    for wrong in (
        {"about": "", "name": "随申办", "url": "http://example.org"},
        {"about": "", "name": "随申办", "url": "javascript:alert(1)"},
        {"about": "weather", "name": "天气", "url": SERVICES},
        {"about": "", "name": "长" * 25, "url": SERVICES},
    ):
        assert editor.post("/next-steps", **wrong).status_code == 422, wrong
    for about in ("", "elderly_care", BEDS):
        assert (
            editor.post("/next-steps", about=about, name=f"办事{about[:1]}", url=f"{SERVICES}/{about}").status_code
            == 303
        )
    reviewer.get("/next-steps")
    assert reviewer.post("/next-steps", about="", name="等", url=SERVICES).status_code == 303
    assert [step.about for step in live(console).next_steps] == ["", "elderly_care", BEDS]
    assert editor.post("/next-steps/1", version="1", verdict="withdrawn").status_code == 303
    assert [step.about for step in live(console).next_steps] == ["elderly_care", BEDS]
    assert "养老机构床位总数" in editor.get("/next-steps").text
    assert f"{SERVICES}/{BEDS}" in editor.get(PAGE).text
    before = live(console)
    with console.desk.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM published_correction")
    publish_missing(console.desk.engine)
    assert live(console) == before
