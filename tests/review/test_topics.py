"""The overview of topics in the console: what it shows, and that a decision about an example is taken once."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest

from knowledge.building.topics.overview import TopicsOverview
from knowledge.groundwork import settings
from review.__main__ import main
from review.accounts.roles import Role
from review.database.work import CorrectionRow
from review.pages.topics import BESIDES, SAMPLE, kept_in
from tests.review.conftest import Console

pytestmark = pytest.mark.slow  # the built knowledge


@pytest.fixture(scope="module")
def overview() -> TopicsOverview:
    """That of the knowledge which serves."""
    found = TopicsOverview.load(settings.knowledge_paths().topics)
    assert found is not None and found.examples > 20000
    return found


def test_quality_confusions_and_examples_are_shown(
    start_console: Callable[..., Console], overview: TopicsOverview
) -> None:
    """Every intent with its numbers, the worst pair, the strongest example with its neighbours and where it is kept, in words."""
    page = html.unescape(start_console().as_role(Role.VIEWER).get("/topics").text)
    assert all(f"{t.f1.value * 100:.1f}" in page for t in overview.topics)
    assert f"{overview.confusions[0].count} 条" in page
    strongest = overview.wrong_way[0]
    assert strongest.example.text in page and strongest.neighbours[0].example.text in page
    assert {SAMPLE, BESIDES} & {kept_in(strongest.example.file)} and kept_in(strongest.example.file) in page
    main = page[page.index("<main") : page.index("</main>")]
    assert ".yml" not in main and "F1 %" not in main and "/" not in kept_in(strongest.example.file)
    assert 'value="move"' not in page  # a viewer decides nothing


def test_an_example_is_moved_and_another_removed(
    start_console: Callable[..., Console], overview: TopicsOverview
) -> None:
    """A click records a correction of that kind; the page then says so, and a second decision is refused."""
    console = start_console()
    visitor = console.as_role(Role.REVIEWER)
    moved, removed = overview.wrong_way[0], overview.wrong_way[1]
    visitor.get("/topics")
    reply = visitor.post("/topics", example=moved.example.text, kind="move", back="/topics?intent=")
    assert reply.status_code == 303 and "said=corrected-for-editor" in reply.headers["Location"]
    assert visitor.post("/topics", example=removed.example.text, kind="remove").status_code == 303
    with console.desk.reading() as session:
        rows = {row.kind: row for row in session.query(CorrectionRow)}
    assert (rows["move"].question, rows["move"].intent, rows["move"].status) == (
        moved.example.text, moved.taken_for, "pending",
    )  # fmt: skip
    assert (rows["remove"].question, rows["remove"].intent) == (removed.example.text, "")
    page = html.unescape(visitor.get("/topics").text)
    assert f"test-{Role.REVIEWER.value}" in page and "等批准" in page
    assert f'name="example" value="{moved.example.text}"' not in page
    assert visitor.post("/topics", example=moved.example.text, kind="remove").status_code == 409
    assert "换一个意图" in visitor.get("/corrections").text
    editor = console.as_role(Role.EDITOR)
    editor.get("/corrections")
    assert editor.post(f"/corrections/{rows['move'].id}", version=1, verdict="refused").status_code == 303
    assert f'name="example" value="{moved.example.text}"' in html.unescape(visitor.get("/topics").text)


def test_only_what_the_overview_names_is_decided(
    start_console: Callable[..., Console], overview: TopicsOverview
) -> None:
    """An example that is none, and a kind that is none, are refused."""
    visitor = start_console().as_role(Role.REVIEWER)
    visitor.get("/topics")
    assert visitor.post("/topics", example="没有这一条", kind="move").status_code == 404
    assert visitor.post("/topics", example=overview.wrong_way[0].example.text, kind="link").status_code == 422


def test_the_examples_of_one_intent_by_pages(start_console: Callable[..., Console], overview: TopicsOverview) -> None:
    """Only those of the intent are listed, twenty a page, and all of them over the pages."""
    visitor, seen, number = start_console().as_role(Role.REVIEWER), [], 1
    while True:
        page = html.unescape(visitor.get(f"/topics?intent=ask_housing&page={number}").text)
        seen += re.findall(r'name="example" value="([^"]+)"', page)
        if 'rel="next"' not in page:
            break
        number += 1
    wanted = [w.example.text for w in overview.wrong_way if w.example.intent == "ask_housing"]
    assert len(wanted) > 20 and [text for text in wanted if '"' not in text] == seen


def test_a_build_without_an_overview_says_how_to_get_one(
    start_console: Callable[..., Console], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Knowledge of an older build has none: the page says so and what to do."""
    visitor = start_console().as_role(Role.VIEWER)
    monkeypatch.setattr(
        "review.pages.topics.knowledge_paths", lambda: settings.KnowledgePaths.of(tmp_path_factory.mktemp("old"))
    )
    reply = visitor.get("/topics")
    assert reply.status_code == 200 and "make train" in reply.text


def test_the_command_prints_the_same(capsys: pytest.CaptureFixture[str], overview: TopicsOverview) -> None:
    """A table for people, everything for programs."""
    assert main(["topics"]) == 0
    assert all(t.intent in line for t, line in zip(
        sorted(overview.topics, key=lambda each: (not each.topic, each.f1.value)), capsys.readouterr().out.splitlines()[3:]
    ))  # fmt: skip
    assert main(["topics", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["examples"] == overview.examples
