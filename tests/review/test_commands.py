"""Which module has which commands of `python -m review`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import review.commands
from review.commands import NAMES

HEAVY = ("knowledge.search.finder", "sklearn", "pypinyin")  # seconds each, which these commands have no use for
LIGHT = ("jobs", "releases")


def test_each_command_is_named_with_its_module() -> None:
    """A module without a name here would be found by `--help` alone."""
    found = {}
    for path in Path(review.commands.__file__).parent.glob("[a-z]*.py"):
        commands = argparse.ArgumentParser().add_subparsers()
        import_module(f"review.commands.{path.stem}").register(commands)
        found[path.stem] = tuple(commands.choices)
    assert found == NAMES


@pytest.mark.slow  # processes of their own
@pytest.mark.parametrize("command", LIGHT)
def test_a_command_loads_what_it_needs(command: str, tmp_path: Path) -> None:
    """What lists does not load the search."""
    script = (
        f"import sys, review.__main__ as m; m.main(['{command}']); print([n for n in {HEAVY!r} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={
            "PATH": "/usr/bin:/bin",
            "CONVERSATIONS_URL": f"sqlite:///{tmp_path}/c.sqlite",
            "REVIEW_URL": f"sqlite:///{tmp_path}/r.sqlite",
            "RELEASES_DIR": str(tmp_path / "releases"),
        },
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
