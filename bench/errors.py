"""What can stop a benchmark."""

from __future__ import annotations


class BenchError(RuntimeError):
    """The benchmark cannot be run or has no valid result. The message says what was wrong and the mend."""


class ProcessFailed(BenchError):
    """A process ended too early or was not ready in time. The message ends with its log's last lines."""
