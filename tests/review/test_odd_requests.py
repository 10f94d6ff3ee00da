"""Nothing that stands in an address, a form or a header is a failure of ours: it is found, refused, or not there."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

import review
from review.accounts import book
from review.accounts.roles import Role
from review.typed import MAX_NUMBER, day, key_moment, month, whole_number
from tests.review.conftest import PASSWORD, PATIENCE_S, SETUP, Console, Visitor
from tests.review.test_auth_matrix import MATRIX
from tests.review.turns import turn

ODD = (
    *("9" * 30, "9" * 5000, "2147483648", "9223372036854775808", "0", "-1", "1e999", "NaN", "٣", "２", "²"),
    *("%00", "%ED%A0%80", "%FF%FE", "a" * 3000, "'\"><;--", "0001-01-01", "9999-12-31", "2026-02-30", "9999-12", "1-1"),
    *("1|0001-01-01T00:00|x", "9999-12-31T23:59:59%2B14:00|x", "nan|2026-01-01T00:00|x", "..%2F..", "%7B%7B7*7%7D%7D"),
)
NAMES = (
    *("page", "before", "after", "since", "until", "month", "text", "q", "topic", "kind", "status", "order", "reason"),
    *("assigned", "turn", "back", "next", "said", "account", "action", "target", "intent", "channel", "outcome", "tag"),
    *(
        "feedback",
        "confidence",
        "place",
        "version",
        "verdict",
        "expires_on",
        "as_of",
        "starts_at",
        "ends_at",
        "chosen",
        "to",
    ),
    *("share", "title", "name", "role", "csrf", "old", "new", "password", "code", "commitment_id", "question", "state"),
)
LEFT_ALONE = {"/sign-out", "/account/sessions/close", "/training", "/releases"}  # what they do is tested elsewhere


def addresses(method: str) -> Iterator[str]:
    """Of every route of a method; each number of an address also as numbers that no row has."""
    for (each, route), (_, address) in MATRIX.items():
        if each == method and not (method == "POST" and address in LEFT_ALONE):
            yield address
            if "{" in route:
                head, _, last = address.rpartition("/")
                yield from (f"{head}/{odd}" for odd in ODD)
                yield from (address.replace("/9", f"/{odd}") for odd in ODD if "/9" in address and last != "9")


def administrator(console: Console) -> Visitor:
    """Who may do everything."""
    return console.as_role(Role.ADMINISTRATOR)


def test_odd_addresses_are_no_failure_of_ours(console: Console) -> None:
    """Every page, every route that takes a form, with ids that no row has."""
    visitor = administrator(console)
    for address in addresses("GET"):
        assert visitor.get(address).status_code < 500, address[:80]
    for address in addresses("POST"):
        visitor.get("/account")
        assert visitor.post(address).status_code < 500, address


def test_odd_values_are_no_failure_of_ours(console: Console) -> None:
    """In the query of every page, one name at a time, the values in turn."""
    visitor, odd = administrator(console), random.Random(1)
    for address in {address for (method, _), (_, address) in MATRIX.items() if method == "GET"}:
        for name in NAMES:
            value = odd.choice(ODD)
            assert visitor.get(f"{address}?{name}={value}").status_code < 500, (address, name, value)


def test_odd_forms_are_no_failure_of_ours(console: Console) -> None:
    """Every field in every form, one value in all of them."""
    visitor = administrator(console)
    for address in [address for (m, _), (_, address) in MATRIX.items() if m == "POST" and address not in LEFT_ALONE]:
        for value in ODD[::3]:
            visitor.get("/account")
            body = "&".join(
                [f"csrf={quote_plus(visitor.csrf)}", *(f"{name}={value}" for name in NAMES if name != "csrf")]
            )
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            reply = visitor.session.post(
                console.address + address, data=body, headers=headers, allow_redirects=False, timeout=PATIENCE_S
            )
            assert reply.status_code < 500, (address, value)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"csrf=\xff\xfe&name=\xff"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"csrf=a"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"csrf=a"),
        ("multipart/form-data", b"csrf=a"),
        ("multipart/form-data; boundary=x", b"--y"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="f"\r\n\r\na\r\n--x--',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
        ("text/plain", b"\x00"),
    ],
)
def test_odd_bodies_are_no_failure_of_ours(console: Console, kind: str, body: bytes) -> None:
    """Bytes that are no text, charsets that are none, parts without an end: a refusal, as a page."""
    visitor = console.visitor()
    for path in ("/sign-in", "/inbox"):
        headers = {"Content-Type": kind}
        reply = visitor.session.post(
            console.address + path, data=body, headers=headers, allow_redirects=False, timeout=PATIENCE_S
        )
        assert 400 <= reply.status_code < 500, (path, reply.status_code)
        assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize("origin", ["http://[", "null", "http://%", "//", "http://[::1", ""])
def test_odd_origins_are_refused(console: Console, origin: str) -> None:
    """The form is not ours."""
    visitor = console.visitor()
    visitor.get("/sign-in")
    reply = visitor.post("/sign-in", headers={"Origin": origin}, name="nobody", password="wrong")
    assert reply.status_code == 403


def test_numbers_and_days_have_their_bounds() -> None:
    """Those that every database and every time zone takes."""
    assert whole_number(str(MAX_NUMBER)) == MAX_NUMBER and whole_number("０７") == 7
    assert [whole_number(text) for text in (str(MAX_NUMBER + 1), "9" * 5000, "-1", "²", "")] == [None] * 5
    assert day("") is None and month("") is None
    assert str(day("2026-06-30")) == "2026-06-30" and str(month("2026-05")) == "2026-05-01"
    assert key_moment("2026-06-30T18:00:00+08:00").isoformat() == "2026-06-30T10:00:00+00:00"


WRONG: list[tuple[str, dict[str, str], str, str]] = [  # page, what its address asks for, and what it says of that
    ("/inbox", {"topic": "bogus"}, "“主题”不能是“bogus”。可以选：", "“Topic” cannot be “bogus”"),
    ("/inbox", {"outcome": "x"}, "“答复”不能是“x”", "cannot be “x”"),
    ("/inbox", {"order": "zz"}, "最值得看的在前、最新的在前", "Choose one of"),
    ("/inbox", {"status": "zz"}, "待处理、已处理、全部", "“Status”"),
    ("/inbox", {"confidence": "9"}, "“把握”", "Choose one of"),
    ("/inbox", {"feedback": "9"}, "踩、赞、没评", "Choose one of"),
    ("/inbox", {"reason": "999"}, "“原因”", "Choose one of"),
    ("/inbox", {"channel": "pigeon"}, "“渠道”里没有“pigeon”", "choose from the form"),
    ("/inbox", {"tag": "没有过"}, "“标签”里没有“没有过”", "choose from the form"),
    ("/inbox", {"assigned": "999"}, "“分派给”里没有“999”", "choose from the form"),
    ("/inbox", {"since": "9999-12-31"}, "“从”的“9999-12-31”要在 2000-01-01 到 2200-12-31 之间", "has to lie between"),
    ("/inbox", {"until": "0001-01-01"}, "“到”的“0001-01-01”要在 2000-01-01 到", "has to lie between"),
    ("/inbox", {"until": "昨天"}, "“到”的“昨天”不是一个日期", "is no date"),
    ("/inbox", {"since": "2026-05-02", "until": "2026-05-01"}, "“从”（2026-05-02）比“到”（2026-05-01）晚", "is later than"),
    ("/inbox", {"text": "长" * 61}, "“问题里有”最多 60 个字，这里有 61 个", "at most 60"),
    ("/inbox", {"after": "odd"}, "“翻页”的“odd”不是这个列表里的一页", "is no page of this list"),
    ("/requests", {"status": "zz"}, "待处理、处理中、已处理、全部", "“Status”"),
    ("/requests", {"kind": "zz"}, "“种类”不能是“zz”", "Choose one of"),
    ("/requests", {"text": "长" * 61}, "“编号或内容”最多 60 个字", "at most 60"),
    ("/requests", {"after": "odd"}, "不是这个列表里的一页", "is no page of this list"),
    ("/topics", {"intent": "zz"}, "“现在属于”不能是“zz”", "Choose one of"),
    ("/topics", {"page": "99999"}, "没有第 99999 页", "no page 99999"),
    ("/commitments", {"topic": "zz"}, "“主题”不能是“zz”", "Choose one of"),
    ("/commitments", {"kind": "zz"}, "“种类”不能是“zz”。可以选：目标、", "Choose one of"),
    ("/commitments", {"order": "zz"}, "规划里的顺序、问得多的在前", "Choose one of"),
    ("/commitments", {"page": "zz"}, "没有第 zz 页", "no page zz"),
    ("/audit", {"account": "没有人叫这个"}, "“人”里没有“没有人叫这个”", "choose from the form"),
    ("/audit", {"action": "zz"}, "“动作”不能是“zz”", "Choose one of"),
    ("/audit", {"target": "zz:1"}, "“对象”里没有“zz:1”", "choose from the form"),
    ("/audit", {"before": "zz"}, "“翻页”不能是“zz”", "the page's own links"),
    ("/corrections", {"state": "zz"}, "“现在怎样”不能是“zz”", "Choose one of"),
    ("/corrections", {"kind": "zz"}, "“哪一种”不能是“zz”", "Choose one of"),
    ("/corrections", {"status": "zz"}, "等批准、已批准、已退回、已撤下", "Choose one of"),
    ("/corrections", {"number": "zz"}, "“编号”不能是“zz”", "is a number"),
    ("/corrections", {"group": "w-9"}, "“一组里的纠正”里没有“w-9”", "choose from the form"),
    ("/corrections", {"text": "长" * 61}, "最多 60 个字", "at most 60"),
    ("/dashboard", {"since": "1900-01-01"}, "“从”的“1900-01-01”要在 2000-01-01 到", "has to lie between"),
    ("/dashboard", {"since": "2026-05-02", "until": "2026-05-01"}, "比“到”（2026-05-01）晚", "is later than"),
    ("/dashboard", {"since": "2020-01-01", "until": "2026-05-01"}, "一次最多看 400 天", "at most 400"),
    ("/dashboard/report", {"month": "9999-12"}, "“月份”的“9999-12”要在 2000-01 到 2200-12 之间", "has to lie between"),
    ("/dashboard/report", {"month": "五月"}, "不是一个月份", "is no month"),
]  # fmt: skip
KEPT = {"/inbox": {"outcome": "handoff"}, "/requests": {"kind": "complaint"}, "/commitments": {"kind": "target"}} | {
    "/audit": {"action": "turn.done"},
    "/corrections": {"kind": "silent"},
}


@pytest.fixture(scope="module")
def calm(start_console: Callable[..., Console]) -> Console:
    """A console at which nobody is signed out by an odd form meanwhile."""
    return start_console()


def test_what_an_address_cannot_ask_for_is_told_on_the_page_itself(calm: Console) -> None:
    """By the field's label, with what is allowed, in both languages; the other filters hold, nothing is ignored in silence."""
    visitor = administrator(calm)
    calm.desk.turns.record(turn(1))
    with calm.desk.transaction() as session:
        book.make_account(session, SETUP, "somebody", "", Role.VIEWER, PASSWORD, temporary=False)
    for page, wrong, chinese, english in WRONG:
        kept = {name: value for name, value in KEPT.get(page, {}).items() if name not in wrong}
        reply = visitor.get(page, params={**kept, **wrong})
        shown = html.unescape(reply.text)
        assert reply.status_code == 422 and chinese in shown and "按其余条件" in shown, (page, wrong)
        for value in kept.values():
            assert f'value="{value}" selected' in reply.text, (page, wrong)
        name, value = next(iter(wrong.items()))
        assert f"{name}={quote_plus(value)}" not in reply.text, (page, wrong)
        visitor.session.cookies.set("review_language", "en")
        told = html.unescape(visitor.get(page, params={**kept, **wrong}).text)
        visitor.session.cookies.pop("review_language")
        assert english in told, (page, wrong)
        assert visitor.get(page, params=kept).status_code == 200


def test_a_file_is_not_made_of_what_cannot_be_asked_for(calm: Console) -> None:
    """The refusal names the field, and leads back to the page."""
    visitor = administrator(calm)
    for path in ("/requests.csv?status=zz", "/audit.xlsx?action=zz", "/dashboard.csv?since=9999-12-31"):
        page = path.partition(".")[0]
        reply = visitor.get(path, headers={"Referer": f"{calm.address}{page}"})
        assert reply.status_code == 422 and f'href="{page}"' in reply.text
        assert "不能是" in reply.text or "要在" in reply.text


def test_an_address_that_is_too_long_gets_a_page_that_says_so(calm: Console) -> None:
    """In both languages, with a way to the page without conditions; no search of a form can come to that."""
    reply = administrator(calm).get(f"/inbox?text={'长' * 3000}")
    assert reply.status_code == 414 and "网址太长" in reply.text and 'href="/inbox"' in reply.text
    stranger = calm.visitor()
    stranger.session.cookies.set("review_language", "en")
    assert "this address is too long" in stranger.get(f"/requests?text={'a' * 20000}").text
    folder = Path(review.__file__).parent / "templates"
    for path in folder.glob("*.html"):
        for form in re.findall(r'<form method="get".*?</form>', path.read_text(encoding="utf-8"), re.S):
            typed = [
                each
                for each in re.findall(r"<input[^>]*>", form)
                if not re.search(r'type="(hidden|date|month|checkbox)"', each)
            ]
            assert all("maxlength" in each for each in typed), path.name
