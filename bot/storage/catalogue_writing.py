"""Writes several files of the catalogue as one change: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.desk.errors import CatalogueError


def write_files(files: Mapping[Path, str]) -> None:
    """Put the content of each file in place; empty content removes the file.

    All contents are safely on the disk before the first file is replaced, and each file is replaced at
    once, so that a reader never sees half a file. Raises ``CatalogueError`` with everything as it was
    when a file cannot be written.
    """
    before = {path: _content(path) for path in files}
    staged: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for path, text in files.items():
            if text:
                staged[path] = _stage(path, text.encode("utf-8"))
        for path in files:
            if path in staged:
                os.replace(staged[path], path)
            else:
                path.unlink(missing_ok=True)
            done.append(path)
    except OSError as error:
        for path in done:
            _restore(path, before[path])
        told = f"文件写不进去({error.strerror}),没有作任何改动,请检查磁盘空间和写入权限"
        raise CatalogueError(f"cannot write {error.filename}: {error}", told) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _stage(path: Path, content: bytes) -> Path:
    """Write the content beside the file, under a name that the catalogue does not read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return Path(name)


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)
