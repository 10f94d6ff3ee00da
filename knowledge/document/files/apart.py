"""A stranger's file is read in a process of its own, which is bounded in time and memory and knows no secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from knowledge.document.files.pieces import ReadFile
from knowledge.document.files.recognition import installed
from knowledge.groundwork import settings
from knowledge.groundwork.errors import PlanUnreadable
from settings.bot import ADOPT_CPU_S, ADOPT_FILE_MB, ADOPT_MEMORY_MB

WAITED = 8  # times the processor's seconds: on a busy machine a second of it takes longer
_KEPT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX")  # of the environment


def read_apart(path: Path) -> ReadFile:
    """All of a file. Raises `PlanUnreadable` with one line: what is wrong — what to do."""
    _check_size(path)
    seconds, megabytes = ADOPT_CPU_S.read(), ADOPT_MEMORY_MB.read()
    command = [sys.executable, "-W", "ignore", "-m", "knowledge.document.files"]
    command += [str(path.resolve()), str(seconds), str(megabytes), installed()]
    environment = {name: value for name, value in os.environ.items() if name in _KEPT}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the file's name is an argument, never a command
                command,
                cwd=settings.ROOT.parent,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                timeout=WAITED * seconds,
            )
            code = done.returncode
        except subprocess.TimeoutExpired:
            code = -24
        answer.seek(0)
        return _result(path, code, answer.read())


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise PlanUnreadable(f"{path}: 没有这个文件 — 检查路径")
    limit = ADOPT_FILE_MB.read()
    if path.stat().st_size > limit * 1024 * 1024:
        raise PlanUnreadable(f"{path}: 超过 {limit} MB — 去掉图片或压缩图片，另存一份再给")


def _result(path: Path, code: int, answer: bytes) -> ReadFile:
    if code in (-24, -9):  # SIGXCPU, SIGKILL
        raise PlanUnreadable(f"{path}: 读它用的时间超过了上限（太大或太复杂） — 用 Word 或阅读器另存一份，或分成几份")
    if code:
        raise PlanUnreadable(f"{path}: 文件已损坏，读不出 — 用 Word 或阅读器打开，另存一份再给")
    told = json.loads(answer)
    if "unfit" in told:
        raise PlanUnreadable(f"{path}: {told['unfit']}")
    return msgspec.convert(told, ReadFile)
