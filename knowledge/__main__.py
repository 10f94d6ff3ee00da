"""`python -m knowledge`: build, verify, search, stats and export the knowledge; ask it as a resident would."""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from knowledge.adopting import shelf_command
from knowledge.adopting.store import build_of_other_plan
from knowledge.building.build import build
from knowledge.building.sources import Sources, is_current
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.export import export_rows
from knowledge.catalogue.store import opened, read_store
from knowledge.catalogue.verify import verify_store
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 good, 1 the knowledge is faulty, 2 wrong usage, 3 some lines held no question."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KnowledgeError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="规划知识库 / the plan's knowledge store")
    commands = parser.add_subparsers(required=True, metavar="命令")
    make = commands.add_parser("build", help="由规划文本和目录建库 / build the store")
    make.add_argument("--plan", type=Path, help="另一份规划（UTF-8 文本或 PDF）/ another plan, text or PDF")
    make.add_argument("--document", type=Path, help="该规划的 document.yml / its document.yml")
    make.add_argument("--mended", type=Path, help="该规划改好的承诺 / its proposals, mended")
    make.add_argument("--catalogue", type=Path, help="该规划的目录文件夹 / its catalogue folder")
    make.add_argument("--force", action="store_true", help="输入未变也重建 / rebuild even if nothing changed")
    make.add_argument("--quiet", action="store_true", help="不显示进度 / no progress bars")
    make.add_argument(
        "--keep-fits",
        action="store_true",
        help="问句只变了几条时沿用上次整次拟合的 / where a few questions have changed, take over what was fitted",
    )
    make.set_defaults(run=_build)
    adopt = commands.add_parser("adopt", help="收下一份规划文件：报告、要核对的承诺、能回答的库 / adopt a plan's file")
    adopt.add_argument("file", type=Path, help="PDF、Word（.docx）、网页或文本，最大 50 MB / PDF, .docx, HTML or text")
    adopt.add_argument("--document", type=Path, help="规划的全名、规划期等 / its document.yml")
    adopt.add_argument("--mended", type=Path, help="改好的 commitments.csv 或 .yml / the proposals, mended")
    adopt.add_argument("--output", type=Path, help="放在哪个文件夹；缺省 var/adopted/文件名 / folder of what is made")
    adopt.add_argument("--look", action="store_true", help="只看报告，不建库 / the report only, no store")
    adopt.add_argument(
        "--no-report", action="store_true", help="报告只写进文件，不打印 / the report into its file only"
    )
    adopt.add_argument("--quiet", action="store_true", help="不显示进度 / no progress bars")
    adopt.set_defaults(run=_adopt)
    check = commands.add_parser("verify", help="逐条核对引文和数字 / prove every quote and number")
    check.add_argument("--plan", type=Path, default=settings.PLAN)
    check.set_defaults(run=_verify)
    search = commands.add_parser("search", help="问一个问题 / ask a question")
    search.add_argument("question")
    search.add_argument("--limit", type=int, default=5)
    search.set_defaults(run=_search)
    ask = commands.add_parser(
        "ask", help="从标准输入一行问一句，答的和机器人一样 / ask line by line, as the bot answers"
    )
    ask.add_argument("--json", action="store_true", help="一行一个 answer/1（docs/contract.md）/ one answer/1 a line")
    ask.add_argument("--shelf", action="store_true", help="也问书架上的文件 / documents on the shelf as well")
    ask.set_defaults(run=_ask)
    commands.add_parser(
        "ship-vectors",
        help="把建好的句向量放进仓库，第一次建库就不用再编码 / bring the built vectors along for first builds",
    ).set_defaults(run=_ship_vectors)
    starts = commands.add_parser(
        "ship-starts",
        help="从零拟合一遍，把权重放进仓库，以后建库从它接着走 / fit from nothing, bring the weights along for later builds",
    )
    starts.add_argument("--quiet", action="store_true", help="不显示进度 / no progress")
    starts.set_defaults(run=_ship_starts)
    shelf = commands.add_parser(
        "shelf", help="书架：同在用的规划一起回答的文件 / documents that answer beside the plan"
    )
    shelf_command.furnish(shelf)
    commands.add_parser("stats", help="各主题的条数 / counts by topic").set_defaults(run=_stats)
    export = commands.add_parser("export", help="导出 JSON Lines 或 CSV / export")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    export.add_argument("--output", type=Path, help="文件；缺省写到标准输出 / file, default standard output")
    export.set_defaults(run=_export)
    return parser


def _sources(options: argparse.Namespace) -> Sources:
    if not options.plan:
        return Sources()
    return replace(Sources.uncurated(options.plan, options.document, options.catalogue), mended=options.mended)


def _build(options: argparse.Namespace) -> int:
    sources, paths = _sources(options), settings.built_paths()
    if not options.force and is_current(sources, paths):
        print(f"知识库已是最新：{paths.folder}")
        return 0
    started = time.monotonic()
    if options.plan:
        count = build_of_other_plan(sources, paths, quiet=options.quiet)
    else:
        count = build(sources, paths, keep_fits=options.keep_fits, quiet=options.quiet)
    print(f"知识库建成：{count} 条承诺，用时 {time.monotonic() - started:.0f} 秒 → {paths.folder}")
    return 0


def _adopt(options: argparse.Namespace) -> int:
    from knowledge.adopting.adopt import Adoption, adopt
    from knowledge.adopting.folder import REPORT, STORE, TABLE

    folder = (options.output or Path("var/adopted") / options.file.stem).absolute()
    started = time.monotonic()
    wanted = Adoption(options.file, folder, options.document, options.mended, store=not options.look)
    report = adopt(wanted, quiet=options.quiet)
    if not options.no_report:
        print(f"{report.text()}\n")
    print(f"用时 {time.monotonic() - started:.0f} 秒。报告 {folder / REPORT}，要核对的承诺 {folder / TABLE}")
    if wanted.store:
        print(f"问它：KNOWLEDGE_DIR={folder / STORE} python -m knowledge ask")
    return 0


def _ship_vectors(options: argparse.Namespace) -> int:
    paths = settings.built_paths()
    if not is_current(Sources(), paths):
        print("错误：知识库不是由现在的输入建成的，先运行 python -m knowledge build", file=sys.stderr)
        return 1
    shutil.copyfile(paths.vectors, settings.SHIPPED_VECTORS)
    print(f"{settings.SHIPPED_VECTORS}：{paths.vectors.stat().st_size / 1e6:.0f} MB")
    return 0


def _ship_starts(options: argparse.Namespace) -> int:
    built, started = settings.built_paths(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=built.folder.parent) as folder:
        paths = settings.KnowledgePaths.of(Path(folder))
        if built.vectors.exists():
            shutil.copyfile(built.vectors, paths.vectors)
        build(Sources(), paths, starts_to=settings.SHIPPED_STARTS, quiet=options.quiet)
    size = settings.SHIPPED_STARTS.stat().st_size / 1e6
    print(f"用时 {time.monotonic() - started:.0f} 秒 → {settings.SHIPPED_STARTS}：{size:.0f} MB")
    return 0


def _verify(options: argparse.Namespace) -> int:
    with opened(settings.knowledge_paths().url) as engine:
        stored = read_store(engine)
    faults = verify_store(stored, options.plan)
    for fault in faults:
        print(fault, file=sys.stderr)
    figures = sum(len(c.figures) for c in stored.commitments)
    print(f"核对 {len(stored.commitments)} 条引文、{figures} 个数字：{len(faults)} 处不符")
    return 1 if faults else 0


def _search(options: argparse.Namespace) -> int:
    from knowledge.search.finder import Finder

    finder = Finder.open()
    started = time.monotonic()
    finding = finder.find(options.question)
    elapsed_ms = (time.monotonic() - started) * 1000
    print(
        f"理解为：{finding.understood.text}　可答 {finding.answerable:.2f}　规划未写 {finding.silence:.2f}　{elapsed_ms:.0f} ms"
    )
    for candidate in finding.candidates[: options.limit]:
        commitment = candidate.commitment
        print(
            f"{candidate.probability:.2f} 第{commitment.passage.page}页 [{commitment.topic}] {commitment.title}：{commitment.headline}"
        )
    return 0


def _ask(options: argparse.Namespace) -> int:
    from actions.asking import ask_lines

    try:
        return ask_lines(sys.stdin.buffer, sys.stdout, sys.stderr, as_json=options.json, with_shelf=options.shelf)
    except BrokenPipeError:  # whoever read the answers has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _stats(options: argparse.Namespace) -> int:
    with opened(settings.knowledge_paths().url) as engine:
        stored = read_store(engine)
    print(f"{stored.meta['title']}：{len(stored.passages)} 段原文，{len(stored.commitments)} 条承诺")
    for name, key in (("主题 topic", "topic"), ("领域 area", "area"), ("种类 kind", "kind")):
        counts = Counter(getattr(c, key) for c in stored.commitments)
        curated = Counter(getattr(c, key) for c in stored.commitments if c.curated)
        print(f"\n{name:<24}{'承诺':>6}{'其中人工':>8}{'示例问题':>8}")
        for value, count in counts.most_common():
            asked = sum(len(c.questions) for c in stored.commitments if getattr(c, key) == value)
            print(f"{value:<26}{count:>6}{curated[value]:>10}{asked:>10}")
    return 0


def _export(options: argparse.Namespace) -> int:
    with opened(settings.knowledge_paths().url) as engine:
        commitments: tuple[Commitment, ...] = read_store(engine).commitments
    rows = export_rows(commitments)
    stream = options.output.open("w", encoding="utf-8", newline="") if options.output else sys.stdout
    try:
        if options.format == "jsonl":
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
        else:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow(
                    {k: json.dumps(v, ensure_ascii=False) if isinstance(v, (list, dict)) else v for k, v in row.items()}
                )
    finally:
        if options.output:
            stream.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
