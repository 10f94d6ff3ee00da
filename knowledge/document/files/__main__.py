"""The process that reads a file: `python -m knowledge.document.files FILE SECONDS MEGABYTES TESSERACT`.

It bounds itself before it looks at the file, and neither connects, nor starts a program but tesseract, nor writes a file.
What it read goes to standard output as JSON, what is wrong with the file as `{"unfit": …}`.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

import msgspec

from knowledge.document.files.kinds import read_file
from knowledge.document.files.pieces import Unfit

MAX_OUTPUT = 64 * 1024 * 1024
_NEVER = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.bind",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "pty.spawn",
)


def main() -> int:
    """Read the file that is named; returns the exit code."""
    path, seconds, megabytes, tesseract = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    _bound(seconds, megabytes * 1024 * 1024)
    sys.addaudithook(lambda event, arguments: _refuse(event, arguments, tesseract))
    try:
        answer = msgspec.json.encode(read_file(path, tesseract))
    except Unfit as error:
        answer = msgspec.json.encode({"unfit": str(error)})
    except MemoryError:
        answer = msgspec.json.encode({"unfit": TOO_BIG})
    sys.stdout.buffer.write(answer)
    return 0


TOO_BIG = "文件太大或太复杂，读它要的内存超过了上限 — 用 Word 或阅读器另存一份（去掉图片），或分成几份"


def _bound(seconds: int, octets: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (octets, octets))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, arguments: tuple[Any, ...], tesseract: str) -> None:
    if event in _NEVER:
        raise PermissionError(event)
    if event == "subprocess.Popen" and (not tesseract or os.fspath(arguments[0]) != tesseract):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(event)


if __name__ == "__main__":
    sys.exit(main())
