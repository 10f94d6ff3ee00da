"""What the documents name of the code is there: functions, classes, modules, commits, contracts, arrows of the drawings."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import tomli

from tests.docs.test_documents import DOCUMENTS, lines_of

ARCHITECTURE = Path("docs/architecture.md")
PROJECT = tomli.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in PROJECT["contracts"]}
PACKAGES = PROJECT["root_packages"]
LEFT_OUT = {"settings", "wire", "monitor"}  # of the drawing: everybody imports them
TOOLS = {"evaluation", "bench", "demo", "wechat_sim"}
LINKED = re.compile(r"\[`(?P<name>[\w.]+)`\]\((?P<path>[^)#\s]+\.py)\)")
DOTTED = re.compile(rf"`(?:python -m )?(?P<name>(?:{'|'.join(PACKAGES)})(?:\.\w+)+)[` (]")
TOLD = [each for each in DOCUMENTS if not {"decisions", "CHANGELOG.md"} & set(each.parts)]  # those tell what was
COMMIT = re.compile(r"`(?P<short>[0-9a-f]{7})` “(?P<subject>[^”]+)”")
ARROW = re.compile(r"^  (?P<source>\w+)(?:\[[^\]]*\])? --> (?P<target>\w+)", re.MULTILINE)


@cache
def definitions(file: Path) -> frozenset[str]:
    """Names that a module defines, those in its classes with the class before them: `Shelf.keep`."""
    return frozenset(_defined(ast.parse(file.read_text(encoding="utf-8")).body, ""))


def _defined(body: list[ast.stmt], within: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield f"{within}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _defined(node.body, f"{within}{node.name}.")
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (f"{within}{target.id}" for target in targets if isinstance(target, ast.Name))


def is_there(dotted: str) -> bool:
    """Whether `package.module.Class.method`, or the beginning that is a module, is in the code."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path, rest = Path(*parts[:length]), ".".join(parts[length:])
        if path.with_suffix(".py").exists():
            return not rest or rest in definitions(path.with_suffix(".py"))
        if (path / "__init__.py").exists():
            return not rest
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_linked_name_stands_in_its_file(document: Path) -> None:
    """The text of a link to a module is a name that the module defines."""
    links = [
        (where, found["name"], found["path"]) for where, line in lines_of(document) for found in LINKED.finditer(line)
    ]
    files = [(where, name, document.parent / path) for where, name, path in links]
    assert not [f"{where}: {name}" for where, name, file in files if name not in definitions(file.resolve())]
    assert document != ARCHITECTURE or len(links) > 60


@pytest.mark.parametrize("document", TOLD, ids=str)
def test_a_dotted_name_leads_into_the_code(document: Path) -> None:
    """`knowledge.search.finder.Finder`, also after `python -m`."""
    named = [(where, found["name"]) for where, line in lines_of(document) for found in DOTTED.finditer(line)]
    assert not [f"{where}: {name}" for where, name in named if not is_there(name)]


@pytest.mark.parametrize("name", ["knowledge.search.finder.Finder.seek", "knowledge.finder", "knowledge.searching"])
def test_a_name_that_is_not_there_is_noticed(name: str) -> None:
    """The test above would notice each of these."""
    assert not is_there(name) and is_there("knowledge.search.finder.Finder.find")


def test_examples_from_the_history_are_in_it() -> None:
    """A commit is named by its hash and its subject; both are as they are in git."""
    named = COMMIT.findall(Path("docs/extending.md").read_text(encoding="utf-8"))
    assert len(named) >= 8
    if not Path(".git").exists() or _git("rev-parse", "--is-shallow-repository") == "true":
        pytest.skip("this checkout has no history")
    assert [(short, _git("log", "-1", "--format=%s", short)) for short, _ in named] == named


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, text=True).stdout.strip()


def arrows(chart: str) -> list[tuple[str, str]]:
    """From and to, in their order."""
    return [(found["source"], found["target"]) for found in ARROW.finditer(chart)]


def drawing(arrow: tuple[str, str]) -> str:
    """The flow chart of the architecture that has this arrow."""
    charts = re.findall(r"^```mermaid\n(.*?)^```$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return next(chart for chart in charts if arrow in arrows(chart))


def test_the_wings_are_drawn_as_the_contract_has_them() -> None:
    """One arrow from each wing to the next one below."""
    layers = CONTRACTS["the wings of knowledge: each knows those below it"]["layers"]
    wings = [layer.removeprefix("knowledge.") for layer in layers if not layer.endswith("__main__")]
    assert arrows(drawing(("building", "reply"))) == list(pairwise(wings))


@pytest.mark.slow  # reads all code
def test_an_arrow_between_packages_is_an_import_and_an_import_is_an_arrow() -> None:
    """Of the product; its one command that measures with a tool is the contract's exception, not an arrow."""
    drawn = set(arrows(drawing(("bot", "danger"))))
    product = set(PACKAGES) - LEFT_OUT - TOOLS
    found = {(package, other) for package in product for other in imported(package) & product - {package}}
    assert found == drawn


def imported(package: str) -> set[str]:
    """The packages at the top that a package's modules import."""
    nodes = [
        node for file in Path(package).rglob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    ]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.split(".")[0] for name in names}


def test_the_architecture_lists_the_contracts() -> None:
    """Each by its name, once, in the order of `pyproject.toml`."""
    section = ARCHITECTURE.read_text(encoding="utf-8").split("| 规则 contract |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([a-z].+?) \| ", section, re.MULTILINE) == list(CONTRACTS)
