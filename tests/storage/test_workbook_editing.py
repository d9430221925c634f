"""What staff edit in the workbook is taken over, and nothing else is touched."""

from datetime import date

import pytest

from bot.desk.entries import Facet, Kind, Question, Status
from bot.storage.catalogue_files import load_catalogue
from tests.storage.folders import Folder
from tests.storage.workbooks import cell, contents, exported, imported, row_of


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


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
