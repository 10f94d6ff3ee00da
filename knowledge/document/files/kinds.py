"""Which reader a file is for, by its first bytes; what no reader is for, and what to do then."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.document.files.pieces import ReadFile, Unfit

_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "是旧的 Word 或 WPS 文件（.doc、.wps），或加了密码 — 用 Word 打开，另存为 .docx 或 PDF"),
    (b"{\\rtf", "是 RTF 文件 — 用 Word 打开，另存为 .docx"),
    (b"\x89PNG", "是图片 — 要一份能选中文字的 PDF 或 Word"),
    (b"\xff\xd8\xff", "是图片 — 要一份能选中文字的 PDF 或 Word"),
    (b"II*\0", "是图片 — 要一份能选中文字的 PDF 或 Word"),
    (b"Rar!", "是压缩包 — 解开，给里面的规划"),
    (b"7z\xbc\xaf", "是压缩包 — 解开，给里面的规划"),
    (b"\x1f\x8b", "是压缩包 — 解开，给里面的规划"),
    (b"\x7fELF", "是程序，不是文件 — 不读"),
    (b"MZ", "是程序，不是文件 — 不读"),
)
_PAGE = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|meta|div|p|h1|table)\b",
    re.I | re.S,
)


def read_file(path: Path, tesseract: str = "") -> ReadFile:
    """All of a file of any kind that can be read; a scan by `tesseract`, the program, where it is given. Raises `Unfit`."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Unfit("文件是空的 — 重新取得全文")
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise Unfit(what)
    if b"%PDF-" in head[:1024]:
        from knowledge.document.files.pdf import read_pdf
        from knowledge.document.files.recognition import recogniser

        return read_pdf(path, recogniser(tesseract) if tesseract else None)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        from knowledge.document.files.word import read_word

        return read_word(path)
    if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) or path.suffix.lower() in (".html", ".htm"):
        from knowledge.document.files.web_page import read_web_page

        return read_web_page(path)
    from knowledge.document.files.plain_text import read_plain_text

    return read_plain_text(path)
