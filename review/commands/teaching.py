"""`export`: approved corrections become training examples in the repository's files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from review.commands import COMMAND_LINE, Commands
from review.database.engine import connected, reading
from review.settings import Settings
from review.teaching.placing import ADDED, REMOVED, Change

if TYPE_CHECKING:
    from review.teaching.export import Exported

_MARK = {ADDED: "+", REMOVED: "-"}


def register(commands: Commands) -> None:
    """Add the command."""
    export = commands.add_parser(
        "export", help="把批准的纠正写进仓库的训练文件 / write approved corrections into the repository's files"
    )
    export.add_argument("--dry-run", action="store_true", help="只说会改什么 / only say what would change")
    export.set_defaults(run=run_export)


def run_export(settings: Settings, chosen: argparse.Namespace) -> int:
    """Export and say what was added, removed and skipped; 0 also when there is nothing to do."""
    from review.teaching.export import export_corrections  # reads the sources as a build does: not for other commands

    with connected(settings) as engine, reading(engine) as session:
        exported = export_corrections(
            session, settings.sources, dry_run=chosen.dry_run, commit=settings.git_commit, actor=COMMAND_LINE
        )
    _tell(exported, chosen.dry_run)
    return 0


def _tell(exported: Exported, dry_run: bool) -> None:
    for each in exported.done:
        print(
            f"{_MARK.get(each.change.done, '~')} {_place(each.change)} {each.change.text}  （{each.source} {each.author}）"
        )
    for skipped in exported.skipped:
        print(f"· 跳过 skipped {skipped.source} {skipped.question}：{skipped.reason}")
    if not exported.files:
        print("没有要写的，文件已是最新 / nothing to write: the files are up to date")
    elif dry_run:
        print(f"会改 {len(exported.files)} 个文件 / would change: {'、'.join(exported.files)}")
    else:
        print(f"改了 {len(exported.files)} 个文件 / changed: {'、'.join(exported.files)}")
        print(exported.note or f"提交 commits: {' '.join(each[:10] for each in exported.commits)}")


def _place(change: Change) -> str:
    return f"{change.file} [{change.block}]"
