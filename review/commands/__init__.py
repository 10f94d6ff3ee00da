"""The commands of `python -m review`: each module here registers one group of them.

A module gives `register(commands)`, which adds its parsers to argparse's subparsers and sets `run` of each to a
function `(settings, chosen arguments) -> exit code`. A new module is found by itself; nothing else has to name it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from review.accounts.audit import COMMAND_LINE_NAME, Actor
from review.settings import Settings

Run = Callable[[Settings, argparse.Namespace], int]
Commands = Any  # argparse's action of subparsers, whose class is private

COMMAND_LINE = Actor(None, COMMAND_LINE_NAME)  # who acts, in the audit log


def register_all(commands: Commands) -> None:
    """Let every module of this package add its commands, in name order."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        import_module(f"{__name__}.{module.name}").register(commands)
