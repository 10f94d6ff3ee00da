"""Backups."""

from __future__ import annotations

from pathlib import Path

from settings.kinds import FILE
from settings.setting import Setting

BACKUPS_DIR = Setting(
    *("BACKUPS_DIR", FILE, Path("backups-made")),
    "备份放在哪；`make clean` 不删它。最好是另一块磁盘",
    "folder of the backups, which `make clean` leaves alone; another disk is better",
    ("backups",),
)
