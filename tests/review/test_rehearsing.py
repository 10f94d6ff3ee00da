"""The box that asks the bot, where there is no bot to ask, or nothing to compare with."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import pytest

from releases.shelf import Shelf
from review.accounts.roles import Role
from review.releases.rehearsing import Rehearsed, differing, others
from tests.journeys.processes import free_port
from tests.review.conftest import Console
from tests.review.shelves import add_release
from tests.review.turns import turn


@pytest.mark.slow  # a console
def test_a_bot_that_does_not_run_is_said_not_to(start_console: Callable[..., Console]) -> None:
    """With its address, in the reader's language, and what was typed is still there."""
    url = f"http://127.0.0.1:{free_port()}"
    console = start_console(bot_url=url)
    console.desk.turns.record(turn(1))
    console.desk.triage.read_all()
    reviewer, address = console.as_role(Role.REVIEWER), f"/turns/a-{1:032d}"
    reviewer.get(f"{address}/correct")
    reply = reviewer.post(f"{address}/rehearse", asked="床位够不够", beside="")
    page = html.unescape(reply.text)
    assert reply.status_code == 200 and f"机器人没有开着，问不到（{url}）" in page and 'value="床位够不够"' in page
    assert "bot does not run" not in page
    assert reviewer.post(f"{address}/rehearse", asked="").status_code == 422
    assert reviewer.post(f"/turns/a-{9:032d}/rehearse", asked="床位").status_code == 404


def test_what_is_on_trial_suggests_itself_else_what_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing where nothing serves by the shelf."""
    for name in ("KNOWLEDGE_DIR", "KNOWLEDGE_URL", "BOT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    shelf = Shelf(tmp_path / "shelf")
    assert others(shelf) == ((), "")
    first, second, third = (add_release(shelf, str(n)).id for n in range(3))
    shelf.promote(second, "测试")
    assert set(others(shelf)[0]) == {first, third}
    shelf.try_out(first, 5, "测试")
    assert others(shelf)[1] == first
    monkeypatch.setenv("KNOWLEDGE_DIR", "elsewhere")
    assert others(shelf) == ((), "")


def test_what_differs_is_named() -> None:
    """Field by field; a release that said nothing is compared with nothing."""
    one = Rehearsed("a", "answered", "要点", (("床。", 55),), (), "要点。")
    assert differing([one, Rehearsed("b", "answered", "要点", (("床。", 56),), (), "要点。")]) == {"quotes"}
    assert differing([one]) == differing([one, Rehearsed("b", fault="不行 / no")]) == frozenset()
