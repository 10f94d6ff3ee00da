"""The files that are changed: read once, edited line by line in memory, written all or none.

What is not edited keeps every byte: comments, blank lines, quotes and line endings.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from knowledge.groundwork.curated_yaml import compose
from review.teaching.errors import SourcesChanged, SourcesUnusable


class SourceLine:
    """A line with its ending; kept by identity, so that edits elsewhere in the file do not move it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class SourceFile:
    """A text file as lines. `name` is its path below the root, as git writes it."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.path = root / name
        self.original = self.path.read_bytes() if self.path.exists() else None
        try:
            text = (self.original or b"").decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise SourcesUnusable(self.path, line, "不是 UTF-8 编码", "用编辑器另存为 UTF-8") from error
        self.lines = [SourceLine(each) for each in text.splitlines(keepends=True)]
        self._end = "\r\n" if "\r\n" in text else "\n"

    @property
    def content(self) -> bytes:
        """What the file is to hold."""
        return "".join(line.text for line in self.lines).encode("utf-8")

    @property
    def changed(self) -> bool:
        """Whether that differs from what was read."""
        return self.content != (self.original or b"")

    def insert(self, after: SourceLine | None, *texts: str) -> list[SourceLine]:
        """New lines (without endings) after a line, None: at the very end; returns them."""
        at = len(self.lines) if after is None else self.lines.index(after) + 1
        if at and not self.lines[at - 1].text.endswith("\n"):
            self.lines[at - 1].text += self._end
        new = [SourceLine(text + self._end) for text in texts]
        self.lines[at:at] = new
        return new

    def insert_before(self, line: SourceLine, *texts: str) -> list[SourceLine]:
        """New lines before a line; returns them."""
        at = self.lines.index(line)
        new = [SourceLine(text + self._end) for text in texts]
        self.lines[at:at] = new
        return new

    def remove(self, *lines: SourceLine) -> None:
        """Take lines out."""
        for line in lines:
            self.lines.remove(line)

    def compose(self) -> Any:
        """The file's YAML nodes with their places, None for an empty file. Raises `SourcesUnusable`."""
        try:
            return compose(self.content.decode("utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            what = f"YAML 读不懂：{error.problem}"
            raise SourcesUnusable(self.path, line, what, "检查缩进、冒号和引号，改好再导出") from error


class SourceTree:
    """The files below a root folder, each read at first use."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, SourceFile] = {}

    def file(self, name: str) -> SourceFile:
        """A file by its path below the root; one that is not there is empty."""
        if name not in self._files:
            self._files[name] = SourceFile(self.root, name)
        return self._files[name]

    def names(self, folder: str) -> list[str]:
        """The YAML files of a folder, by name."""
        return [f"{folder}/{path.name}" for path in sorted((self.root / folder).glob("*.yml"))]

    def changed(self) -> dict[str, bytes]:
        """Name → new content of every file that differs from what was read."""
        return {name: file.content for name, file in sorted(self._files.items()) if file.changed}

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Write all or none. Raises `SourcesChanged` if one is no longer as it was read."""
        for name in contents:
            file = self.file(name)
            now = file.path.read_bytes() if file.path.exists() else None
            if now != file.original:
                raise SourcesChanged(
                    f"{file.path} 刚被改动，没有写入任何文件，请再导出一次 / somebody changed this file: nothing was written, export again"
                )
        parts = {name: _beside(self.root / name, content) for name, content in contents.items()}
        done: list[str] = []
        try:
            for name, part in parts.items():
                part.replace(self.root / name)
                done.append(name)
        except OSError:
            for name in done:
                self._restore(name)
            raise
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)

    def _restore(self, name: str) -> None:
        original = self.file(name).original
        if original is None:
            (self.root / name).unlink(missing_ok=True)
        else:
            (self.root / name).write_bytes(original)


def _beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    if path.exists():
        part.chmod(path.stat().st_mode)
    return part


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """One export at a time for a root folder. Raises `SourcesChanged` while another runs, `SourcesUnusable` without it."""
    try:
        handle = os.open(root, os.O_RDONLY)
    except OSError as error:
        raise SourcesUnusable(
            root, 0, f"没有这个文件夹（{error.strerror}）", "把 REVIEW_SOURCES 设成仓库所在的文件夹"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise SourcesChanged("另一次导出正在进行，稍后再试 / another export is running: try again later") from error
    finally:
        os.close(handle)
