"""How far the gate is: lines for programs (`knowledge.groundwork.progress_lines`), a bar for people."""

from __future__ import annotations

from types import TracebackType

from tqdm import tqdm

from knowledge.groundwork.progress_lines import tell, wants_lines

STAGE = "gate"


class ProgressMeter:
    """Counts answers up to `total`; a program gets a line each per cent."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._told = max(1, total), 0, -1
        self._bar = tqdm(total=total, desc="提问 asking", unit="问", disable=wants_lines())

    def __enter__(self) -> ProgressMeter:
        self._tell()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.close()

    def one(self) -> None:
        """One more is answered."""
        self._done += 1
        self._bar.update()
        self._tell()

    def _tell(self) -> None:
        percent = self._done * 100 // self._total
        if percent > self._told:
            tell(STAGE, self._done, self._total)
            self._told = percent
