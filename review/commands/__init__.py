"""The commands of `python -m review`: each module here registers one group of them.

A module gives `register(commands)`, which adds its parsers to argparse's subparsers and sets `run` of each to a
function `(settings, chosen arguments) -> exit code`. `NAMES` says which module has which commands, so that one command
does not load what the others need.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from review.accounts.audit import COMMAND_LINE_NAME, Actor
from review.settings import Settings

Run = Callable[[Settings, argparse.Namespace], int]
Commands = Any  # argparse's action of subparsers, whose class is private

COMMAND_LINE = Actor(None, COMMAND_LINE_NAME)  # who acts, in the audit log


# Module -> its commands; `tests/review/test_commands.py` holds it against what the modules register.
NAMES = {
    "accounts": ("create-admin", "reset"),
    "plans": ("plans", "judge", "propose"),
    "releases": ("releases", "evaluate", "gate", "promote", "rollback", "canary"),
    "secret": ("secret",),
    "serving": ("serve", "migrate"),
    "teaching": ("export",),
    "topics": ("topics",),
    "training": ("train", "jobs", "cancel", "schedule", "run-job"),
}


def register_for(command: str, commands: Commands) -> None:
    """Let the module of a command add its own; all modules, in name order, where none has it (`--help`, a slip)."""
    owners = [module for module, names in NAMES.items() if command in names]
    for module in owners or NAMES:
        import_module(f"{__name__}.{module}").register(commands)
