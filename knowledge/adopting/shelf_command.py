"""`python -m knowledge shelf`: put a built document beside the plan in use, list what is there, say how it stands, take it away."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge.adopting.pairing import pair_with_all
from knowledge.adopting.shelving import adopted_record
from knowledge.catalogue.store import opened, read_meta
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.shelf.folder import DocumentShelf, ShelfError
from knowledge.shelf.record import BY_PERIOD, KIND_NAMES, OWN, STATUS_NAMES, DocumentRecord
from knowledge.shelf.standing import own_record, standing

OWN_NAME, AUTO = "own", "auto"  # as the command calls the own plan, and a status that the period says
_PERIOD = re.compile(r"(20\d\d)\s*[-—–~至]\s*(20\d\d)")


def furnish(shelf: argparse.ArgumentParser) -> None:
    """Give the command `shelf` its own commands, each with `run`."""
    each = shelf.add_subparsers(required=True, metavar="做什么")
    add = each.add_parser("add", help="放上一份建好库的文件，同名的换成新的 / put a built document there")
    add.add_argument("folder", type=Path, help="adopt 的结果文件夹，或一个库的文件夹 / what adopt made, or a store")
    add.add_argument("--id", default="", help="编号，写进网址，缺省由全名算出 / its id, part of addresses")
    add.add_argument("--short", default="", help="简称，答复里用 / the short name that answers use")
    add.add_argument("--kind", choices=KIND_NAMES, help="、".join(f"{k} {name}" for k, name in KIND_NAMES.items()))
    add.add_argument("--district", help="地区 / the district")
    add.add_argument("--period", type=_period, help="例如 2026-2030 / its first and last year")
    add.add_argument("--status", choices=(*STATUS_NAMES, AUTO), help="缺省看规划期 / by its period unless given")
    add.add_argument("--date", type=_day, help="通过的日子，例如 2026-01-20 / the day of its adoption")
    add.add_argument("--source", help="来源 / where it comes from")
    add.set_defaults(run=_add)
    each.add_parser("list", help="有哪些，现在怎样 / what is there and how it stands").set_defaults(run=_list)
    status = each.add_parser("status", help="说一份现在怎样 / say how one stands")
    status.add_argument(
        "name", help=f"编号或简称；{OWN_NAME} 是在用的规划 / its id or short name; own: the plan in use"
    )
    status.add_argument("status", choices=(*STATUS_NAMES, AUTO))
    status.set_defaults(run=_status)
    compare = each.add_parser("compare", help="重新配对：在用的规划更新以后 / pair the commitments anew")
    compare.set_defaults(run=_compare)
    remove = each.add_parser("remove", help="拿下来 / take one away")
    remove.add_argument("name", help="编号或简称 / its id or short name")
    remove.set_defaults(run=_remove)


def _period(text: str) -> tuple[int, int]:
    match = _PERIOD.fullmatch(text.strip())
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError("写成 2026-2030 / write it as 2026-2030")
    return int(match[1]), int(match[2])


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("写成 2026-01-20 / write it as 2026-01-20") from None


def _add(options: argparse.Namespace) -> int:
    record, store = adopted_record(options.folder, options.id)
    given = {
        "short_title": options.short,
        "kind": options.kind,
        "district": options.district,
        "period": options.period,
        "date": options.date,
        "source": options.source,
    }
    record = replace(record, **{name: value for name, value in given.items() if value not in (None, "")})
    status = {None: record.status, AUTO: BY_PERIOD}.get(options.status, options.status)
    listed = DocumentShelf().put(replace(record, status=status or BY_PERIOD), store)
    print(f"{listed.short_title} 放上了书架，编号 {listed.id}；各进程一两秒后用它回答。")
    pair_with_all(DocumentShelf(), listed)
    for remark in _remarks(listed):
        print(remark)
    return 0


def _compare(_options: argparse.Namespace) -> int:
    shelf = DocumentShelf()
    for each in shelf.read().documents:
        print(f"{each.short_title}：同 {pair_with_all(shelf, each)} 份配过")
    return 0


def _remarks(listed: DocumentRecord) -> Iterator[str]:
    shelf = DocumentShelf().read()
    for each in shelf.documents:
        if each.id != listed.id and each.short_title == listed.short_title:
            yield f"注意：{each.id} 也叫 {each.short_title}，居民分不出 — 用 --short 换一个简称"
    if not listed.period:
        yield "注意：没有规划期，问到年份时认不出它 — 用 --period 写上"


def _list(_options: argparse.Namespace) -> int:
    shelf = DocumentShelf()
    shelved = shelf.read()
    for each in standing(_own(shelved.own_status), shelved.documents, date.today().year):
        print("　".join(_told(each)))
    if not shelved.documents:
        print("书架上没有别的文件 / nothing else is on the shelf")
    return 0


def _told(each: DocumentRecord) -> Iterator[str]:
    yield each.id or OWN_NAME
    yield STATUS_NAMES[each.status]
    yield each.short_title
    yield KIND_NAMES[each.kind]
    yield each.district or "地区没有写"
    yield f"{each.period[0]}—{each.period[1]} 年" if each.period else "没有规划期"
    yield from filter(None, (each.date, each.source, each.page_numbering and f"页码：{each.page_numbering}"))


def _own(status: str) -> DocumentRecord:
    try:
        with opened(settings.knowledge_paths().url) as engine:
            return own_record(read_meta(engine), status)
    except KnowledgeError:
        return own_record({"short_title": "在用的规划（还没有建库）"}, status)


def _status(options: argparse.Namespace) -> int:
    shelf = DocumentShelf()
    named = OWN if options.name == OWN_NAME else _named(shelf, options.name)
    shelf.set_status(named, BY_PERIOD if options.status == AUTO else options.status)
    return _list(options)


def _remove(options: argparse.Namespace) -> int:
    shelf = DocumentShelf()
    shelf.remove(_named(shelf, options.name))
    return _list(options)


def _named(shelf: DocumentShelf, name: str) -> str:
    """The id of the document that an id or a short name, with or without its marks, means. Raises `ShelfError`."""
    bare = name.strip("《》")
    found = [each.id for each in shelf.read().documents if each.id == name or each.short_title.strip("《》") == bare]
    if len(found) > 1:
        raise ShelfError(f"{name} 有 {len(found)} 份：{'、'.join(found)} — 请写编号")
    return shelf.read().document(found[0] if found else name).id
