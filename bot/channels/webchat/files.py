"""The static files of the page, held in memory with their ETags."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import ETag, web

KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """One body as it is served; ``etag`` stands for its content."""

    kind: str
    body: bytes
    packed: bytes
    etag: str


def file_of(kind: str, body: bytes) -> File:
    """Make a file of a body."""
    return File(kind, body, gzip.compress(body, mtime=0), sha256(body).hexdigest()[:32])


def read_files(folder: Path) -> dict[str, File]:
    """Give the files of a folder that are served as they are, by name."""
    paths = sorted(p for p in folder.iterdir() if p.suffix in KINDS and p.suffix != ".html")
    return {path.name: file_of(KINDS[path.suffix], path.read_bytes()) for path in paths}


def answer(request: web.Request, file: File, headers: Mapping[str, str]) -> web.Response:
    """Give the file, or 304 when the browser has it. Browsers ask each time: an update shows at once."""
    everything = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", **headers}
    known = request.if_none_match or ()
    response: web.Response
    if any(tag.value in (file.etag, "*") for tag in known):
        response = web.Response(status=304, headers=everything)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        everything["Content-Encoding"] = "gzip"
        response = web.Response(body=file.packed, content_type=file.kind, charset="utf-8", headers=everything)
    else:
        response = web.Response(body=file.body, content_type=file.kind, charset="utf-8", headers=everything)
    response.etag = ETag(file.etag, is_weak=True)  # weak: the same file comes packed and plain
    return response
