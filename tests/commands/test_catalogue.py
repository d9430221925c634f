"""``catalogue``: out to a workbook and back, and what is told when it cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.__main__ import main
from bot.brain.model_files import PROJECT


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the catalogue, which the settings name."""
    copy = tmp_path / "data"
    shutil.copytree(PROJECT / "data", copy)
    monkeypatch.setenv("BOT_DATA", str(copy))
    return copy


def contents(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}


def test_what_is_exported_is_imported_without_a_change(data, tmp_path, capsys):
    before = contents(data)
    book = tmp_path / "book.xlsx"
    assert main(["catalogue", "export", str(book)]) == 0
    assert main(["catalogue", "import", str(book)]) == 0
    assert "修改 0 个，新增 0 个" in capsys.readouterr().out
    assert contents(data) == before


def rename(book: Path, entry: str, old: str, new: str) -> None:
    """Put another name into the row of an entry."""
    workbook = load_workbook(book)
    rows = (row for sheet in workbook for row in sheet.iter_rows())
    row = next(row for row in rows if {entry, old} <= {cell.value for cell in row})
    next(cell for cell in row if cell.value == old).value = new
    workbook.save(book)


def test_a_check_tells_what_would_change_and_an_import_changes_it(data, tmp_path, capsys):
    before = contents(data)
    book = tmp_path / "book.xlsx"
    main(["catalogue", "export", str(book)])
    rename(book, "industrial-project-filing", "工业投资项目备案", "工业投资项目备案(新)")
    assert main(["catalogue", "import", "--check", str(book)]) == 0
    assert "将修改 1 个" in capsys.readouterr().out
    assert contents(data) == before
    assert main(["catalogue", "import", str(book)]) == 0
    assert "修改：industrial-project-filing" in capsys.readouterr().out
    changed = [path for path, content in contents(data).items() if before[path] != content]
    assert [path.name for path in changed] == ["industrial-project-filing.yml"]


def test_a_workbook_with_an_error_changes_nothing_and_names_the_cell(data, tmp_path, capsys):
    before = contents(data)
    book = tmp_path / "book.xlsx"
    main(["catalogue", "export", str(book)])
    rename(book, "industrial-project-filing", "工业投资项目备案", "")
    assert main(["catalogue", "import", str(book)]) == 1
    told = capsys.readouterr().err
    assert "单元格" in told
    assert "没有导入任何内容" in told
    assert contents(data) == before


@pytest.mark.parametrize(
    ("content", "told"), [(None, "无法读取 none.xlsx"), (b"", "不是 XLSX"), (b"text", "不是 XLSX")]
)
def test_a_file_that_is_no_workbook_is_refused(data, tmp_path, capsys, content, told):
    book = tmp_path / "none.xlsx"
    if content is not None:
        book.write_bytes(content)
    assert main(["catalogue", "import", str(book)]) == 1
    assert told in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(data, tmp_path, capsys):
    assert main(["catalogue", "export", str(tmp_path / "missing" / "book.xlsx")]) == 1
    assert f"无法写入 {tmp_path / 'missing'}" in capsys.readouterr().err
