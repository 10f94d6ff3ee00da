"""`python -m conversations requests`: what waits for a person."""

from __future__ import annotations

import argparse
import sys

from conversations.requests import RequestBook


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m conversations", description="会话记录 / the conversation log")
    parser.add_subparsers(required=True, metavar="命令").add_parser("requests", help="待人工处理的登记 / open requests")
    parser.parse_args(arguments)
    book = RequestBook()
    for request in book.open_requests():
        print(f"{request.reference}\t{request.kind}\t{request.created_at:%Y-%m-%d %H:%M}\t{request.text}")
    book.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
