"""Finds every regular expression of the product, so that a new one is tried without anybody listing it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

PACKAGES = ("settings", "wire", "monitor", "danger", "knowledge", "conversations", "actions", "bot", "review")
_CALLS = frozenset(("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"))
_WHOLE = frozenset(("match", "fullmatch"))  # what tries one start only; all else goes through the text


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands (`module:line`), and the ways in which it is tried."""

    pattern: re.Pattern[str]
    where: str
    ways: frozenset[str]


@dataclass(frozen=True)
class Built:
    """A call of `re` whose pattern only a running program knows."""

    module: str
    first: int
    last: int


def modules() -> list[ModuleType]:
    """All modules of the product but programs' entry points and migrations."""
    names = []
    for package in PACKAGES:
        names.append(package)
        root = importlib.import_module(package)
        for each in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not each.name.endswith("__main__") and ".migrations" not in each.name:
                names.append(each.name)
    return [importlib.import_module(name) for name in names]


def written_in(module: ModuleType) -> tuple[list[Found], list[Built]]:
    """The patterns in a module's source, and the calls of which only the running program knows the pattern."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    uses, names = _uses(tree), _assigned(tree)
    found, built = [], []
    for call, around in _calls(tree):
        how = call.func.attr  # type: ignore[attr-defined]
        ways = uses.get(names.get(call, ""), frozenset(("finditer",))) if how == "compile" else frozenset((how,))
        texts = _texts(call.args[0], around, vars(module))
        if not texts:
            built.append(Built(module.__name__, call.lineno, call.end_lineno or call.lineno))
        for text in texts:
            flags = _flags(call, how, vars(module))
            found.append(Found(re.compile(text, flags), f"{module.__name__}:{call.lineno}", _tried(ways)))
    return found, built


def held_by(module: ModuleType) -> Iterator[Found]:
    """The patterns that a module's globals hold: in collections, classes, instances and closures of its own."""
    for name, value in vars(module).items():
        for pattern in _patterns_in(value, module.__name__, set()):
            yield Found(pattern, f"{module.__name__}.{name}", frozenset(("finditer",)))


def recorded(do: Callable[[], object]) -> list[Found]:
    """The patterns that are compiled while something is done, with the line that has them compiled."""
    found: list[Found] = []
    real = re.compile

    def compile_and_tell(pattern: Any, flags: Any = 0) -> re.Pattern[str]:
        made, caller = real(pattern, flags), sys._getframe(1)
        if caller.f_globals["__name__"].startswith(PACKAGES):
            where = f"{caller.f_globals['__name__']}:{caller.f_lineno}"
            found.append(Found(made, where, frozenset(("finditer",))))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(re, "compile", compile_and_tell)
        do()
    return found


def _tried(ways: frozenset[str]) -> frozenset[str]:
    return frozenset(way if way in _WHOLE else "finditer" for way in ways)


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Sequence[ast.AST]]]:
    """Each call of `re` with what stands around it."""

    def go(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[tuple[ast.Call, Sequence[ast.AST]]]:
        if isinstance(node, ast.Call) and _is_ours(node.func):
            yield node, around
        for child in ast.iter_child_nodes(node):
            yield from go(child, (*around, node))

    yield from go(tree, ())


def _is_ours(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _CALLS
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _texts(argument: ast.expr, around: Sequence[ast.AST], names: Mapping[str, Any]) -> list[str]:
    """The patterns that an expression can be, as far as the module's globals tell."""
    for binding in ({}, *_bindings(around, names)):
        try:
            value = eval(compile(ast.Expression(argument), "pattern", "eval"), dict(names), binding)
        except NameError:
            continue
        if not binding:
            return [value.pattern if isinstance(value, re.Pattern) else value]
        others = [b for b in _bindings(around, names) if b.keys() == binding.keys()]
        code = compile(ast.Expression(argument), "pattern", "eval")
        return [eval(code, dict(names), other) for other in others]
    return []


def _bindings(around: Sequence[ast.AST], names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the variables of the loops around a call are in turn: `for pattern, line in wording.URGENT`."""
    found = []
    for node in around:
        loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
        for loop in loops:
            try:
                values = eval(compile(ast.Expression(loop.iter), "loop", "eval"), dict(names))
                single = isinstance(loop.target, ast.Name)
                targets = [loop.target] if single else loop.target.elts
                for value in values:
                    found.append({t.id: v for t, v in zip(targets, [value] if single else value)})
            except (NameError, TypeError, AttributeError):
                continue
    return found


def _flags(call: ast.Call, how: str, names: Mapping[str, Any]) -> int:
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(how, 2)
    given = next((k.value for k in call.keywords if k.arg == "flags"), call.args[at] if len(call.args) > at else None)
    return int(eval(compile(ast.Expression(given), "flags", "eval"), dict(names))) if given is not None else 0


def _assigned(tree: ast.Module) -> dict[ast.Call, str]:
    """Which name a compiled pattern is given at once."""
    return {
        node.value: node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name)
    }


def _uses(tree: ast.Module) -> dict[str, frozenset[str]]:
    """How each name is tried: `_NAME.fullmatch(…)`; handed on, it may be tried in any way."""
    uses: dict[str, set[str]] = defaultdict(set)
    asked = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            asked.add(node.value)
            if node.attr in _CALLS:
                uses[node.value.id].add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in asked:
            uses[node.id].add("finditer")
    return {name: frozenset(ways) for name, ways in uses.items() if ways}


def _patterns_in(value: Any, module: str, seen: set[int]) -> Iterator[re.Pattern[str]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
        return
    for part in _inside(value, module):
        yield from _patterns_in(part, module, seen)


def _inside(value: Any, module: str) -> list[Any]:
    """What a value of a module holds; nothing of what other modules made."""
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    if isinstance(value, FunctionType) and value.__module__ == module:
        return [cell.cell_contents for cell in value.__closure__ or ()] + list(value.__defaults__ or ())
    if inspect.isclass(value):
        return list(vars(value).values()) if value.__module__ == module else []
    return list(vars(value).values()) if type(value).__module__ == module and hasattr(value, "__dict__") else []
