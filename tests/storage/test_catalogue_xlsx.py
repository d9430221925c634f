"""The catalogue goes out as a workbook and comes back without loss, edited or not."""

import io
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Facet, Kind, Question, Status
from bot.desk.errors import CatalogueError
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_xlsx import export_catalogue, import_catalogue
from bot.storage.workbook_layout import layout
from tests.storage.folders import Folder
from tests.storage.made_entries import made_entries
from tests.storage.workbooks import cell, contents, exported, imported, row_of

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


# --- editing --------------------------------------------------------------------------------------------


def test_only_the_entries_that_changed_are_written(folder):
    path, book = exported(folder)
    before = contents(folder)
    cell(book, "条目", "名称", row_of(book, "条目", "reply-time")).value = "多久答复"
    result = imported(folder, path, book)
    assert (result.errors, result.changed, result.unchanged) == ((), ("reply-time",), 2)
    changed = {p.name for p, content in contents(folder).items() if before.get(p) != content}
    assert changed == {"reply-time.yml"}
    assert load_catalogue(folder.path).catalogue.entries["reply-time"].name == "多久答复"


def test_every_sheet_can_be_edited(folder):
    path, book = exported(folder)
    filing = row_of(book, "条目", "filing")
    for heading, value in {"状态": "按年度批次", "失效日期": date(2030, 1, 1), "科室": "office 办公室",
                           "别名": "甲\n乙", "去向说明": None, "内部备注": None}.items():  # fmt: skip
        cell(book, "条目", heading, filing).value = value
    book["事实"].append(["filing", "材料", "营业执照", "law\nsite", "芜湖市", "是", "2023年"])
    book["依据"].append(["reply-time", "政府信息公开条例", "国务院令第711号", "第33条", None, "law"])
    book["误解"].append(["reply-time", "15天\n十五天", "现在是20个工作日", "law"])
    book["问法"].append(["filing", "要哪些材料", "材料、收费"])
    cell(book, "热线办理", "敏感", 2).value = "是"
    cell(book, "热线办理", "本局职责", 2).value = "部分"
    book["条目"].append(["report", "c1", "文件", "年度报告", None, None, "现行", None, None, None, "样例"])
    book["出版信息"].append(["report", "1号", None, "本局", "2014", None, "是"])
    result = imported(folder, path, book)
    assert [str(e) for e in result.errors] == []
    assert set(result.changed) == {"filing", "reply-time", "energy-review"}
    assert result.added == ("report",)
    entries = load_catalogue(folder.path).catalogue.entries
    assert entries["filing"].status is Status.PERIODIC
    assert entries["filing"].effective_to == date(2030, 1, 1)
    assert (entries["filing"].section, entries["filing"].aliases) == ("office", ("甲", "乙"))
    assert entries["filing"].internal_note is None
    fact = entries["filing"].facets[Facet.MATERIALS][0]
    assert (fact.sources, fact.elsewhere, fact.past, fact.as_of) == (
        ("law", "site"),
        "芜湖市",
        True,
        "2023年",
    )
    assert entries["filing"].questions[-1] == Question("要哪些材料", (Facet.MATERIALS, Facet.FEE))
    assert entries["reply-time"].basis[0].article == "第33条"
    assert entries["reply-time"].premises[0].said == ("15天", "十五天")
    assert (entries["energy-review"].handling.sensitive, entries["energy-review"].handling.in_scope) == (
        True,
        "partial",
    )
    assert entries["report"].kind is Kind.DOCUMENT
    assert (entries["report"].publication.published, entries["report"].publication.own) == ("2014", True)


def test_comments_of_a_questions_file_survive_an_edit(folder):
    path, book = exported(folder)
    book["问法"].append(["filing", "备案网址是啥", None])
    assert imported(folder, path, book).errors == ()
    text = (folder.path / "catalogue/services/filing.questions.txt").read_text()
    assert text == "# 收费\n备案要多少钱 | fee\n# 其他\n在哪备案\n备案网址是啥\n"


def test_questions_that_all_went_take_their_file_away(folder):
    path, book = exported(folder)
    page = book["问法"]
    for row in reversed(range(2, page.max_row + 1)):
        page.delete_rows(row)
    assert imported(folder, path, book).errors == ()
    assert not (folder.path / "catalogue/services/filing.questions.txt").exists()
    assert load_catalogue(folder.path).catalogue.entries["filing"].questions == ()


def test_an_entry_that_is_not_in_the_workbook_stays(folder):
    path, book = exported(folder)
    for sheet in ("条目", "事实", "依据", "误解", "问法"):
        for row in reversed(range(2, book[sheet].max_row + 1)):
            if book[sheet].cell(row, 1).value == "filing":
                book[sheet].delete_rows(row)
    result = imported(folder, path, book)
    assert (result.errors, result.changed, result.absent) == ((), (), ("filing",))


def test_columns_may_stand_in_another_order(folder):
    path, book = exported(folder)
    page = book["问法"]
    page.move_range(f"A1:C{page.max_row}", cols=3)
    page.move_range(f"F1:F{page.max_row}", cols=-5)
    page.move_range(f"D1:D{page.max_row}", cols=-1)
    page.move_range(f"E1:E{page.max_row}", cols=-3)
    assert [c.value for c in page[1]][:3] == ["问的方面", "问句", "标识"]
    assert imported(folder, path, book).unchanged == 3


def test_checking_alone_writes_nothing(folder):
    path, book = exported(folder)
    before = contents(folder)
    cell(book, "条目", "名称", 2).value = "改名"
    assert len(imported(folder, path, book, write=False).changed) == 1
    assert contents(folder) == before


def test_what_somebody_else_wrote_since_is_not_overwritten(folder):
    path, book = exported(folder)
    cell(book, "条目", "名称", row_of(book, "条目", "filing")).value = "改名"
    text = (folder.path / "catalogue/services/filing.yml").read_text()
    folder.entry("services/filing", text.replace("全年受理", "按批受理"))
    before = contents(folder)
    result = imported(folder, path, book)
    assert [str(e) for e in result.errors] == [
        f"工作表「条目」单元格 A{row_of(book, '条目', 'filing')}：条目「filing」在导出之后又被改过，"
        "请重新导出，在新的表格里再改一次。"
    ]
    assert contents(folder) == before


def test_a_new_row_with_an_id_in_use_is_refused(folder):
    path, book = exported(folder)
    cell(book, "条目", "导出版本", row_of(book, "条目", "reply-time")).value = None
    cell(book, "条目", "名称", row_of(book, "条目", "reply-time")).value = "另一件事"
    assert "已经有条目在用" in str(imported(folder, path, book).errors[0])
