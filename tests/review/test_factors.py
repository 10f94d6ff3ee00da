"""The second factor: proven before it is replaced or switched off, recovery codes, and who has to have one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from review.accounts import recovery
from review.accounts.roles import Role
from review.database.columns import now
from review.database.people import AccountRow, AuditRow, RecoveryCodeRow, SessionRow
from review.settings import Settings
from settings.errors import SettingWrong
from settings.review import REVIEW_SECOND_FACTOR_FROM
from tests.review.conftest import PASSWORD, Console, Visitor

Start = Callable[..., Console]


@pytest.fixture(scope="module")
def console(start_console: Start) -> Console:
    """A console as it is by default: editors and administrators need a second factor."""
    return start_console(second_factor_from=Settings().second_factor_from, lock_after=3)


def offered(visitor: Visitor) -> tuple[str, str]:
    """A fresh secret, and what the form sends of it."""
    page = visitor.get("/account/second-factor").text
    return re.search(r'class="secret">([A-Z2-7]+)<', page)[1], re.search(r'name="sealed" value="([^"]+)"', page)[1]


def codes_of(page: str) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r'class="secret">([a-z2-9-]{19})<', page)


def with_factor(console: Console, name: str, role: Role = Role.REVIEWER) -> tuple[Visitor, str, list[str]]:
    """Somebody signed in who has just set up a second factor; the secret and the recovery codes."""
    console.add_account(name, role)
    visitor = console.visitor()
    visitor.sign_in(name, PASSWORD)
    secret, sealed = offered(visitor)
    reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(secret).now())
    assert reply.status_code == 200, reply.text
    later(console, name)
    return visitor, secret, codes_of(reply.text)


def later(console: Console, name: str) -> None:
    """As if half a minute had passed: the code of the moment was not used yet."""
    with console.desk.transaction() as session:
        session.execute(update(AccountRow).where(AccountRow.name == name).values(second_factor_step=0))


def account(console: Console, name: str) -> AccountRow:
    """The account's row."""
    with console.desk.reading() as session:
        return session.scalars(select(AccountRow).where(AccountRow.name == name)).one()


def audit(console: Console, action: str, name: str) -> list[dict[str, object] | None]:
    """What the audit log has after each such action of a person."""
    with console.desk.reading() as session:
        query = select(AuditRow).where(AuditRow.action == action, AuditRow.account == name).order_by(AuditRow.id)
        return [row.after for row in session.scalars(query)]


def test_editors_and_above_are_led_to_set_one_up_and_go_on(console: Console) -> None:
    """An account from before has none: it is not locked out, and reaches nothing else until it has one."""
    for role in Role:
        visitor = console.visitor()
        visitor.sign_in(f"test-{role.value}", PASSWORD)
        led = visitor.get("/account").headers.get("Location") == "/account/second-factor"
        assert led == role.may_act_as(Role.EDITOR), role
    visitor, _, codes = with_factor(console, "a-new-editor", Role.EDITOR)
    assert visitor.get("/account").status_code == 200 and len(set(codes)) == recovery.CODES
    assert visitor.post("/sign-out").status_code == 303  # the page of the codes had a form token that holds


@pytest.mark.parametrize(
    ("given", "least"),
    [
        ("", "editor"),
        ("Viewer", "viewer"),
        ("nobody", None),
        ("1", "viewer"),
        ("0", None),
        ("administrator", "administrator"),
    ],
)
def test_who_needs_one_can_be_set(monkeypatch: pytest.MonkeyPatch, given: str, least: str | None) -> None:
    """The variable from before, a switch, holds as well."""
    monkeypatch.delenv("REVIEW_SECOND_FACTOR_FROM", raising=False)
    older = given in ("0", "1")
    monkeypatch.setenv("REVIEW_REQUIRE_SECOND_FACTOR" if older else "REVIEW_SECOND_FACTOR_FROM", given)
    assert Settings.from_environment().second_factor_from == (Role(least) if least else None)


def test_a_role_that_nobody_has_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what may stand there."""
    monkeypatch.setenv("REVIEW_SECOND_FACTOR_FROM", "boss")
    with pytest.raises(SettingWrong, match=r"REVIEW_SECOND_FACTOR_FROM.*viewer.*nobody"):
        REVIEW_SECOND_FACTOR_FROM.read()


def test_a_higher_role_asks_for_it_at_once(console: Console) -> None:
    """Whoever is made an editor signs in again."""
    console.add_account("promoted")
    visitor = console.visitor()
    visitor.sign_in("promoted", PASSWORD)
    admin, _, _ = with_factor(console, "the-boss", Role.ADMINISTRATOR)
    admin.get("/users")
    number = account(console, "promoted").id
    assert admin.post(f"/users/{number}", role="editor", full_name="", version="1").status_code == 303
    assert visitor.get("/account").headers["Location"].startswith("/sign-in")
    visitor.sign_in("promoted", PASSWORD)
    assert visitor.get("/inbox").headers["Location"] == "/account/second-factor"


def test_another_phone_needs_the_present_one(console: Console) -> None:
    """Whoever has the session alone cannot put in a phone of theirs; with the old code it is replaced, once."""
    visitor, old, codes = with_factor(console, "another-phone")
    sealed_before = account(console, "another-phone").second_factor
    new, sealed = offered(visitor)
    for proof in ("", "abcd-efgh-jkmn-pqrs"):
        reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(new).now(), proof=proof)
        assert reply.status_code == 403 and "现在的验证码或恢复码不对" in reply.text
    assert account(console, "another-phone").second_factor == sealed_before
    proof = pyotp.TOTP(old).now()
    reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(new).now(), proof=proof)
    assert reply.status_code == 200 and set(codes_of(reply.text)).isdisjoint(codes)
    assert account(console, "another-phone").second_factor != sealed_before


def test_a_lost_phone_is_replaced_with_a_recovery_code(console: Console) -> None:
    """Signed in by one, another proves the new phone; typed in capitals, with blanks, full-width."""
    _, _, codes = with_factor(console, "lost-phone")
    visitor = console.visitor()
    visitor.sign_in("lost-phone", PASSWORD)
    reply = visitor.post("/second-factor", code=codes[0].upper().replace("-", " "))
    assert reply.headers["Location"] == "/account?said=recovery-code-used"
    assert f"没用过的恢复码：{recovery.CODES - 1}" in visitor.get("/account").text
    new, sealed = offered(visitor)
    wide = codes[1].translate({ord(c): ord(c) + 0xFEE0 for c in codes[1] if c != "-"})
    reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(new).now(), proof=wide)
    assert reply.status_code == 200
    assert audit(console, "account.use-recovery-code", "lost-phone") == [{"left": 9}, {"left": 8}]
    assert audit(console, "account.sign-in", "lost-phone")[-1] == {"how": "password and recovery code"}


def test_a_recovery_code_works_once_and_only_for_its_account(console: Console) -> None:
    """Used, void and another's are wrong codes, which count."""
    visitor, secret, codes = with_factor(console, "codes-once")
    _, _, others = with_factor(console, "codes-other")
    again = console.visitor()
    again.sign_in("codes-once", PASSWORD)
    assert again.post("/second-factor", code=codes[0]).status_code == 303
    visitor.get("/account")
    fresh = codes_of(visitor.post("/account/recovery-codes", proof=pyotp.TOTP(secret).now()).text)
    assert len(fresh) == recovery.CODES and set(fresh).isdisjoint(codes)
    third = console.visitor()
    third.sign_in("codes-once", PASSWORD)
    assert third.post("/second-factor", code=codes[0]).status_code == 403
    assert third.post("/second-factor", code=codes[1]).status_code == 403
    assert "said=shut-out" in third.post("/second-factor", code=others[0]).headers["Location"]


def test_only_hashes_of_the_codes_are_kept(console: Console) -> None:
    """Neither the database nor the audit log has a code; the page is not stored."""
    visitor, secret, codes = with_factor(console, "hashes-only")
    visitor.get("/account")
    reply = visitor.post("/account/recovery-codes", proof=pyotp.TOTP(secret).now())
    assert reply.headers["Cache-Control"] == "no-store"
    with console.desk.reading() as session:
        kept = [row.code_hash for row in session.scalars(select(RecoveryCodeRow))]
        told = "".join(str(row.after) for row in session.scalars(select(AuditRow)))
    assert all(len(each) == 64 for each in kept)
    assert not any(code in told or code in kept for code in (*codes, *codes_of(reply.text)))
    assert not codes_of(visitor.get("/account").text)
    assert audit(console, "account.make-recovery-codes", "hashes-only") == [None]


def test_switching_it_off_needs_password_and_code_and_a_role_that_may(console: Console) -> None:
    """One of the two alone does nothing; the codes are gone with it; an editor cannot at all."""
    visitor, secret, _ = with_factor(console, "switches-off")
    for fields in ({"password": PASSWORD}, {"proof": pyotp.TOTP(secret).now()}):
        visitor.get("/account")
        assert visitor.post("/account/second-factor/remove", **fields).status_code == 403
        assert account(console, "switches-off").second_factor
    visitor.get("/account")
    both = {"password": PASSWORD, "proof": pyotp.TOTP(secret).now()}
    assert visitor.post("/account/second-factor/remove", **both).status_code == 303
    row = account(console, "switches-off")
    with console.desk.reading() as session:
        assert (row.second_factor, recovery.count_codes(session, row.id)) == ("", 0)
    editor, secret, _ = with_factor(console, "keeps-on", Role.EDITOR)
    assert "您的角色要求两步验证，不能关闭" in editor.get("/account").text
    both["proof"] = pyotp.TOTP(secret).now()
    assert editor.post("/account/second-factor/remove", **both).status_code == 422


def test_codes_cannot_be_guessed_in_a_stolen_session(console: Console) -> None:
    """Wrong proofs end all sessions, wherever they are typed in; then not even a right one is taken for a while."""
    visitor, secret, _ = with_factor(console, "guessed-within")
    visitor.get("/account")
    new, sealed = offered(visitor)
    reply = visitor.post("/account/second-factor", sealed=sealed, code=pyotp.TOTP(new).now(), proof="x")
    assert reply.status_code == 403
    assert visitor.post("/account/recovery-codes", proof="x").status_code == 403
    visitor.get("/account")
    assert visitor.post("/account/recovery-codes", proof="x").status_code == 429
    row = account(console, "guessed-within")
    with console.desk.reading() as session:
        assert not session.scalars(select(SessionRow).where(SessionRow.account_id == row.id)).all()
    visitor.sign_in("guessed-within", PASSWORD)
    assert visitor.post("/second-factor", code=pyotp.TOTP(secret).now()).status_code == 303
    later(console, "guessed-within")
    visitor.get("/account")
    assert visitor.post("/account/recovery-codes", proof=pyotp.TOTP(secret).now()).status_code == 429
    with console.desk.transaction() as session:
        session.execute(
            update(AccountRow).where(AccountRow.id == row.id).values(locked_until=now() - timedelta(seconds=1))
        )
    later(console, "guessed-within")
    visitor.sign_in("guessed-within", PASSWORD)
    visitor.post("/second-factor", code=pyotp.TOTP(secret).now())
    later(console, "guessed-within")
    visitor.get("/account")
    assert visitor.post("/account/recovery-codes", proof=pyotp.TOTP(secret).now()).status_code == 200


def test_a_reset_takes_factor_and_codes_away(console: Console) -> None:
    """The temporary password, then a new one, then a new second factor."""
    from review.accounts import book, passwords
    from tests.review.conftest import SETUP

    with_factor(console, "reset-all", Role.EDITOR)
    temporary, new = passwords.temporary_password(), "三月的油菜花开满了田埂 8"
    hashed = passwords.hash_password(temporary)
    row = account(console, "reset-all")
    with console.desk.transaction() as session:
        book.reset_account(session, SETUP, book.find_account(session, row.id), hashed)
        assert recovery.count_codes(session, row.id) == 0
    visitor = console.visitor()
    visitor.sign_in("reset-all", temporary)
    visitor.get("/account/password")
    assert visitor.post("/account/password", old=temporary, new=new, again=new).status_code == 303
    assert visitor.get("/inbox").headers["Location"] == "/account/second-factor"
