"""Every route × role × method. A route that is in the application and not in this table fails the first test."""

from __future__ import annotations

import pytest

from review.accounts.roles import Role
from review.app import build_app
from tests.review.conftest import PATIENCE_S, Console
from tests.review.turns import turn

NOBODY, VIEWER, REVIEWER, EDITOR, ADMINISTRATOR = "nobody", *(role.value for role in Role)
ANYBODY = (NOBODY, VIEWER, REVIEWER, EDITOR, ADMINISTRATOR)
SIGNED_IN = ANYBODY[1:]
REVIEWERS, EDITORS, ADMINISTRATORS = ANYBODY[2:], ANYBODY[3:], ANYBODY[4:]
TURN, SESSION = f"a-{1:032d}", f"s-{1:032d}"

# Written by hand, not derived from `review/routes.py`: (method, route) → who may, and an address of the route.
MATRIX: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("GET", "/"): (ANYBODY, "/"),
    ("GET", "/health"): (ANYBODY, "/health"),
    ("GET", "/metrics"): (ANYBODY, "/metrics"),  # of this machine; `tests/monitor/` has who else
    ("GET", "/static/{name}"): (ANYBODY, "/static/console.css"),
    ("GET", "/sign-in"): (ANYBODY, "/sign-in"),
    ("POST", "/sign-in"): (ANYBODY, "/sign-in"),
    ("GET", "/sign-in/provider"): (ANYBODY, "/sign-in/provider"),
    ("GET", "/sign-in/provider/back"): (ANYBODY, "/sign-in/provider/back"),
    ("GET", "/language/{language}"): (ANYBODY, "/language/zh"),
    ("GET", "/second-factor"): (SIGNED_IN, "/second-factor"),
    ("POST", "/second-factor"): (SIGNED_IN, "/second-factor"),
    ("POST", "/sign-out"): (SIGNED_IN, "/sign-out"),
    ("GET", "/account"): (SIGNED_IN, "/account"),
    ("GET", "/account/password"): (SIGNED_IN, "/account/password"),
    ("POST", "/account/password"): (SIGNED_IN, "/account/password"),
    ("GET", "/account/second-factor"): (SIGNED_IN, "/account/second-factor"),
    ("POST", "/account/second-factor"): (SIGNED_IN, "/account/second-factor"),
    ("POST", "/account/second-factor/remove"): (SIGNED_IN, "/account/second-factor/remove"),
    ("POST", "/account/recovery-codes"): (SIGNED_IN, "/account/recovery-codes"),
    ("POST", "/account/sessions/close"): (SIGNED_IN, "/account/sessions/close"),
    ("GET", "/inbox"): (SIGNED_IN, "/inbox"),
    ("POST", "/inbox"): (REVIEWERS, "/inbox"),
    ("POST", "/inbox/filters"): (SIGNED_IN, "/inbox/filters"),
    ("POST", "/inbox/filters/{id}/delete"): (SIGNED_IN, "/inbox/filters/9/delete"),
    ("GET", "/conversations/{session}"): (SIGNED_IN, f"/conversations/{SESSION}"),
    ("POST", "/turns/{id}/notes"): (REVIEWERS, f"/turns/{TURN}/notes"),
    ("POST", "/turns/{id}/tags/remove"): (REVIEWERS, f"/turns/{TURN}/tags/remove"),
    ("GET", "/turns/{id}/correct"): (REVIEWERS, f"/turns/{TURN}/correct"),
    ("POST", "/turns/{id}/correct"): (REVIEWERS, f"/turns/{TURN}/correct"),
    ("POST", "/turns/{id}/rehearse"): (REVIEWERS, f"/turns/{TURN}/rehearse"),
    ("GET", "/corrections"): (SIGNED_IN, "/corrections"),
    ("POST", "/corrections/{id}"): (REVIEWERS, "/corrections/9"),
    ("POST", "/corrections/groups/{id}"): (REVIEWERS, "/corrections/groups/w-0"),
    ("GET", "/unanswered"): (SIGNED_IN, "/unanswered"),
    ("POST", "/unanswered/refresh"): (REVIEWERS, "/unanswered/refresh"),
    ("GET", "/unanswered/report"): (SIGNED_IN, "/unanswered/report"),
    ("GET", "/unanswered/report.{form}"): (SIGNED_IN, "/unanswered/report.csv"),
    ("GET", "/unanswered/{id}"): (SIGNED_IN, "/unanswered/w-abc"),
    ("POST", "/unanswered/{id}"): (REVIEWERS, "/unanswered/w-abc"),
    ("GET", "/topics"): (SIGNED_IN, "/topics"),
    ("POST", "/topics"): (REVIEWERS, "/topics"),
    ("GET", "/danger"): (SIGNED_IN, "/danger"),
    ("GET", "/danger/{kind}"): (SIGNED_IN, "/danger/fire"),
    ("POST", "/danger/{kind}"): (EDITORS, "/danger/fire"),
    ("POST", "/danger/{kind}/restore"): (EDITORS, "/danger/fire/restore"),
    ("GET", "/notices"): (EDITORS, "/notices"),
    ("POST", "/notices"): (EDITORS, "/notices"),
    ("POST", "/notices/{id}/end"): (EDITORS, "/notices/9/end"),
    ("GET", "/commitments"): (SIGNED_IN, "/commitments"),
    ("GET", "/commitments/{id}"): (SIGNED_IN, "/commitments/c-702f53f084"),
    ("POST", "/commitments/{id}"): (EDITORS, "/commitments/c-702f53f084"),
    ("POST", "/commitments/{id}/progress"): (EDITORS, "/commitments/c-702f53f084/progress"),
    ("POST", "/commitments/{id}/progress/{number}"): (EDITORS, "/commitments/c-702f53f084/progress/9"),
    ("POST", "/commitments/{id}/plain"): (REVIEWERS, "/commitments/c-702f53f084/plain"),
    ("POST", "/commitments/{id}/plain/{number}"): (EDITORS, "/commitments/c-702f53f084/plain/9"),
    ("GET", "/next-steps"): (SIGNED_IN, "/next-steps"),
    ("POST", "/next-steps"): (REVIEWERS, "/next-steps"),
    ("POST", "/next-steps/{id}"): (EDITORS, "/next-steps/9"),
    ("GET", "/training"): (SIGNED_IN, "/training"),
    ("POST", "/training"): (EDITORS, "/training"),
    ("GET", "/training/{id}"): (SIGNED_IN, "/training/9"),
    ("GET", "/training/{id}/log"): (SIGNED_IN, "/training/9/log"),
    ("GET", "/requests"): (SIGNED_IN, "/requests"),
    ("GET", "/requests.{form}"): (REVIEWERS, "/requests.csv"),
    ("GET", "/requests/{reference}"): (SIGNED_IN, "/requests/QP-1"),
    ("POST", "/requests/{reference}"): (REVIEWERS, "/requests/QP-1"),
    ("POST", "/requests/{reference}/contact"): (REVIEWERS, "/requests/QP-1/contact"),
    ("GET", "/dashboard"): (SIGNED_IN, "/dashboard"),
    ("GET", "/dashboard.{form}"): (SIGNED_IN, "/dashboard.csv"),
    ("GET", "/dashboard/report"): (SIGNED_IN, "/dashboard/report"),
    ("GET", "/dashboard/versions.{form}"): (SIGNED_IN, "/dashboard/versions.csv"),
    ("GET", "/releases"): (SIGNED_IN, "/releases"),
    ("POST", "/releases"): (EDITORS, "/releases"),
    ("GET", "/releases/{id}"): (SIGNED_IN, "/releases/none"),
    ("GET", "/adopting"): (EDITORS, "/adopting"),
    ("POST", "/adopting"): (EDITORS, "/adopting"),
    ("GET", "/adopting/{id}"): (EDITORS, "/adopting/9"),
    ("POST", "/adopting/{id}"): (EDITORS, "/adopting/9"),
    ("GET", "/adopting/{id}/commitments"): (EDITORS, "/adopting/9/commitments"),
    ("POST", "/adopting/{id}/commitments"): (EDITORS, "/adopting/9/commitments"),
    ("GET", "/adopting/{id}/commitments.csv"): (EDITORS, "/adopting/9/commitments.csv"),
    ("POST", "/adopting/{id}/commitments/{commitment}"): (EDITORS, "/adopting/9/commitments/c-0"),
    ("POST", "/adopting/{id}/name"): (EDITORS, "/adopting/9/name"),
    ("POST", "/adopting/{id}/ask"): (EDITORS, "/adopting/9/ask"),
    ("GET", "/adopting/{id}/questions"): (EDITORS, "/adopting/9/questions"),
    ("POST", "/adopting/{id}/questions"): (EDITORS, "/adopting/9/questions"),
    ("GET", "/adopting/{id}/evaluation"): (EDITORS, "/adopting/9/evaluation"),
    ("POST", "/adopting/{id}/evaluation"): (EDITORS, "/adopting/9/evaluation"),
    ("POST", "/adopting/{id}/serve"): (ADMINISTRATORS, "/adopting/9/serve"),
    ("GET", "/commitments/relink"): (EDITORS, "/commitments/relink"),
    ("POST", "/commitments/relink"): (EDITORS, "/commitments/relink"),
    ("GET", "/documents"): (EDITORS, "/documents"),
    ("POST", "/documents"): (ADMINISTRATORS, "/documents"),
    ("POST", "/documents/rehearse"): (EDITORS, "/documents/rehearse"),
    ("GET", "/users"): (ADMINISTRATORS, "/users"),
    ("POST", "/users"): (ADMINISTRATORS, "/users"),
    ("GET", "/users/{id}"): (ADMINISTRATORS, "/users/1"),
    ("POST", "/users/{id}"): (ADMINISTRATORS, "/users/1"),
    ("POST", "/users/{id}/reset"): (ADMINISTRATORS, "/users/999999/reset"),
    ("GET", "/audit"): (ADMINISTRATORS, "/audit"),
    ("GET", "/audit.{form}"): (ADMINISTRATORS, "/audit.csv"),
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def logged(console: Console) -> Console:
    """A console whose log has a turn."""
    console.desk.turns.record(turn(1))
    console.desk.triage.read_all()
    return console


def test_every_route_of_the_application_is_in_the_matrix(console: Console) -> None:
    """Whoever adds a route has to say here who may use it."""
    found = {
        (route.method, resource.canonical)
        for resource in build_app(console.desk).router.resources()
        for route in resource
        if route.method != "HEAD"
    }
    assert found == set(MATRIX)


@pytest.mark.parametrize("role", ANYBODY)
def test_each_role_reaches_what_it_may_and_nothing_else(logged: Console, role: str) -> None:
    """Forbidden is 403 (401 or the sign-in form for nobody); a method that a route does not have is 405."""
    visitor = logged.visitor() if role == NOBODY else logged.as_role(Role(role))
    visitor.get("/sign-in")
    cookies = dict(visitor.session.cookies)
    addresses: dict[str, str] = {route: address for (_, route), (_, address) in MATRIX.items()}
    for route, address in addresses.items():
        for method in METHODS:
            if (method, route) == ("POST", "/sign-out"):
                continue  # it would end the session that the others need; `test_accounts.py` has it
            visitor.session.cookies.update(cookies)
            data = {"csrf": visitor.csrf} if method == "POST" else None
            reply = visitor.session.request(
                method, logged.address + address, data=data, allow_redirects=False, timeout=PATIENCE_S
            )
            where = f"{method} {route} as {role}: {reply.status_code}"
            if (method, route) not in MATRIX:
                assert reply.status_code == 405, where
            elif role in MATRIX[method, route][0]:
                assert reply.status_code in (200, 303, 403, 404, 409, 422), where
                assert "您的角色不能做这件事" not in reply.text, where
                assert not reply.headers.get("Location", "").startswith("/sign-in?next"), where
            elif role == NOBODY and method == "GET":
                assert reply.status_code == 303 and reply.headers["Location"].startswith("/sign-in?next="), where
            elif role == NOBODY:
                assert reply.status_code == 401, where
            else:
                assert reply.status_code == 403 and "您的角色不能做这件事" in reply.text, where


@pytest.mark.parametrize(("method", "route"), [key for key in MATRIX if key[0] == "POST"])
def test_no_form_is_taken_without_its_token(logged: Console, method: str, route: str) -> None:
    """Every route that changes something refuses a form that did not come from its page, whoever sends it."""
    admin = logged.as_role(Role.ADMINISTRATOR)
    reply = admin.post(MATRIX[method, route][1], csrf="forged")
    assert reply.status_code == 403
    assert "来历不明" in reply.text
