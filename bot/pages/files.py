"""Files that are served as they stand: the widget's modules, less their JSDoc, and the pages' style sheets.

Read and compressed once at start; there is no way from an address to any other file.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_CACHE = "public, max-age=300, stale-while-revalidate=86400"  # a mended widget reaches every page within minutes


@dataclass(frozen=True)
class ServedFile:
    """Bytes with their compressed form and an entity tag."""

    body: bytes
    zipped: bytes
    kind: str
    tag: str

    @classmethod
    def read(cls, path: Path) -> ServedFile:
        """From disk."""
        body = path.read_bytes()
        if path.suffix == ".js":
            body = without_jsdoc(body.decode("utf-8")).encode("utf-8")
        return cls(body, gzip.compress(body, 9, mtime=0), _TYPES[path.suffix], f'"{sha256(body).hexdigest()[:16]}"')


def without_jsdoc(source: str) -> str:
    """A module without the JSDoc blocks that fill whole lines: a seventh of its bytes, which no browser reads.

    Each leaves its lines empty, so that an error names the line of the file. A block beside code, such as a cast,
    stays: nothing is parsed here, and nothing but comments can go.
    """
    lines, inside = [], False
    for line in source.split("\n"):
        bare = line.strip()
        whole = bare.startswith("/**") and bare.find("*/") in (-1, len(bare) - 2)
        lines.append("" if inside or whole else line)
        inside = (inside or whole) and not bare.endswith("*/")
    return "\n".join(lines)


def read_folder(folder: Path) -> dict[str, ServedFile]:
    """Every file of a servable type directly in `folder`, by name."""
    return {path.name: ServedFile.read(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES}


def serve(request: Request, file: ServedFile | None) -> HTTPResponse:
    """The file, 304 if the browser has it, or 404. Any origin may load it: that is how a widget is embedded."""
    if file is None:
        return response.text("没有这个文件 / no such file", status=404)
    headers = {
        "ETag": file.tag,
        "Cache-Control": _CACHE,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if file.tag in request.headers.get("If-None-Match", ""):
        return response.empty(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return response.raw(file.zipped, content_type=file.kind, headers={**headers, "Content-Encoding": "gzip"})
    return response.raw(file.body, content_type=file.kind, headers=headers)
