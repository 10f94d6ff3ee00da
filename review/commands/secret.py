"""`secret`: make the installation's secret, put a new one before it, seal anew, take the old ones away."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conversations.database import Database
from conversations.identity import one_machine
from conversations.resealing import Resealed, reseal, reseal_log
from conversations.vault import Vault
from review.commands import Commands
from review.database.engine import connected, transaction
from review.database.people import AccountRow
from review.errors import SettingError
from review.settings import Settings
from settings.conversations import CONVERSATIONS_SECRET, CONVERSATIONS_SECRET_FILE
from wire.secret_files import SecretRefused, kept_secrets, new_secret, write_secrets

SEALED = ((AccountRow, "second_factor"),)
RESTART = "现在重启每个进程 / restart every process now"


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("secret", help="密钥：生成、轮换、重新密封、去掉旧的 / make, rotate, reseal, retire")
    parser.add_argument("act", choices=ACTS, help="做什么 / what to do")
    parser.set_defaults(run=run)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """0 done, 1 refused or something could not be opened."""
    try:
        return ACTS[chosen.act](settings)
    except (SecretRefused, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _make(_settings: Settings) -> int:
    path = _file()
    there = path.exists()
    kept_secrets(path, may_make=True)
    print(
        f"{path} {'已经有了 is there already' if there else '做好了，复制到每台机器 is made: copy it to every machine'}"
    )
    return 0


def _rotate(_settings: Settings) -> int:
    path = _file()
    before = kept_secrets(path, may_make=one_machine())
    write_secrets(path, [new_secret(), *before], replace=True)
    print(f"{path}: 新密钥在最前，旧的还能打开以前封的。{RESTART}，再 then: python -m review secret reseal")
    return 0


def _reseal(settings: Settings) -> int:
    done = _everything_anew(settings)
    print(f"重新密封 sealed anew: {done.anew}；打不开 cannot be opened: {done.lost}")
    return 1 if done.lost else 0


def _retire(settings: Settings) -> int:
    """The old secrets go when nothing is left that only they open; what nobody opens does not hold them."""
    path, done = _file(), _everything_anew(settings)
    newest, *before = kept_secrets(path, may_make=False)
    write_secrets(path, [newest], replace=True)
    print(f"去掉了 retired: {len(before)}；重新密封 sealed anew: {done.anew}。{RESTART}")
    return 0


def _everything_anew(settings: Settings) -> Resealed:
    vault, log = Vault(), Database(settings.log_url)
    with connected(settings) as engine:
        done = reseal_log(log, vault) + reseal(lambda: transaction(engine), vault, SEALED)
    log.close()
    return done


def _file() -> Path:
    if CONVERSATIONS_SECRET.is_set():
        raise SettingError(
            "密钥在 CONVERSATIONS_SECRET 里：把新的写在那里、旧的写在 CONVERSATIONS_OLD_SECRETS，重启后 reseal"
            " / the secret is in the environment: set the new one there, the old one in CONVERSATIONS_OLD_SECRETS"
        )
    return CONVERSATIONS_SECRET_FILE.read()


ACTS = {"make": _make, "rotate": _rotate, "reseal": _reseal, "retire": _retire}
