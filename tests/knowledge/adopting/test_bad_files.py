"""Files that cannot be used: one clear line, exit code 1, nothing changed."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from knowledge.__main__ import main
from knowledge.document.files.apart import read_apart
from knowledge.groundwork.errors import PlanUnreadable
from tests.knowledge.document.files.made import paragraph, plain_flow, write_pdf

PARAGRAPHS = tuple(paragraph(number) for number in range(4))


def good(folder: Path) -> Path:
    """A file that can be read."""
    return write_pdf(folder / "good.pdf", plain_flow(PARAGRAPHS))


def cut(folder: Path) -> Path:
    """A PDF of which half was downloaded."""
    raw = good(folder).read_bytes()
    (folder / "cut.pdf").write_bytes(raw[: len(raw) // 2])
    return folder / "cut.pdf"


def encrypted(folder: Path) -> Path:
    """A PDF with a password."""
    writer = PdfWriter(clone_from=PdfReader(good(folder)))
    writer.encrypt("geheim")
    writer.write(folder / "encrypted.pdf")
    return folder / "encrypted.pdf"


def scanned(folder: Path) -> Path:
    """A PDF whose pages are pictures."""
    from PIL import Image

    pages = [Image.new("L", (1240, 1754), 250 - number) for number in range(3)]
    pages[0].save(folder / "scan.pdf", save_all=True, append_images=pages[1:])
    return folder / "scan.pdf"


def empty(folder: Path) -> Path:
    """A file of no bytes."""
    (folder / "empty.pdf").write_bytes(b"")
    return folder / "empty.pdf"


def picture(folder: Path) -> Path:
    """A photograph."""
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    return folder / "photo.png"


def too_large(folder: Path) -> Path:
    """Sixty megabytes."""
    path = folder / "large.pdf"
    path.touch()
    os.truncate(path, 60 * 1024 * 1024)
    return path


def short(folder: Path) -> Path:
    """A text of one sentence."""
    (folder / "short.txt").write_text("到2030年新建幼儿园8所。", encoding="utf-8")
    return folder / "short.txt"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (cut, "结尾没有了"),
        (encrypted, "加了密码"),
        (scanned, "是扫描件"),
        (empty, "是空的"),
        (picture, "是图片"),
        (too_large, "超过 50 MB"),
        (short, "不完整"),
        (lambda folder: folder / "nowhere.pdf", "没有这个文件"),
    ],
)
def test_one_line_says_what_is_wrong_and_nothing_changes(
    make: Callable[[Path], Path],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was adopted before stays as it was."""
    monkeypatch.setattr("knowledge.document.files.apart.installed", lambda: "")
    kept = tmp_path / "adopted" / "plan.txt"
    kept.parent.mkdir()
    kept.write_text("以前的", encoding="utf-8")
    file = make(tmp_path)
    assert main(["adopt", str(file), "--output", str(kept.parent), "--look"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1 and words in told.err and " — " in told.err
    assert [path.name for path in kept.parent.iterdir()] == ["plan.txt"] and kept.read_text(
        encoding="utf-8"
    ) == "以前的"
    assert not list(tmp_path.glob("adopted.*"))


def test_a_pdf_of_a_million_objects_ends_within_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page tree with a million pages: the process that reads it is stopped."""
    path = tmp_path / "million.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n")
        file.write(b"2 0 obj<</Type/Pages/Count 1000000/Kids[")
        file.write(b"3 0 R " * 1_000_000)
        file.write(b"]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n")
        file.write(
            b"4 0 obj<</Length 2>>stream\nq \nendstream endobj\n"
            + b"".join(b"%d 0 obj null endobj\n" % n for n in range(5, 400_000))
        )
        file.write(b"trailer<</Root 1 0 R/Size 400000>>\n%%EOF\n")
    monkeypatch.setenv("ADOPT_CPU_S", "3")
    with pytest.raises(PlanUnreadable, match=r"时间超过了上限|内存超过了上限|已损坏"):
        read_apart(path)


def test_a_stream_that_unpacks_to_gigabytes_ends_within_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose content is 2 GB of blanks, 2 MB packed."""
    pressed = zlib.compressobj(9)
    chunk = b" " * (1 << 24)
    data = b"".join(pressed.compress(chunk) for _ in range(120)) + pressed.flush()
    path = tmp_path / "blanks.pdf"
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    stream = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(data) + data + b"\nendstream endobj\n"
    path.write_bytes(head + stream + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n")
    monkeypatch.setenv("ADOPT_MEMORY_MB", "512")
    monkeypatch.setenv("ADOPT_CPU_S", "4")
    with pytest.raises(PlanUnreadable, match=r"上限|已损坏"):
        read_apart(path)


def test_the_process_that_reads_can_neither_connect_nor_run_nor_write(tmp_path: Path) -> None:
    """Its own rules, tried in a process under them."""
    import subprocess
    import sys

    code = (
        "import sys, socket, os, subprocess\n"
        "from knowledge.document.files.__main__ import _refuse\n"
        "sys.addaudithook(lambda event, arguments: _refuse(event, arguments, ''))\n"
        "for act in (lambda: socket.create_connection(('127.0.0.1', 9)), lambda: subprocess.run(['true']),\n"
        "            lambda: os.system('true'), lambda: open(sys.argv[1], 'w')):\n"
        "    try:\n        act()\n"
        "    except PermissionError as error:\n        print('refused', error)\n"
        "    except OSError as error:\n        print('tried', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], capture_output=True, text=True)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["refused"] * 4, done.stdout + done.stderr
    assert not (tmp_path / "x").exists()


def test_scripts_and_attachments_of_a_pdf_are_told_and_left_alone(tmp_path: Path) -> None:
    """It is read all the same."""
    writer = PdfWriter(clone_from=PdfReader(good(tmp_path)))
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.beep(0);")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("secret.exe", b"MZ")
    writer.write(tmp_path / "script.pdf")
    read = read_apart(tmp_path / "script.pdf")
    told = "".join(remark.what for remark in read.remarks)
    assert "没有运行" in told and "没有打开" in told
    assert sum(piece.kind == "paragraph" for piece in read.pieces) == len(PARAGRAPHS)
