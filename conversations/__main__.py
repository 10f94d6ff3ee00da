"""`python -m conversations`: what staff and operators do with the log in a terminal.

| variable | default | meaning |
|---|---|---|
| `CONVERSATIONS_URL` | `sqlite:///var/conversations.sqlite` | SQLAlchemy URL of the log |
| `CONVERSATIONS_SECRET`, `CONVERSATIONS_SECRET_FILE` | file `var/conversations.secret` | key of hashes and seals |
| `CONVERSATIONS_KEEP_DAYS` | `180` | days after which words are erased |
| `TRACKER_URL` | `sqlite:///` + `TRACKER_DB` | SQLAlchemy URL of Rasa's tracker store |
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from conversations import masking, masking_quality
from conversations.database import Database, conversations_url, engine_for
from conversations.erasure import Erased, erase_older_than, erase_session, tidy_now
from conversations.errors import ConversationsError
from conversations.export import turns_between, write_csv, write_jsonl, write_stories
from conversations.identity import session_keys
from conversations.keeping import TurnKeeper
from conversations.migrations import bring_up_to_date, newest
from conversations.requests import RequestBook
from conversations.spreadsheets import safe_cell
from conversations.turn_log import TurnLog
from log_records import keep_words_out
from monitor.lines import set_up
from settings.bot import STUCK_AFTER_S
from watchdog import stay_alive
from wire.secret_files import own_files_only

FORMATS = {"csv": write_csv, "jsonl": write_jsonl, "stories": write_stories}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    keep_words_out()
    own_files_only()
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (ConversationsError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m conversations", description="会话记录 / the conversation log")
    commands = parser.add_subparsers(required=True, metavar="命令")

    requests = commands.add_parser("requests", help="登记：列出、查看、处理、导出 / requests for staff")
    requests.set_defaults(run=_list)
    actions = requests.add_subparsers(metavar="操作")
    actions.add_parser("list", help="还没处理完的（默认）/ open ones").set_defaults(run=_list)
    one = actions.add_parser("show", help="一条登记，连同联系方式 / one, with its contact")
    one.add_argument("reference")
    one.set_defaults(run=_show)
    change = actions.add_parser("close", help="办结 / mark as done")
    change.add_argument("reference")
    change.add_argument("--note", help="处理结果 / what was done")
    change.set_defaults(run=_change, status="done")
    note = actions.add_parser("note", help="写备注，并标为处理中 / add a note")
    note.add_argument("reference")
    note.add_argument("note")
    note.set_defaults(run=_change, status="in_progress")
    every = actions.add_parser("export", help="全部登记，CSV / all of them as CSV")
    every.add_argument("--out", type=Path, help="文件，不写就打印 / file")
    every.set_defaults(run=_export_requests)

    export = commands.add_parser("export", help="导出问答 / export turns")
    export.add_argument("--from", dest="first", type=date.fromisoformat, help="从这一天 / first day, 2026-11-01")
    export.add_argument("--to", dest="last", type=date.fromisoformat, help="到这一天（含）/ last day, included")
    export.add_argument("--format", choices=FORMATS, default="csv", help="csv、jsonl、stories（Rasa 测试故事）")
    export.add_argument("--out", type=Path, help="文件，不写就打印 / file")
    export.set_defaults(run=_export)

    erase = commands.add_parser("erase", help="删除一个会话，或过期的内容 / erase a session, or what is old")
    which = erase.add_mutually_exclusive_group(required=True)
    which.add_argument("--session", help="会话编号 / session key, s-…")
    which.add_argument("--sender", nargs=2, metavar=("渠道", "发送者"), help="渠道和发送者 / channel and sender")
    which.add_argument("--older-than", type=int, metavar="天", help="早于这么多天的 / older than so many days")
    erase.set_defaults(run=_erase)

    commands.add_parser(
        "consume", help="从 RabbitMQ 读事件、写会话库，直到被停止 / write the log from RabbitMQ"
    ).set_defaults(run=_consume)
    commands.add_parser("spool", help="会话库写不了时存下的：有几条，现在补写 / write what was spooled").set_defaults(
        run=_spool
    )
    commands.add_parser("migrate", help="把会话库升到这个版本的结构 / migrate the database").set_defaults(run=_migrate)
    commands.add_parser("masking", help="打码的查全率和查准率 / how well masking works").set_defaults(run=_masking)
    return parser


@contextmanager
def _book() -> Iterator[RequestBook]:
    book = RequestBook()
    try:
        yield book
    finally:
        book.close()


@contextmanager
def _writing(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file


def _list(_options: argparse.Namespace) -> None:
    with _book() as book:
        for request in book.open_requests():
            contact = "有联系方式" if request.contact else ""
            fields = (request.reference, request.kind, f"{request.created_at:%Y-%m-%d %H:%M}", request.status)
            print("\t".join([*fields, request.text, request.note, contact]).rstrip("\t"))


def _show(options: argparse.Namespace) -> None:
    with _book() as book:
        request = book.request(options.reference)
        if request is None:
            raise ConversationsError(f"{options.reference}: 没有这条登记 — 用 python -m conversations requests 列出")
        for name in ("reference", "kind", "created_at", "status", "channel", "topic", "about", "text", "note"):
            print(f"{name}\t{getattr(request, name)}")
        print(f"contact\t{book.contact(options.reference)}")


def _change(options: argparse.Namespace) -> None:
    with _book() as book:
        if not book.change(options.reference, status=options.status, note=options.note):
            raise ConversationsError(f"{options.reference}: 没有这条登记 — 用 python -m conversations requests 列出")


def _export_requests(options: argparse.Namespace) -> None:
    names = ("reference", "kind", "created_at", "status", "channel", "topic", "about", "text", "note")
    with _book() as book, _writing(options.out) as out:
        out.write("\ufeff")
        writer = csv.writer(out)
        writer.writerow([*names, "contact"])
        for request in book.all_requests():
            cells = [str(getattr(request, name) or "") for name in names]
            contact = book.contact(request.reference)
            writer.writerow([safe_cell(cell) for cell in (*cells, contact)])


def _export(options: argparse.Namespace) -> None:
    database = Database()
    turns = turns_between(database, options.first, options.last, by_session=options.format == "stories")
    with _writing(options.out) as out:
        written = FORMATS[options.format](turns, out)
    print(f"{written} 轮 / turns", file=sys.stderr)
    database.close()


def _erase(options: argparse.Namespace) -> None:
    database = Database()
    if options.older_than is not None:
        if options.older_than < 0:
            raise ConversationsError(f"--older-than 是 {options.older_than} — 写天数，例如 180")
        erased: Erased = erase_older_than(database, options.older_than)
    else:
        names = [options.session] if options.session else session_keys(*options.sender)
        erased = sum((erase_session(database, name) for name in names), Erased(0, 0, 0))
    tidy_now(database)
    database.close()
    print(f"已删除 erased: {erased.turns} 轮 turns, {erased.requests} 登记 requests, {erased.events} 事件 events")


def _consume(_options: argparse.Namespace) -> None:
    from conversations.consume import Consumer

    set_up()
    log, book = TurnLog(), RequestBook()

    async def run() -> None:
        stop = asyncio.Event()
        for ending in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(ending, stop.set)
        masking.load()  # nothing is consumed yet: from here on the process is ended where it stands still
        alive = asyncio.create_task(stay_alive(STUCK_AFTER_S.read()))
        await Consumer(log, book).run(stop, lambda: print("会话库消费者已就绪 / consumer is ready", flush=True))
        alive.cancel()

    asyncio.run(run())
    log.close()
    book.close()


def _spool(_options: argparse.Namespace) -> None:
    log, book = TurnLog(), RequestBook()
    keeper = TurnKeeper(log, book)
    waiting = keeper.waiting
    written = keeper.write_waiting()
    for each in (keeper, log, book):
        each.close()
    print(f"等着补写 waiting: {waiting}; 补写了 written: {written}")


def _migrate(_options: argparse.Namespace) -> None:
    engine = engine_for(conversations_url())
    bring_up_to_date(engine)
    engine.dispose()
    print(f"会话库的结构是 {newest()} / the schema is at {newest()}")


def _masking(_options: argparse.Namespace) -> None:
    print(masking_quality.report(masking_quality.read_lines()))


if __name__ == "__main__":
    sys.exit(main())
