"""What the product offers is in the documents: addresses, commands, make targets, tables. Nothing in them is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import InputChannel
from sanic import Sanic
from sqlalchemy import MetaData

from bot.channels.rest import RestChannel
from bot.channels.web import WebChannel
from bot.channels.wechat.channel import WeChatChannel
from bot.pages.channel import PagesChannel
from conversations.models import Base as Conversations
from danger.published import PUBLISHED as DANGER_REPLIES
from knowledge.catalogue.tables import Base as Knowledge
from knowledge.published.progress import PUBLISHED as PROGRESS
from knowledge.published.tables import CORRECTIONS
from review.accounts.roles import Role
from review.app import build_app
from review.database.tables import Base as Review
from review.route import Open
from review.routes import ROUTES

DOCS = Path("docs")
CONSOLE = (DOCS / "review-console.md").read_text(encoding="utf-8")
REQUEST = re.compile(r"`((?:GET|POST|DELETE|PUT) /[^`?\s]*)[^`]*`")
UNROUTED = {"GET /"}  # a middleware of the pages' channel answers it: Rasa has a route there
LEAST = {"anybody": Open.ANYBODY, "half signed in": Open.HALF_SIGNED_IN, **{role.value: role for role in Role}}
COMMAND = re.compile(r"^\| `python -m (?P<module>[\w.]+)` \|(?P<subs>[^|]*)\|", re.MULTILINE)
MAKE_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
OWN_MAIN = re.compile(r'^if __name__ == "__main__":', re.MULTILINE)
SUB_COMMAND = re.compile(r'(?P<parser>\w+)\.add_parser\(\s*"(?P<name>[a-z-]+)"')
OF_LOOPS = {"review": {"evaluate", "gate", "promote"}}  # named in a table that a loop goes through
OF_RASA = {"bot": {"run", "shell"}}  # no parser of ours: its arguments are Rasa's


def section(text: str, heading: str) -> str:
    """What stands under a heading."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """Cells of a section's table, without its head."""
    lines = [line.strip("| ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines[2:]]


def mounted() -> Iterator[str]:
    """Method and path of each route that our channels give Rasa's server."""
    app = Sanic("documented", configure_logging=False, register=False)
    for kind in (RestChannel, WebChannel, WeChatChannel, PagesChannel):
        channel: Any = kind.__new__(kind)  # a blueprint asks nothing of its channel before it serves
        channel._accounts = {}
        prefix = channel.url_prefix() if kind is PagesChannel else f"/webhooks/{channel.url_prefix()}"
        app.blueprint(channel.blueprint(_nobody), url_prefix=prefix)
    for route in app.router.routes:
        path = re.sub(r"<(\w+):\w+>", r"<\1>", f"/{route.path}").rstrip("/")
        yield from (f"{method} {path}" for method in route.methods - {"HEAD", "OPTIONS"})


async def _nobody(_message: Any) -> None:
    """Stands where Rasa would take a message."""


def test_our_channels_are_those_that_rasa_mounts() -> None:
    """The test below knows all of `credentials.yml`."""
    named = re.findall(r"^([\w.]+): ", Path("credentials.yml").read_text(encoding="utf-8"), re.MULTILINE)
    kinds: list[type[InputChannel]] = [RestChannel, WebChannel, WeChatChannel, PagesChannel]
    assert {name.rsplit(".", 1)[1] for name in named} == {kind.__name__ for kind in kinds}


def test_the_bot_s_addresses_are_documented() -> None:
    """The widget's in its guide, all others in the contract; neither names one that is gone."""
    guides = (
        section((DOCS / "widget.md").read_text(encoding="utf-8"), "接口"),
        (DOCS / "contract.md").read_text(encoding="utf-8"),
    )
    documented = {request for guide in guides for request in REQUEST.findall(guide)}
    assert set(mounted()) | UNROUTED == {
        request if request in UNROUTED else request.rstrip("/") for request in documented
    }


def test_the_console_s_addresses_are_documented_with_who_may() -> None:
    """Those of the route table with the least role, and the four that the application adds for anybody."""
    documented = {
        (request, LEAST[cells[0].split(" ", 1)[1]])
        for cells in rows(section(CONSOLE, "地址 Addresses"))
        for request in REQUEST.findall(cells[1])
    }
    of_table = {(f"{route.method} {plain(route.path)}", route.least) for route in ROUTES}
    added = {(request, Open.ANYBODY) for request in ("GET /", "GET /health", "GET /metrics", "GET /static/{name}")}
    assert documented == of_table | added
    app: Any = build_app(None)  # type: ignore[arg-type]  # no page is asked for
    served = {f"{route.method} {route.resource.canonical}" for route in app.router.routes() if route.method != "HEAD"}
    assert served == {request for request, _ in documented}


def plain(path: str) -> str:
    r"""A route's path without the patterns of its parts: `{id}` for `{id:\d+}`."""
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", path)


def modules() -> Iterator[tuple[str, Path]]:
    """Our modules that can be run, as `python -m` names them, and their files."""
    for top in sorted(path for path in Path().iterdir() if (path / "__init__.py").exists() and path.name != "tests"):
        for file in top.rglob("*.py"):
            if OWN_MAIN.search(file.read_text(encoding="utf-8")):
                yield ".".join(file.with_suffix("").parts).removesuffix(".__main__"), file


def sub_commands(module: str, file: Path) -> set[str]:
    """Of a module that can be run, wherever its parsers are made; sub-commands of a sub-command are its own matter."""
    files = [file, *Path(module.replace(".", "/"), "commands").glob("*.py")]
    made = [found for each in files for found in SUB_COMMAND.finditer(each.read_text(encoding="utf-8"))]
    return {found["name"] for found in made if found["parser"] == "commands"} | OF_LOOPS.get(
        module, OF_RASA.get(module, set())
    )


def test_every_command_is_documented() -> None:
    """One row a module, with its sub-commands; the table has no other."""
    table = section((DOCS / "architecture.md").read_text(encoding="utf-8"), "所有命令 All commands")
    documented = {found["module"]: set(re.findall(r"`([a-z-]+)`", found["subs"])) for found in COMMAND.finditer(table)}
    assert documented == {module: sub_commands(module, file) for module, file in modules()}


def test_the_console_s_guide_explains_its_commands() -> None:
    """Each with its exit codes, but for the process of one job, which nobody types."""
    explained = {
        name for cells in rows(section(CONSOLE, "命令 Commands")) for name in re.findall(r"`([a-z-]+)", cells[0])
    }
    assert explained == {name: sub_commands(name, file) for name, file in modules()}["review"] - {"run-job"}


def test_every_make_target_is_documented() -> None:
    """In the README or in CONTRIBUTING, as one types it."""
    targets = set(MAKE_TARGET.findall(Path("Makefile").read_text(encoding="utf-8")))
    told = "".join(Path(name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    assert targets and targets <= set(re.findall(r"\bmake ([a-z-]+)", told))


@pytest.mark.parametrize(
    ("guide", "heading", "metadatas"),
    [
        ("conversations.md", "库里的表 Tables", [Conversations.metadata]),
        (
            "review-console.md",
            "库里的表 Tables",
            [Review.metadata, *(t.metadata for t in (CORRECTIONS, PROGRESS, DANGER_REPLIES))],
        ),
        ("architecture.md", "知识库的表 Tables of the knowledge", [Knowledge.metadata]),
    ],
)
def test_every_table_is_documented(guide: str, heading: str, metadatas: list[MetaData]) -> None:
    """What a row of each is; no table of the guide is gone."""
    cells = rows(section((DOCS / guide).read_text(encoding="utf-8"), heading))
    documented = {name for row in cells for name in re.findall(r"`(\w+)`", row[0])}
    assert documented == {name for metadata in metadatas for name in metadata.tables}
