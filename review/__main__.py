"""`python -m review`: the staff console and its commands (`review/commands/`)."""

from __future__ import annotations

import argparse
import sys

from log_records import keep_words_out
from review.commands import register_for
from review.errors import ReviewError
from review.settings import Settings
from settings.errors import SettingWrong
from wire.secret_files import own_files_only


def main(arguments: list[str] | None = None) -> int:
    """Run a command, `serve` unless named; returns the exit code, 1 for an error that is told on standard error."""
    keep_words_out()
    own_files_only()
    parser = argparse.ArgumentParser(prog="python -m review", description="审核台 / the staff console")
    given = (sys.argv[1:] if arguments is None else arguments) or ["serve"]
    register_for(given[0], parser.add_subparsers(dest="command", metavar="命令"))
    chosen = parser.parse_args(given)
    try:
        return int(chosen.run(Settings.from_environment(), chosen))
    except (ReviewError, SettingWrong) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
