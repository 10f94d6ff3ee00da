"""What can be wrong with the files and tables of danger."""

from __future__ import annotations


class DangerError(Exception):
    """The tree of errors here; messages say what is wrong, where, and how to mend it."""


class WordingWrong(DangerError):
    """A reply to danger that must not be given to anybody: the message names the field and the mend."""


class ModelUnreadable(DangerError):
    """The classifier's file is missing, damaged or of another format."""
