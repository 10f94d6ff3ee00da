"""A person's own second factor: setting it up, replacing it, switching it off, and the recovery codes beside it."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from review.accounts import book, recovery, second_factor
from review.accounts.audit import write_audit
from review.accounts.factor_proof import prove_factor
from review.accounts.sessions import FULL, advance, close_sessions
from review.database.people import AccountRow
from review.errors import InvalidInput, SignInRefused
from review.pages.account import locked_out, prove_password
from review.visit import Visit

NOT_PROVEN = "现在的验证码或恢复码不对，请看手机上的新验证码再输一次 / the present code or recovery code is wrong: type the newest one"


def show(visit: Visit) -> web.Response:
    """A fresh secret as a picture and as text. It counts only once a code of it was typed in."""
    return _setting_up(visit, second_factor.new_secret())


def _setting_up(visit: Visit, secret: str, problem: str = "", status: int = 200) -> web.Response:
    address = second_factor.address_of(secret, visit.person.name)
    with visit.desk.reading() as session:
        has_factor = bool(book.find_account(session, visit.person.account_id).second_factor)
    return visit.page(
        "set_second_factor.html",
        status=status,
        secret=secret,
        sealed=visit.desk.vault.seal(f"{visit.person.account_id}:{secret}"),
        picture=second_factor.picture_of(address),
        has_factor=has_factor,
        problem=problem,
    )


def take(visit: Visit) -> web.Response:
    """Take the secret of the form, sealed by `show`, if its code is right and the factor it replaces is proven."""
    owner, _, secret = visit.desk.vault.open(visit.needed("sealed", "密钥 / the secret")).partition(":")
    if owner != str(visit.person.account_id):
        raise SignInRefused("这个密钥不是给您的，请刷新页面 / this secret is not yours: reload the page")
    step = second_factor.step_of(secret, visit.typed("code", most=20), 0)
    if step is None:
        problem = (
            "新手机的验证码不对，请看手机上的新验证码再输一次 / the new phone's code is wrong: type the newest one"
        )
        return _setting_up(visit, secret, problem, 403)
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        proven = not account.second_factor or _proves(visit, session, account)
        locked = book.takes_no_proof(account)
        codes = _replace(visit, session, account, secret, step) if proven else []
    if locked:
        raise locked_out()
    if not proven:
        return _setting_up(visit, secret, NOT_PROVEN, 403)
    return visit.page("recovery_codes.html", codes=codes, first=True)


def _replace(visit: Visit, session: Session, account: AccountRow, secret: str, step: int) -> list[str]:
    account.second_factor, account.second_factor_step = visit.desk.vault.seal(secret), step
    close_sessions(session, account.id, but=visit.person.token)
    write_audit(session, visit.actor, "account.set-second-factor", f"account:{account.id}")
    visit.take_over(session, advance(session, visit.person.token, FULL))
    return recovery.new_codes(session, account.id)


def make_codes(visit: Visit) -> web.Response:
    """New recovery codes, shown once, here; those from before are void."""
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        proven = _proves(visit, session, account)
        locked = book.takes_no_proof(account)
        codes = recovery.new_codes(session, account.id) if proven else []
        if proven:
            write_audit(session, visit.actor, "account.make-recovery-codes", f"account:{account.id}")
    _check(proven, locked)
    return visit.page("recovery_codes.html", codes=codes, first=False)


def remove(visit: Visit) -> web.Response:
    """Switch the second factor off, with the password and a code of it once more."""
    if visit.desk.settings.needs_second_factor(visit.person.role):
        raise InvalidInput("您的角色要求两步验证，不能关闭 / your role requires a second factor")
    prove_password(visit, str(visit.form.get("password", "")))
    with visit.desk.transaction() as session:
        account = book.find_account(session, visit.person.account_id)
        proven = _proves(visit, session, account)
        locked = book.takes_no_proof(account)
        if proven:
            book.drop_factor(session, account)
            write_audit(session, visit.actor, "account.remove-second-factor", f"account:{account.id}")
    _check(proven, locked)
    return visit.go("/account", "factor-removed")


def _proves(visit: Visit, session: Session, account: AccountRow) -> bool:
    """Whether the field `proof` proves the present factor; a wrong one is counted, which the caller has to commit."""
    if book.takes_no_proof(account):
        return False
    found = prove_factor(session, visit.desk.vault, visit.actor, account, visit.typed("proof", most=40))
    return book.proves(session, visit.actor, account, found is not None, visit.desk.limits)


def _check(proven: bool, locked: bool) -> None:
    if locked:
        raise locked_out()
    if not proven:
        raise SignInRefused(NOT_PROVEN)
