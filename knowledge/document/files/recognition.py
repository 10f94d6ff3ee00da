"""Optical character recognition by an installed tesseract, for pages that are pictures."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

LANGUAGE = "chi_sim"
DPI = 300  # as tesseract's own documentation advises
SMOOTHED = 1.5  # pixels: of 4,376 characters of four scans 38 are wrong, and without it 124
WITHIN_S = 120  # of one page
WORD_LEVEL = "5"  # of a row in tesseract's table
FEW = 4  # characters: a line of fewer does not show its size, and is the end of a paragraph
SAME_SIZE = 0.15  # what is no further from the usual size is of that size


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


def recogniser(program: str) -> Callable[[Any], list[Mapping[str, Any]]]:
    """What turns a page of pdfplumber's into its characters, as pdfplumber has them: text, places and size in points.

    None where tesseract finds nothing, or not in time.
    """
    from PIL import ImageFilter

    def recognise(page: Any) -> list[Mapping[str, Any]]:
        picture = io.BytesIO()
        original = page.to_image(resolution=DPI).original.convert("L")
        original.filter(ImageFilter.GaussianBlur(SMOOTHED)).save(picture, format="PNG")
        command = [program, "stdin", "stdout", "-l", LANGUAGE, "--psm", "3", "--dpi", str(DPI), "tsv"]
        alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other more than they work
        try:
            done = subprocess.run(  # noqa: S603
                command, input=picture.getvalue(), capture_output=True, timeout=WITHIN_S, env=alone
            )
        except subprocess.TimeoutExpired:
            return []
        return characters_of(done.stdout.decode("utf-8", "replace"))

    return recognise


@dataclass(frozen=True)
class _Word:
    """A word in the picture, in points."""

    text: str
    x0: float
    x1: float
    middle: float


def characters_of(table: str) -> list[Mapping[str, Any]]:
    """The characters of tesseract's table of words (TSV): those of a line on one height and of one size."""
    lines = _lines_of(table)
    sizes = [_size(line) for line in lines]
    by_character = sorted(size for line, size in zip(lines, sizes) for word in line for _ in word.text)
    usual = by_character[len(by_character) // 2] if by_character else 0.0
    found: list[Mapping[str, Any]] = []
    for line, size in zip(lines, sizes):
        few = sum(len(word.text) for word in line) < FEW
        own = round(usual if few or abs(size - usual) < SAME_SIZE * usual else size)
        middle = median(word.middle for word in line)
        place = {"top": middle - own / 2, "bottom": middle + own / 2, "size": own, "upright": True}
        end = 0.0
        for word in line:  # their boxes overlap here and there, and the order of a line is by place
            start = max(word.x0, end)
            step = max(0.01, (word.x1 - start) / len(word.text))
            found += [
                {"text": text, "x0": start + at * step, "x1": start + (at + 1) * step, **place}
                for at, text in enumerate(word.text)
            ]
            end = start + len(word.text) * step
    return found


def _lines_of(table: str) -> list[list[_Word]]:
    """Its words by printed line; a row is: level, page, block, paragraph, line, word, left, top, width, height, how sure, text."""
    lines: dict[tuple[str, ...], list[_Word]] = {}
    for row in table.splitlines()[1:]:
        columns = row.split("\t")
        if len(columns) < 12 or columns[0] != WORD_LEVEL or not columns[11].strip():
            continue
        left, top, width, height = (float(each) * 72 / DPI for each in columns[6:10])
        word = _Word(columns[11].strip(), left, left + width, top + height / 2)
        lines.setdefault(tuple(columns[1:5]), []).append(word)
    return list(lines.values())


def _size(line: Sequence[_Word]) -> float:
    """The size of its print by how wide its characters are: heights are those of a line, and of one that lies aslant more."""
    wide = sum(0.5 if character.isascii() else 1.0 for word in line for character in word.text)
    return (line[-1].x1 - line[0].x0) / wide
