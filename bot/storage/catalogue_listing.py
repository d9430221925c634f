"""Finds the files of a catalogue in its folder, and names those that do not belong there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.desk.entries import Kind
from bot.storage.problems import Problem

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_QUESTIONS = ".questions.txt"
_KINDS = {kind.value: kind for kind in Kind}

Stamp = tuple[int, int, int]
"""When the content and the file itself last changed, in nanoseconds, and the size in bytes."""


@dataclass(frozen=True)
class FoundFile:
    """A file of the catalogue; ``path`` is what people are told, ``full`` is what is opened."""

    path: str
    full: str
    stamp: Stamp
    id: str = ""
    kind: Kind | None = None


@dataclass
class Listing:
    """The files of a catalogue as they stand on the disk now; questions by the path of their entry."""

    bureau: FoundFile | None = None
    sources: FoundFile | None = None
    entries: list[FoundFile] = field(default_factory=list)
    questions: dict[str, FoundFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def files(self) -> list[FoundFile]:
        """Give all files that are read."""
        shared = [f for f in (self.bureau, self.sources) if f]
        return [*shared, *self.entries, *self.questions.values()]


def list_files(data: Path) -> Listing:
    """Give the files of the catalogue under ``data``. Reads no content and raises nothing."""
    listing = Listing()
    shown = data.resolve().name
    listing.bureau = _shared(data, shown, "bureau.yml", listing)
    listing.sources = _shared(data, shown, "sources.yml", listing)
    root = f"{shown}/catalogue"
    for folder in _scan(data / "catalogue", root, listing):
        if folder.name in _KINDS and folder.is_dir():
            _list_kind(folder, f"{root}/{folder.name}", listing)
        elif not _passing(folder.name):
            fix = f"请移到这些文件夹之一:{'、'.join(_KINDS)}"
            _complain(listing, f"{root}/{folder.name}", "不认识的文件或文件夹,没有读", fix)
    listing.entries.sort(key=lambda f: f.path)
    _find_orphans(listing)
    return listing


def is_entry_id(text: str) -> bool:
    """Say whether a text may be the id of an entry, and so the name of its file."""
    return _ID.fullmatch(text) is not None and len(text) <= 80


def _shared(data: Path, shown: str, name: str, listing: Listing) -> FoundFile | None:
    try:
        status = os.stat(data / name)
    except OSError as error:
        what = "没有这个文件" if isinstance(error, FileNotFoundError) else "无法读取这个文件"
        _complain(listing, f"{shown}/{name}", what, "请补上这个文件,并检查读取权限")
        return None
    return FoundFile(f"{shown}/{name}", str(data / name), _stamp(status))


def _scan(folder: Path | str, shown: str, listing: Listing) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        what = "没有这个文件夹" if isinstance(error, FileNotFoundError) else "无法读取这个文件夹"
        _complain(listing, shown, what, "请检查路径和读取权限")
        return []


def _list_kind(folder: os.DirEntry[str], shown: str, listing: Listing) -> None:
    kind = _KINDS[folder.name]
    for found in _scan(folder.path, shown, listing):
        if not _passing(found.name):
            _list_file(found, kind, f"{shown}/{found.name}", listing)


def _list_file(found: os.DirEntry[str], kind: Kind, path: str, listing: Listing) -> None:
    name = found.name
    ending = next((e for e in (".yml", _QUESTIONS) if name.endswith(e)), "")
    entry_id = name[: len(name) - len(ending)]
    try:
        if not ending or not found.is_file():
            _complain(listing, path, *_misplaced(name, found.is_dir()))
        elif not is_entry_id(entry_id):
            fix = "请改名:只用小写字母、数字和中间的连字符,如 project-filing.yml"
            _complain(listing, path, "文件名不能用作条目的标识", fix)
        else:
            file = FoundFile(path, found.path, _stamp(found.stat()), entry_id, kind)
            _add(file, ending, listing)
    except OSError:
        _complain(listing, path, "无法读取这个文件", "请检查链接是否有效、读取权限是否足够")


def _add(file: FoundFile, ending: str, listing: Listing) -> None:
    if ending == ".yml":
        listing.entries.append(file)
    else:
        listing.questions[file.path[: -len(ending)] + ".yml"] = file


def _find_orphans(listing: Listing) -> None:
    entries = {file.path for file in listing.entries}
    for owner in sorted(listing.questions.keys() - entries):
        file = listing.questions.pop(owner)
        fix = f"请补上 {file.id}.yml,或者把问法文件改成条目的名称"
        _complain(listing, file.path, "这些问法没有对应的条目", fix)


def _misplaced(name: str, folder: bool) -> tuple[str, str]:
    if folder:
        return "这里的子文件夹不会被读取", "请把文件移到上一级文件夹"
    if name.endswith(".yaml"):
        return "扩展名应为 .yml", f"请改名为 {name[:-5]}.yml"
    return "不认识的文件,没有读", "条目的文件名以 .yml 结尾,问法的文件名以 .questions.txt 结尾;其他文件请移走"


def _passing(name: str) -> bool:
    """Say whether a name is one that editors and systems leave for a while."""
    return name.startswith((".", "#", "~$")) or name.endswith(("~", ".swp", ".tmp", ".bak", ".part"))


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _complain(listing: Listing, path: str, message: str, fix: str) -> None:
    listing.problems.append(Problem(path, "", message, fix))
