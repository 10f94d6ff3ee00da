"""Committing the export: one commit an author, of nothing but the exported files, without touching anybody's index.

The commits are made from git's own objects (hash-object, commit-tree), so that several authors' changes to one file
become several commits while the file on disk is written once.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from review.errors import ReviewError

COMMITTER = {"GIT_COMMITTER_NAME": "review console", "GIT_COMMITTER_EMAIL": "console@review.invalid"}
_TIMEOUT_S = 60


class GitFailed(ReviewError):
    """A git command failed; the files are written all the same."""


@dataclass(frozen=True)
class Commit:
    """What is to be committed: the files (name below the root → content), by whom, why."""

    author: str
    email: str
    at: datetime
    message: str
    contents: Mapping[str, bytes]


class Repository:
    """The git work tree that a folder belongs to."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def why_not(self, names: Sequence[str]) -> str:
        """Why nothing can be committed to these files, "" where nothing speaks against it. Asked before they are written."""
        try:
            if self._git("rev-parse", "--is-inside-work-tree").strip() != "true":
                return _NO_GIT
            self._git("rev-parse", "--verify", "--quiet", "HEAD")
        except (GitFailed, OSError):
            return _NO_GIT
        folder = Path(self._git("rev-parse", "--absolute-git-dir").strip())
        for name in ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD"):
            if (folder / name).exists():
                return "正在合并或变基，文件已写好但没有提交 / a merge or rebase is under way: files written, not committed"
        dirty = self._git("status", "--porcelain", "-z", "--ignored", "--", *names).split("\0")
        if any(dirty):
            mine = "、".join(line[3:] for line in dirty if line)
            return f"这些文件有别人没提交的改动，已写好但没有提交：{mine} / uncommitted changes of somebody else: files written, not committed"
        return ""

    def commit(self, commits: Sequence[Commit]) -> list[str]:
        """Commit in order on top of HEAD; returns their ids. Raises `GitFailed`."""
        head = parent = self._git("rev-parse", "HEAD").strip()
        prefix = self._git("rev-parse", "--show-prefix").strip()
        made = []
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", head, more=index)
            for commit in commits:
                for name, content in commit.contents.items():
                    self._stage(prefix, name, content, index)
                tree = self._git("write-tree", more=index).strip()
                if tree == self._git("rev-parse", f"{parent}^{{tree}}").strip():
                    continue
                parent = self._git(
                    "commit-tree", tree, "-p", parent, given=commit.message.encode(), more=_signed(commit)
                )
                parent = parent.strip()
                made.append(parent)
        names = sorted({name for commit in commits for name in commit.contents})
        if made:
            self._git("update-ref", "-m", "review export", "HEAD", parent, head)
            self._git("reset", "-q", "HEAD", "--", *names)  # the index's entries of these files only
        return made

    def _stage(self, prefix: str, name: str, content: bytes, index: Mapping[str, str]) -> None:
        blob = self._git("hash-object", "-w", "--stdin", "--path", name, given=content).strip()
        mode = self._git("ls-files", "--stage", "--", name, more=index).split(" ")[0] or "100644"
        self._git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{prefix}{name}", more=index)

    def _git(self, *arguments: str, given: bytes | None = None, more: Mapping[str, str] | None = None) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(self._root), *arguments],  # noqa: S607
            input=given,
            capture_output=True,
            env={**inherited, **COMMITTER, **(more or {})},
            timeout=_TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitFailed(
                f"git {arguments[0]} 失败：{said} — 文件已写好，请手工提交 / files are written: commit them by hand"
            )
        return done.stdout.decode("utf-8", "replace")


_NO_GIT = "这里不是 git 工作区，文件已写好但没有提交 / no git work tree here: files written, not committed"


def _signed(commit: Commit) -> dict[str, str]:
    name = re.sub(r"[<>\n\x00]", " ", commit.author).strip() or "review console"
    email = re.sub(r"[<>\s\x00]", "", commit.email)
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_AUTHOR_DATE": commit.at.isoformat(),
        **COMMITTER,
    }
