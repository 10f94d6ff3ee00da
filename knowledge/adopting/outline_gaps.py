"""Numbers that are missing among a plan's headings: 第三章 after 第一章 means that something was not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.document.files.pieces import FilePiece, Remark

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}
_NUMBER = re.compile(
    r"^(?:第([〇零一二三四五六七八九十百]+)(章|篇|编|部分|节)|([一二三四五六七八九十]+)(、)|（([一二三四五六七八九十]+)(）))"
)


def heading_gaps(pieces: Sequence[FilePiece]) -> Iterator[Remark]:
    """One remark for each number that is left out, or said twice, among headings of one kind under one heading."""
    last: dict[str, tuple[int, str]] = {}
    order = ("章", "节", "、", "）")
    for piece in pieces:
        match = _NUMBER.match(piece.text) if piece.kind == "heading" else None
        if not match:
            continue
        written, kind = next((a, b) for a, b in zip(match.groups()[::2], match.groups()[1::2]) if a)
        kind = "章" if kind in ("篇", "编", "部分") else kind
        number = chinese_value(written)
        before, text = last.get(kind, (0, ""))
        if number > before + 1:
            after = f"“{text}”之后" if text else "一开始"
            yield Remark("look", f"{after}就是“{piece.text}”：中间的标题没有找到", f"第 {piece.page} 页")
        elif number == before:
            yield Remark("look", f"“{text}”之后又是“{piece.text}”：号码重复", f"第 {piece.page} 页")
        last[kind] = (number, piece.text)
        for deeper in order[order.index(kind) + 1 :]:
            last.pop(deeper, None)


def chinese_value(text: str) -> int:
    """二十三 → 23; up to 199."""
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _DIGITS.get(hundreds, 1 if "百" in text else 0)
    value += 10 * (_DIGITS.get(tens, 1) if ten else 0)
    return value + _DIGITS.get(ones.lstrip("零〇"), 0)
