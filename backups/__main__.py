"""`python -m backups make` and `restore`: one dated archive of an installation, and back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from backups.errors import BackupError
from backups.making import make
from backups.restoring import restore
from log_records import described, keep_words_out
from releases.errors import ReleaseError
from settings.backups import BACKUPS_DIR
from settings.errors import SettingWrong
from wire.secret_files import own_files_only


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code: 1 for what is told on standard error."""
    keep_words_out()
    own_files_only()
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except (BackupError, SettingWrong, ReleaseError) as error:
        print(error, file=sys.stderr)
    except (OSError, SQLAlchemyError) as error:
        print(
            f"没有做完（{error if isinstance(error, OSError) else described(error)}）— 看看磁盘、权限和数据库；恢复断了就加 --over 再来一次"
            " / it did not end: look at disk, permissions and databases; run a restore again with --over",
            file=sys.stderr,
        )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backups", description="备份和恢复 / backups and putting them back")
    commands = parser.add_subparsers(metavar="命令", required=True)
    made = commands.add_parser("make", help="做一份备份，程序照常运行 / make one while the product runs")
    made.add_argument(
        "--without-secret", action="store_true", help="不带密钥，另外保管 / leave the secret out, kept elsewhere"
    )
    made.add_argument("--without-releases", action="store_true", help="不带版本，可以再训练 / leave the releases out")
    made.set_defaults(run=_make)
    back = commands.add_parser("restore", help="恢复一份备份，先停下程序 / put one back; stop the product first")
    back.add_argument("archive", type=Path, help="备份文件 / the archive")
    back.add_argument(
        "--over", action="store_true", help="换掉这里已有的，原来的挪到一边 / replace what is here, which is kept aside"
    )
    back.set_defaults(run=_restore)
    return parser


def _make(chosen: argparse.Namespace) -> int:
    archive = make(BACKUPS_DIR.read(), print, secret=not chosen.without_secret, releases=not chosen.without_releases)
    print(f"备份好了 made: {archive}（{archive.stat().st_size / 1e6:.1f} MB）")
    if not chosen.without_secret:
        print(
            "里面有密钥：拿到它的人能打开密封的。放在别人拿不到的地方 / the secret is in it: keep it as safe as the secret"
        )
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    done = restore(chosen.archive, BACKUPS_DIR.read(), print, over=chosen.over)
    if done.aside is not None:
        print(f"原来的在 what was here: {done.aside}；PostgreSQL 的在 schema before_restore_…")
    if not done.secret:
        print(
            "备份里没有密钥：启动之前把原来的放好，否则封着的打不开 / no secret in it: put the one of then in place before the start"
        )
    print(
        "恢复好了，可以启动 / restored: start the product (PostgreSQL: python -m conversations migrate, python -m review migrate)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
