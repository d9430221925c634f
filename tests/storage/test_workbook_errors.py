"""Every cell that cannot be taken is named in Chinese, and then nothing is written."""

from datetime import datetime

import pytest

from bot.storage.workbook_layout import layout
from tests.storage.folders import Folder
from tests.storage.workbooks import cell, contents, exported, imported, row_of


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


# --- bad cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "said"),
    [
        ("条目", "生效日期", "2017.2.1", "日期写成了文本「2017.2.1」"),
        ("条目", "生效日期", "2017-02-01", "日期写成了文本「2017-02-01」"),
        ("条目", "审核日期", datetime(2024, 1, 1, 12, 30), "不是日期"),
        ("条目", "名称", "=A1", "这里是公式"),
        ("条目", "名称", 2014, "这里是数字 2014,不是文本"),
        ("条目", "名称", True, "这里是逻辑值"),
        ("条目", "名称", datetime(2024, 1, 1), "这里是日期"),
        ("条目", "名称", None, "「名称」不能空着"),
        ("条目", "名称", "两行\n名称", "写法不对"),
        ("条目", "编号", "S-1", "写法不对"),
        ("条目", "状态", "在办", "不能填「在办」"),
        ("条目", "审核状态", None, "不能空着"),
        ("条目", "审核岗位", None, "缺少「审核岗位」"),
        ("条目", "科室", "sales 销售科", "没有科室「sales」"),
        ("条目", "来源", "law、nowhere", "没有来源「nowhere」"),
        ("条目", "来源", "law law", "重复"),
        ("条目", "相关条目", "nobody", "没有条目「nobody」"),
        ("条目", "失效日期", datetime(2000, 1, 1), "失效日期早于生效日期"),
        ("条目", "类别", "热线话题", "已有条目不能改类别"),
        ("条目", "状态", "已取消", "缺少「去向」"),
        ("条目", "简介", "字" * 8001, "太长"),
        ("事实", "方面", "费用", "不能填「费用」"),
        ("事实", "内容", "#REF!", "错误值"),
        ("事实", "内容", None, "不能空着"),
        ("事实", "已失效", "对", "不能填「对」"),
        ("事实", "来源", "nowhere", "没有来源「nowhere」"),
        ("依据", "文号", 673, "这里是数字 673"),
        ("依据", "来源", "nowhere", "没有来源「nowhere」"),
        ("误解", "说法", None, "不能空着"),
        ("问法", "问的方面", "价钱", "不能填「价钱」"),
        ("问法", "问句", "问" * 301, "太长"),
        ("问法", "问句", "两\n行", "换行"),
        ("热线办理", "承办单位", "nobody 没有", "没有承办单位「nobody」"),
        ("热线办理", "本局职责", "也许", "不能填「也许」"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_nothing_is_written(folder, sheet, heading, value, said):
    path, book = exported(folder)
    entry = "energy-review" if sheet == "热线办理" else "filing"
    found = cell(book, sheet, heading, row_of(book, sheet, entry))
    found.value = value
    if heading == "类别":
        drop_statements(book)
    before = contents(folder)
    cell(book, "条目", "名称", row_of(book, "条目", "reply-time")).value = "另一处改动"
    errors = imported(folder, path, book).errors
    assert [e for e in errors if said in e.message] != [], [str(e) for e in errors]
    error = next(e for e in errors if said in e.message)
    if (sheet, heading, said) != ("条目", "状态", "缺少「去向」"):
        assert (error.sheet, error.cell) == (sheet, found.coordinate)
    else:
        assert error.cell == f"O{found.row}"
    assert str(error).startswith(f"工作表「{sheet}」单元格 ")
    assert "，请" in str(error)
    assert contents(folder) == before


def test_a_number_that_is_formatted_as_no_date_is_told(folder):
    path, book = exported(folder)
    found = cell(book, "条目", "审核日期", row_of(book, "条目", "filing"))
    found.value, found.number_format = 42767, "General"
    (error,) = imported(folder, path, book).errors
    assert (error.cell, error.message) == (found.coordinate, "「42767」不是日期")


def drop_statements(book):
    """Make the service item a plain hotline topic, so that its kind is all that is wrong."""
    for sheet in ("事实", "误解"):
        for row in reversed(range(2, book[sheet].max_row + 1)):
            if book[sheet].cell(row, 1).value == "filing":
                book[sheet].delete_rows(row)
    book["热线办理"].append(["filing", "咨询", "是", "办公室", None, "否"])


def test_all_bad_cells_are_told_together(folder):
    path, book = exported(folder)
    row = row_of(book, "条目", "filing")
    cell(book, "条目", "编号", row).value = "S 1"
    cell(book, "条目", "状态", row).value = "在办"
    cell(book, "事实", "内容", 2).value = "=1"
    cell(book, "问法", "问的方面", 2).value = "价钱"
    errors = imported(folder, path, book).errors
    assert {(e.sheet, e.cell) for e in errors} == {
        ("条目", f"B{row}"),
        ("条目", f"G{row}"),
        ("事实", "C2"),
        ("问法", "C2"),
    }


def test_each_bad_cell_is_told_once(folder):
    path, book = exported(folder)
    cell(book, "事实", "内容", 2).value = 5
    assert len(imported(folder, path, book).errors) == 1


def test_a_double_id_names_both_cells(folder):
    path, book = exported(folder)
    page = book["条目"]
    page.append([c.value for c in page[2]])
    errors = imported(folder, path, book).errors
    assert [(e.cell, e.message) for e in errors] == [("A5", f"标识「{page['A2'].value}」和 A2 重复")]


def test_a_double_code_names_its_cells(folder):
    path, book = exported(folder)
    row = row_of(book, "条目", "filing")
    cell(book, "条目", "编号", row).value = "d13"
    errors = imported(folder, path, book).errors
    assert {e.cell for e in errors} == {f"B{row}", f"B{row_of(book, '条目', 'reply-time')}"}
    assert all("编号「d13」" in e.message for e in errors)


def test_rows_of_an_unknown_entry_are_told(folder):
    path, book = exported(folder)
    book["事实"].append(["nobody", "内容", "一句话"])
    errors = imported(folder, path, book).errors
    assert [(e.sheet, e.message) for e in errors] == [("事实", "工作表「条目」里没有标识「nobody」")]


def test_a_bad_id_is_told(folder):
    path, book = exported(folder)
    book["条目"].append(["备案 一", "k1", "联系方式", "总机", None, None, "现行", None, None, None, "草稿"])
    assert "标识「备案 一」写法不对" in str(imported(folder, path, book).errors[0])


def test_a_hotline_topic_without_its_row_is_told(folder):
    path, book = exported(folder)
    book["热线办理"].delete_rows(2)
    errors = imported(folder, path, book).errors
    assert [str(e) for e in errors] == [
        f"工作表「条目」单元格 A{row_of(book, '条目', 'energy-review')}：缺少「热线办理」，"
        "请在工作表「热线办理」里给这个条目加一行。"
    ]


def test_two_rows_where_one_is_allowed_are_told(folder):
    path, book = exported(folder)
    book["热线办理"].append([c.value for c in book["热线办理"][2]])
    assert "有两行" in str(imported(folder, path, book).errors[0])


def test_merged_cells_are_told(folder):
    path, book = exported(folder)
    book["事实"].merge_cells("C2:C3")
    errors = imported(folder, path, book).errors
    assert ("事实", "C2", "C2:C3 是合并的单元格") in {(e.sheet, e.cell, e.message) for e in errors}


def test_a_missing_sheet_is_told(folder):
    path, book = exported(folder)
    del book["依据"]
    errors = imported(folder, path, book).errors
    assert [e.message for e in errors] == ["缺少工作表「依据」"]


def test_missing_unknown_and_double_columns_are_told(folder):
    path, book = exported(folder)
    book["问法"]["C1"].value = "方面"
    book["事实"]["H1"].value = "内容"
    errors = imported(folder, path, book).errors
    assert {(e.sheet, e.cell, e.message) for e in errors} == {
        ("问法", "C1", "栏目「方面」不认识"),
        ("问法", "", "缺少栏目「问的方面」"),
        ("事实", "H1", "栏目「内容」出现了两次"),
    }


def test_content_beside_the_columns_is_told(folder):
    path, book = exported(folder)
    book["问法"]["E3"].value = "随手记"
    errors = imported(folder, path, book).errors
    assert [(e.cell, e.message) for e in errors] == [("E3", "这一列没有栏目名称,却有内容")]


def test_an_empty_sheet_is_told(folder):
    path, book = exported(folder)
    book["问法"].delete_rows(1, book["问法"].max_row)
    assert "第一行是空的" in str(imported(folder, path, book).errors[0])


def test_a_workbook_without_entries_is_told(folder):
    path, book = exported(folder)
    for sheet in layout().sheets:
        book[sheet.name].delete_rows(2, book[sheet.name].max_row)
    assert "一个条目也没有" in str(imported(folder, path, book).errors[0])
