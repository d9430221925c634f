"""The catalogue is loaded from its files; all that is wrong is told at once, and what is good stays."""

import pytest

from bot.desk.entries import Facet, Kind, Question
from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_report import report_text
from tests.storage.folders import DISCLOSURE, HOTLINE, SERVICE, Folder

FILING = "data/catalogue/services/filing.yml"
REPLY = "data/catalogue/disclosure/reply-time.yml"
QUESTIONS = "data/catalogue/services/filing.questions.txt"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path).with_entries()


def found(folder):
    """Give path, field, line and message of every problem."""
    return {(p.path, p.field, p.line, p.message) for p in load_catalogue(folder.path).problems}


def test_a_right_folder_loads_whole(folder):
    report = load_catalogue(folder.path)
    assert report.problems == ()
    assert report.catalogue is not None
    assert report.counts == {Kind.SERVICE: 1, Kind.DISCLOSURE: 1, Kind.HOTLINE: 1}
    entry = report.catalogue.entries["filing"]
    assert entry.questions == (
        Question("技改项目备案去哪办?"),
        Question("备案要多少钱", (Facet.FEE,)),
        Question("在哪备案"),
    )
    assert set(entry.facets) == {Facet.CONDITIONS, Facet.TIME_LIMIT}
    assert entry.facets[Facet.CONDITIONS][1].elsewhere == "芜湖市"
    assert entry.status_note == "全年受理。"
    assert report.catalogue.entries["energy-review"].handling.in_scope == "no"
    assert report.catalogue.bureau.bodies["ndrc"].phone == "0558-2267207"
    assert report.catalogue.sources["site"].link == "https://gxj.fy.gov.cn/report"


def test_all_problems_of_all_files_are_told_together(folder):
    folder.entry("services/filing", SERVICE.replace("section: investment", "section: sales"))
    folder.entry("disclosure/reply-time", DISCLOSURE.replace("[law]", "[laws]") + "colour: red\n")
    folder.entry("disclosure/broken", "code: 'd1\n")
    folder.entry("disclosure/latin", "code: d2\nname: 名称\n".encode("gbk"))
    folder.entry("disclosure/marked", "\ufeff" + DISCLOSURE)
    folder.entry("contacts/twice", "code: k1\ncode: k2\n")
    folder.write("catalogue/services/filing.questions.txt", "好\n坏 | price\n")
    folder.write("catalogue/services/nobody.questions.txt", "谁\n")
    assert found(folder) >= {
        (FILING, "section", 10, "没有科室「sales」"),
        (REPLY, "colour", 7, "不认识的字段「colour」"),
        ("data/catalogue/disclosure/broken.yml", "", 1, "引号没有成对,或引号里有不能用的反斜杠写法"),
        ("data/catalogue/disclosure/latin.yml", "", 2, "文件不是 UTF-8 编码,看来是 GBK 编码"),
        ("data/catalogue/disclosure/marked.yml", "", 1, "文件开头有 BOM 标记"),
        ("data/catalogue/contacts/twice.yml", "code", 1, "「code」写了两次"),
        (QUESTIONS, "", 2, "不认识的方面「price」"),
        ("data/catalogue/services/nobody.questions.txt", "", None, "这些问法没有对应的条目"),
    }
    assert load_catalogue(folder.path).catalogue is None


@pytest.mark.parametrize(
    ("old", "new", "field", "line", "said"),
    [
        ("section: investment", "section: sales", "section", 10, "没有科室「sales」"),
        ("[reply-time]", "[nothing]", "see_also[0]", 29, "没有条目「nothing」"),
        ("[reply-time]", "[filing]", "see_also[0]", 29, "条目指向了自己"),
        ("materials: unknown", "materials: [{text: 甲, sources: [x1]}]", "facets.materials[0].sources[0]", 17,
         "没有来源「x1」"),
        ("第13条, sources: [law]", "第13条, sources: [x2]", "basis[0].sources[0]", 12, "没有来源「x2」"),
        ("告知。, sources: [law]", "告知。, sources: [x3]", "premises[0].sources[0]", 28, "没有来源「x3」"),
        ("code: s01", "code: d13", "code", 1, "编号「d13」与条目 reply-time 重复"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_told(folder, old, new, field, line, said):
    assert old in SERVICE
    folder.entry("services/filing", SERVICE.replace(old, new))
    told = {(f, n, m) for path, f, n, m in found(folder) if path == FILING}
    assert told == {(field, line, said)}


def test_an_unknown_body_is_told(folder):
    folder.entry("hotline/energy-review", HOTLINE.replace("ndrc", "nobody"))
    path = "data/catalogue/hotline/energy-review.yml"
    assert found(folder) == {
        (path, "moved.body", 5, "没有承办单位「nobody」"),
        (path, "handling.body", 6, "没有承办单位「nobody」"),
    }


def test_a_double_id_is_told_for_both(folder):
    folder.entry("contacts/filing", DISCLOSURE.replace("d13", "k1"))
    assert {path for path, _, _, message in found(folder) if "在另一个文件夹里也有" in message} == {
        FILING,
        "data/catalogue/contacts/filing.yml",
    }


def test_shared_names_and_questions_are_warnings(folder):
    folder.entry(
        "disclosure/reply-time",
        DISCLOSURE + "aliases: [技改备案]\nquestions: [在哪备案]\n",
    )
    report = load_catalogue(folder.path)
    assert report.catalogue is not None
    assert {(p.path, p.field, p.line, p.warning) for p in report.problems} == {
        (FILING, "aliases[0]", 3, True),
        (REPLY, "aliases[0]", 7, True),
        (QUESTIONS, "", 4, True),
        (REPLY, "questions[0]", 8, True),
    }


def test_bureau_problems_are_told(folder):
    text = (folder.path / "bureau.yml").read_text()
    folder.write("bureau.yml", text.replace("default_section: office", "default_section: none").replace(
        "id: investment", "id: office"))  # fmt: skip
    assert {(f, m) for _, f, _, m in found(folder)} >= {
        ("default_section", "没有科室「none」"),
        ("sections[0].id", "标识「office」重复"),
    }
    folder.write("bureau.yml", text.replace("[site]", "[sight]", 1))
    assert ("data/bureau.yml", "phone_sources[0]", 7, "没有来源「sight」") in found(folder)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("catalogue/services/x.yaml", "扩展名应为 .yml"),
        ("catalogue/services/Not_An_Id.yml", "文件名不能用作条目的标识"),
        ("catalogue/services/notes.docx", "不认识的文件,没有读"),
        ("catalogue/services/old/x.yml", "这里的子文件夹不会被读取"),
        ("catalogue/service/x.yml", "不认识的文件或文件夹,没有读"),
    ],
)
def test_a_misplaced_file_is_told(folder, name, said):
    folder.write(name, DISCLOSURE)
    assert [m for _, _, _, m in found(folder)] == [said]


@pytest.mark.parametrize("name", [".filing.yml.swp", "filing.yml~", ".#filing.yml", "#filing.yml#", "x.tmp"])
def test_what_editors_leave_is_passed_over(folder, name):
    folder.write(f"catalogue/services/{name}", "garbage: [")
    assert found(folder) == set()


def test_missing_files_are_told(tmp_path):
    assert {p.message for p in load_catalogue(tmp_path / "data").problems} >= {
        "没有这个文件",
        "没有这个文件夹",
    }


def test_an_empty_catalogue_is_told(tmp_path):
    assert [p.message for p in load_catalogue(Folder(tmp_path).path).problems] == ["一个条目也没有"]


def test_an_unreadable_file_is_told(folder):
    (folder.path / "catalogue/services/lost.yml").symlink_to("/nowhere")
    assert len(found(folder)) == 1


# --- the report -----------------------------------------------------------------------------------------


def test_the_report_of_a_right_folder(folder):
    text = report_text(load_catalogue(folder.path))
    assert text.splitlines() == [
        "条目文件 3 个：办事服务 1、信息公开 1、热线话题 1、文件 0、简报 0、联系方式 0",
        "审核状态：草稿 1、样例（未经本局审核） 1、已审核 1、已撤下 0；问法 3 条，来源 2 个",
        "",
        "检查结果：0 处错误，0 处提醒。可以使用。",
    ]


def test_the_report_names_file_line_field_and_fix(folder):
    folder.entry("services/filing", SERVICE.replace("section: investment", "section: sales"))
    text = report_text(load_catalogue(folder.path))
    assert "data/catalogue/services/filing.yml 第 10 行，字段 section：没有科室「sales」。" in text
    assert "请改为 data/bureau.yml 的 sections 里有的标识。" in text
    assert text.endswith("1 处错误，0 处提醒。请改正后再启用。")
    assert [p.field for p in load_catalogue(folder.path).problems] == ["section"]
