"""The encodings in which offices save text: UTF-8, GB18030 (with GBK and GB2312 in it), UTF-16."""

from __future__ import annotations

import codecs

from knowledge.document.files.pieces import Unfit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROL_SHARE = 0.001
_CHINESE_SHARE = 0.2


def decoded(raw: bytes, named: str = "") -> tuple[str, str]:
    """A text and the name of its encoding: by its mark, else UTF-8, else GB18030. Raises `Unfit`.

    `named` is what a page says of itself, and is tried where it is no UTF-8 and no GB18030.
    """
    for mark, codec, name in _MARKS:
        if raw.startswith(mark):
            return _plain(_decoded(raw, codec) or ""), name
    if b"\0" in raw:
        raise Unfit("不是文本文件（有空字节） — 给出 PDF、.docx、网页或文本")
    for codec, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030"), (named, named)):
        text = _decoded(raw, codec) if codec else None
        if text is not None and (name != "GB18030" or _is_chinese(text)):
            return _plain(text), name
    raise Unfit("文字的编码认不出 — 用记事本打开，另存为 UTF-8 再给")


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_chinese(text: str) -> bool:
    """Whether what was taken for GB18030 reads as Chinese: almost any bytes decode to something."""
    other = [c for c in text if not c.isascii()]
    common = sum("\u4e00" <= c <= "\u9fff" or c in "，。、；：？！“”‘’（）《》【】—…　·％①②③④⑤⑥⑦⑧⑨⑩" for c in other)
    return common >= 0.9 * len(other) and common >= _CHINESE_SHARE * len(text)


def _plain(text: str) -> str:
    control = sum(ord(c) < 32 and c not in "\n\r\t\f" for c in text)
    if control > _CONTROL_SHARE * max(1, len(text)):
        raise Unfit("不是文本文件（有控制字符） — 给出 PDF、.docx、网页或文本")
    return text.replace("\r\n", "\n").replace("\r", "\n")
