"""Accounts: signing in, locking, sessions, passwords, second factor, forms, headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from conversations.requests import StaffRequest
from review.__main__ import main
from review.accounts import passwords, second_factor
from review.accounts.roles import Role
from review.accounts.sessions import ROTATE_AFTER
from review.database.columns import now
from review.database.engine import engine_for, reading
from review.database.people import AccountRow, AuditRow, SessionRow
from review.errors import InvalidInput
from tests.review.conftest import PASSWORD, Console, Visitor
from version import product_version

Start = Callable[..., Console]


def age(console: Console, name: str, **columns: timedelta) -> None:
    """Make an account's sessions older than they are."""
    with console.desk.transaction() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == name)).one()
        for row in session.scalars(select(SessionRow).where(SessionRow.account_id == account.id)):
            for column, by in columns.items():
                setattr(row, column, getattr(row, column) - by)


def last_audit(console: Console, action: str) -> AuditRow:
    """The newest audit entry of an action."""
    with console.desk.reading() as session:
        return session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id.desc())).first()


def token_of(visitor: Visitor) -> str:
    """What the session cookie holds."""
    return visitor.session.cookies.get("review_session", "")


def test_nobody_is_let_in_without_signing_in(console: Console) -> None:
    """A page asked for by a stranger leads to the sign-in form, which leads back."""
    reply = console.visitor().get("/account?x=1")
    assert reply.status_code == 303
    assert reply.headers["Location"] == "/sign-in?next=%2Faccount%3Fx%3D1"


def test_staff_read_the_version_at_the_foot_of_a_page_and_strangers_do_not(console: Console) -> None:
    """In their language."""
    page = console.as_role(Role.VIEWER).get("/account").text
    assert f"青浦民生问答 · 程序版本 {product_version()}" in page
    assert product_version() not in console.visitor().get("/sign-in").text
    console.desk.requests.record(StaffRequest("QP-5", "complaint", "s-x", "物业不管", answer_id="a-5"))
    untouched = console.as_role(Role.VIEWER).get("/requests/QP-5").text  # whose form has a version as well
    assert f"程序版本 {product_version()}</footer>" in untouched


def test_signing_in_leads_to_the_page_asked_for_but_never_elsewhere(console: Console) -> None:
    """`next` is followed inside the console only."""
    console.add_account("next-page")
    assert console.visitor().sign_in("next-page", PASSWORD, next="/account").headers["Location"] == "/account"
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "/\tevil", "javascript:alert(1)"):
        assert console.visitor().sign_in("next-page", PASSWORD, next=evil).headers["Location"] == "/inbox"


def test_wrong_name_and_wrong_password_look_the_same(console: Console) -> None:
    """The reply does not tell which names exist."""
    console.add_account("exists")
    wrong = console.visitor().sign_in("exists", "wrong password here")
    unknown = console.visitor().sign_in("unknown", "wrong password here")
    assert wrong.status_code == unknown.status_code == 403
    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", wrong.text) == hide.sub("", unknown.text)


def test_passwords_are_kept_as_argon2id(console: Console) -> None:
    """Neither the password nor a fast hash of it is in the database."""
    console.add_account("hashed")
    with console.desk.reading() as session:
        row = session.scalars(select(AccountRow).where(AccountRow.name == "hashed")).one()
    assert row.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("weak", ["short", "a" * 40, "123456123456123456", "password12345", "admin admin admin"])
def test_weak_passwords_are_refused(weak: str) -> None:
    """Short, repeated and well-known ones."""
    with pytest.raises(InvalidInput):
        passwords.check_new(weak, "somebody")


def test_a_session_cookie_is_guarded(console: Console) -> None:
    """No script reads it, no other site sends it, and over TLS it is bound to the host."""
    console.add_account("cookie")
    reply = console.visitor().sign_in("cookie", PASSWORD)
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_tls_cookies_are_secure_and_bound_to_the_host(start_console: Start) -> None:
    """With an https address the cookies carry `Secure` and the prefix `__Host-`."""
    behind_tls = start_console(public_url="https://review.example")
    reply = behind_tls.visitor().get("/sign-in")
    assert reply.headers["Set-Cookie"].startswith("__Host-review_visitor=")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert "max-age" in reply.headers["Strict-Transport-Security"]


def test_the_token_changes_at_sign_in_and_with_time(console: Console) -> None:
    """A token known before is worth nothing after; an old one is replaced, and works for half a minute more."""
    console.add_account("rotates")
    visitor = console.visitor()
    visitor.sign_in("rotates", PASSWORD)
    first = token_of(visitor)
    age(console, "rotates", rotated_at=ROTATE_AFTER + timedelta(seconds=1))
    assert visitor.get("/account").status_code == 200
    second = token_of(visitor)
    assert second and second != first
    old = console.visitor()
    old.session.cookies.set("review_session", first)
    assert old.get("/account").status_code == 200
    with console.desk.transaction() as session:
        session.execute(
            update(SessionRow)
            .where(SessionRow.replaced_at.is_not(None))
            .values(replaced_at=now() - timedelta(minutes=1))
        )
    old.session.cookies.set("review_session", first)
    assert old.get("/account").status_code == 303
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize(("column", "by"), [("seen_at", timedelta(minutes=31)), ("created_at", timedelta(hours=13))])
def test_a_session_ends_by_idleness_and_by_age(console: Console, column: str, by: timedelta) -> None:
    """Half an hour without a click, or twelve hours in all."""
    name = f"ends-{column}"
    console.add_account(name)
    visitor = console.visitor()
    visitor.sign_in(name, PASSWORD)
    age(console, name, **{column: by})
    assert visitor.get("/account").status_code == 303


def test_signing_out_ends_the_session_on_the_server(console: Console) -> None:
    """The old cookie opens nothing."""
    console.add_account("leaves")
    visitor = console.visitor()
    visitor.sign_in("leaves", PASSWORD)
    token = token_of(visitor)
    left = visitor.post("/sign-out")
    assert left.status_code == 303 and left.headers["Clear-Site-Data"] == '"cache", "storage"'
    visitor.session.cookies.set("review_session", token)
    assert visitor.get("/account").status_code == 303


def test_a_form_without_its_token_is_refused(console: Console) -> None:
    """Missing, wrong, another person's, or sent from another site: nothing happens."""
    console.add_account("forms")
    console.add_account("other-forms")
    visitor, other = console.visitor(), console.visitor()
    visitor.sign_in("forms", PASSWORD)
    other.sign_in("other-forms", PASSWORD)
    for token in ("", "wrong", other.csrf):
        assert visitor.post("/account/sessions/close", csrf=token).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert visitor.post("/account/sessions/close", headers=elsewhere).status_code == 403
    assert visitor.post("/account/sessions/close", headers={"Origin": "null"}).status_code == 403
    assert visitor.post("/account/sessions/close").status_code == 303


def test_the_sign_in_form_is_guarded_as_well(console: Console) -> None:
    """Nobody can be signed in to an attacker's account from another site."""
    console.add_account("login-csrf")
    visitor = console.visitor()
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", csrf="wrong", name="login-csrf", password=PASSWORD).status_code == 403
    assert token_of(visitor) == ""


def test_a_temporary_password_must_be_changed_first(console: Console) -> None:
    """Until then every page leads to the form for a new one; other sessions end with the change."""
    console.add_account("temporary", temporary=True)
    visitor = console.visitor()
    visitor.sign_in("temporary", PASSWORD)
    assert visitor.get("/account").headers["Location"] == "/account/password"
    visitor.get("/account/password")
    new = "一只白猫睡在窗台上晒着太阳 7"
    assert visitor.post("/account/password", old=PASSWORD, new=new, again=new).status_code == 303
    assert visitor.get("/account").status_code == 200
    assert console.visitor().sign_in("temporary", PASSWORD).status_code == 403
    assert console.visitor().sign_in("temporary", new).status_code == 303


def test_changing_the_password_ends_other_sessions(console: Console) -> None:
    """A thief who is in is thrown out."""
    console.add_account("changes")
    mine, thief = console.visitor(), console.visitor()
    mine.sign_in("changes", PASSWORD)
    thief.sign_in("changes", PASSWORD)
    mine.get("/account/password")
    new = "三月的油菜花开满了田埂 8"
    assert mine.post("/account/password", old="not the password", new=new, again=new).status_code == 403
    assert mine.post("/account/password", old=PASSWORD, new=new, again=new).status_code == 303
    assert mine.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def set_up_factor(visitor: Visitor) -> str:
    """Switch the second factor on as a person would; the secret."""
    page = visitor.get("/account/second-factor").text
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)[1]
    reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(secret).now())
    assert reply.status_code == 200, reply.text
    return secret


def test_the_second_factor_is_asked_for_and_no_code_works_twice(console: Console) -> None:
    """After the password nothing but the form for a code is open; a code seen over a shoulder is void."""
    console.add_account("factor")
    visitor = console.visitor()
    visitor.sign_in("factor", PASSWORD)
    secret = set_up_factor(visitor)
    with console.desk.reading() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "factor")).one()
    assert secret not in account.second_factor
    again = console.visitor()
    assert again.sign_in("factor", PASSWORD).headers["Location"].startswith("/second-factor")
    assert again.get("/account").headers["Location"] == "/second-factor"
    again.get("/second-factor")
    used = pyotp.HOTP(secret).at(account.second_factor_step)
    assert again.post("/second-factor", code=used).status_code == 403
    with console.desk.transaction() as session:
        session.execute(update(AccountRow).where(AccountRow.name == "factor").values(second_factor_step=0))
    before = token_of(again)
    assert again.post("/second-factor", code=pyotp.TOTP(secret).now()).status_code == 303
    assert token_of(again) != before
    assert again.get("/account").status_code == 200


def test_wrong_codes_lock_the_account(console: Console) -> None:
    """A million codes cannot be tried by one who knows the password; the owner's browser is let in all the same."""
    console.add_account("factor-lock")
    visitor = console.visitor()
    visitor.sign_in("factor-lock", PASSWORD)
    set_up_factor(visitor)
    guesser = console.visitor()
    guesser.sign_in("factor-lock", PASSWORD)
    for _ in range(4):
        assert guesser.post("/second-factor", code="000000").status_code == 403
    assert guesser.post("/second-factor", code="000000").headers["Location"] == "/sign-in?next=%2Finbox&said=shut-out"
    assert guesser.get("/second-factor").status_code == 303
    assert console.visitor().sign_in("factor-lock", PASSWORD).status_code == 429
    assert visitor.sign_in("factor-lock", PASSWORD).headers["Location"].startswith("/second-factor")


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238's test vector for SHA-1, six digits, typed with a Chinese keyboard too."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert second_factor.step_of(secret, "287082", 0, at=59) == 1
    assert second_factor.step_of(secret, "２８７ ０８２", 0, at=59) == 1
    assert second_factor.step_of(secret, "287082", 1, at=59) is None


def test_an_administrator_makes_accounts_and_takes_roles_away(console: Console) -> None:
    """A new person gets a temporary password; a role taken away ends the person's sessions; all is audited."""
    admin = console.as_role(Role.ADMINISTRATOR)
    admin.get("/users")
    page = admin.post("/users", name="新人", full_name="张新", role="editor").text
    password = re.search(r'class="secret">([^<]+)<', page)[1]
    newcomer = console.visitor()
    assert newcomer.sign_in("新人", password).status_code == 303
    with console.desk.reading() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "新人")).one()
    admin.get(f"/users/{account.id}")
    assert admin.post(f"/users/{account.id}", role="viewer", full_name="张新", version="1").status_code == 303
    assert newcomer.get("/account/password").status_code == 303
    assert newcomer.get("/account/password").headers["Location"].startswith("/sign-in")
    entry = last_audit(console, "account.change")
    assert (entry.before["role"], entry.after["role"]) == ("editor", "viewer")
    assert admin.post(f"/users/{account.id}", role="editor", full_name="", version="1").status_code == 409


def test_the_last_administrator_stays(start_console: Start) -> None:
    """Nobody can shut everyone out."""
    alone = start_console()
    admin = alone.as_role(Role.ADMINISTRATOR)
    with alone.desk.reading() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "test-administrator")).one()
    admin.get("/users")
    assert admin.post(f"/users/{account.id}", role="viewer", version="1").status_code == 422
    assert admin.post(f"/users/{account.id}", role="administrator", disabled="1", version="1").status_code == 422


def number_of(console: Console, name: str) -> int:
    """An account's id."""
    with console.desk.reading() as session:
        return session.scalars(select(AccountRow.id).where(AccountRow.name == name)).one()


@pytest.mark.parametrize("second_factor_from", [None, Role.EDITOR])
def test_an_administrator_who_was_never_there_does_not_count(
    start_console: Start, second_factor_from: Role | None
) -> None:
    """Not before she signed in, replaced her temporary password and has the second factor that is required."""
    console = start_console()
    admin = console.as_role(Role.ADMINISTRATOR)
    other = console.add_account("second", Role.ADMINISTRATOR, temporary=True)
    own = number_of(console, "test-administrator")
    console.desk.settings = replace(console.desk.settings, second_factor_from=second_factor_from)
    changes = ("", {"role": "editor"}), ("", {"role": "administrator", "disabled": "1"}), ("/reset", {})

    def refused() -> bool:
        replies = [admin.post(f"/users/{own}{path}", version="1", sure="yes", **form) for path, form in changes]
        for reply in replies:
            assert ("second" in reply.text and "请其先登录一次" in reply.text) or reply.status_code != 422
        return all(reply.status_code == 422 for reply in replies)

    def becomes(**columns: object) -> None:
        with console.desk.transaction() as session:
            session.execute(update(AccountRow).where(AccountRow.id == other).values(**columns))

    assert refused()
    becomes(signed_in_at=now())
    assert refused()
    becomes(must_change_password=False)
    if second_factor_from is not None:
        assert refused()
        becomes(second_factor="sealed")
    assert admin.post(f"/users/{own}", role="editor", version="1", sure="yes").status_code == 303
    assert admin.get("/users").headers["Location"].startswith("/sign-in")


def test_who_gives_up_her_own_rights_is_asked_first(start_console: Start) -> None:
    """On a page without scripts, which does nothing yet and repeats what was filled in; others are not asked about."""
    console = start_console()
    admin = console.as_role(Role.ADMINISTRATOR)
    other, own = console.add_account("second", Role.ADMINISTRATOR), number_of(console, "test-administrator")
    assert console.visitor().sign_in("second", PASSWORD).status_code == 303
    admin.get("/users")
    for path, form in (
        ("", {"role": "editor", "full_name": "王"}),
        ("", {"role": "administrator", "disabled": "1"}),
        ("/reset", {}),
    ):
        asked = admin.post(f"/users/{own}{path}", version="1", **form)
        assert (
            asked.status_code == 200
            and "这是您自己的账号" in asked.text
            and f'action="/users/{own}{path}"' in asked.text
        )
        for name, value in form.items():
            assert f'name="{name}" value="{value}"' in asked.text
    assert admin.post(f"/users/{own}", role="administrator", full_name="王", version="1").status_code == 303
    assert admin.post(f"/users/{other}", role="editor", version="1").status_code == 303
    again = console.add_account("third", Role.ADMINISTRATOR)
    assert console.visitor().sign_in("third", PASSWORD).status_code == 303 and again
    assert admin.post(f"/users/{own}", role="viewer", version="2", sure="yes").status_code == 303
    assert admin.get("/users").headers["Location"].startswith("/sign-in")


def test_the_audit_log_cannot_be_rewritten(console: Console) -> None:
    """The database refuses, whoever asks."""
    console.add_account("audited")
    for statement in ("UPDATE review_audit SET account = 'nobody'", "DELETE FROM review_audit"):
        with pytest.raises(DatabaseError, match="append-only"), console.desk.transaction() as session:
            session.execute(text(statement))


def test_every_page_forbids_inline_scripts_and_framing(console: Console) -> None:
    """Pages, refusals, static files and unknown addresses carry the same headers."""
    admin = console.as_role(Role.ADMINISTRATOR)
    for path in ("/account", "/sign-in", "/static/console.css", "/static/../app.py", "/nowhere", "/health"):
        headers = admin.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Server"] == "ask-qingpu"
    page = admin.get("/account").text
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|javascript:", page)


def test_the_first_administrator_is_made_on_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    """There is no default password; the command takes one, refuses a weak one, and lets one who is shut out in again."""
    import io

    url = f"sqlite:///{tmp_path}/review.sqlite"
    monkeypatch.setenv("REVIEW_URL", url)
    monkeypatch.setattr("sys.stdin", io.StringIO("admin\n"))
    assert main(["create-admin", "boss", "--password-stdin"]) == 1
    monkeypatch.setattr("getpass.getpass", lambda _prompt: (_ for _ in ()).throw(EOFError))
    assert main(["create-admin", "boss"]) == 1 and "--password-stdin" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["create-admin", "boss", "--password-stdin"]) == 0
    assert main(["reset", "boss"]) == 0
    assert "temporary password" in capsys.readouterr().out
    engine = engine_for(url)
    with reading(engine) as session:
        account = session.scalars(select(AccountRow)).one()
        assert (account.role, account.must_change_password) == ("administrator", True)
        assert [row.action for row in session.scalars(select(AuditRow))] == ["account.make", "account.reset"]
    engine.dispose()
