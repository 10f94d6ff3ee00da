"""Secrets that processes of one installation share: what makes one good, and files that hold them for their owner only."""

from __future__ import annotations

import math
import os
import secrets
from pathlib import Path

MIN_CHARS = 16  # shorter ones can be tried out
MIN_BITS = 48.0  # of variety: 16 letters drawn from eight different ones
_SAMPLES = ("changeme", "change-me", "example", "password", "passw0rd", "123456", "qwerty", "letmein")


class SecretRefused(ValueError):
    """A secret that cannot protect anything, or a file that does not keep it; the message says which, and the mend."""


def check_secret(secret: str, where: str) -> str:
    """The secret. Raises `SecretRefused` if it is short, has little variety, repeats itself, or stands in every list."""
    fault = _fault(secret)
    if fault:
        raise SecretRefused(
            f"{where}: {fault} — 用随机的，例如 python -c 'import secrets; print(secrets.token_urlsafe(48))' 的输出"
            " / weak: use a random one, such as that command prints"
        )
    return secret


def _fault(secret: str) -> str:
    if len(secret) < MIN_CHARS:
        return f"密钥只有 {len(secret)} 个字符，至少要 {MIN_CHARS} 个"
    unit = secret[: (secret + secret).find(secret, 1)]  # what is repeated, or all of it
    if len(unit) * math.log2(len(set(unit))) < MIN_BITS if len(unit) > 1 else True:
        return "密钥的字符翻来覆去就那几个"
    if any(sample in secret.lower() for sample in _SAMPLES):
        return "密钥里有人人都会先试的词"
    return ""


def kept_secrets(path: Path, *, may_make: bool) -> list[str]:
    """The secrets of a file, newest first; made with one if the file is not there and `may_make`.

    Raises `SecretRefused`, `OSError`, and `UnicodeDecodeError` for what is no file of ours.
    """
    if not path.exists():
        if not may_make:
            raise SecretRefused(
                f"{path}: 没有密钥。几台机器要用同一个：在一台上运行 python -m review secret make，"
                "把文件复制到每台，或在每台设 CONVERSATIONS_SECRET / no secret: many machines need the same one"
            )
        write_secrets(path, [new_secret()], replace=False)
    if path.stat().st_mode & 0o007:
        raise SecretRefused(f"{path}: 这台机器上人人都能读密钥 — chmod 600 {path} / readable by everybody")
    found = path.read_text(encoding="ascii").split("\n")
    return [check_secret(line.strip(), str(path)) for line in found if line.strip()] or [check_secret("", str(path))]


def new_secret() -> str:
    """384 random bits."""
    return secrets.token_urlsafe(48)


def write_secrets(path: Path, found: list[str], *, replace: bool) -> None:
    """Whole or not at all, for the owner only. Unless it may `replace`, the file that another process made first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{secret}\n" for secret in found))
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            aside.replace(path)
        else:
            os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink(missing_ok=True)


def own_files_only() -> None:
    """What this process makes from here on, databases, exports, releases, is for the user that it runs as."""
    os.umask(0o077)


def for_owner_only(path: Path) -> None:
    """Take a file, and SQLite's beside it, from everybody else; what is not ours to change stays as it is."""
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        try:
            mode = each.stat().st_mode
            if mode & 0o077:
                each.chmod(mode & 0o700)
        except OSError:  # not there, or another user's
            continue
