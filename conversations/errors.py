"""What can go wrong with the conversation log; each message says what, where and how to mend it."""

from __future__ import annotations


class ConversationsError(Exception):
    """Any failure of the conversation log."""


class SecretUnusable(ConversationsError):
    """The secret cannot be read, made or is too short."""


class SealBroken(ConversationsError):
    """A sealed text was made with another secret, or was changed."""


class LogUnavailable(ConversationsError):
    """The database cannot be reached, or its schema is not the one this version expects."""


class SpoolFull(ConversationsError):
    """No room is left for what could not be logged."""


class LogConflict(ConversationsError):
    """A row with the same key is there already."""


class MomentWithoutZone(ConversationsError, ValueError):
    """A moment without a time zone: whose clock would it be?"""
