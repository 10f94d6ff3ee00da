"""Optical character recognition by an installed tesseract, for pages that are pictures."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

from knowledge.document.files.headings import number_level
from knowledge.document.plan_text import tidy

LANGUAGE = "chi_sim"
DPI = 300  # as tesseract's own documentation advises
WITHIN_S = 120  # of one page


def installed() -> str:
    """The path of a tesseract that knows simplified Chinese, "" without one."""
    program = shutil.which("tesseract")
    if not program:
        return ""
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return program if LANGUAGE in (listed.stdout + listed.stderr).split() else ""


def recogniser(program: str) -> Callable[[Any], list[str]]:
    """What turns a page into its paragraphs."""

    def recognise(page: Any) -> list[str]:
        picture = io.BytesIO()
        page.to_image(resolution=DPI).original.convert("L").save(picture, format="PNG")
        command = [program, "stdin", "stdout", "-l", LANGUAGE, "--psm", "3", "--dpi", str(DPI)]
        try:
            done = subprocess.run(command, input=picture.getvalue(), capture_output=True, timeout=WITHIN_S)  # noqa: S603
        except subprocess.TimeoutExpired:
            return []
        return paragraphs_of(done.stdout.decode("utf-8", "replace"))

    return recognise


def paragraphs_of(text: str) -> list[str]:
    """The lines that tesseract gives, joined: a blank line, a numbered one or a short end part two paragraphs."""
    found: list[str] = []
    goes_on = False
    lines = [tidy(line.strip()) for line in text.replace("\f", "\n").split("\n")]
    width = max(map(len, lines), default=0)
    for line in lines:
        if not line or re.fullmatch(r"[-—\s]*(?:\d+[-—\s]*)?", line):
            goes_on = goes_on and not line and bool(found) and not found[-1].endswith(("。", "：", "；"))
            continue
        if goes_on and found and not number_level(line):
            found[-1] += line
        else:
            found.append(line)
        goes_on = not (line.endswith("。") or len(line) < 0.75 * width)
    return found
