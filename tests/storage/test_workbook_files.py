"""A file that is no workbook, or too much of one, is refused in Chinese, and nothing is written."""

import io
import os
import zipfile

import pytest

from bot.desk.errors import CatalogueError
from bot.storage import workbook_open
from bot.storage.catalogue_xlsx import import_catalogue
from tests.storage.folders import Folder
from tests.storage.workbooks import cell, contents, exported, imported, row_of


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


# --- bad files ------------------------------------------------------------------------------------------


def file_error(folder, content):
    path = folder.path.parent / "bad.xlsx"
    path.write_bytes(content)
    (error,) = import_catalogue(path, folder.path).errors
    assert str(error).startswith("文件：")
    return str(error)


def test_a_file_that_is_no_workbook_is_told(folder):
    assert "这不是 XLSX 文件" in file_error(folder, "标识,编号\n".encode())
    assert "这不是 XLSX 文件" in file_error(folder, b"")
    assert "这不是 XLSX 文件" in file_error(folder, b"%PDF-1.7")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "这不是 XLSX 文件" in file_error(folder, stream.getvalue())


def test_a_locked_or_old_workbook_is_told(folder):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    assert "文件设了打开密码，请取消密码后再导入" in file_error(
        folder, ole + "EncryptedPackage".encode("utf-16-le")
    )
    assert "这是旧版表格" in file_error(folder, ole)


def test_a_damaged_workbook_is_told(folder):
    path, _ = exported(folder)
    whole = path.read_bytes()
    assert "损坏" in file_error(folder, whole[: len(whole) // 2])
    for name in (
        "xl/workbook.xml",
        "xl/worksheets/sheet2.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    ):
        stream = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
            for item in old.namelist():
                new.writestr(item, b"<broken" if item == name else old.read(item))
        assert "损坏" in file_error(folder, stream.getvalue()), name


def test_a_missing_file_is_told(folder):
    errors = import_catalogue(folder.path / "none.xlsx", folder.path).errors
    assert "无法读取 none.xlsx" in str(errors[0])


def test_too_large_a_file_is_told(folder, monkeypatch):
    path, _ = exported(folder)
    monkeypatch.setattr(workbook_open, "_LARGEST", 1000)
    assert "太大了" in str(import_catalogue(path, folder.path).errors[0])


def test_a_file_that_unpacks_to_too_much_is_told(folder):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(450):
                sheet.write(b" " * 1_000_000)
    assert "展开后太大" in file_error(folder, stream.getvalue())


def test_too_many_rows_are_told(folder, monkeypatch):
    path, book = exported(folder)
    monkeypatch.setattr(workbook_open, "_MOST_ROWS", 3)
    book["问法"].append(["filing", "还有一问"])
    assert "超过 3 行" in str(imported(folder, path, book).errors[0])


def test_a_catalogue_with_errors_takes_nothing(folder):
    path, _ = exported(folder)
    folder.entry("services/filing", "code: [")
    (error,) = import_catalogue(path, folder.path).errors
    assert "现有的知识目录有 1 处错误" in str(error)


def test_files_that_cannot_be_written_leave_everything_as_it_was(folder, monkeypatch):
    path, book = exported(folder)
    for entry in ("filing", "reply-time", "energy-review"):
        cell(book, "条目", "名称", row_of(book, "条目", entry)).value = f"改名{entry}"
    before = contents(folder)
    book.save(path)
    real, calls = os.replace, []

    def failing(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr("bot.storage.catalogue_writing.os.replace", failing)
    with pytest.raises(CatalogueError, match="No space left") as raised:
        import_catalogue(path, folder.path)
    assert "没有作任何改动" in raised.value.for_reader
    assert contents(folder) == before
