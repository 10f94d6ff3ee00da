"""Where the pages stand: at the root of the very app that Rasa makes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import register
from rasa.core.run import _create_app_without_api
from sanic import Sanic

from bot import rasa_patches
from bot.channels.limits import Allowance, Buckets
from bot.pages.channel import WIDGET, PagesChannel
from bot.pages.files import ServedFile, read_folder, without_jsdoc
from bot.pages.rendering import html_response


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Sanic:
    """Rasa's app with the pages registered as Rasa registers channels."""
    monkeypatch.setattr(Sanic, "test_mode", True)  # Rasa gives every app the same name
    made = _create_app_without_api()
    register([PagesChannel()], made, route="/webhooks/")
    return made


def test_pages_leave_the_webhooks(app: Sanic) -> None:
    """An absolute prefix puts them at the root."""
    paths = {route.path for route in app.router.routes_all.values()}
    assert {"plan", "plan/commitments", "ask", "widget/<name:str>", "assets/<name:str>"} <= paths


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """How Rasa mounts channels is checked against its version."""
    monkeypatch.setattr("rasa.__version__", "3.7.0")
    with pytest.raises(rasa_patches.RasaChanged):
        PagesChannel()


def test_only_what_is_meant_is_served(tmp_path) -> None:
    """Scripts, styles and pictures of one folder; no configuration, no sub-folder."""
    for name in ("a.js", "b.css", "c.svg", "package.json", ".npmrc", "d.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "e.js").write_text("x", encoding="utf-8")
    assert set(read_folder(tmp_path)) == {"a.js", "b.css", "c.svg"}


def test_a_served_file_has_the_tag_of_its_bytes(tmp_path) -> None:
    """Another content, another tag; the compressed form is the same content."""
    import gzip

    path = tmp_path / "a.js"
    path.write_text("one" * 100, encoding="utf-8")
    one = ServedFile.read(path)
    path.write_text("two" * 100, encoding="utf-8")
    assert one.tag != ServedFile.read(path).tag
    assert gzip.decompress(one.zipped) == one.body and len(one.zipped) < len(one.body)


def test_a_module_is_served_without_its_jsdoc() -> None:
    """Whole lines of it go and leave empty ones; a cast beside code, a template and a later block stay as they are."""
    source = "/** One. */\nlet a = `\n/* not JSDoc */`;\n  /**\n   * @param {x} y `*/`\n   */\n/** @type {any} */ (a).b();\nc(); /** d */\n"
    assert without_jsdoc(source) == "\nlet a = `\n/* not JSDoc */`;\n\n\n\n/** @type {any} */ (a).b();\nc(); /** d */\n"


@pytest.mark.parametrize("name", sorted(path.name for path in WIDGET.glob("*.js")))
def test_only_comments_go(name: str) -> None:
    """What is served of a module has its lines, and all its code."""
    source = (WIDGET / name).read_text(encoding="utf-8")
    pairs = list(zip(source.split("\n"), without_jsdoc(source).split("\n"), strict=True))
    gone = [before.strip() for before, after in pairs if before != after]
    assert gone and all(line.startswith(("/**", "*")) for line in gone)


async def test_who_reads_too_fast_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that says so, with when; another network reads on."""
    channel = PagesChannel()
    channel._views = Buckets(Allowance(burst=2, per_minute=1))
    shown = html_response("<p>the plan</p>")

    async def look(address: str) -> int:
        request: Any = SimpleNamespace(ip=address, remote_addr="", headers={})
        reply = await channel._shown(request, lambda _: shown, "")
        assert reply.status == 200 or int(reply.headers["Retry-After"]) > 0
        return reply.status

    assert [await look("203.0.113.7") for _ in range(3)] == [200, 200, 429]
    assert await look("2001:db8::1") == 200
