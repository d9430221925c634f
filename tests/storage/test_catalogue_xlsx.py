"""The catalogue goes out as a workbook and comes back without loss, edited or not."""

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.desk.catalogue import Catalogue
from bot.desk.errors import CatalogueError
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_xlsx import export_catalogue, import_catalogue
from bot.storage.workbook_layout import layout
from tests.storage.folders import Folder
from tests.storage.made_entries import made_entries
from tests.storage.workbooks import cell, contents, exported, row_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


# --- round trip -----------------------------------------------------------------------------------------


def test_an_untouched_workbook_changes_nothing(folder):
    path, _ = exported(folder)
    before = contents(folder)
    result = import_catalogue(path, folder.path)
    assert (result.errors, result.changed, result.added, result.absent) == ((), (), (), ())
    assert result.unchanged == 3
    assert contents(folder) == before


def test_the_real_catalogue_comes_back_whole(tmp_path):
    """Into a folder that has the bureau and one entry only, so that every other entry is made anew."""
    real = load_catalogue(ROOT / "data").catalogue
    path = tmp_path / "real.xlsx"
    export_catalogue(real, path)
    data = tmp_path / "data"
    first = next(iter(real))
    for name in ("bureau.yml", "sources.yml"):
        data.mkdir(exist_ok=True)
        shutil.copy(ROOT / "data" / name, data / name)
    kept = data / "catalogue" / "contacts" / "only-here.yml"
    kept.parent.mkdir(parents=True)
    kept.write_text("code: zz99\nname: 只在这里\nstatus: current\nreview: {state: draft}\n")
    result = import_catalogue(path, data)
    assert result.errors == ()
    assert len(result.added) == len(real.entries)
    assert result.absent == ("only-here",)
    back = load_catalogue(data).catalogue
    assert first.id in back.entries
    kept.unlink()
    assert load_catalogue(data).catalogue.entries == real.entries


def test_the_real_catalogue_imports_over_itself_without_a_change(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    path = tmp_path / "real.xlsx"
    export_catalogue(load_catalogue(data).catalogue, path)
    result = import_catalogue(path, data)
    assert (result.errors, result.changed, result.added, result.absent) == ((), (), (), ())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example writes files: do not shrink
)
@given(made_entries("made", "x1"), made_entries("other", "x2"))
def test_any_entries_come_back_whole(tmp_path, made, other):
    """With newlines, leading =, quotes, long texts, traditional characters, what looks like an escape …"""
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    folder = Folder(tmp_path).with_entries()
    base = load_catalogue(folder.path).catalogue
    path = tmp_path / "made.xlsx"
    export_catalogue(Catalogue(base.bureau, {"made": made, "other": other}, base.sources), path)
    result = import_catalogue(path, folder.path)
    assert [str(e) for e in result.errors] == []
    assert set(result.added) == {"made", "other"}
    back = load_catalogue(folder.path)
    assert [p for p in back.problems if not p.warning] == []
    assert (back.catalogue.entries["made"], back.catalogue.entries["other"]) == (made, other)
    assert import_catalogue(path, folder.path).unchanged == 2


def test_the_workbook_can_go_to_a_stream(folder):
    stream = io.BytesIO()
    export_catalogue(load_catalogue(folder.path).catalogue, stream)
    assert openpyxl.load_workbook(stream).sheetnames[1] == "条目"


# --- what staff see -------------------------------------------------------------------------------------


def test_the_workbook_is_made_for_editing(folder):
    _, book = exported(folder)
    assert book.sheetnames == [
        "说明",
        "条目",
        "事实",
        "依据",
        "误解",
        "问法",
        "出版信息",
        "热线办理",
        "代码表",
    ]
    main = book["条目"]
    assert main.freeze_panes == "C2"
    assert main.auto_filter.ref == "A1:T4"
    assert main.column_dimensions["D"].width == 32
    assert main.column_dimensions["D"].number_format == "@"
    assert main.column_dimensions["U"].hidden
    filing = row_of(book, "条目", "filing")
    assert cell(book, "条目", "生效日期", filing).value == datetime(2017, 2, 1)
    assert cell(book, "条目", "生效日期", filing).number_format == "yyyy-mm-dd"
    assert cell(book, "条目", "状态", filing).value == "现行"
    assert cell(book, "条目", "科室", filing).value == "investment 投资科"
    assert cell(book, "条目", "别名", filing).value == "技改备案\n立项备案"
    assert cell(book, "条目", "别名", filing).alignment.wrap_text


def test_lists_are_dropped_down(folder):
    _, book = exported(folder)
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book["条目"].data_validations.dataValidation}
    assert rules["G2"].type == "list"
    assert rules["I2"].type == "date"
    for place, wanted in {"C2": "办事服务", "G2": "现行", "K2": "已审核", "N2": "office 办公室"}.items():
        items = [c[0].value for c in book["代码表"][rules[place].formula1.split("!")[1].replace("$", "")]]
        assert wanted in items
    facts = [rule.formula1 for rule in book["事实"].data_validations.dataValidation]
    assert len(facts) == 2


def test_every_column_is_explained(folder):
    _, book = exported(folder)
    told = {(row[0].value, row[1].value) for row in book["说明"].iter_rows(min_col=1, max_col=2)}
    for sheet in layout().sheets:
        for column in sheet.columns:
            assert (sheet.name, column.name) in told
            assert column.about


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]
)
def test_text_that_looks_like_a_formula_stays_text(folder, text):
    folder.entry("contacts/odd", f"code: k1\nname: {text!r}\nstatus: current\nreview: {{state: draft}}\n")
    path, book = exported(folder)
    found = cell(book, "条目", "名称", row_of(book, "条目", "odd"))
    assert (found.value, found.data_type, found.quotePrefix) == (text, "s", True)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)


def test_a_text_that_does_not_fit_is_refused(folder):
    names = "\n".join(f"- {'😀' * 290}{n:03}" for n in range(100))
    folder.entry(
        "contacts/long", f"code: k1\nname: 长\nstatus: current\nreview: {{state: draft}}\naliases:\n{names}\n"
    )
    catalogue = load_catalogue(folder.path).catalogue
    with pytest.raises(CatalogueError) as raised:
        export_catalogue(catalogue, folder.path.parent / "long.xlsx")
    assert "工作表「条目」的「别名」有一项太长" in raised.value.for_reader
    assert not list(folder.path.parent.glob("*long.xlsx*"))
