"""Opens a workbook that somebody hands in, and refuses clearly what is not one or would be too much."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.desk.errors import CatalogueError
from bot.storage.workbook_cells import RawCell

_LARGEST = 50_000_000
_LARGEST_UNPACKED = 400_000_000
_MOST_ROWS = 200_000
_MOST_COLUMNS = 60
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, SyntaxError, InvalidFileException, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, struct.error, RuntimeError, OSError,
)  # fmt: skip
"""What openpyxl and the libraries under it raise on a damaged workbook; XML errors are SyntaxErrors."""


class WorkbookError(CatalogueError):
    """A file is no workbook that can be read: what it is instead, and what to do, in Chinese."""

    def __init__(self, cause: str, message: str, fix: str) -> None:
        super().__init__(cause, f"{message},{fix}。")
        self.message = message
        self.fix = fix


@dataclass(frozen=True)
class Page:
    """The rows of a sheet that hold anything, with their numbers from 1, and its merged ranges."""

    rows: tuple[tuple[int, tuple[RawCell, ...]], ...]
    merged: tuple[str, ...]


def open_workbook(path: Path, wanted: Sequence[str]) -> dict[str, Page]:
    """Give those of the wanted sheets that the workbook has. Raises ``WorkbookError``."""
    _check_file(path)
    try:
        merged = _merged(path, wanted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about styles that are not read anyway
            book = load_workbook(path, read_only=True, data_only=False)
        try:
            return {name: Page(tuple(_rows(book[name])), merged[name]) for name in wanted if name in merged}
        finally:
            book.close()
    except _BROKEN as error:
        raise WorkbookError(
            f"damaged workbook: {type(error).__name__}: {error}", _DAMAGED, _SAVE_AGAIN
        ) from error


_DAMAGED = "文件已损坏,读不出来"
_SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为 XLSX 再导入"
_NOT_XLSX = "这不是 XLSX 文件"
_SAVE_AS = "请在 Excel 或 WPS 里另存为“Excel 工作簿(*.xlsx)”再导入"


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        message = f"无法读取 {path.name}"
        raise WorkbookError(
            f"cannot read {path}: {error}", message, "请检查文件是否存在、能否打开"
        ) from error
    if size > _LARGEST:
        most = f"请分成几个不超过 {_LARGEST // 1_000_000} MB 的文件导入"
        raise WorkbookError(f"{size} bytes", f"文件有 {size / 1e6:.0f} MB,太大了", most)
    if start == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise WorkbookError("encrypted workbook", "文件设了打开密码", "请取消密码后再导入")
        raise WorkbookError("old workbook", "这是旧版表格(.xls 或 .et)", _SAVE_AS)
    if not zipfile.is_zipfile(path):
        if start.startswith(b"PK"):
            raise WorkbookError("damaged archive", _DAMAGED, _SAVE_AGAIN)
        raise WorkbookError("no archive", _NOT_XLSX, _SAVE_AS)
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise WorkbookError("no workbook in the archive", _NOT_XLSX, _SAVE_AS)
        unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise WorkbookError(f"{unpacked} bytes", "文件展开后太大", "请删去多余的工作表和空行再导入")


def _merged(path: Path, wanted: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the merged ranges of each wanted sheet that is there; reading row by row does not tell them."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        sheets = fromstring(archive.read("xl/workbook.xml"))
        parts = {
            r.get("Id"): r.get("Target", "") for r in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        for sheet in sheets.iterfind(".//{*}sheet"):
            name = sheet.get("name", "")
            if name in wanted:
                target = parts[sheet.get(_RELATION)]
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                found[name] = tuple(m.decode() for m in _MERGED.findall(archive.read(part)))
    return found


def _rows(page: Any) -> Iterator[tuple[int, tuple[RawCell, ...]]]:
    page.reset_dimensions()
    taken = 0
    for number, row in enumerate(page.iter_rows(max_col=_MOST_COLUMNS), 1):
        cells = tuple(RawCell(cell.value, getattr(cell, "data_type", "n")) for cell in row)
        if any(cell.value is not None and cell.value != "" for cell in cells):
            taken += 1
            if taken > _MOST_ROWS:
                message = f"工作表「{page.title}」超过 {_MOST_ROWS:,} 行"
                raise WorkbookError(f"more than {_MOST_ROWS} rows", message, "请分成几个文件导入")
            yield number, cells
