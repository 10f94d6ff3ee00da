"""What can go wrong with a backup; each message says what, where and how to mend it."""

from __future__ import annotations


class BackupError(Exception):
    """Any failure; nothing was changed unless the message says so."""


class BackupDamaged(BackupError):
    """An archive that is not whole, or is not ours."""


class RestoreRefused(BackupError):
    """An archive that does not fit here, a product that runs, or data that would be lost."""
