"""What can stop a training, said so that it can be mended; the text is for people, Chinese and English."""

from __future__ import annotations


class TrainingError(Exception):
    """Base of all errors of a training."""


class TrainingRuns(TrainingError):
    """Another training is under way: only one at a time."""


class StageFailed(TrainingError):
    """A stage's process ended with an error."""


class Ended(BaseException):
    """Somebody asked for the end (Ctrl-C, SIGTERM). Not an error, so nothing that catches errors catches it."""
