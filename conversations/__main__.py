"""`python -m conversations`: what staff and operators do with the log in a terminal."""

from __future__ import annotations

import argparse
import sys

from conversations.database import conversations_url, engine_for
from conversations.errors import ConversationsError
from conversations.migrations import bring_up_to_date, newest
from conversations.requests import RequestBook


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m conversations", description="会话记录 / the conversation log")
    commands = parser.add_subparsers(required=True, metavar="命令")
    commands.add_parser("requests", help="待人工处理的登记 / open requests").set_defaults(run=_requests)
    commands.add_parser("migrate", help="把会话库升到这个版本的结构 / migrate the database").set_defaults(run=_migrate)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except ConversationsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _requests(_options: argparse.Namespace) -> None:
    book = RequestBook()
    for request in book.open_requests():
        print(f"{request.reference}\t{request.kind}\t{request.created_at:%Y-%m-%d %H:%M}\t{request.text}")
    book.close()


def _migrate(_options: argparse.Namespace) -> None:
    engine = engine_for(conversations_url())
    bring_up_to_date(engine)
    engine.dispose()
    print(f"会话库的结构是 {newest()} / the schema is at {newest()}")


if __name__ == "__main__":
    sys.exit(main())
